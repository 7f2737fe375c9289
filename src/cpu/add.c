/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

CUPEL_CLONES static void add(void *context, int64_t begin, int64_t end)
{
    const cupel_add_args *args = context;
    const real *a = args->a;
    const real *b = args->b;
    real *y = args->y;
#pragma omp simd
    for (int64_t i = begin; i < end; i++)
        y[i] = a[i] + b[i];
}

cupel_status CPU(add)(cupel_exec *x, const cupel_add_args *args)
{
    cupel_add_args copy = *args;
    cupel_cpu_elements(x, args->count, add, &copy);
    return CUPEL_OK;
}
