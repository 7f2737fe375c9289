/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fields of every op, from ops.def. */
#include "program/fields.h"

#define IN(type, f) CUPEL_ARG_IN,
#define OUT(type, f) CUPEL_ARG_OUT,
#define INOUT(type, f) CUPEL_ARG_INOUT,
#define ROWS(f) CUPEL_ARG_ROWS,
#define SIZE(f) CUPEL_ARG_OTHER,
#define INT(f) CUPEL_ARG_OTHER,
#define REAL(f) CUPEL_ARG_OTHER,

const uint8_t cupel_op_fields[CUPEL_OP_COUNT][CUPEL_MOST_FIELDS] = {
#define CUPEL_OP(name, scratch, ...) [CUPEL_OP_##name] = {__VA_ARGS__ CUPEL_ARG_END},
#include "ops.def"
#undef CUPEL_OP
};

/* The n-th field of an argument struct lies at byte 8 n, and there is room for the end mark. */
#define CUPEL_OP(name, scratch, ...)                                                               \
    static const uint8_t fields_of_##name[] = {__VA_ARGS__ CUPEL_ARG_END};                       \
    _Static_assert(sizeof(cupel_##name##_args) == 8 * (sizeof fields_of_##name - 1),               \
                   "the fields of " #name " are 8 bytes each");
#include "ops.def"
#undef CUPEL_OP
