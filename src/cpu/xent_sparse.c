/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cross-entropy of probabilities with a class number: loss = -log q with q = p[label] / sum p,
 * clipped. Where it is not, dp = 1 / sum p for all and -1 / (q sum p) more at label. */
#include "cpu/clip.h"
#include "cpu/rows.h"
#include "cpu/vmath.h"

typedef struct {
    const cupel_xent_sparse_args *args;
    const float *weights;
    cupel_cpu_clip clip;
} work;

CUPEL_CLONES
static void block(const work *w, int64_t begin, int64_t rows)
{
    const int64_t n = w->args->n;
    const int32_t *label = (const int32_t *)w->args->label + begin;
    const real *p = (const real *)w->args->p + begin * n;
    real *loss = (real *)w->args->loss + begin;
    real sum[CUPEL_CPU_BLOCK], q[CUPEL_CPU_BLOCK];

    for (int64_t row = 0; row < rows; row++) {
        sum[row] = cupel_cpu_row_sum(p + row * n, n);
        q[row] = p[row * n + label[row]] / sum[row];
    }
    for (int64_t row = 0; row < rows; row++)
        loss[row] = -vlog(cupel_cpu_clipped(w->clip, q[row]));
    for (int64_t row = 0; row < rows; row++) {
        const real weight = cupel_cpu_weight(w->weights, begin + row, w->args->group);
        loss[row] *= weight;
        if (w->args->dp == NULL) continue;
        real *dp = (real *)w->args->dp + (begin + row) * n;
        const real slope = cupel_cpu_clip_slope(w->clip, q[row]);
        const real share = weight * slope / ((real)w->args->rows * sum[row]);
        for (int64_t i = 0; i < n; i++)
            dp[i] = share;
        dp[label[row]] -= share / cupel_cpu_clipped(w->clip, q[row]);
    }
}

static void part(void *context, int64_t begin, int64_t end)
{
    const work *w = context;
    const int64_t step = cupel_cpu_block_rows(w->args->n);
    for (int64_t row = begin; row < end; row += step)
        block(w, row, cupel_cpu_min(step, end - row));
}

static void mix(const cupel_exec *x, const work *w)
{
    for (int64_t row = 0; row < w->args->rows; row++) {
        const real *p = (const real *)w->args->p + row * w->args->n;
        const real q = p[((const int32_t *)w->args->label)[row]] / cupel_cpu_row_sum(p, w->args->n);
        cupel_cpu_mix_clips(x, w->clip, &q, 1);
    }
}

cupel_status CPU(xent_sparse)(cupel_exec *x, const cupel_xent_sparse_args *args)
{
    work w = {.args = args,
              .weights = x->control->batch_weights,
              .clip = cupel_cpu_clip_to(args->epsilon)};
    cupel_cpu_blocks(x, args->rows, args->n, part, &w);
    if (x->branches != NULL) mix(x, &w);
    return CUPEL_OK;
}
