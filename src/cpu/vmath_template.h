/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of vmath.h for one type; included there once a type, with the type's constants,
 * which it ends. Both sides of every choice are computed and one is selected, so that a loop stays
 * a vector loop. Integers are unsigned: NaN makes them run over without harm. */

CUPEL_INLINE VBITS V(vbits)(VREAL x)
{
    VBITS bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

CUPEL_INLINE VREAL V(vfrom_bits)(VBITS bits)
{
    VREAL x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

#define V_SIGN ((VBITS)1 << (8 * sizeof(VBITS) - 1))

CUPEL_INLINE VREAL V(vabs)(VREAL x)
{
    return V(vfrom_bits)(V(vbits)(x) & ~V_SIGN);
}

/* magnitude >= 0 with the sign of x. */
CUPEL_INLINE VREAL V(vwith_sign)(VREAL magnitude, VREAL x)
{
    return V(vfrom_bits)(V(vbits)(magnitude) | (V(vbits)(x) & V_SIGN));
}

/* x = n ln 2 + r with |r| <= ln 2 / 2: returns r and puts n, which may be negative, into *n. */
CUPEL_INLINE VREAL V(vreduce)(VREAL x, VBITS *n)
{
    const VREAL shifted = x * (VREAL)1.442695040888963407359924681 + V_SHIFTER;
    const VREAL whole = shifted - V_SHIFTER;
    *n = V(vbits)(shifted) - V(vbits)(V_SHIFTER);
    return (x - whole * V_LN2_HIGH) - whole * V_LN2_LOW;
}

CUPEL_INLINE VREAL V(vexp)(VREAL x)
{
    const VREAL low = x < V_EXP_MIN ? V_EXP_MIN : x;
    VBITS n;
    const VREAL r = V(vreduce)(low > V_EXP_MAX ? V_EXP_MAX : low, &n);
    const VREAL y = (VREAL)1 + (r + r * r * V(vexp_poly)(r));
    /* 2^n in two factors, for 2^n alone may be no normal number; only the last product rounds. */
    const VBITS biased = n + 2 * V_BIAS;
    const VBITS half = biased >> 1;
    return y * V(vfrom_bits)(half << V_DIGITS) * V(vfrom_bits)((biased - half) << V_DIGITS);
}

CUPEL_INLINE VREAL V(vexpm1)(VREAL x)
{
    VBITS n;
    const VREAL r = V(vreduce)(x < V_EXPM1_MIN ? V_EXPM1_MIN : x, &n);
    const VREAL scale = V(vfrom_bits)((n + V_BIAS) << V_DIGITS);
    return (scale - (VREAL)1) + scale * (r + r * r * V(vexp_poly)(r));
}

/* log(1 + f) + k ln 2 for 1 + f in [sqrt(1/2), sqrt(2)]. With s = f / (2 + f) and h = f^2 / 2,
 * log(1 + f) = log((1 + s) / (1 - s)) = f - (h - s (h + R)): the largest term is not rounded. */
CUPEL_INLINE VREAL V(vlog_sum)(VREAL f, VREAL k)
{
    const VREAL s = f / ((VREAL)2 + f);
    const VREAL z = s * s;
    const VREAL h = (VREAL)0.5 * f * f;
    return k * V_LN2_HIGH - ((h - (s * (h + z * V(vlog_poly)(z)) + k * V_LN2_LOW)) - f);
}

CUPEL_INLINE VREAL V(vlog)(VREAL x)
{
    const VREAL power = (VREAL)((VBITS)1 << V_DIGITS);
    const VBITS one = V(vbits)((VREAL)1);
    const VBITS root = V(vbits)((VREAL)0.7071067811865475244008444);
    const VREAL tiny = x < V_NORMAL_MIN ? (VREAL)V_DIGITS : (VREAL)0;
    const VBITS bits = V(vbits)(x < V_NORMAL_MIN ? x * power : x) + (one - root);
    /* The exponent as the low bits of 2^digits: a conversion that all vector units have. */
    const VREAL exponent = V(vfrom_bits)((bits >> V_DIGITS) | V(vbits)(power)) - power;
    const VREAL f =
        V(vfrom_bits)((bits & (((VBITS)1 << V_DIGITS) - 1)) + root) - (VREAL)1;
    const VREAL y = V(vlog_sum)(f, exponent - (VREAL)V_BIAS - tiny);
    const VREAL edge = x == (VREAL)0 ? -(VREAL)INFINITY : (VREAL)NAN;
    const VREAL positive = x < (VREAL)INFINITY ? y : x;
    return x > (VREAL)0 ? positive : edge;
}

CUPEL_INLINE VREAL V(vlog1p)(VREAL x)
{
    const VREAL root = (VREAL)0.4142135623730950488016887;
    const VREAL f = x > root ? (VREAL)0.5 * (x - (VREAL)1) : x;
    return V(vlog_sum)(f, x > root ? (VREAL)1 : (VREAL)0);
}

/* tanh |x| = (1 - e^-2|x|) / (1 + e^-2|x|). */
CUPEL_INLINE VREAL V(vtanh)(VREAL x)
{
    const VREAL t = V(vexpm1)((VREAL)-2 * V(vabs)(x));
    return V(vwith_sign)(-t / ((VREAL)2 + t), x);
}

/* e^-|x| never overflows. */
CUPEL_INLINE VREAL V(vsigmoid)(VREAL x)
{
    const VREAL e = V(vexp)(-V(vabs)(x));
    return (x >= (VREAL)0 ? (VREAL)1 : e) / ((VREAL)1 + e);
}

CUPEL_INLINE VREAL V(vsoftplus)(VREAL x)
{
    return (x > (VREAL)0 ? x : (VREAL)0) + V(vlog1p)(V(vexp)(-V(vabs)(x)));
}

/* Above 1 by way of 1 - erf(x), whose relative error there counts little. */
CUPEL_INLINE VREAL V(verf)(VREAL x)
{
    const VREAL a = V(vabs)(x);
    const VREAL c = a > V_ERF_MAX ? V_ERF_MAX : a;
    const VREAL low = x + x * V(verf_low)(x * x);
    const VREAL rest = V(vexp)(-c * c) * V(verf_high)((VREAL)1 / (c + (VREAL)3));
    return a < (VREAL)1 ? low : V(vwith_sign)((VREAL)1 - rest, x);
}

#undef VREAL
#undef VBITS
#undef V
#undef V_SIGN
#undef V_DIGITS
#undef V_BIAS
#undef V_SHIFTER
#undef V_LN2_HIGH
#undef V_LN2_LOW
#undef V_EXP_MIN
#undef V_EXP_MAX
#undef V_EXPM1_MIN
#undef V_NORMAL_MIN
#undef V_ERF_MAX
