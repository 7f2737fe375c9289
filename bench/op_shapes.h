/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What each op is measured with, in the words of check/op_cases.h. */
#ifndef CUPEL_BENCH_OP_SHAPES_H
#define CUPEL_BENCH_OP_SHAPES_H

#include <stdint.h>

typedef struct bench_op_shape {
    const char *op;    /* its name in ops.def */
    const char *label; /* what tells it from others of the op, or "" */
    const char *grows; /* the count that is chosen so that tensors are large; NULL: all is given */
    const char *words; /* every other argument */
    double most; /* elements of the largest tensor, at most; 0: what the device is measured with */
} bench_op_shape;

/* Ends with a NULL op. Every op has a row. */
extern const bench_op_shape bench_op_shapes[];

#endif
