/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reductions over a row, in an order that its length alone fixes, and what the ops by row share. */
#ifndef CUPEL_CPU_ROWS_H
#define CUPEL_CPU_ROWS_H

#include "cpu/cpu.h"

/* Partial results side by side: one vector register or a few. */
#define CUPEL_CPU_LANES 16

/* Elements that an op by row works on at a time, in buffers on the stack: whole rows where they are
 * short, so that the loops over elements stay long; a part of a row where it is longer. */
#define CUPEL_CPU_BLOCK 1024

/* The rows of such a block: the step in which an op by row is shared among threads, so that a row
 * is always in the same place of its block. */
CUPEL_INLINE int64_t cupel_cpu_block_rows(int64_t n)
{
    return n < CUPEL_CPU_BLOCK ? CUPEL_CPU_BLOCK / n : 1;
}

/* Shares rows of n elements in such blocks. */
CUPEL_INLINE void cupel_cpu_blocks(const cupel_exec *x, int64_t rows, int64_t n,
                                   cupel_cpu_body *body, void *context)
{
    cupel_cpu_share(x->threads, rows, cupel_cpu_block_rows(n), cupel_cpu_ceil(CUPEL_CPU_LEAST, n),
                    body, context);
}

/* The weight of the sample that a row belongs to. */
CUPEL_INLINE real cupel_cpu_weight(const float *weights, int64_t row, int64_t group)
{
    return weights != NULL ? (real)weights[row / group] : 1;
}

CUPEL_INLINE real cupel_cpu_row_sum(const real *a, int64_t n)
{
    real sum = 0;
    if (n < CUPEL_CPU_LANES) {
        for (int64_t i = 0; i < n; i++)
            sum += a[i];
        return sum;
    }
    real lanes[CUPEL_CPU_LANES] = {0};
    int64_t begin = 0;
    for (; begin + CUPEL_CPU_LANES <= n; begin += CUPEL_CPU_LANES)
        for (int64_t i = 0; i < CUPEL_CPU_LANES; i++)
            lanes[i] += a[begin + i];
    for (int64_t i = begin; i < n; i++)
        lanes[i - begin] += a[i];
    for (int64_t i = 0; i < CUPEL_CPU_LANES; i++)
        sum += lanes[i];
    return sum;
}

/* The largest of n >= 1 numbers; one that is NaN counts only as the first of its lane. */
CUPEL_INLINE real cupel_cpu_row_max(const real *a, int64_t n)
{
    real max = a[0];
    if (n < CUPEL_CPU_LANES) {
        for (int64_t i = 1; i < n; i++)
            max = a[i] > max ? a[i] : max;
        return max;
    }
    real lanes[CUPEL_CPU_LANES];
    for (int64_t i = 0; i < CUPEL_CPU_LANES; i++)
        lanes[i] = a[i];
    int64_t begin = CUPEL_CPU_LANES;
    for (; begin + CUPEL_CPU_LANES <= n; begin += CUPEL_CPU_LANES)
        for (int64_t i = 0; i < CUPEL_CPU_LANES; i++)
            lanes[i] = a[begin + i] > lanes[i] ? a[begin + i] : lanes[i];
    for (int64_t i = begin; i < n; i++)
        lanes[i - begin] = a[i] > lanes[i - begin] ? a[i] : lanes[i - begin];
    for (int64_t i = 0; i < CUPEL_CPU_LANES; i++)
        max = lanes[i] > max ? lanes[i] : max;
    return max;
}

#endif
