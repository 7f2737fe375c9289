/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Instructions of CUDA on bits and integers. Included by device_overlay.h. */
#ifndef CUPEL_SIMCUDA_OVERLAY_BITS_H
#define CUPEL_SIMCUDA_OVERLAY_BITS_H

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

#endif
