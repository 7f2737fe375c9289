/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the dense and training ops add to cpu_ops.h: runs with scratch memory and the
 * gates for sums. */
#ifndef CUPEL_TESTS_CPU_TRAIN_H
#define CUPEL_TESTS_CPU_TRAIN_H

#include "cpu_ops.h"

/* n doubles: random ones in [-1, 1) that float holds exactly, or zeros. */
static inline double *train_random(uint64_t *state, int64_t n)
{
    double *values = cpu_tensor(CUPEL_PRECISION_FLOAT64, NULL, n);
    for (int64_t i = 0; i < n; i++)
        values[i] = (double)(float)cpu_random(state, -1, 1);
    return values;
}

static inline double *train_zeros(int64_t n)
{
    double *values = cpu_tensor(CUPEL_PRECISION_FLOAT64, NULL, n);
    for (int64_t i = 0; i < n; i++)
        values[i] = 0;
    return values;
}

/* Scratch memory as a device aligns it, full of NaN, to be freed. */
static inline void *train_scratch(int64_t bytes)
{
    const size_t size = ((size_t)bytes / 256 + 1) * 256;
    void *scratch = aligned_alloc(256, size);
    cr_assert_not_null(scratch);
    memset(scratch, 0xff, size);
    return scratch;
}

/* Runs an op with as much scratch memory as it asks for. */
static inline void train_run(cupel_precision precision, cupel_exec *x, cupel_op op,
                             const void *args)
{
    const cupel_op_entry *entry =
        &(precision == CUPEL_PRECISION_FLOAT64 ? cupel_cpu_f64_ops : cupel_cpu_f32_ops)[op];
    x->scratch = train_scratch(entry->needs != NULL ? entry->needs(args) : 0);
    cr_assert_eq(entry->run(x, args), CUPEL_OK);
    free(x->scratch);
    x->scratch = NULL;
}

/* The gates for sums of products: by element tau times the sum of the terms' absolute values, and
 * the normalised mean square error over all, when there are enough of them for a mean. Plain error
 * relative to the result says nothing where terms cancel. */
static inline void train_expect_sums(const char *what, cupel_precision precision,
                                     const void *tensor, const double *expected,
                                     const double *absolute, int64_t n)
{
    const bool wide = precision == CUPEL_PRECISION_FLOAT64;
    const double tau = wide ? 1e-14 : 1e-6;
    const double rounding = wide ? 0x1p-53 : 0x1p-24;
    double error = 0;
    double square = 0;
    for (int64_t i = 0; i < n; i++) {
        const double got = cpu_get(precision, tensor, i);
        const double off = got - expected[i];
        if (!(fabs(off) <= tau * absolute[i] + rounding * fabs(expected[i]))) {
            cr_expect_fail("%s, float%d, element %lld: %.17g, expected %.17g", what,
                           (int)(8 * cpu_size(precision)), (long long)i, got, expected[i]);
            return;
        }
        error += off * off;
        square += expected[i] * expected[i];
    }
    if (n < 16) return;
    cr_expect(error <= (wide ? 1e-26 : 1e-11) * square, "%s, float%d: mean square error %g", what,
              (int)(8 * cpu_size(precision)), error / square);
}

/* The same bits in both. */
static inline void train_expect_same(const char *what, cupel_precision precision, const void *a,
                                     const void *b, int64_t n)
{
    cr_expect(memcmp(a, b, (size_t)n * cpu_size(precision)) == 0, "%s, float%d: the bits differ",
              what, (int)(8 * cpu_size(precision)));
}

/* Thread numbers at which every result is the same. */
static const int64_t train_threads[] = {1, 2, 4};
#define TRAIN_THREADS ((int64_t)(sizeof train_threads / sizeof train_threads[0]))

#endif
