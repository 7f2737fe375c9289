/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The element-wise activations and their derivatives, for the kernels that end or begin with one.
 * The kind is the same for a whole launch, so the choice is made once for a vector of elements. The
 * exact functions of CUDA's library are called, not the fast ones; comparisons let NaN through. */
#ifndef CUPEL_ACTIVATE_CUH
#define CUPEL_ACTIVATE_CUH

#include "device.cuh"

namespace
{

/* Klambauer et al., "Self-normalizing neural networks", 2017. */
constexpr float kSeluScale = 1.05070098735548049F;
constexpr float kSeluAlpha = 1.67326324235437728F;

constexpr float kRootHalf = 0.707106781186547524F;       /* 1 / sqrt(2) */
constexpr float kInverseRoot2Pi = 0.398942280401432678F; /* 1 / sqrt(2 pi) */

/* Both branches divide by a number in [1, 2], and no exponential overflows. */
__device__ __forceinline__ float sigmoid(float z)
{
    const float e = expf(-fabsf(z));
    return (z < 0 ? e : 1.0F) / (1.0F + e);
}

/* The distribution function of the standard normal distribution, through erfc, as 1 + erf cancels
 * where z is below 0. */
__device__ __forceinline__ float normal(float z)
{
    return 0.5F * erfcf(-kRootHalf * z);
}

__device__ __forceinline__ float gelu_slope(float z)
{
    return fmaf(z * kInverseRoot2Pi, expf(-0.5F * z * z), normal(z));
}

/* 1 - sigmoid(z) is computed as sigmoid(-z), as the subtraction cancels where z is large. */
__device__ __forceinline__ float silu_slope(float z)
{
    const float e = expf(-fabsf(z));
    const float inverse = 1.0F / (1.0F + e);
    const float s = (z < 0 ? e : 1.0F) * inverse;
    const float rest = (z < 0 ? 1.0F : e) * inverse;
    return s * fmaf(z, rest, 1.0F);
}

template <int N, class F> __device__ __forceinline__ void map(float (&v)[N], F function)
{
#pragma unroll
    for (int i = 0; i < N; i++)
        v[i] = function(v[i]);
}

/* v = activation(v). SOFTMAX is no element-wise function and does not come here. */
template <int N> __device__ __forceinline__ void activate(int kind, float slope, float (&v)[N])
{
    switch (kind) {
    case CUPEL_RELU:
        map(v, [](float z) { return z <= 0 ? 0.0F : z; });
        break;
    case CUPEL_SIGMOID:
        map(v, [](float z) { return sigmoid(z); });
        break;
    case CUPEL_TANH:
        map(v, [](float z) { return tanhf(z); });
        break;
    case CUPEL_LEAKY_RELU:
        map(v, [slope](float z) { return z > 0 ? z : slope * z; });
        break;
    case CUPEL_ELU:
        map(v, [](float z) { return z > 0 ? z : expm1f(z); });
        break;
    case CUPEL_SELU:
        map(v, [](float z) { return kSeluScale * (z > 0 ? z : kSeluAlpha * expm1f(z)); });
        break;
    case CUPEL_GELU:
        map(v, [](float z) { return z * normal(z); });
        break;
    case CUPEL_SILU:
        map(v, [](float z) { return z * sigmoid(z); });
        break;
    case CUPEL_SOFTPLUS:
        map(v, [](float z) { return fmaxf(z, 0.0F) + log1pf(expf(-fabsf(z))); });
        break;
    default:
        break;
    }
}

/* Whether the derivative is taken from the value before the activation, else from the one after. */
inline bool needs_input(int64_t kind)
{
    return kind == CUPEL_GELU || kind == CUPEL_SILU;
}

template <int N, class F>
__device__ __forceinline__ void scale(const float (&from)[N], float (&d)[N], F slope)
{
#pragma unroll
    for (int i = 0; i < N; i++)
        d[i] *= slope(from[i]);
}

/* d *= activation'(.), from as needs_input says. A gradient that the kink of RELU stops is 0 even
 * where it is infinite. */
template <int N>
__device__ __forceinline__ void activate_backward(int kind, float slope, const float (&from)[N],
                                                  float (&d)[N])
{
    switch (kind) {
    case CUPEL_RELU:
#pragma unroll
        for (int i = 0; i < N; i++)
            d[i] = from[i] > 0 ? d[i] : 0.0F;
        break;
    case CUPEL_SIGMOID:
        scale(from, d, [](float y) { return y * (1.0F - y); });
        break;
    case CUPEL_TANH:
        scale(from, d, [](float y) { return (1.0F - y) * (1.0F + y); });
        break;
    case CUPEL_LEAKY_RELU:
        scale(from, d, [slope](float y) { return y > 0 ? 1.0F : slope; });
        break;
    case CUPEL_ELU:
        scale(from, d, [](float y) { return y > 0 ? 1.0F : y + 1.0F; });
        break;
    case CUPEL_SELU:
        scale(from, d,
              [](float y) { return y > 0 ? kSeluScale : fmaf(kSeluScale, kSeluAlpha, y); });
        break;
    case CUPEL_GELU:
        scale(from, d, [](float z) { return gelu_slope(z); });
        break;
    case CUPEL_SILU:
        scale(from, d, [](float z) { return silu_slope(z); });
        break;
    case CUPEL_SOFTPLUS:
        scale(from, d, [](float y) { return -expm1f(-y); });
        break;
    default:
        break;
    }
}

} // namespace

#endif
