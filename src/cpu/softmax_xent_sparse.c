/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Softmax and the cross-entropy with a class number:
 * loss = log sum exp(p - max) - (p[label] - max), and the gradient softmax(p) - (1 at label), which
 * is made where the exponentials lie. */
#include "cpu/exp_rows.h"

typedef struct {
    const cupel_softmax_xent_sparse_args *args;
    const float *weights;
} work;

CUPEL_CLONES
static void block(const work *w, int64_t begin, int64_t rows)
{
    const int64_t n = w->args->n;
    const int32_t *label = (const int32_t *)w->args->label + begin;
    const real *p = (const real *)w->args->p + begin * n;
    real *dp = w->args->dp != NULL ? (real *)w->args->dp + begin * n : NULL;
    real *loss = (real *)w->args->loss + begin;
    real max[CUPEL_CPU_BLOCK], sum[CUPEL_CPU_BLOCK];

    cupel_cpu_exp_rows(p, dp, rows, n, max, sum);
    for (int64_t row = 0; row < rows; row++)
        loss[row] = vlog(sum[row]);
    for (int64_t row = 0; row < rows; row++) {
        const real weight = cupel_cpu_weight(w->weights, begin + row, w->args->group);
        loss[row] = weight * (loss[row] + (max[row] - p[row * n + label[row]]));
        if (dp == NULL) continue;
        const real share = weight / (real)w->args->rows;
        const real factor = share / sum[row];
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            dp[i] *= factor;
        dp[row * n + label[row]] -= share;
    }
}

static void part(void *context, int64_t begin, int64_t end)
{
    const work *w = context;
    const int64_t step = cupel_cpu_block_rows(w->args->n);
    for (int64_t row = begin; row < end; row += step)
        block(w, row, cupel_cpu_min(step, end - row));
}

cupel_status CPU(softmax_xent_sparse)(cupel_exec *x, const cupel_softmax_xent_sparse_args *args)
{
    work w = {.args = args, .weights = x->control->batch_weights};
    cupel_cpu_blocks(x, args->rows, args->n, part, &w);
    return CUPEL_OK;
}
