/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Probabilities clipped to [epsilon, 1 - epsilon] before a logarithm, as in Keras. */
#ifndef CUPEL_CPU_CLIP_H
#define CUPEL_CPU_CLIP_H

#include "cpu/cpu.h"

typedef struct cupel_cpu_clip {
    real low, high;
} cupel_cpu_clip;

/* The bounds are rounded from double, as Keras rounds 1 - 1e-7. */
CUPEL_INLINE cupel_cpu_clip cupel_cpu_clip_to(double epsilon)
{
    return (cupel_cpu_clip){.low = (real)epsilon, .high = (real)(1 - epsilon)};
}

/* NaN stays NaN. */
CUPEL_INLINE real cupel_cpu_clipped(cupel_cpu_clip clip, real q)
{
    const real above = q < clip.low ? clip.low : q;
    return above > clip.high ? clip.high : above;
}

/* The derivative of that: 1 between the bounds, 0 outside, and 1/2 on a bound, which is what
 * automatic differentiation of max and min gives in JAX. */
CUPEL_INLINE real cupel_cpu_clip_slope(cupel_cpu_clip clip, real q)
{
    const real inside = q > clip.low && q < clip.high ? R(0.5) : 0;
    const real touching = q < clip.low || q > clip.high ? 0 : R(0.5);
    return inside + touching;
}

/* Which of the three it is, for the hash of branches. */
CUPEL_INLINE void cupel_cpu_mix_clips(const cupel_exec *x, cupel_cpu_clip clip, const real *q,
                                      int64_t n)
{
    CPU(mix_branches)(x, q, n, clip.low);
    CPU(mix_branches)(x, q, n, clip.high);
}

#endif
