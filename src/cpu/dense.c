/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The layer's product, with bias and activation while its result is still in the cache. */
#include "cpu/activate.h"
#include "cpu/gemm.h"

#include <string.h>

/* The bytes of a block of rows of the product, about a second-level cache, so that most of it is
 * still there when bias and activation come. With fewer than this many rows packing w again for
 * every block costs more than that saves. */
#define BLOCK_BYTES (1024 * 1024)
#define BLOCK_ROWS 512

typedef struct job {
    const cupel_dense_args *args;
    cupel_cpu_product product;
} job;

/* z[rows, n] += b, rows ld elements apart. */
CUPEL_CLONES static void add_bias(real *restrict z, const real *restrict b, int64_t rows, int64_t n,
                                  int64_t ld)
{
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t i = 0; i < n; i++)
            z[r * ld + i] += b[i];
    }
}

CUPEL_CLONES static void add_bias_relu(real *restrict z, const real *restrict b, int64_t rows,
                                       int64_t n, int64_t ld)
{
    for (int64_t r = 0; r < rows; r++) {
        for (int64_t i = 0; i < n; i++) {
            const real v = z[r * ld + i] + b[i];
            z[r * ld + i] = v <= 0 ? 0 : v; /* NaN stays NaN */
        }
    }
}

/* Bias and activation of the columns [column, column + n) of the given rows. */
static void finish(const cupel_dense_args *a, int64_t row, int64_t rows, int64_t column, int64_t n)
{
    const int64_t at = row * a->n_out + column;
    real *y = (real *)(a->y != NULL ? a->y : a->logits) + at;
    real *z = a->z != NULL ? (real *)a->z + at : y;
    const real *b = a->b != NULL ? (const real *)a->b + column : NULL;
    if (b != NULL && a->activation == CUPEL_RELU && z == y) {
        add_bias_relu(z, b, rows, n, a->n_out);
        return;
    }
    if (b != NULL) add_bias(z, b, rows, n, a->n_out);
    if (a->activation == CUPEL_LINEAR && z == y) return;
    if (n == a->n_out) {
        CPU(activate)(a->activation, (real)a->slope, z, y, rows * n);
        return;
    }
    for (int64_t r = 0; r < rows; r++)
        CPU(activate)(a->activation, (real)a->slope, z + r * a->n_out, y + r * a->n_out, n);
}

static void columns(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const cupel_cpu_product part = CPU(product_columns)(&j->product, begin, end);
    CPU(gemm)(&part);
    finish(j->args, 0, j->product.m, begin, end - begin);
}

static void rows(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const int64_t row_bytes = j->product.n * (int64_t)sizeof(real);
    int64_t most = BLOCK_BYTES / row_bytes;
    if (most < BLOCK_ROWS) most = BLOCK_ROWS;
    /* Blocks of one size: no tiny one, which another way of the GEMM would round differently. */
    const int64_t blocks = cupel_cpu_ceil(end - begin, most);
    for (int64_t i = 0; i < blocks; i++) {
        const int64_t row = begin + (end - begin) * i / blocks;
        const int64_t stop = begin + (end - begin) * (i + 1) / blocks;
        const cupel_cpu_product part = CPU(product_rows)(&j->product, row, stop);
        CPU(gemm)(&part);
        finish(j->args, row, stop - row, 0, j->product.n);
    }
}

cupel_status CPU(dense)(cupel_exec *x, const cupel_dense_args *args)
{
    void *y = args->y != NULL ? args->y : args->logits;
    job j = {args,
             {.transpose_b = true,
              .m = args->rows,
              .n = args->n_out,
              .k = args->n_in,
              .a = args->x,
              .lda = args->n_in,
              .b = args->w,
              .ldb = args->n_in,
              .c = args->z != NULL ? args->z : y,
              .ldc = args->n_out}};
    CPU(gemm_share)(x, &j.product, CPU(product_by_rows)(&j.product) ? rows : columns, &j);
    if (args->logits != NULL && args->logits != y)
        memcpy(args->logits, y, (size_t)(args->rows * args->n_out) * sizeof(real));
    if (cupel_cpu_has_kink(args->activation))
        CPU(mix_branches)(x, y, args->rows * args->n_out, 0);
    return CUPEL_OK;
}
