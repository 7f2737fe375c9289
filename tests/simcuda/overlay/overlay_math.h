/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Mathematics and integer instructions of CUDA that the C library does not have. Those that are
 * approximate on a card (CUDA C++ Programming Guide, appendix "Mathematical Functions") are exact
 * here, or wrong by up to 2 ulp where the configuration says so; the card may be further off for
 * large arguments. Included by device_overlay.h.
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

#define SIMCUDA_BITS(name, From, To)                                \
    inline To name(From x)                                          \
    {                                                               \
        static_assert(sizeof(From) == sizeof(To), "the same bits"); \
        To result;                                                  \
        memcpy(&result, &x, sizeof result);                         \
        return result;                                              \
    }

SIMCUDA_BITS(__int_as_float, int, float)
SIMCUDA_BITS(__float_as_int, float, int)
SIMCUDA_BITS(__uint_as_float, unsigned, float)
SIMCUDA_BITS(__float_as_uint, float, unsigned)
SIMCUDA_BITS(__longlong_as_double, long long, double)
SIMCUDA_BITS(__double_as_longlong, double, long long)
#undef SIMCUDA_BITS

inline int __popc(unsigned x)
{
    return __builtin_popcount(x);
}

inline int __popcll(unsigned long long x)
{
    return __builtin_popcountll(x);
}

inline int __ffs(int x)
{
    return __builtin_ffs(x);
}

inline int __ffsll(long long x)
{
    return __builtin_ffsll(x);
}

inline int __clz(int x)
{
    return x == 0 ? 32 : __builtin_clz(static_cast<unsigned>(x));
}

inline int __clzll(long long x)
{
    return x == 0 ? 64 : __builtin_clzll(static_cast<unsigned long long>(x));
}

inline unsigned __brev(unsigned x)
{
    unsigned result = 0;
    for (int i = 0; i < 32; i++)
        result |= (x >> i & 1) << (31 - i);
    return result;
}

inline unsigned long long __brevll(unsigned long long x)
{
    const auto low = static_cast<unsigned>(x);
    const auto high = static_cast<unsigned>(x >> 32);
    return static_cast<unsigned long long>(__brev(low)) << 32 | __brev(high);
}

inline unsigned __umulhi(unsigned a, unsigned b)
{
    return static_cast<unsigned>(static_cast<unsigned long long>(a) * b >> 32);
}

inline int __mulhi(int a, int b)
{
    return static_cast<int>(static_cast<long long>(a) * b >> 32);
}

inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b)
{
    __extension__ using Wide = unsigned __int128;
    return static_cast<unsigned long long>(static_cast<Wide>(a) * b >> 64);
}

inline long long __mul64hi(long long a, long long b)
{
    __extension__ using Wide = __int128;
    return static_cast<long long>(static_cast<Wide>(a) * b >> 64);
}

/* The upper or the lower word of high:low shifted, by shift modulo 32 or, with the c, by at
 * most 32. */
inline unsigned __funnelshift_l(unsigned low, unsigned high, unsigned shift)
{
    const unsigned long long both = static_cast<unsigned long long>(high) << 32 | low;
    return static_cast<unsigned>(both << (shift & 31) >> 32);
}

inline unsigned __funnelshift_r(unsigned low, unsigned high, unsigned shift)
{
    const unsigned long long both = static_cast<unsigned long long>(high) << 32 | low;
    return static_cast<unsigned>(both >> (shift & 31));
}

inline unsigned __funnelshift_lc(unsigned low, unsigned high, unsigned shift)
{
    return shift >= 32 ? low : __funnelshift_l(low, high, shift);
}

inline unsigned __funnelshift_rc(unsigned low, unsigned high, unsigned shift)
{
    return shift >= 32 ? high : __funnelshift_r(low, high, shift);
}

/* Four bytes of y:x, chosen by the hexadecimal digits of the selector. */
inline unsigned __byte_perm(unsigned x, unsigned y, unsigned selector)
{
    const unsigned long long both = static_cast<unsigned long long>(y) << 32 | x;
    unsigned result = 0;
    for (int i = 0; i < 4; i++) {
        const auto byte = static_cast<unsigned>(both >> (selector >> (4 * i) & 7) * 8) & 0xff;
        result |= byte << (8 * i);
    }
    return result;
}

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
