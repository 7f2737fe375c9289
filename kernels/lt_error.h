/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Results of cuBLASLt's calls as cupel's statuses. */
#ifndef CUPEL_LT_ERROR_H
#define CUPEL_LT_ERROR_H

#include "base/status.h"
#include "lt_table.h"
#include <stdbool.h>

/* The names of the functions, by the table's members. */
typedef struct cupel_lt_names {
#define FUNCTION(member, name) const char *member;
    CUPEL_LT_FUNCTIONS(FUNCTION)
#undef FUNCTION
} cupel_lt_names;

extern const cupel_lt_names cupel_lt_name;

/* CUPEL_OK, or a status with a sentence that names the op, the call and the result: DEVICE_LOST
 * where the card can be used no more, MEMORY where there was none, else CUDA. */
cupel_status cupel_cuda_lt_result(const cupel_lt_table *lt, cublasStatus_t result, const char *call,
                                  const char *op);

/* A call of one of the table's functions, or the failure of the function that it stands in. */
#define CUPEL_LT_TRY(lt, op, member, ...) \
    CUPEL_TRY(cupel_cuda_lt_result(lt, (lt)->member(__VA_ARGS__), cupel_lt_name.member, op))

/* Whether the library says that it does not do this, which is no failure. */
bool cupel_cuda_lt_refused(cublasStatus_t result);

#endif
