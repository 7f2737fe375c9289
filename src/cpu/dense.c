/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The layer's product, with bias and activation while its result is still in the cache. */
#include "cpu/activate.h"
#include "cpu/gemm.h"

#include <string.h>

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

/* Bias and activation of a part of y. */
static void finish(const void *context, int64_t row, int64_t rows, int64_t column, int64_t columns)
{
    const cupel_dense_args *a = context;
    const int64_t at = row * a->n_out + column;
    real *y = (real *)(a->y != NULL ? a->y : a->logits) + at;
    real *z = a->z != NULL ? (real *)a->z + at : y;
    const real *b = a->b != NULL ? (const real *)a->b + column : NULL;
    if (b != NULL && a->activation == CUPEL_RELU && z == y) {
        add_bias_relu(z, b, rows, columns, a->n_out);
        return;
    }
    if (b != NULL) add_bias(z, b, rows, columns, a->n_out);
    if (a->activation == CUPEL_LINEAR && z == y) return;
    /* Row by row, so that an element is always in the same place of the vector loop, however the
     * rows are cut. */
    for (int64_t r = 0; r < rows; r++)
        CPU(activate)(a->activation, (real)a->slope, z + r * a->n_out, y + r * a->n_out, columns);
}

int64_t CPU(dense_needs)(const cupel_dense_args *args)
{
    return CPU(gemm_needs)(args->rows, args->n_out, args->n_in);
}

cupel_status CPU(dense)(cupel_exec *x, const cupel_dense_args *args)
{
    void *y = args->y != NULL ? args->y : args->logits;
    const cupel_cpu_product p = {.transpose_b = true,
                                 .m = args->rows,
                                 .n = args->n_out,
                                 .k = args->n_in,
                                 .a = args->x,
                                 .lda = args->n_in,
                                 .b = args->w,
                                 .ldb = args->n_in,
                                 .c = args->z != NULL ? args->z : y,
                                 .ldc = args->n_out};
    CPU(gemm_team)(x, &p, finish, args);
    if (args->logits != NULL && args->logits != y)
        memcpy(args->logits, y, (size_t)(args->rows * args->n_out) * sizeof(real));
    if (cupel_cpu_has_kink(args->activation)) CPU(mix_branches)(x, y, args->rows * args->n_out, 0);
    return CUPEL_OK;
}
