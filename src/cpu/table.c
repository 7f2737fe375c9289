/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The op table of this precision. */
#include "cpu/cpu.h"

/* Functions of the table's type around the typed ones: a call through another type is undefined. */
#define NO_SCRATCH(name)
#define SCRATCH(name)                                                                              \
    static int64_t needs_##name(const void *args)                                                  \
    {                                                                                              \
        return CPU(name##_needs)(args);                                                            \
    }
#define CUPEL_OP(name, scratch, ...)                                                               \
    static cupel_status run_##name(cupel_exec *x, const void *args)                                \
    {                                                                                              \
        return CPU(name)(x, args);                                                                 \
    }                                                                                              \
    scratch(name)
#include "ops.def"
#undef CUPEL_OP
#undef SCRATCH
#undef NO_SCRATCH

#define NO_SCRATCH(name) NULL
#define SCRATCH(name) needs_##name
#define CUPEL_OP(name, scratch, ...) [CUPEL_OP_##name] = {run_##name, scratch(name)},
const cupel_op_entry CPU(ops)[CUPEL_OP_COUNT] = {
#include "ops.def"
};
