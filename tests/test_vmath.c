/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The elementary functions of the CPU device, as loops that are compiled for every processor,
 * against libm in long double: at most 4 ulp everywhere. */
#include "cpu/vmath.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#define COUNT 2048

#define LOOP(name)                                                                                 \
    CUPEL_CLONES static void name##_float(const float *x, float *y)                                \
    {                                                                                              \
        for (int64_t i = 0; i < COUNT; i++)                                                        \
            y[i] = name(x[i]);                                                                     \
    }                                                                                              \
    CUPEL_CLONES static void name##_double(const double *x, double *y)                             \
    {                                                                                              \
        for (int64_t i = 0; i < COUNT; i++)                                                        \
            y[i] = name(x[i]);                                                                     \
    }
LOOP(vexp)
LOOP(vexpm1)
LOOP(vlog)
LOOP(vlog1p)
LOOP(vtanh)
LOOP(vsigmoid)
LOOP(vsoftplus)
LOOP(verf)

static long double true_sigmoid(long double x)
{
    return 1 / (1 + expl(-x));
}

static long double true_softplus(long double x)
{
    return (x > 0 ? x : 0) + log1pl(expl(-fabsl(x)));
}

/* The functions and where they are dense: a range in float and in double. Beside it every function
 * is asked for arguments of random bits, which are of all sizes, within [least, most]. */
static const struct function {
    const char *name;
    void (*narrow)(const float *, float *);
    void (*wide)(const double *, double *);
    long double (*truth)(long double);
    double range_32[2], range_64[2], least, most;
} functions[] = {
    {"exp", vexp_float, vexp_double, expl, {-105, 90}, {-750, 720}, -INFINITY, INFINITY},
    {"exp", vexp_float, vexp_double, expl, {-1, 1}, {-1, 1}, -INFINITY, INFINITY},
    {"expm1", vexpm1_float, vexpm1_double, expm1l, {-20, 0}, {-45, 0}, -INFINITY, 0},
    {"expm1", vexpm1_float, vexpm1_double, expm1l, {-1, 0}, {-1, 0}, -INFINITY, 0},
    {"log", vlog_float, vlog_double, logl, {0, 3}, {0, 3}, -INFINITY, INFINITY},
    {"log", vlog_float, vlog_double, logl, {0.99, 1.01}, {0.99, 1.01}, -INFINITY, INFINITY},
    {"log1p", vlog1p_float, vlog1p_double, log1pl, {0, 1}, {0, 1}, 0, 1},
    {"tanh", vtanh_float, vtanh_double, tanhl, {-10, 10}, {-25, 25}, -INFINITY, INFINITY},
    {"tanh", vtanh_float, vtanh_double, tanhl, {-1, 1}, {-1, 1}, -INFINITY, INFINITY},
    {"sigmoid", vsigmoid_float, vsigmoid_double, true_sigmoid, {-105, 20}, {-750, 40}, -INFINITY,
     INFINITY},
    {"sigmoid", vsigmoid_float, vsigmoid_double, true_sigmoid, {-3, 3}, {-3, 3}, -INFINITY,
     INFINITY},
    {"softplus", vsoftplus_float, vsoftplus_double, true_softplus, {-105, 20}, {-750, 40},
     -INFINITY, INFINITY},
    {"softplus", vsoftplus_float, vsoftplus_double, true_softplus, {-3, 3}, {-3, 3}, -INFINITY,
     INFINITY},
    {"erf", verf_float, verf_double, erfl, {-5, 5}, {-7, 7}, -INFINITY, INFINITY},
    {"erf", verf_float, verf_double, erfl, {-1.5, 1.5}, {-1.5, 1.5}, -INFINITY, INFINITY},
};
#define FUNCTIONS (sizeof functions / sizeof *functions)

/* How far y is from the true value, in units of the last of `digits` bits at that value, or at the
 * smallest normal number. What rounds to infinity must be infinite. */
static double ulps(long double truth, double y, int digits, int least_exponent, long double most)
{
    if (isnan(truth)) return isnan(y) ? 0 : INFINITY;
    if (isinf(y) || fabsl(truth) > most) {
        const long double half = ldexpl(1, -digits - 1);
        const bool right = isinf(y) && fabsl(truth) >= most * (1 - 4 * half) &&
                           (y > 0) == (truth > 0);
        return right || (!isinf(y) && fabsl(truth) <= most * (1 + half)) ? 0 : INFINITY;
    }
    int exponent = least_exponent;
    if (truth != 0) frexpl(truth, &exponent);
    if (exponent < least_exponent) exponent = least_exponent;
    return (double)(fabsl(truth - (long double)y) / ldexpl(1, exponent - digits));
}

static uint64_t next_bits(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static double uniform(uint64_t *state, const double range[2])
{
    return range[0] + (range[1] - range[0]) * ((double)(next_bits(state) >> 11) * 0x1p-53);
}

Test(vmath, float_within_4_ulp)
{
    static float x[COUNT], y[COUNT];
    uint64_t state = 88172645463325252;
    for (size_t f = 0; f < FUNCTIONS; f++) {
        const struct function *function = &functions[f];
        double worst = 0, at = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < COUNT; i++) {
                const uint32_t bits = (uint32_t)(next_bits(&state) >> 32);
                memcpy(&x[i], &bits, sizeof bits);
                const double value = (double)x[i];
                const bool outside = value < function->least || value > function->most;
                if (round % 2 == 0 || outside) x[i] = (float)uniform(&state, function->range_32);
            }
            function->narrow(x, y);
            for (int i = 0; i < COUNT; i++) {
                const double error = ulps(function->truth((long double)x[i]), (double)y[i], 24,
                                          -125, 0x1.fffffep127L);
                if (error > worst) {
                    worst = error;
                    at = (double)x[i];
                }
            }
        }
        cr_expect(worst <= 4, "%s in float: %.3f ulp at %a", function->name, worst, at);
    }
}

Test(vmath, double_within_4_ulp)
{
    static double x[COUNT], y[COUNT];
    uint64_t state = 88172645463325252;
    for (size_t f = 0; f < FUNCTIONS; f++) {
        const struct function *function = &functions[f];
        double worst = 0, at = 0;
        for (int round = 0; round < 60; round++) {
            for (int i = 0; i < COUNT; i++) {
                const uint64_t bits = next_bits(&state);
                memcpy(&x[i], &bits, sizeof bits);
                const bool outside = x[i] < function->least || x[i] > function->most;
                if (round % 2 == 0 || outside) x[i] = uniform(&state, function->range_64);
            }
            function->wide(x, y);
            for (int i = 0; i < COUNT; i++) {
                const double error = ulps(function->truth((long double)x[i]), y[i], 53, -1021,
                                          0x1.fffffffffffffp1023L);
                if (error > worst) {
                    worst = error;
                    at = x[i];
                }
            }
        }
        cr_expect(worst <= 4, "%s in double: %.3f ulp at %a", function->name, worst, at);
    }
}

#define EDGE(call, expected)                                                                       \
    cr_expect((call) == (expected), "%s: %g, expected %g", #call, (double)(call),                  \
              (double)(expected))

Test(vmath, edges)
{
    EDGE(vexp(0.0F), 1);
    EDGE(vexp(-0.0), 1);
    EDGE(vexp(INFINITY), INFINITY);
    EDGE(vexp(-INFINITY), 0);
    EDGE(vexp((double)INFINITY), INFINITY);
    EDGE(vexp(-(double)INFINITY), 0);
    EDGE(vexp(88.8F), INFINITY);
    EDGE(vexp(709.8), INFINITY);
    EDGE(vexp(-103.9F), 0x1p-149F);
    EDGE(vexp(-104.1F), 0);
    EDGE(vexp(-745.1), 0x1p-1074);
    EDGE(vexp(-745.2), 0);
    EDGE(vexpm1(0.0F), 0);
    EDGE(vexpm1(-INFINITY), -1);
    EDGE(vexpm1(-(double)INFINITY), -1);
    EDGE(vexpm1(-0x1p-149F), -0x1p-149F);
    EDGE(vexpm1(-0x1p-1074), -0x1p-1074);
    EDGE(vlog(0.0F), -INFINITY);
    EDGE(vlog(-0.0), -INFINITY);
    EDGE(vlog(1.0F), 0);
    EDGE(vlog(1.0), 0);
    EDGE(vlog(INFINITY), INFINITY);
    EDGE(vlog((double)INFINITY), INFINITY);
    EDGE(vlog1p(0.0F), 0);
    EDGE(vlog1p(0x1p-149F), 0x1p-149F);
    EDGE(vlog1p(0x1p-1074), 0x1p-1074);
    EDGE(vtanh(INFINITY), 1);
    EDGE(vtanh(-(double)INFINITY), -1);
    EDGE(vtanh(0x1p-149F), 0x1p-149F);
    EDGE(vtanh(-0x1p-1074), -0x1p-1074);
    EDGE(vsigmoid(0.0F), 0.5F);
    EDGE(vsigmoid(INFINITY), 1);
    EDGE(vsigmoid(-INFINITY), 0);
    EDGE(vsigmoid(-(double)INFINITY), 0);
    EDGE(vsoftplus(INFINITY), INFINITY);
    EDGE(vsoftplus(-(double)INFINITY), 0);
    EDGE(vsoftplus(1e30F), 1e30F);
    EDGE(verf(INFINITY), 1);
    EDGE(verf(-(double)INFINITY), -1);
    EDGE(verf(0.0F), 0);
    cr_expect(signbit(vtanh(-0.0F)) && signbit(vtanh(-0.0)));
    cr_expect(signbit(verf(-0.0F)) && signbit(verf(-0.0)));
}

Test(vmath, nan_passes_through)
{
    for (int sign = -1; sign <= 1; sign += 2) {
        const float x = copysignf(NAN, (float)sign);
        const double z = copysign((double)NAN, sign);
        cr_expect(isnan(vexp(x)) && isnan(vexp(z)), "exp");
        cr_expect(isnan(vexpm1(x)) && isnan(vexpm1(z)), "expm1");
        cr_expect(isnan(vlog(x)) && isnan(vlog(z)), "log");
        cr_expect(isnan(vlog(-1.0F)) && isnan(vlog(-(double)INFINITY)), "log below 0");
        cr_expect(isnan(vlog1p(x)) && isnan(vlog1p(z)), "log1p");
        cr_expect(isnan(vtanh(x)) && isnan(vtanh(z)), "tanh");
        cr_expect(isnan(vsigmoid(x)) && isnan(vsigmoid(z)), "sigmoid");
        cr_expect(isnan(vsoftplus(x)) && isnan(vsoftplus(z)), "softplus");
        cr_expect(isnan(verf(x)) && isnan(verf(z)), "erf");
    }
}
