/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cross-entropy of probabilities with a distribution t: loss = -sum t log c, c = q clipped, and
 * q = p / sum p. With d = the derivative of the clip, dp = (sum(d t) - d t / c) / sum p: the first
 * term is what the division by sum p adds. */
#include "cpu/clip.h"
#include "cpu/rows.h"
#include "cpu/vmath.h"

typedef struct {
    const cupel_xent_args *args;
    const float *weights;
    cupel_cpu_clip clip;
    real factor, offset; /* the smoothed target is factor t + offset */
} work;

/* What one row's elements come to. */
typedef struct {
    real p, loss, live; /* sum p, -sum t log c, sum d t */
} sums;

CUPEL_INLINE void divide(const real *p, real sum, real *q, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        q[i] = p[i] / sum;
}

/* From q and t: value = -t log c, live = d t, and dp, where not NULL, = -d t / c. */
CUPEL_INLINE void elements(const work *w, const real *q, const real *t, real *value, real *live,
                           real *dp, int64_t n)
{
    const cupel_cpu_clip clip = w->clip;
    const real factor = w->factor, offset = w->offset;
    for (int64_t i = 0; i < n; i++) {
        const real target = factor * t[i] + offset;
        value[i] = -target * vlog(cupel_cpu_clipped(clip, q[i]));
        live[i] = cupel_cpu_clip_slope(clip, q[i]) * target;
    }
    if (dp == NULL) return;
    for (int64_t i = 0; i < n; i++)
        dp[i] = -live[i] / cupel_cpu_clipped(clip, q[i]);
}

CUPEL_INLINE void finish(const work *w, int64_t row, sums sum)
{
    const int64_t n = w->args->n;
    const real weight = cupel_cpu_weight(w->weights, row, w->args->group);
    ((real *)w->args->loss)[row] = weight * sum.loss;
    if (w->args->dp == NULL) return;
    real *dp = (real *)w->args->dp + row * n;
    const real share = weight / ((real)w->args->rows * sum.p);
    for (int64_t i = 0; i < n; i++)
        dp[i] = share * (sum.live + dp[i]);
}

CUPEL_CLONES
static void block(const work *w, int64_t begin, int64_t rows)
{
    const int64_t n = w->args->n;
    const real *p = (const real *)w->args->p + begin * n;
    const real *t = (const real *)w->args->t + begin * n;
    real *dp = w->args->dp != NULL ? (real *)w->args->dp + begin * n : NULL;
    real q[CUPEL_CPU_BLOCK], value[CUPEL_CPU_BLOCK], live[CUPEL_CPU_BLOCK];
    real total[CUPEL_CPU_BLOCK];

    for (int64_t row = 0; row < rows; row++) {
        total[row] = cupel_cpu_row_sum(p + row * n, n);
        divide(p + row * n, total[row], q + row * n, n);
    }
    elements(w, q, t, value, live, dp, rows * n);
    for (int64_t row = 0; row < rows; row++)
        finish(w, begin + row,
               (sums){.p = total[row],
                      .loss = cupel_cpu_row_sum(value + row * n, n),
                      .live = cupel_cpu_row_sum(live + row * n, n)});
}

/* One row that is longer than the buffers. */
CUPEL_CLONES
static void long_row(const work *w, int64_t row)
{
    const int64_t n = w->args->n;
    const real *p = (const real *)w->args->p + row * n, *t = (const real *)w->args->t + row * n;
    real *dp = w->args->dp != NULL ? (real *)w->args->dp + row * n : NULL;
    real q[CUPEL_CPU_BLOCK], value[CUPEL_CPU_BLOCK], live[CUPEL_CPU_BLOCK];
    sums sum = {.p = cupel_cpu_row_sum(p, n)};

    for (int64_t i = 0; i < n; i += CUPEL_CPU_BLOCK) {
        const int64_t count = cupel_cpu_min(CUPEL_CPU_BLOCK, n - i);
        divide(p + i, sum.p, q, count);
        elements(w, q, t + i, value, live, dp != NULL ? dp + i : NULL, count);
        sum.loss += cupel_cpu_row_sum(value, count);
        sum.live += cupel_cpu_row_sum(live, count);
    }
    finish(w, row, sum);
}

static void part(void *context, int64_t begin, int64_t end)
{
    const work *w = context;
    const int64_t step = cupel_cpu_block_rows(w->args->n);
    for (int64_t row = begin; row < end; row += step) {
        if (w->args->n > CUPEL_CPU_BLOCK)
            long_row(w, row);
        else
            block(w, row, cupel_cpu_min(step, end - row));
    }
}

static void mix(const cupel_exec *x, const work *w)
{
    const real *p = w->args->p;
    for (int64_t row = 0; row < w->args->rows; row++, p += w->args->n) {
        const real sum = cupel_cpu_row_sum(p, w->args->n);
        for (int64_t i = 0; i < w->args->n; i++) {
            const real q = p[i] / sum;
            cupel_cpu_mix_clips(x, w->clip, &q, 1);
        }
    }
}

cupel_status CPU(xent)(cupel_exec *x, const cupel_xent_args *args)
{
    work w = {.args = args,
              .weights = x->control->batch_weights,
              .clip = cupel_cpu_clip_to(args->epsilon),
              .factor = (real)(1 - args->smoothing),
              .offset = (real)(args->smoothing / (double)args->n)};
    cupel_cpu_blocks(x, args->rows, args->n, part, &w);
    if (x->branches != NULL) mix(x, &w);
    return CUPEL_OK;
}
