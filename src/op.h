/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is generated from ops.def for every reader of it: argument structs and op numbers. */
#ifndef CUPEL_OP_H
#define CUPEL_OP_H

#include <stdint.h>

/* The argument structs: cupel_<name>_args. */
#define IN(type, f) const void *f;
#define OUT(type, f) void *f;
#define INOUT(type, f) void *f;
#define ROWS(f) int64_t f;
#define SIZE(f) int64_t f;
#define INT(f) int64_t f;
#define REAL(f) double f;
#define CUPEL_OP(name, scratch, ...)                                                               \
    typedef struct cupel_##name##_args {                                                           \
        __VA_ARGS__                                                                                \
    } cupel_##name##_args;
#include "ops.def"
#undef CUPEL_OP
#undef IN
#undef OUT
#undef INOUT
#undef ROWS
#undef SIZE
#undef INT
#undef REAL

/* The op numbers: CUPEL_OP_<name>. */
typedef enum cupel_op {
#define CUPEL_OP(name, scratch, ...) CUPEL_OP_##name,
#include "ops.def"
#undef CUPEL_OP
    CUPEL_OP_COUNT
} cupel_op;

#endif
