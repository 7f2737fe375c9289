/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What every source of the CPU device sees. They are compiled twice, with CUPEL_REAL_DOUBLE 0 and
 * 1: real is float or double, and CPU(name) the name of this precision's function. */
#ifndef CUPEL_CPU_H
#define CUPEL_CPU_H

#include "cpu/team.h"

#if defined(__FAST_MATH__)
#error "cupel keeps IEEE arithmetic: compile without -ffast-math"
#endif

#define CUPEL_CPU_JOIN_(prefix, name) prefix##name
#if CUPEL_REAL_DOUBLE
typedef double real;
#define CPU(name) CUPEL_CPU_JOIN_(cupel_cpu_f64_, name)
/* A constant of type real, from one with a decimal point. */
#define R(number) number
#else
typedef float real;
#define CPU(name) CUPEL_CPU_JOIN_(cupel_cpu_f32_, name)
#define R(number) CUPEL_CPU_JOIN_(number, f)
#endif

/* Before a function that holds a hot loop: it is compiled for several processors and the loader
 * chooses. Only the function's own code is, with what is inlined into it; the body of an OpenMP
 * region is not. Hence cupel_cpu_share: a hot loop is a static function over a range. */
#if defined(__x86_64__) && defined(__gnu_linux__) && defined(__GNUC__) && !defined(__clang__) &&   \
    !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define CUPEL_CLONES __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define CUPEL_CLONES
#endif

/* A helper of such a loop, which must be part of it. */
#if defined(__GNUC__)
#define CUPEL_INLINE static inline __attribute__((always_inline))
#else
#define CUPEL_INLINE static inline
#endif

/* The ops of this precision and what the SCRATCH ones need. */
#define NO_SCRATCH(name)
#define SCRATCH(name) int64_t CPU(name##_needs)(const cupel_##name##_args *args);
#define CUPEL_OP(name, scratch, ...)                                                               \
    cupel_status CPU(name)(cupel_exec *x, const cupel_##name##_args *args);                        \
    scratch(name)
#include "ops.def"
#undef CUPEL_OP
#undef SCRATCH
#undef NO_SCRATCH

CUPEL_INLINE int64_t cupel_cpu_min(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* ceil(a / b) for a >= 0, b > 0. */
CUPEL_INLINE int64_t cupel_cpu_ceil(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

/* Shares an element-wise loop over count elements. */
CUPEL_INLINE void cupel_cpu_elements(const cupel_exec *x, int64_t count, cupel_cpu_body *body,
                                     void *context)
{
    cupel_cpu_share(x->threads, count, CUPEL_CPU_STEP, CUPEL_CPU_LEAST, body, context);
}

/* Shares a loop over rows of n elements each. */
CUPEL_INLINE void cupel_cpu_rows(const cupel_exec *x, int64_t rows, int64_t n, cupel_cpu_body *body,
                                 void *context)
{
    cupel_cpu_share(x->threads, rows, 1, n > 0 ? cupel_cpu_ceil(CUPEL_CPU_LEAST, n) : rows, body,
                    context);
}

/* One more word of a hash in which the order counts. */
CUPEL_INLINE uint64_t cupel_cpu_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

/* Mixes, where x->branches is not NULL, the side of a kink on which each of the n elements lies:
 * a > threshold. */
void CPU(mix_branches)(const cupel_exec *x, const real *a, int64_t n, real threshold);

#endif
