/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_parameters.h"
#include <cupel/types.h>

/* Gradients of norms 5, 0, 12 and 0: all together 13. */
static double *by_hand(const parameters *p)
{
    double *g = train_zeros(p->count);
    g[0] = 3;
    g[4] = -4;
    g[2 * CUPEL_SLICE + 299] = 12;
    return g;
}

static void check(const parameters *p, const double *g, cupel_clip_norm_args args,
                  const double *expected)
{
    cupel_control control = {0};
    args.tensor = p->tensor;
    args.blocks = p->blocks;
    args.tensors = PARAMETER_TENSORS;
    CPU_EACH(precision)
    {
        void *first = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            args.g = cpu_tensor(precision, g, p->count);
            args.scale = cpu_tensor(precision, NULL, PARAMETER_TENSORS);
            train_run(precision, &x, CUPEL_OP_clip_norm, &args);
            cpu_expect("scale", precision, args.scale, expected, PARAMETER_TENSORS,
                       precision == CUPEL_PRECISION_FLOAT64 ? 1e-14 : 6e-8);
            if (first == NULL) first = args.scale;
            train_expect_same("scale", precision, args.scale, first, PARAMETER_TENSORS);
        }
    }
}

Test(cpu_clip_norm, by_hand)
{
    const parameters p = parameters_make(7);
    const double *g = by_hand(&p);
    const double k = 1e-6;
    check(&p, g, (cupel_clip_norm_args){.limit = 6}, (const double[]){1, 1, 0.5, 1});
    check(&p, g, (cupel_clip_norm_args){.limit = 6, .flavour = CUPEL_TORCH},
          (const double[]){1, 1, 6 / (12 + k), 1});
    check(&p, g, (cupel_clip_norm_args){.limit = 6.5, .global = 1},
          (const double[]){0.5, 0.5, 0.5, 0.5});
    check(&p, g, (cupel_clip_norm_args){.limit = 6.5, .global = 1, .flavour = CUPEL_TORCH},
          (const double[]){6.5 / (13 + k), 6.5 / (13 + k), 6.5 / (13 + k), 6.5 / (13 + k)});
    check(&p, g, (cupel_clip_norm_args){.limit = 13, .global = 1}, (const double[]){1, 1, 1, 1});
    check(&p, g, (cupel_clip_norm_args){.limit = 13, .global = 1, .flavour = CUPEL_TORCH},
          (const double[]){13 / (13 + k), 13 / (13 + k), 13 / (13 + k), 13 / (13 + k)});
    cpu_release();
}

/* After clipping, the norm is the limit. */
Test(cpu_clip_norm, many)
{
    const parameters p = parameters_make(60001);
    uint64_t state = 3;
    const double *g = parameters_random(&p, &state);
    double square[PARAMETER_TENSORS] = {0}, expected[PARAMETER_TENSORS] = {0};
    double all = 0;
    for (int64_t i = 0; i < p.count; i++) {
        if (parameters_owner(&p, i) >= 0) square[parameters_owner(&p, i)] += g[i] * g[i];
        all += g[i] * g[i];
    }
    for (int64_t t = 0; t < PARAMETER_TENSORS; t++)
        expected[t] = sqrt(square[t]) > 5 ? 5 / sqrt(square[t]) : 1;
    check(&p, g, (cupel_clip_norm_args){.limit = 5}, expected);
    for (int64_t t = 0; t < PARAMETER_TENSORS; t++)
        expected[t] = 1 / sqrt(all);
    check(&p, g, (cupel_clip_norm_args){.limit = 1, .global = 1}, expected);
    cpu_release();
}

/* What is not finite is never hidden: the factor, or the product with it, is NaN. */
Test(cpu_clip_norm, not_finite)
{
    const parameters p = parameters_make(7);
    const double nan = (double)NAN;
    double *g = by_hand(&p);
    g[1] = nan;
    check(&p, g, (cupel_clip_norm_args){.limit = 1, .global = 1},
          (const double[]){nan, nan, nan, nan});
    check(&p, g, (cupel_clip_norm_args){.limit = 6}, (const double[]){nan, 1, 0.5, 1});
    g[1] = (double)INFINITY;
    check(&p, g, (cupel_clip_norm_args){.limit = 1, .global = 1},
          (const double[]){nan, nan, nan, nan});
    check(&p, g, (cupel_clip_norm_args){.limit = 1, .global = 1, .flavour = CUPEL_TORCH},
          (const double[]){0, 0, 0, 0});
    cpu_release();
}
