/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the kernels of several losses share: the weights of the samples, smoothed targets, clipped
 * probabilities. */
#ifndef CUPEL_LOSS_CUH
#define CUPEL_LOSS_CUH

#include "device.cuh"

namespace
{

/* The weight of the sample of a row; a sample has group rows. */
__device__ __forceinline__ float sample_weight(const float *weights, int64_t row, int64_t group)
{
    if (weights == nullptr) return 1.0F;
    return weights[group == 1 ? row : row / group];
}

/* A smoothed target is factor t + offset. */
struct smoothed {
    float factor;
    float offset;

    __device__ __forceinline__ float operator()(float t) const
    {
        return fmaf(factor, t, offset);
    }
};

/* t (1 - share) + share / among. */
inline smoothed smooth(double share, double among)
{
    return {static_cast<float>(1 - share), static_cast<float>(share / among)};
}

/* What probabilities are clipped to before a logarithm. The bounds are rounded from double, as
 * Keras rounds 1 - 1e-7. */
struct clip_bounds {
    float low;
    float high;

    /* NaN stays NaN. */
    __device__ __forceinline__ float operator()(float q) const
    {
        return q < low ? low : q > high ? high : q;
    }

    /* The derivative: on a bound 1/2, as JAX differentiates max and min; of NaN 1/2 too. */
    __device__ __forceinline__ float slope(float q) const
    {
        if (q < low || q > high) return 0.0F;
        return q > low && q < high ? 1.0F : 0.5F;
    }
};

inline clip_bounds clip_to(double epsilon)
{
    return {static_cast<float>(epsilon), static_cast<float>(1 - epsilon)};
}

} // namespace

#endif
