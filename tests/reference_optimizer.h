/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The optimizers once more, in double and as plainly as their formulas stand in
 * <cupel/optimizer.h>: what the library's are compared with. */
#ifndef CUPEL_TESTS_REFERENCE_OPTIMIZER_H
#define CUPEL_TESTS_REFERENCE_OPTIMIZER_H

#include <cupel/cupel.h>

#define REFERENCE_TENSORS 8
#define REFERENCE_ELEMENTS 64

/* Weights, gradients and moments of all tensors. Every field of config that means something is
 * given: nothing is filled in here. */
typedef struct reference_optimizer {
    cupel_optimizer config;
    cupel_flavour flavour;
    double learning_rate; /* what the schedule scales */
    int64_t step;         /* steps done */
    int64_t tensors;
    int64_t count[REFERENCE_TENSORS];
    double w[REFERENCE_TENSORS][REFERENCE_ELEMENTS];
    double g[REFERENCE_TENSORS][REFERENCE_ELEMENTS];
    double m[REFERENCE_TENSORS][REFERENCE_ELEMENTS]; /* the velocity of SGD */
    double v[REFERENCE_TENSORS][REFERENCE_ELEMENTS];
    double top[REFERENCE_TENSORS][REFERENCE_ELEMENTS];
} reference_optimizer;

/* The learning rate of the next step. */
double reference_rate(const reference_optimizer *o);
/* One step with the gradients in g, which it clips. */
void reference_step(reference_optimizer *o);

#endif
