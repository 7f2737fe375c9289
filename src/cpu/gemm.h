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

/* The multiplications that are worth a thread: some microseconds. */
#define CUPEL_CPU_WORTH 131072

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

/* What is to be done with the part [row, row + rows) x [column, column + columns) of c once its
 * sums are complete; each element is in one part, which the same thread has just computed. */
typedef void cupel_cpu_finish(const void *context, int64_t row, int64_t rows, int64_t column,
                              int64_t columns);

/* The bytes of scratch that gemm_team wants for a product of these sizes. */
int64_t CPU(gemm_needs)(int64_t m, int64_t n, int64_t k);

/* Computes a product with all threads; finish may be NULL. */
void CPU(gemm_team)(const cupel_exec *x, const cupel_cpu_product *p, cupel_cpu_finish *finish,
                    const void *context);

/* What gemm_team hands to its threads. */
typedef struct cupel_cpu_job {
    const cupel_cpu_product *p;
    cupel_cpu_finish *finish;
    const void *context;
    float *scratch;
    int64_t parts;
} cupel_cpu_job;

#if !CUPEL_REAL_DOUBLE && defined(__x86_64__) && defined(__GNUC__)
#define CUPEL_CPU_AVX512 1
/* Computes a product by gemm_avx512.c; false, and nothing has happened, where the processor cannot
 * or something else is faster. */
bool cupel_cpu_f32_gemm_avx512(const cupel_exec *x, const cupel_cpu_job *job);
int64_t cupel_cpu_f32_gemm_avx512_needs(int64_t m, int64_t n, int64_t k);
#else
#define CUPEL_CPU_AVX512 0
#endif

#endif
