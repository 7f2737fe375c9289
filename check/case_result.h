/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What came of a case. */
#ifndef CUPEL_CHECK_CASE_RESULT_H
#define CUPEL_CHECK_CASE_RESULT_H

#include "device_run.h"

typedef struct check_result {
    bool passed;
    char message[CUPEL_ERROR_TEXT]; /* what else than a number was wrong; "" if nothing */
    const char *tensor;             /* the one closest to its limits */
    int64_t element;                /* of it, the closest to its limit */
    double got, expected;
    double error, limit;     /* of that element */
    double nmse, nmse_limit; /* of the tensor; -1 where it has too few elements for a mean */
    double share;            /* of the limits that is used: above 1 the case has failed */
} check_result;

/* Runs a case on target and on the reference, the table of double. A failed status is one that ends
 * everything: no memory, a device that is lost. */
cupel_status check_run_case(const check_target *target, const check_target *reference,
                            const check_case *c, uint64_t seed, check_result *result);

#endif
