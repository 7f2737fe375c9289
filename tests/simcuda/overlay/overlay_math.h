/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Mathematics of CUDA that the C library does not have. Functions that are approximate on a card (CUDA
 * C++ Programming Guide, appendix "Mathematical Functions") are exact here, or wrong by up to 2 ulp
 * where the configuration says so; the card may be further off for large arguments. Included by
 * device_overlay.h.
 */
#ifndef CUPEL_SIMCUDA_OVERLAY_MATH_H
#define CUPEL_SIMCUDA_OVERLAY_MATH_H

extern "C" const bool simcuda_perturbs;

namespace simcuda
{

inline float approximately(float value)
{
    return simcuda_perturbs ? perturb(value) : value;
}

inline float approximate_exp(float x)
{
    return approximately(expf(x));
}

inline float approximate_exp10(float x)
{
    return approximately(powf(10.0F, x));
}

inline float approximate_log(float x)
{
    return approximately(logf(x));
}

inline float approximate_log2(float x)
{
    return approximately(log2f(x));
}

inline float approximate_log10(float x)
{
    return approximately(log10f(x));
}

inline float approximate_sin(float x)
{
    return approximately(sinf(x));
}

inline float approximate_cos(float x)
{
    return approximately(cosf(x));
}

inline float approximate_tan(float x)
{
    return approximately(tanf(x));
}

inline float approximate_pow(float x, float y)
{
    return approximately(powf(x, y));
}

inline float approximate_tanh(float x)
{
    return approximately(tanhf(x));
}

} // namespace simcuda

#define __expf simcuda::approximate_exp
#define __exp10f simcuda::approximate_exp10
#define __logf simcuda::approximate_log
#define __log2f simcuda::approximate_log2
#define __log10f simcuda::approximate_log10
#define __sinf simcuda::approximate_sin
#define __cosf simcuda::approximate_cos
#define __tanf simcuda::approximate_tan
#define __powf simcuda::approximate_pow
#define __tanhf simcuda::approximate_tanh

/* The quotient is 0 for a divisor above 2^126, which the fast division can not hold. */
inline float __fdividef(float x, float y)
{
    const float big = fabsf(y);
    if (big > 0x1p126F && big < INFINITY) return isinf(x) ? NAN : 0.0F;
    return simcuda::approximately(x / y);
}

inline float rsqrtf(float x)
{
    return simcuda::approximately(1.0F / sqrtf(x));
}

inline double rsqrt(double x)
{
    return 1.0 / sqrt(x);
}

inline float rcbrtf(float x)
{
    return 1.0F / cbrtf(x);
}

inline float __saturatef(float x)
{
    return x > 0.0F ? fminf(x, 1.0F) : 0.0F; /* NaN becomes 0 */
}

inline float norm3df(float a, float b, float c)
{
    return hypotf(hypotf(a, b), c);
}

inline float normcdff(float x)
{
    return 0.5F * erfcf(x * -0.70710678F);
}

inline float sinpif(float x)
{
    return static_cast<float>(sin(M_PI * static_cast<double>(remainderf(x, 2.0F))));
}

inline float cospif(float x)
{
    return static_cast<float>(cos(M_PI * static_cast<double>(remainderf(x, 2.0F))));
}

/* Single operations, rounded to the nearest. The compiler must not contract them, and this one has
   no fused instruction by default. */
#define SIMCUDA_BINARY(name, T, operation) \
    inline T name(T a, T b)                \
    {                                      \
        return a operation b;              \
    }

SIMCUDA_BINARY(__fadd_rn, float, +)
SIMCUDA_BINARY(__fsub_rn, float, -)
SIMCUDA_BINARY(__fmul_rn, float, *)
SIMCUDA_BINARY(__fdiv_rn, float, /)
SIMCUDA_BINARY(__dadd_rn, double, +)
SIMCUDA_BINARY(__dsub_rn, double, -)
SIMCUDA_BINARY(__dmul_rn, double, *)
SIMCUDA_BINARY(__ddiv_rn, double, /)
#undef SIMCUDA_BINARY

inline float __fmaf_rn(float a, float b, float c)
{
    return fmaf(a, b, c);
}

inline double __fma_rn(double a, double b, double c)
{
    return fma(a, b, c);
}

inline float __frcp_rn(float x)
{
    return 1.0F / x;
}

inline float __fsqrt_rn(float x)
{
    return sqrtf(x);
}

inline float __frsqrt_rn(float x)
{
    return static_cast<float>(1.0 / sqrt(static_cast<double>(x)));
}

/* Conversions: to the nearest even, towards zero, down, up. To an integer they saturate and NaN
   becomes 0, as on a card. */
namespace simcuda
{

template <class To> inline To saturated(double x)
{
    constexpr double least = static_cast<double>(std::numeric_limits<To>::min());
    constexpr double most = static_cast<double>(std::numeric_limits<To>::max());
    if (!(x > least)) return isnan(x) ? To{0} : std::numeric_limits<To>::min();
    return x >= most ? std::numeric_limits<To>::max() : static_cast<To>(x);
}

} // namespace simcuda

#define SIMCUDA_TO_INTEGER(name, From, To)                                \
    inline To name##_rn(From x)                                           \
    {                                                                     \
        return simcuda::saturated<To>(nearbyint(static_cast<double>(x))); \
    }                                                                     \
    inline To name##_rz(From x)                                           \
    {                                                                     \
        return simcuda::saturated<To>(trunc(static_cast<double>(x)));     \
    }                                                                     \
    inline To name##_rd(From x)                                           \
    {                                                                     \
        return simcuda::saturated<To>(floor(static_cast<double>(x)));     \
    }                                                                     \
    inline To name##_ru(From x)                                           \
    {                                                                     \
        return simcuda::saturated<To>(ceil(static_cast<double>(x)));      \
    }

SIMCUDA_TO_INTEGER(__float2int, float, int)
SIMCUDA_TO_INTEGER(__float2uint, float, unsigned)
SIMCUDA_TO_INTEGER(__float2ll, float, long long)
SIMCUDA_TO_INTEGER(__float2ull, float, unsigned long long)
SIMCUDA_TO_INTEGER(__double2int, double, int)
SIMCUDA_TO_INTEGER(__double2uint, double, unsigned)
SIMCUDA_TO_INTEGER(__double2ll, double, long long)
SIMCUDA_TO_INTEGER(__double2ull, double, unsigned long long)
#undef SIMCUDA_TO_INTEGER

#define SIMCUDA_CAST(name, From, To) \
    inline To name(From x)           \
    {                                \
        return static_cast<To>(x);   \
    }

SIMCUDA_CAST(__int2float_rn, int, float)
SIMCUDA_CAST(__uint2float_rn, unsigned, float)
SIMCUDA_CAST(__ll2float_rn, long long, float)
SIMCUDA_CAST(__ull2float_rn, unsigned long long, float)
SIMCUDA_CAST(__int2double_rn, int, double)
SIMCUDA_CAST(__uint2double_rn, unsigned, double)
SIMCUDA_CAST(__ll2double_rn, long long, double)
SIMCUDA_CAST(__ull2double_rn, unsigned long long, double)
SIMCUDA_CAST(__double2float_rn, double, float)
#undef SIMCUDA_CAST

/* The overloads of CUDA; those of floats drop a NaN. */
#define SIMCUDA_MIN_MAX(T)    \
    inline T min(T a, T b)    \
    {                         \
        return b < a ? b : a; \
    }                         \
    inline T max(T a, T b)    \
    {                         \
        return b > a ? b : a; \
    }

SIMCUDA_MIN_MAX(int)
SIMCUDA_MIN_MAX(unsigned)
SIMCUDA_MIN_MAX(long)
SIMCUDA_MIN_MAX(unsigned long)
SIMCUDA_MIN_MAX(long long)
SIMCUDA_MIN_MAX(unsigned long long)
#undef SIMCUDA_MIN_MAX

inline float min(float a, float b)
{
    return fminf(a, b);
}

inline float max(float a, float b)
{
    return fmaxf(a, b);
}

inline double min(double a, double b)
{
    return fmin(a, b);
}

inline double max(double a, double b)
{
    return fmax(a, b);
}

#endif
