/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/elementwise.h"

CUPEL_CLONES
static void multiply(real *a, real factor, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        a[i] *= factor;
}

/* A true quotient, so that the mean of ones is 1. */
CUPEL_CLONES
static void divide(real *a, real divisor, int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        a[i] /= divisor;
}

CUPEL_CLONES
static void sum_rows(const real *value, int64_t rows, int64_t n, real *out)
{
    for (int64_t row = 0; row < rows; row++)
        out[row] = cupel_cpu_row_sum(value + row * n, n);
}

/* The sums of f over a block of rows, or over one longer row, part by part. */
static void sum_block(const cupel_cpu_elementwise *loss, int64_t row, int64_t rows)
{
    real value[CUPEL_CPU_BLOCK];
    const int64_t n = loss->n;
    if (n <= CUPEL_CPU_BLOCK) {
        loss->function(loss->args, row * n, rows * n, value);
        sum_rows(value, rows, n, loss->out + row);
        return;
    }
    real sum = 0;
    for (int64_t begin = 0; begin < n; begin += CUPEL_CPU_BLOCK) {
        const int64_t count = cupel_cpu_min(CUPEL_CPU_BLOCK, n - begin);
        real part;
        loss->function(loss->args, row * n + begin, count, value);
        sum_rows(value, 1, count, &part);
        sum += part;
    }
    loss->out[row] = sum;
}

static void part(void *context, int64_t begin, int64_t end)
{
    const cupel_cpu_elementwise *loss = context;
    const int64_t n = loss->n, step = cupel_cpu_block_rows(n);
    const real share = (real)(1 / ((double)n * (double)loss->rows));
    for (int64_t row = begin; row < end; row += step) {
        const int64_t rows = cupel_cpu_min(step, end - row);
        sum_block(loss, row, rows);
        divide(loss->out + row, (real)n, rows);
        if (loss->weights == NULL) {
            if (loss->dp != NULL) multiply(loss->dp + row * n, share, rows * n);
            continue;
        }
        for (int64_t i = row; i < row + rows; i++) {
            const real weight = cupel_cpu_weight(loss->weights, i, loss->group);
            loss->out[i] *= weight;
            if (loss->dp != NULL) multiply(loss->dp + i * n, weight * share, n);
        }
    }
}

void CPU(elementwise)(const cupel_exec *x, cupel_cpu_elementwise *loss)
{
    cupel_cpu_blocks(x, loss->rows, loss->n, part, loss);
}
