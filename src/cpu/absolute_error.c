/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/elementwise.h"
#include <tgmath.h>

CUPEL_CLONES
static void distances(const real *p, const real *t, real *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        value[i] = fabs(p[i] - t[i]);
}

static void metric(const void *args, int64_t first, int64_t count, real *value)
{
    const cupel_absolute_error_args *a = args;
    distances((const real *)a->p + first, (const real *)a->t + first, value, count);
}

cupel_status CPU(absolute_error)(cupel_exec *x, const cupel_absolute_error_args *args)
{
    cupel_cpu_elementwise work = {
        .function = metric, .args = args, .rows = args->rows, .n = args->n, .out = args->value};
    CPU(elementwise)(x, &work);
    return CUPEL_OK;
}
