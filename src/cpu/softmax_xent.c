/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Softmax and the cross-entropy with a distribution t: loss = sum(t) log sum exp(p - max) -
 * sum t (p - max), two terms of which none is negative, and the gradient sum(t) softmax(p) - t. */
#include "cpu/exp_rows.h"

typedef struct {
    const cupel_softmax_xent_args *args;
    const float *weights;
} work;

/* The smoothed target is factor t + offset. */
typedef struct {
    real factor, offset;
} smoothing;

/* *sum = sum t and *dot = sum t (p - max) over one row, t smoothed. */
CUPEL_INLINE void dot_row(const real *p, const real *t, smoothing s, real max, int64_t n, real *sum,
                          real *dot)
{
    real target[CUPEL_CPU_BLOCK], product[CUPEL_CPU_BLOCK];
    *sum = 0;
    *dot = 0;
    for (int64_t begin = 0; begin < n; begin += CUPEL_CPU_BLOCK) {
        const int64_t count = cupel_cpu_min(CUPEL_CPU_BLOCK, n - begin);
        for (int64_t i = 0; i < count; i++) {
            target[i] = s.factor * t[begin + i] + s.offset;
            product[i] = target[i] * (p[begin + i] - max);
        }
        *sum += cupel_cpu_row_sum(target, count);
        *dot += cupel_cpu_row_sum(product, count);
    }
}

CUPEL_CLONES
static void block(const work *w, int64_t begin, int64_t rows)
{
    const int64_t n = w->args->n;
    const real *p = (const real *)w->args->p + begin * n;
    const real *t = (const real *)w->args->t + begin * n;
    real *dp = w->args->dp != NULL ? (real *)w->args->dp + begin * n : NULL;
    real *loss = (real *)w->args->loss + begin;
    const smoothing s = {.factor = (real)(1 - w->args->smoothing),
                         .offset = (real)(w->args->smoothing / (double)n)};
    real max[CUPEL_CPU_BLOCK], sum[CUPEL_CPU_BLOCK];

    cupel_cpu_exp_rows(p, dp, rows, n, max, sum);
    for (int64_t row = 0; row < rows; row++)
        loss[row] = vlog(sum[row]);
    for (int64_t row = 0; row < rows; row++) {
        const real weight = cupel_cpu_weight(w->weights, begin + row, w->args->group);
        real targets, dot;
        dot_row(p + row * n, t + row * n, s, max[row], n, &targets, &dot);
        loss[row] = weight * (targets * loss[row] - dot);
        if (dp == NULL) continue;
        const real share = weight / (real)w->args->rows;
        const real factor = share * targets / sum[row];
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            dp[i] = dp[i] * factor - share * (s.factor * t[i] + s.offset);
    }
}

static void part(void *context, int64_t begin, int64_t end)
{
    const work *w = context;
    const int64_t step = cupel_cpu_block_rows(w->args->n);
    for (int64_t row = begin; row < end; row += step)
        block(w, row, cupel_cpu_min(step, end - row));
}

cupel_status CPU(softmax_xent)(cupel_exec *x, const cupel_softmax_xent_args *args)
{
    work w = {.args = args, .weights = x->control->batch_weights};
    cupel_cpu_blocks(x, args->rows, args->n, part, &w);
    return CUPEL_OK;
}
