/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The element-wise activations over a range, for the ops that end in one: all but SOFTMAX. */
#ifndef CUPEL_CPU_ACTIVATE_H
#define CUPEL_CPU_ACTIVATE_H

#include "cpu/cpu.h"
#include <cupel/types.h>

/* y[n] = activation(z); y may be z. slope is LEAKY_RELU's, at least 0. */
void CPU(activate)(int64_t kind, real slope, const real *z, real *y, int64_t n);

/* dx[n] = dy activation'(.), from z for GELU and SILU, else from y; what is not used may be NULL,
 * and LINEAR uses neither. dx may be dy. */
void CPU(activate_backward)(int64_t kind, real slope, const real *dy, const real *y, const real *z,
                            real *dx, int64_t n);

/* Whether the derivative, or its slope, jumps at 0: there the sign of z, which is that of y, is a
 * branch for CPU(mix_branches). */
CUPEL_INLINE bool cupel_cpu_has_kink(int64_t kind)
{
    return kind == CUPEL_RELU || kind == CUPEL_LEAKY_RELU || kind == CUPEL_ELU ||
           kind == CUPEL_SELU;
}

#endif
