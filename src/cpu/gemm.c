/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Who computes a product, and how it is shared. */
#include "cpu/gemm.h"

#include <limits.h>

#if defined(CUPEL_WITH_CBLAS)
#include <cblas.h>
#endif

/* Up to this many multiplications plain loops are faster than what prepares for more. */
#define SMALL 64
/* A slice is a multiple of this many rows or columns, for the vector kernels. */
#define SLICE 16

/* Dot products, straight from where the elements lie. */
static void gemm_small(const cupel_cpu_product *p)
{
    const int64_t a_row = p->transpose_a ? 1 : p->lda;
    const int64_t a_step = p->transpose_a ? p->lda : 1;
    const int64_t b_step = p->transpose_b ? 1 : p->ldb;
    const int64_t b_column = p->transpose_b ? p->ldb : 1;
    for (int64_t i = 0; i < p->m; i++) {
        const real *a = p->a + i * a_row;
        real *c = p->c + i * p->ldc;
        for (int64_t j = 0; j < p->n; j++) {
            const real *b = p->b + j * b_column;
            real sum = 0;
            for (int64_t l = 0; l < p->k; l++)
                sum += a[l * a_step] * b[l * b_step];
            c[j] = sum;
        }
    }
}

#if defined(CUPEL_WITH_CBLAS)
static bool fits_cblas(const cupel_cpu_product *p)
{
    return p->m <= INT_MAX && p->n <= INT_MAX && p->k <= INT_MAX && p->lda <= INT_MAX &&
           p->ldb <= INT_MAX && p->ldc <= INT_MAX;
}

static void gemm_cblas(const cupel_cpu_product *p)
{
    const enum CBLAS_TRANSPOSE a = p->transpose_a ? CblasTrans : CblasNoTrans;
    const enum CBLAS_TRANSPOSE b = p->transpose_b ? CblasTrans : CblasNoTrans;
#if CUPEL_REAL_DOUBLE
    cblas_dgemm(CblasRowMajor, a, b, (int)p->m, (int)p->n, (int)p->k, 1.0, p->a, (int)p->lda, p->b,
                (int)p->ldb, 0.0, p->c, (int)p->ldc);
#else
    cblas_sgemm(CblasRowMajor, a, b, (int)p->m, (int)p->n, (int)p->k, 1.0F, p->a, (int)p->lda, p->b,
                (int)p->ldb, 0.0F, p->c, (int)p->ldc);
#endif
}
#endif

void CPU(gemm)(const cupel_cpu_product *p)
{
    if (p->m <= SMALL && p->n <= SMALL && p->k <= SMALL && p->m * p->n * p->k <= SMALL) {
        gemm_small(p);
        return;
    }
#if defined(CUPEL_WITH_CBLAS)
    if (fits_cblas(p)) {
        gemm_cblas(p);
        return;
    }
#endif
    CPU(gemm_own)(p);
}

cupel_cpu_product CPU(product_rows)(const cupel_cpu_product *p, int64_t begin, int64_t end)
{
    cupel_cpu_product part = *p;
    part.m = end - begin;
    part.a += p->transpose_a ? begin : begin * p->lda;
    part.c += begin * p->ldc;
    return part;
}

cupel_cpu_product CPU(product_columns)(const cupel_cpu_product *p, int64_t begin, int64_t end)
{
    cupel_cpu_product part = *p;
    part.n = end - begin;
    part.b += p->transpose_b ? begin * p->ldb : begin;
    part.c += begin;
    return part;
}

bool CPU(product_by_rows)(const cupel_cpu_product *p)
{
    return 2 * p->m >= p->n;
}

/* A block of rows of about so many bytes is finished at a time: most of it is still in the
 * second-level cache then. With fewer than this many rows, packing b again for every block costs
 * more than that saves. */
#define BLOCK_BYTES (1024 * 1024)
#define BLOCK_ROWS 512

static void columns(const cupel_cpu_job *j, int64_t begin, int64_t end)
{
    const cupel_cpu_product part = CPU(product_columns)(j->p, begin, end);
    CPU(gemm)(&part);
    if (j->finish != NULL) j->finish(j->context, 0, part.m, begin, end - begin);
}

static void rows(const cupel_cpu_job *j, int64_t begin, int64_t end)
{
    int64_t most = end - begin;
    if (j->finish != NULL) {
        most = BLOCK_BYTES / (j->p->n * (int64_t)sizeof(real));
        if (most < BLOCK_ROWS) most = BLOCK_ROWS;
    }
    /* Blocks of one size: no tiny one, which another way of the GEMM would round differently. */
    const int64_t blocks = cupel_cpu_ceil(end - begin, most);
    for (int64_t i = 0; i < blocks; i++) {
        const int64_t row = begin + (end - begin) * i / blocks;
        const int64_t stop = begin + (end - begin) * (i + 1) / blocks;
        const cupel_cpu_product part = CPU(product_rows)(j->p, row, stop);
        CPU(gemm)(&part);
        if (j->finish != NULL) j->finish(j->context, row, stop - row, 0, part.n);
    }
}

static void slice(void *context, int64_t begin, int64_t end)
{
    const cupel_cpu_job *j = context;
    if (CPU(product_by_rows)(j->p))
        rows(j, begin, end);
    else
        columns(j, begin, end);
}

/* Shares p's rows or columns among the threads. */
static void share(const cupel_exec *x, cupel_cpu_job *j)
{
    const cupel_cpu_product *p = j->p;
#if defined(CUPEL_WITH_CBLAS) && !defined(CUPEL_WITH_OPENBLAS)
    /* A library of which nothing is known computes with threads of its own. */
    const int64_t threads = 1;
#else
    const int64_t threads = x->threads;
#endif
    const bool by_rows = CPU(product_by_rows)(p);
    const int64_t slices = by_rows ? p->m : p->n;
    /* The multiplications of one row or column; beyond what is worth a thread more precision does
     * not matter. */
    const int64_t other = cupel_cpu_min(by_rows ? p->n : p->m, CUPEL_CPU_WORTH);
    const int64_t each = other * cupel_cpu_min(p->k, CUPEL_CPU_WORTH);
    int64_t least = each > 0 ? cupel_cpu_ceil(CUPEL_CPU_WORTH, each) : slices;
    if (least < SLICE) least = SLICE;
    cupel_cpu_share(threads, slices, SLICE, least, slice, j);
}

int64_t CPU(gemm_needs)(int64_t m, int64_t n, int64_t k)
{
#if CUPEL_CPU_AVX512
    return cupel_cpu_f32_gemm_avx512_needs(m, n, k);
#else
    (void)m;
    (void)n;
    (void)k;
    return 0;
#endif
}

void CPU(gemm_team)(const cupel_exec *x, const cupel_cpu_product *p, cupel_cpu_finish *finish,
                    const void *context)
{
    cupel_cpu_job j = {.p = p, .finish = finish, .context = context};
#if CUPEL_CPU_AVX512
    if (cupel_cpu_f32_gemm_avx512(x, &j)) return;
#endif
    share(x, &j);
}
