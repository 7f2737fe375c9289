/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs single ops of the CPU device in either precision. The tests hold their numbers in double and
 * hand them over as tensors of the precision. */
#ifndef CUPEL_TESTS_CPU_OPS_H
#define CUPEL_TESTS_CPU_OPS_H

#include "cpu/team.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One element of a tensor, and one number into it. */
static inline double cpu_get(cupel_precision precision, const void *tensor, int64_t i)
{
    if (precision == CUPEL_PRECISION_FLOAT64) return ((const double *)tensor)[i];
    return (double)((const float *)tensor)[i];
}

static inline void cpu_set(cupel_precision precision, void *tensor, int64_t i, double value)
{
    if (precision == CUPEL_PRECISION_FLOAT64)
        ((double *)tensor)[i] = value;
    else
        ((float *)tensor)[i] = (float)value;
}

static inline size_t cpu_size(cupel_precision precision)
{
    return precision == CUPEL_PRECISION_FLOAT64 ? sizeof(double) : sizeof(float);
}

/* All tensors that have not been released. */
typedef struct cpu_block {
    struct cpu_block *next;
    max_align_t elements[];
} cpu_block;
static cpu_block *cpu_blocks;

static inline void cpu_release(void)
{
    while (cpu_blocks != NULL) {
        cpu_block *next = cpu_blocks->next;
        free(cpu_blocks);
        cpu_blocks = next;
    }
}

/* A tensor of n elements; values NULL: all NaN, so that what an op leaves out shows. It lives until
 * cpu_release, or as long as the test. */
static inline void *cpu_tensor(cupel_precision precision, const double *values, int64_t n)
{
    cpu_block *block = malloc(sizeof *block + (size_t)n * cpu_size(precision));
    cr_assert_not_null(block);
    block->next = cpu_blocks;
    cpu_blocks = block;
    void *tensor = block->elements;
    for (int64_t i = 0; i < n; i++)
        cpu_set(precision, tensor, i, values != NULL ? values[i] : (double)NAN);
    return tensor;
}

static inline cupel_exec cpu_exec(cupel_control *control, int64_t threads)
{
    return (cupel_exec){.threads = threads, .control = control};
}

static inline void cpu_run(cupel_precision precision, cupel_exec *x, cupel_op op, const void *args)
{
    const cupel_op_entry *ops =
        precision == CUPEL_PRECISION_FLOAT64 ? cupel_cpu_f64_ops : cupel_cpu_f32_ops;
    cr_assert_eq(ops[op].run(x, args), CUPEL_OK);
}

/* The next of a series of numbers in [low, high). */
static inline double cpu_random(uint64_t *state, double low, double high)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return low + (high - low) * ((double)((z ^ z >> 31) >> 11) * 0x1p-53);
}

/* Every element is expected to lie within tolerance * (1 + |expected|). */
static inline void cpu_expect(const char *what, cupel_precision precision, const void *tensor,
                              const double *expected, int64_t n, double tolerance)
{
    for (int64_t i = 0; i < n; i++) {
        const double got = cpu_get(precision, tensor, i);
        const bool same = got == expected[i] || (isnan(got) && isnan(expected[i]));
        if (!same && !(fabs(got - expected[i]) <= tolerance * (1 + fabs(expected[i])))) {
            cr_expect_fail("%s, float%d, element %lld: %.17g, expected %.17g", what,
                           (int)(8 * cpu_size(precision)), (long long)i, got, expected[i]);
            return;
        }
    }
}

/* For both precisions, float first. */
#define CPU_EACH(precision)                                                                        \
    for (cupel_precision precision = CUPEL_PRECISION_FLOAT32;                                      \
         precision <= CUPEL_PRECISION_FLOAT64;                                                     \
         precision = precision == CUPEL_PRECISION_FLOAT32 ? CUPEL_PRECISION_FLOAT64                \
                                                          : (cupel_precision)4)

#endif
