/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/sums.h"
#include <cupel/types.h>

#include <math.h>

typedef struct job {
    const real *g;
    double *partial; /* [blocks] */
} job;

CUPEL_CLONES static void square_blocks(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    for (int64_t b = begin; b < end; b++) {
        const real *g = j->g + b * CUPEL_SLICE;
        double lanes[CUPEL_CPU_SUMS] = {0};
        for (int64_t i = 0; i < CUPEL_SLICE; i += CUPEL_CPU_SUMS) {
            for (int64_t l = 0; l < CUPEL_CPU_SUMS; l++)
                lanes[l] += (double)g[i + l] * (double)g[i + l];
        }
        j->partial[b] = cupel_cpu_fold(lanes);
    }
}

/* A norm that is not finite must not leave a step that looks harmless: the factor is then NaN with
 * KERAS; with TORCH infinity gives 0, and 0 times infinity is NaN where it stands. */
static double factor(double norm, double limit, bool global, int64_t flavour)
{
    if (isnan(norm)) return norm;
    if (flavour == CUPEL_TORCH) {
        const double f = limit / (norm + 1e-6);
        return f < 1 ? f : 1;
    }
    if (global && isinf(norm)) return NAN;
    return norm > limit ? limit / norm : 1;
}

int64_t CPU(clip_norm_needs)(const cupel_clip_norm_args *args)
{
    return (args->blocks + args->tensors) * (int64_t)sizeof(double);
}

cupel_status CPU(clip_norm)(cupel_exec *x, const cupel_clip_norm_args *args)
{
    job j = {args->g, x->scratch};
    cupel_cpu_share_tensors(x->threads, args->tensor, args->blocks, square_blocks, &j);
    double *sum = j.partial + args->blocks;
    for (int64_t t = 0; t < args->tensors; t++)
        sum[t] = 0;
    const int32_t *tensor = args->tensor;
    for (int64_t b = 0; b < args->blocks; b++)
        sum[args->global != 0 ? 0 : tensor[b]] += j.partial[b];
    real *scale = args->scale;
    for (int64_t t = 0; t < args->tensors; t++) {
        const double norm = sqrt(sum[args->global != 0 ? 0 : t]);
        scale[t] = (real)factor(norm, args->limit, args->global != 0, args->flavour);
    }
    return CUPEL_OK;
}
