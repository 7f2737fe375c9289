/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Losses and metrics that are the mean over a row of a function of each element: MSE, the binary
 * cross-entropy, binary accuracy. They give the function over a range; the rest is common. */
#ifndef CUPEL_CPU_ELEMENTWISE_H
#define CUPEL_CPU_ELEMENTWISE_H

#include "cpu/rows.h"

/* value[count] = f(p, t) for the elements from first on; where the loss has somewhere to put it,
 * also the derivative d f / d p. count is at most CUPEL_CPU_BLOCK. */
typedef void cupel_cpu_function(const void *args, int64_t first, int64_t count, real *value);

/* A loss or a metric. */
typedef struct cupel_cpu_elementwise {
    cupel_cpu_function *function;
    const void *args; /* the op's, for function */
    int64_t rows, n, group;
    const float *weights; /* of the samples, or NULL */
    real *dp;             /* [rows, n], filled by function, or NULL */
    real *out;            /* [rows] */
} cupel_cpu_elementwise;

/* out = weight mean f by row, and dp, where not NULL, the gradient of sum(out) / rows. */
void CPU(elementwise)(const cupel_exec *x, cupel_cpu_elementwise *loss);

#endif
