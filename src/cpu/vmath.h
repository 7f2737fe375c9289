/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Elementary functions for loops: inline, without branches and without calls, so that a loop over
 * them becomes vector code on every processor. At most 4 ulp from the true value for every
 * argument, subnormal ones and results included; NaN gives NaN. Each is generic over float and
 * double.
 *
 *     vexp(x)      e^x
 *     vexpm1(x)    e^x - 1 for x <= 0
 *     vlog(x)      -inf at 0, NaN below
 *     vlog1p(x)    log(1 + x) for 0 <= x <= 1
 *     vtanh(x)
 *     vsigmoid(x)  1 / (1 + e^-x)
 *     vsoftplus(x) log(1 + e^x)
 *     verf(x)
 *
 * The polynomials are minimax, found by the Remez exchange in 50 digits: each comment names the
 * function, the range and the error left, relative to the function that is built from it. */
#ifndef CUPEL_CPU_VMATH_H
#define CUPEL_CPU_VMATH_H

#include "cpu/cpu.h"
#include <math.h>
#include <string.h>

/* (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2: 2^-26 and 2^-55. */
CUPEL_INLINE float cupel_vexp_poly_f32(float r)
{
    return 0.5000000062f +
           r * (0.1666654256f + r * (0.04166628035f + r * (0.008366642098f + r * 0.001394657388f)));
}
CUPEL_INLINE double cupel_vexp_poly_f64(double r)
{
    const double high =
        0.0001984126990325166524 +
        r * (2.480150414860664684e-5 +
             r * (2.755722772582701983e-6 +
                  r * (2.762645023229410082e-7 + r * 2.511455377884651431e-8)));
    return 0.50000000000000056 +
           r * (0.166666666666666861 +
                r * (0.04166666666657295359 +
                     r * (0.008333333333314507886 + r * (0.001388888893261332952 + r * high))));
}

/* (log((1 + s) / (1 - s)) - 2 s) / s^3, z = s^2, for |s| <= 0.1718: 2^-30 and 2^-59. */
CUPEL_INLINE float cupel_vlog_poly_f32(float z)
{
    return 0.6666677675f + z * (0.3997748213f + z * 0.2987362515f);
}
CUPEL_INLINE double cupel_vlog_poly_f64(double z)
{
    const double high = 0.2222219841730658209 +
                        z * (0.1818357318349602199 +
                             z * (0.1531380552908901832 + z * 0.1479857739946505988));
    return 0.6666666666666735117 +
           z * (0.3999999999940923755 + z * (0.2857142874375684544 + z * high));
}

/* erf(x) / x - 1, z = x^2, for |x| <= 1: 2^-30 and 2^-57. */
CUPEL_INLINE float cupel_verf_low_f32(float z)
{
    const float high = -0.02685381202f +
                       z * (0.005188328027f + z * (-0.0008010197642f + z * 7.853877158e-5f));
    return 0.1283791657f + z * (-0.3761262582f + z * (0.1128358515f + z * high));
}
CUPEL_INLINE double cupel_verf_low_f64(double z)
{
    const double top = -1.62063176571154373e-7 +
                       z * (1.371099736756755066e-8 - z * 7.779500223584705833e-10);
    const double high =
        0.0001205529357891728252 +
        z * (-1.492471234196850897e-5 + z * (1.644713207422674466e-6 + z * top));
    const double middle =
        -0.02686617064311159838 +
        z * (0.005223977606119714571 + z * (-0.0008548325929378773162 + z * high));
    return 0.1283791670955125657 +
           z * (-0.3761263890318351954 + z * (0.112837916709441853 + z * middle));
}

/* (1 - erf(x)) e^(x^2), t = 1 / (x + 3), for x in [1, 4]: 2^-33, and in [1, 6]: 2^-57. */
CUPEL_INLINE float cupel_verf_high_f32(float t)
{
    return -0.01477535094f +
           t * (0.9941146387f +
                t * (-3.515886837f +
                     t * (38.23014966f + t * (-105.1216285f + t * 232.3030708f))));
}
CUPEL_INLINE double cupel_verf_high_f64(double t)
{
    const double high = 12213.535631837842717 +
                        t * (-19634.813279436191913 +
                             t * (16396.678703653860872 - t * 5541.1566321174337883));
    const double middle =
        44.618258786426239897 +
        t * (-205.23353343710420944 +
             t * (1313.8108999400342917 + t * (-4547.8946452757197896 + t * high)));
    return 0.00012686251504517898377 +
           t * (0.55688503316140165605 +
                t * (1.8842436087141897681 + t * (1.7696961862136702157 + t * middle)));
}

/* The functions themselves are written once, in vmath_template.h. */
#define VREAL float
#define VBITS uint32_t
#define V(name) cupel_##name##_f32
#define V_DIGITS 23                /* bits after the leading one */
#define V_BIAS UINT32_C(127)
#define V_SHIFTER 0x1.8p23f        /* adding it rounds to an integer, left in the low bits */
#define V_LN2_HIGH 0.693145751953125f
#define V_LN2_LOW 1.428606820309417e-06f
#define V_EXP_MIN (-104.0f)        /* e^x rounds to 0 below */
#define V_EXP_MAX 89.0f            /* and to infinity above */
#define V_EXPM1_MIN (-18.0f)       /* e^x - 1 rounds to -1 below */
#define V_NORMAL_MIN 0x1p-126f
#define V_ERF_MAX 4.0f             /* erf(x) rounds to 1 above */
#include "cpu/vmath_template.h"

#define VREAL double
#define VBITS uint64_t
#define V(name) cupel_##name##_f64
#define V_DIGITS 52
#define V_BIAS UINT64_C(1023)
#define V_SHIFTER 0x1.8p52
#define V_LN2_HIGH 0.6931471805601177038624883
#define V_LN2_LOW (-1.7239444525614834773e-13)
#define V_EXP_MIN (-746.0)
#define V_EXP_MAX 710.0
#define V_EXPM1_MIN (-40.0)
#define V_NORMAL_MIN 0x1p-1022
#define V_ERF_MAX 6.0
#include "cpu/vmath_template.h"

#define V_GENERIC_(name, x) _Generic((x), float: cupel_##name##_f32, double: cupel_##name##_f64)(x)
#define vexp(x) V_GENERIC_(vexp, x)
#define vexpm1(x) V_GENERIC_(vexpm1, x)
#define vlog(x) V_GENERIC_(vlog, x)
#define vlog1p(x) V_GENERIC_(vlog1p, x)
#define vtanh(x) V_GENERIC_(vtanh, x)
#define vsigmoid(x) V_GENERIC_(vsigmoid, x)
#define vsoftplus(x) V_GENERIC_(vsoftplus, x)
#define verf(x) V_GENERIC_(verf, x)

#endif
