/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The op table of one precision; table.c includes this once for each, with CUDA(name) defined as the
 * name of that precision's function. */

#define NO_SCRATCH(name)
#define SCRATCH(name) int64_t CUDA(name##_needs)(const cupel_##name##_args *args);
#define CUPEL_OP(name, scratch, ...)                                                               \
    cupel_status CUDA(name)(cupel_exec *x, const cupel_##name##_args *args);                       \
    scratch(name)
#include "ops.def"
#undef CUPEL_OP
#undef SCRATCH

/* Functions of the table's type around the typed ones: calling through another type is undefined. */
#define SCRATCH(name)                                                                              \
    static int64_t CUDA(needs_##name)(const void *args)                                            \
    {                                                                                              \
        return CUDA(name##_needs)(args);                                                           \
    }
#define CUPEL_OP(name, scratch, ...)                                                               \
    static cupel_status CUDA(run_##name)(cupel_exec *x, const void *args)                          \
    {                                                                                              \
        return CUDA(name)(x, args);                                                                \
    }                                                                                              \
    scratch(name)
#include "ops.def"
#undef CUPEL_OP
#undef SCRATCH
#undef NO_SCRATCH

#define NO_SCRATCH(name) NULL
#define SCRATCH(name) CUDA(needs_##name)
#define CUPEL_OP(name, scratch, ...) [CUPEL_OP_##name] = {CUDA(run_##name), scratch(name)},
const cupel_op_entry CUDA(ops)[CUPEL_OP_COUNT] = {
#include "ops.def"
};
#undef CUPEL_OP
#undef SCRATCH
#undef NO_SCRATCH
