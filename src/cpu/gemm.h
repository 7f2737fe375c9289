/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Products of row-major matrices on the CPU. */
#ifndef CUPEL_CPU_GEMM_H
#define CUPEL_CPU_GEMM_H

#include "cpu/cpu.h"

/* c[m, n] = op(a) op(b) with op(a) [m, k] and op(b) [k, n]; op transposes where the flag says so. A
 * matrix's rows, as they are stored, begin ld elements apart. */
typedef struct cupel_cpu_product {
    bool transpose_a;
    bool transpose_b;
    int64_t m;
    int64_t n;
    int64_t k;
    const real *a;
    int64_t lda;
    const real *b;
    int64_t ldb;
    real *c;
    int64_t ldc;
} cupel_cpu_product;

/* Computes a product in the calling thread: small ones by plain loops, the others by CBLAS or
 * gemm_own. */
void CPU(gemm)(const cupel_cpu_product *p);

/* The same by cupel's own code alone. The sum of every element is built in the same order whatever
 * part of c is asked for. */
void CPU(gemm_own)(const cupel_cpu_product *p);

/* The part [begin, end) of p's rows, or of its columns. */
cupel_cpu_product CPU(product_rows)(const cupel_cpu_product *p, int64_t begin, int64_t end);
cupel_cpu_product CPU(product_columns)(const cupel_cpu_product *p, int64_t begin, int64_t end);

/* Whether to share p by rows rather than by columns of c: OpenBLAS likes its slices square. */
bool CPU(product_by_rows)(const cupel_cpu_product *p);

/* Shares p's rows or columns, as product_by_rows says, among the threads. */
void CPU(gemm_share)(const cupel_exec *x, const cupel_cpu_product *p, cupel_cpu_body *body,
                     void *context);

/* Computes a product with all threads. */
void CPU(gemm_team)(const cupel_exec *x, const cupel_cpu_product *p);

#endif
