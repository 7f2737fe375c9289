/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Parameters as an optimizer sees them: flat arrays of slices, padded with zeros. */
#ifndef CUPEL_TESTS_CPU_PARAMETERS_H
#define CUPEL_TESTS_CPU_PARAMETERS_H

#include "cpu_train.h"

/* Tensors of 5, 128, 300 and `last` elements. */
#define PARAMETER_TENSORS 4
typedef struct parameters {
    int64_t sizes[PARAMETER_TENSORS];
    int64_t blocks;
    int64_t count; /* elements with padding */
    int32_t *tensor;
} parameters;

static inline parameters parameters_make(int64_t last)
{
    parameters p = {.sizes = {5, 128, 300, last}};
    for (int64_t t = 0; t < PARAMETER_TENSORS; t++)
        p.blocks += (p.sizes[t] + CUPEL_SLICE - 1) / CUPEL_SLICE;
    p.count = p.blocks * CUPEL_SLICE;
    p.tensor = cpu_tensor(CUPEL_PRECISION_FLOAT32, NULL, p.blocks);
    int64_t block = 0;
    for (int64_t t = 0; t < PARAMETER_TENSORS; t++) {
        for (int64_t i = 0; i < p.sizes[t]; i += CUPEL_SLICE)
            p.tensor[block++] = (int32_t)t;
    }
    return p;
}

/* Which tensor an element belongs to; -1 for padding. */
static inline int64_t parameters_owner(const parameters *p, int64_t element)
{
    const int64_t block = element / CUPEL_SLICE;
    const int64_t t = p->tensor[block];
    int64_t first = block;
    while (first > 0 && p->tensor[first - 1] == t)
        first--;
    return element - first * CUPEL_SLICE < p->sizes[t] ? t : -1;
}

/* Random numbers in the slices, zeros between them. */
static inline double *parameters_random(const parameters *p, uint64_t *state)
{
    double *values = train_random(state, p->count);
    for (int64_t i = 0; i < p->count; i++) {
        if (parameters_owner(p, i) < 0) values[i] = 0;
    }
    return values;
}

static inline void parameters_expect_padding(const parameters *p, cupel_precision precision,
                                             const void *values)
{
    for (int64_t i = 0; i < p->count; i++) {
        if (parameters_owner(p, i) < 0 && !(cpu_get(precision, values, i) == 0)) {
            cr_expect_fail("the padding at %lld is not 0", (long long)i);
            return;
        }
    }
}

#endif
