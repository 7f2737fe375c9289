/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops accuracy_sparse, accuracy_categorical and accuracy_binary. */
#include "cpu/elementwise.h"

/* NaN counts as larger than every number, as in PyTorch and NumPy, and of equal ones the first
 * wins. Whether label is the argmax of n numbers: those before it are less, those after it are not
 * more. */
CUPEL_INLINE real is_argmax(const real *p, int64_t n, int64_t label)
{
    const real best = p[label];
    const int lost = best != best;
    int wrong = 0;
    for (int64_t i = 0; i < label; i++)
        wrong |= !((p[i] < best) | (lost & (p[i] == p[i])));
    for (int64_t i = label + 1; i < n; i++)
        wrong |= !((p[i] <= best) | lost);
    return wrong ? 0 : 1;
}

CUPEL_INLINE int64_t argmax(const real *t, int64_t n)
{
    const real max = cupel_cpu_row_max(t, n);
    int lost = 0;
    for (int64_t i = 0; i < n; i++)
        lost |= t[i] != t[i];
    int64_t i = 0;
    while (i < n - 1 && (lost ? t[i] == t[i] : t[i] != max))
        i++;
    return i;
}

CUPEL_CLONES
static void sparse(const real *p, const int32_t *label, real *value, int64_t rows, int64_t n)
{
    for (int64_t row = 0; row < rows; row++)
        value[row] = is_argmax(p + row * n, n, label[row]);
}

static void sparse_part(void *context, int64_t begin, int64_t end)
{
    const cupel_accuracy_sparse_args *a = context;
    sparse((const real *)a->p + begin * a->n, (const int32_t *)a->label + begin,
           (real *)a->value + begin, end - begin, a->n);
}

cupel_status CPU(accuracy_sparse)(cupel_exec *x, const cupel_accuracy_sparse_args *args)
{
    cupel_accuracy_sparse_args a = *args;
    cupel_cpu_rows(x, a.rows, a.n, sparse_part, &a);
    return CUPEL_OK;
}

CUPEL_CLONES
static void categorical(const real *p, const real *t, real *value, int64_t rows, int64_t n)
{
    for (int64_t row = 0; row < rows; row++)
        value[row] = is_argmax(p + row * n, n, argmax(t + row * n, n));
}

static void categorical_part(void *context, int64_t begin, int64_t end)
{
    const cupel_accuracy_categorical_args *a = context;
    categorical((const real *)a->p + begin * a->n, (const real *)a->t + begin * a->n,
                (real *)a->value + begin, end - begin, a->n);
}

cupel_status CPU(accuracy_categorical)(cupel_exec *x, const cupel_accuracy_categorical_args *args)
{
    cupel_accuracy_categorical_args a = *args;
    cupel_cpu_rows(x, a.rows, a.n, categorical_part, &a);
    return CUPEL_OK;
}

CUPEL_CLONES
static void hits(const real *p, const real *t, real threshold, real *value, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        value[i] = (p[i] > threshold ? 1 : 0) == t[i] ? 1 : 0;
}

static void binary(const void *args, int64_t first, int64_t count, real *value)
{
    const cupel_accuracy_binary_args *a = args;
    hits((const real *)a->p + first, (const real *)a->t + first, (real)a->threshold, value, count);
}

cupel_status CPU(accuracy_binary)(cupel_exec *x, const cupel_accuracy_binary_args *args)
{
    cupel_cpu_elementwise work = {
        .function = binary, .args = args, .rows = args->rows, .n = args->n, .out = args->value};
    CPU(elementwise)(x, &work);
    return CUPEL_OK;
}
