/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The element-wise activations, one loop a kind and direction. A loop may work in place, so it says
 * by its pragma what the compiler cannot know: element i depends on element i alone. Comparisons
 * are written so that NaN passes through the forward functions. */
#include "cpu/activate.h"
#include "cpu/vmath.h"

/* Klambauer et al., "Self-normalizing neural networks", 2017. */
#define SELU_SCALE ((real)1.0507009873554804934193349852946)
#define SELU_ALPHA ((real)1.6732632423543772848170429916717)

#define ROOT_HALF ((real)0.70710678118654752440)      /* 1 / sqrt(2) */
#define ROOT_HALF_PI ((real)0.39894228040143267794)   /* 1 / sqrt(2 pi) */

#define FOR_EACH(statement)                                                                        \
    do {                                                                                           \
        _Pragma("omp simd") for (int64_t i = 0; i < n; ++i) statement;                             \
    } while (0)

CUPEL_INLINE real selu(real z)
{
    return SELU_SCALE * (z > 0 ? z : SELU_ALPHA * vexpm1(z));
}

/* The distribution function of the standard normal distribution. */
CUPEL_INLINE real normal(real z)
{
    return R(0.5) + R(0.5) * verf(z * ROOT_HALF);
}

CUPEL_INLINE real gelu_slope(real z)
{
    return normal(z) + z * ROOT_HALF_PI * vexp(R(-0.5) * z * z);
}

CUPEL_INLINE real silu_slope(real z)
{
    const real s = vsigmoid(z);
    return s + z * s * (1 - s);
}

CUPEL_CLONES
static void forward(int64_t kind, real slope, const real *z, real *y, int64_t n)
{
    switch (kind) {
    case CUPEL_RELU: FOR_EACH(y[i] = z[i] <= 0 ? 0 : z[i]); break;
    case CUPEL_SIGMOID: FOR_EACH(y[i] = vsigmoid(z[i])); break;
    case CUPEL_TANH: FOR_EACH(y[i] = vtanh(z[i])); break;
    case CUPEL_LEAKY_RELU: FOR_EACH(y[i] = z[i] > 0 ? z[i] : slope * z[i]); break;
    case CUPEL_ELU: FOR_EACH(y[i] = z[i] > 0 ? z[i] : vexpm1(z[i])); break;
    case CUPEL_SELU: FOR_EACH(y[i] = selu(z[i])); break;
    case CUPEL_GELU: FOR_EACH(y[i] = z[i] * normal(z[i])); break;
    case CUPEL_SILU: FOR_EACH(y[i] = z[i] * vsigmoid(z[i])); break;
    case CUPEL_SOFTPLUS: FOR_EACH(y[i] = vsoftplus(z[i])); break;
    default: FOR_EACH(y[i] = z[i]); break;
    }
}

CUPEL_CLONES
static void backward(int64_t kind, real slope, const real *dy, const real *y, const real *z,
                     real *dx, int64_t n)
{
    switch (kind) {
    case CUPEL_RELU: FOR_EACH(dx[i] = y[i] > 0 ? dy[i] : 0); break;
    case CUPEL_SIGMOID: FOR_EACH(dx[i] = dy[i] * (y[i] * (1 - y[i]))); break;
    case CUPEL_TANH: FOR_EACH(dx[i] = dy[i] * ((1 - y[i]) * (1 + y[i]))); break;
    case CUPEL_LEAKY_RELU: FOR_EACH(dx[i] = y[i] > 0 ? dy[i] : slope * dy[i]); break;
    case CUPEL_ELU: FOR_EACH(dx[i] = dy[i] * (y[i] > 0 ? 1 : y[i] + 1)); break;
    case CUPEL_SELU:
        FOR_EACH(dx[i] = dy[i] * (y[i] > 0 ? SELU_SCALE : y[i] + SELU_SCALE * SELU_ALPHA));
        break;
    case CUPEL_GELU: FOR_EACH(dx[i] = dy[i] * gelu_slope(z[i])); break;
    case CUPEL_SILU: FOR_EACH(dx[i] = dy[i] * silu_slope(z[i])); break;
    case CUPEL_SOFTPLUS: FOR_EACH(dx[i] = -dy[i] * vexpm1(-y[i])); break;
    default: FOR_EACH(dx[i] = dy[i]); break;
    }
}

void CPU(activate)(int64_t kind, real slope, const real *z, real *y, int64_t n)
{
    if (kind != CUPEL_LINEAR || y != z) forward(kind, slope, z, y, n);
}

void CPU(activate_backward)(int64_t kind, real slope, const real *dy, const real *y, const real *z,
                            real *dx, int64_t n)
{
    if (kind != CUPEL_LINEAR || dx != dy) backward(kind, slope, dy, y, z, dx, n);
}
