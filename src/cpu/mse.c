/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops mse and squared_error: (p - t)^2 as a loss and as a metric. */
#include "cpu/elementwise.h"

CUPEL_CLONES
static void squares(const real *p, const real *t, real *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        value[i] = (p[i] - t[i]) * (p[i] - t[i]);
}

CUPEL_CLONES
static void slopes(const real *p, const real *t, real *dp, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        dp[i] = 2 * (p[i] - t[i]);
}

static void loss(const void *args, int64_t first, int64_t count, real *value)
{
    const cupel_mse_args *a = args;
    const real *p = (const real *)a->p + first, *t = (const real *)a->t + first;
    squares(p, t, value, count);
    if (a->dp != NULL) slopes(p, t, (real *)a->dp + first, count);
}

cupel_status CPU(mse)(cupel_exec *x, const cupel_mse_args *args)
{
    cupel_cpu_elementwise work = {
        .function = loss, .args = args, .rows = args->rows, .n = args->n, .group = args->group,
        .weights = x->control->batch_weights, .dp = args->dp, .out = args->loss};
    CPU(elementwise)(x, &work);
    return CUPEL_OK;
}

static void metric(const void *args, int64_t first, int64_t count, real *value)
{
    const cupel_squared_error_args *a = args;
    squares((const real *)a->p + first, (const real *)a->t + first, value, count);
}

cupel_status CPU(squared_error)(cupel_exec *x, const cupel_squared_error_args *args)
{
    cupel_cpu_elementwise work = {
        .function = metric, .args = args, .rows = args->rows, .n = args->n, .out = args->value};
    CPU(elementwise)(x, &work);
    return CUPEL_OK;
}
