/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The binary cross-entropy, from logits and from probabilities. */
#include "cpu/clip.h"
#include "cpu/elementwise.h"
#include "cpu/vmath.h"

/* The smoothed target is factor t + offset. */
typedef struct {
    real factor, offset;
} smoothing;

static smoothing smooth(double share)
{
    return (smoothing){.factor = (real)(1 - share), .offset = (real)(share / 2)};
}

/* e = exp(-|p|) serves the loss, log(1 + e), and the sigmoid in its derivative, sigmoid(p) - t. */
CUPEL_CLONES
static void from_logits(const real *p, const real *t, smoothing s, real *value, real *dp, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const real target = s.factor * t[i] + s.offset;
        const real e = vexp(p[i] < 0 ? p[i] : -p[i]);
        const real above = p[i] > 0 ? p[i] : 0;
        value[i] = above - p[i] * target + vlog1p(e);
        dp[i] = (p[i] >= 0 ? 1 : e) / (1 + e) - target;
    }
}

CUPEL_CLONES
static void from_probabilities(const real *p, const real *t, smoothing s, cupel_cpu_clip clip,
                               real *value, real *dp, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const real target = s.factor * t[i] + s.offset;
        const real q = cupel_cpu_clipped(clip, p[i]);
        value[i] = -(target * vlog(q) + (1 - target) * vlog(1 - q));
        dp[i] = cupel_cpu_clip_slope(clip, p[i]) * ((1 - target) / (1 - q) - target / q);
    }
}

static void loss(const void *args, int64_t first, int64_t count, real *value)
{
    const cupel_binary_xent_args *a = args;
    const real *p = (const real *)a->p + first, *t = (const real *)a->t + first;
    const smoothing s = smooth(a->smoothing);
    real unused[CUPEL_CPU_BLOCK];
    real *dp = a->dp != NULL ? (real *)a->dp + first : unused;
    if (a->from_logits)
        from_logits(p, t, s, value, dp, count);
    else
        from_probabilities(p, t, s, cupel_cpu_clip_to(a->epsilon), value, dp, count);
}

cupel_status CPU(binary_xent)(cupel_exec *x, const cupel_binary_xent_args *args)
{
    cupel_cpu_elementwise work = {
        .function = loss, .args = args, .rows = args->rows, .n = args->n, .group = args->group,
        .weights = x->control->batch_weights, .dp = args->dp, .out = args->loss};
    CPU(elementwise)(x, &work);
    if (!args->from_logits)
        cupel_cpu_mix_clips(x, cupel_cpu_clip_to(args->epsilon), args->p, args->rows * args->n);
    return CUPEL_OK;
}
