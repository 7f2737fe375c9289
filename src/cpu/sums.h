/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sums over many elements: in double, over pieces of CUPEL_CPU_PIECE elements whose partial sums
 * are then added in order, so that neither the number of threads nor the vector length shows. */
#ifndef CUPEL_CPU_SUMS_H
#define CUPEL_CPU_SUMS_H

#include "cpu/cpu.h"

#define CUPEL_CPU_PIECE 4096
/* Sums side by side within a piece. */
#define CUPEL_CPU_SUMS 16

/* The sum of the lanes, by halves. */
CUPEL_INLINE double cupel_cpu_fold(double lanes[CUPEL_CPU_SUMS])
{
    for (int64_t half = CUPEL_CPU_SUMS / 2; half > 0; half /= 2) {
        for (int64_t i = 0; i < half; i++)
            lanes[i] += lanes[half + i];
    }
    return lanes[0];
}

/* The sum of partial sums, in order. */
CUPEL_INLINE double cupel_cpu_total(const double *partial, int64_t count)
{
    double sum = 0;
    for (int64_t i = 0; i < count; i++)
        sum += partial[i];
    return sum;
}

#endif
