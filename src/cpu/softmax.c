/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops softmax and softmax_backward. */
#include "cpu/exp_rows.h"

CUPEL_CLONES
static void forward(const real *x, real *y, int64_t rows, int64_t n)
{
    real max[CUPEL_CPU_BLOCK], sum[CUPEL_CPU_BLOCK];
    const int64_t step = cupel_cpu_block_rows(n);
    for (int64_t begin = 0; begin < rows; begin += step) {
        const int64_t count = cupel_cpu_min(step, rows - begin);
        cupel_cpu_exp_rows(x + begin * n, y + begin * n, count, n, max, sum);
        for (int64_t row = 0; row < count; row++) {
            const real factor = 1 / sum[row];
            for (int64_t i = (begin + row) * n; i < (begin + row + 1) * n; i++)
                y[i] *= factor;
        }
    }
}

static void forward_part(void *context, int64_t begin, int64_t end)
{
    const cupel_softmax_args *a = context;
    forward((const real *)a->x + begin * a->n, (real *)a->y + begin * a->n, end - begin, a->n);
}

cupel_status CPU(softmax)(cupel_exec *x, const cupel_softmax_args *args)
{
    cupel_softmax_args a = *args;
    cupel_cpu_blocks(x, a.rows, a.n, forward_part, &a);
    return CUPEL_OK;
}

CUPEL_CLONES
static void backward(const real *dy, const real *y, real *dx, int64_t rows, int64_t n)
{
    for (int64_t begin = 0; begin < rows * n; begin += n) {
        for (int64_t i = begin; i < begin + n; i++)
            dx[i] = y[i] * dy[i];
        const real dot = cupel_cpu_row_sum(dx + begin, n);
        for (int64_t i = begin; i < begin + n; i++)
            dx[i] = y[i] * (dy[i] - dot);
    }
}

static void backward_part(void *context, int64_t begin, int64_t end)
{
    const cupel_softmax_backward_args *a = context;
    const int64_t first = begin * a->n;
    backward((const real *)a->dy + first, (const real *)a->y + first, (real *)a->dx + first,
             end - begin, a->n);
}

cupel_status CPU(softmax_backward)(cupel_exec *x, const cupel_softmax_backward_args *args)
{
    cupel_softmax_backward_args a = *args;
    cupel_cpu_blocks(x, a.rows, a.n, backward_part, &a);
    return CUPEL_OK;
}
