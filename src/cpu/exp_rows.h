/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The numerators and denominators of a softmax, for the ops that contain one. */
#ifndef CUPEL_CPU_EXP_ROWS_H
#define CUPEL_CPU_EXP_ROWS_H

#include "cpu/rows.h"
#include "cpu/vmath.h"

/* For a block of rows of n elements (a row alone where n > CUPEL_CPU_BLOCK): max = max p and
 * sum = sum e with e = exp(p - max), by row. e[rows, n] is kept where it is not NULL. The largest
 * element's e is 1, so no sum vanishes or overflows, whatever the size of p. */
CUPEL_INLINE void cupel_cpu_exp_rows(const real *p, real *e, int64_t rows, int64_t n, real *max,
                                     real *sum)
{
    real buffer[CUPEL_CPU_BLOCK];
    if (n > CUPEL_CPU_BLOCK) {
        const real top = cupel_cpu_row_max(p, n);
        *max = top;
        *sum = 0;
        for (int64_t begin = 0; begin < n; begin += CUPEL_CPU_BLOCK) {
            const int64_t count = cupel_cpu_min(CUPEL_CPU_BLOCK, n - begin);
            real *part = e != NULL ? e + begin : buffer;
            for (int64_t i = 0; i < count; i++)
                part[i] = vexp(p[begin + i] - top);
            *sum += cupel_cpu_row_sum(part, count);
        }
        return;
    }
    real *all = e != NULL ? e : buffer;
    for (int64_t row = 0; row < rows; row++) {
        const real top = cupel_cpu_row_max(p + row * n, n);
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            all[i] = p[i] - top;
        max[row] = top;
    }
    for (int64_t i = 0; i < rows * n; i++)
        all[i] = vexp(all[i]);
    for (int64_t row = 0; row < rows; row++)
        sum[row] = cupel_cpu_row_sum(all + row * n, n);
}

#endif
