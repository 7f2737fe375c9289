/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Products in float; test_cpu_gemm_f64.c compiles this file for double. */
#if !defined(CUPEL_REAL_DOUBLE)
#define CUPEL_REAL_DOUBLE 0
#define SUITE cpu_gemm
#endif
#include "cpu/gemm.h"
#include "cpu_train.h"

static const cupel_precision precision =
    CUPEL_REAL_DOUBLE ? CUPEL_PRECISION_FLOAT64 : CUPEL_PRECISION_FLOAT32;

/* A product of random matrices with rows further apart than they are long, and its exact result. */
typedef struct setting {
    cupel_cpu_product product;
    double *expected;
    double *absolute;
    int64_t count; /* elements of c with what lies between its rows */
} setting;

static double element(const double *matrix, bool transpose, int64_t ld, int64_t row, int64_t column)
{
    return transpose ? matrix[column * ld + row] : matrix[row * ld + column];
}

static setting make(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k,
                    int64_t gap)
{
    uint64_t state = (uint64_t)(m * 1000003 + n * 1009 + k);
    const int64_t lda = (transpose_a ? m : k) + gap;
    const int64_t ldb = (transpose_b ? k : n) + gap;
    const int64_t ldc = n + gap;
    const int64_t a_count = (transpose_a ? k : m) * lda;
    const int64_t b_count = (transpose_b ? n : k) * ldb;
    const double *a = train_random(&state, a_count);
    const double *b = train_random(&state, b_count);
    setting s = {
        .expected = train_zeros(m * ldc), .absolute = train_zeros(m * ldc), .count = m * ldc};
    for (int64_t i = 0; i < m; i++) {
        for (int64_t j = 0; j < n; j++) {
            for (int64_t l = 0; l < k; l++) {
                const double term =
                    element(a, transpose_a, lda, i, l) * element(b, transpose_b, ldb, l, j);
                s.expected[i * ldc + j] += term;
                s.absolute[i * ldc + j] += fabs(term);
            }
        }
    }
    s.product = (cupel_cpu_product){transpose_a, transpose_b,
                                    m,           n,
                                    k,           cpu_tensor(precision, a, a_count),
                                    lda,         cpu_tensor(precision, b, b_count),
                                    ldb,         cpu_tensor(precision, NULL, m * ldc),
                                    ldc};
    return s;
}

/* c, with NaN still standing between the rows. */
static void expect_product(const char *what, const setting *s)
{
    const cupel_cpu_product *p = &s->product;
    char text[128];
    snprintf(text, sizeof text, "%s%s%s, %lld x %lld x %lld", what, p->transpose_a ? ", a^T" : "",
             p->transpose_b ? ", b^T" : "", (long long)p->m, (long long)p->n, (long long)p->k);
    real *packed = cpu_tensor(precision, NULL, p->m * p->n);
    double *expected = train_zeros(p->m * p->n);
    double *absolute = train_zeros(p->m * p->n);
    for (int64_t i = 0; i < p->m; i++) {
        for (int64_t j = 0; j < p->ldc; j++) {
            const int64_t at = i * p->ldc + j;
            if (j >= p->n) {
                cr_assert(isnan((double)p->c[at]), "%s wrote beyond row %lld", text, (long long)i);
                continue;
            }
            packed[i * p->n + j] = p->c[at];
            expected[i * p->n + j] = s->expected[at];
            absolute[i * p->n + j] = s->absolute[at];
        }
    }
    train_expect_sums(text, precision, packed, expected, absolute, p->m * p->n);
}

static void each_shape(void (*check)(bool transpose_a, bool transpose_b, int64_t m, int64_t n,
                                     int64_t k))
{
    static const int64_t shapes[][3] = {
        {1, 1, 1},     {4, 1, 2},      {2, 3, 4},    {5, 7, 3},     {6, 16, 8},
        {7, 17, 9},    {1, 257, 31},   {31, 1, 257}, {12, 128, 64}, {31, 129, 65},
        {64, 33, 300}, {127, 40, 257}, {33, 260, 2}, {3, 2, 1000},  {100, 130, 129}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int transposes = 0; transposes < 4; transposes++) {
            check((transposes & 1) != 0, (transposes & 2) != 0, shapes[i][0], shapes[i][1],
                  shapes[i][2]);
            cpu_release();
        }
    }
}

static void check_own(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k)
{
    setting s = make(transpose_a, transpose_b, m, n, k, 3);
    CPU(gemm_own)(&s.product);
    expect_product("gemm_own", &s);
}

Test(SUITE, own)
{
    each_shape(check_own);
}

static void check_chosen(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k)
{
    setting s = make(transpose_a, transpose_b, m, n, k, 5);
    CPU(gemm)(&s.product);
    expect_product("gemm", &s);
}

Test(SUITE, chosen)
{
    each_shape(check_chosen);
}

static void check_parts(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k)
{
    setting s = make(transpose_a, transpose_b, m, n, k, 1);
    CPU(gemm_own)(&s.product);
    for (int by_rows = 0; by_rows < 2; by_rows++) {
        cupel_cpu_product p = s.product;
        p.c = cpu_tensor(precision, NULL, s.count);
        const int64_t count = by_rows != 0 ? m : n;
        for (int64_t begin = 0, end = 0; begin < count; begin = end) {
            end = begin + 1 + count / 3 < count ? begin + 1 + count / 3 : count;
            const cupel_cpu_product part = by_rows != 0 ? CPU(product_rows)(&p, begin, end)
                                                        : CPU(product_columns)(&p, begin, end);
            CPU(gemm_own)(&part);
        }
        for (int64_t i = 0; i < m; i++)
            train_expect_same("parts", precision, p.c + i * p.ldc, s.product.c + i * p.ldc, n);
    }
}

/* Which part of the result a thread computes does not show in the bits. */
Test(SUITE, parts_of_the_own_product_are_exact)
{
    each_shape(check_parts);
}

/* What is to be done once the sums of a part are complete: one more for every element. */
static void add_one(const void *context, int64_t row, int64_t rows, int64_t column, int64_t columns)
{
    const cupel_cpu_product *p = context;
    for (int64_t i = row; i < row + rows; i++) {
        for (int64_t j = column; j < column + columns; j++)
            p->c[i * p->ldc + j] += 1;
    }
}

/* Computes s's product in c with a number of threads, and then one more than that. */
static void run_team(const setting *s, int64_t threads, real *c, real *more)
{
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, threads);
    cupel_cpu_product p = s->product;
    x.scratch = train_scratch(CPU(gemm_needs)(p.m, p.n, p.k));
    p.c = more;
    CPU(gemm_team)(&x, &p, add_one, &p);
    p.c = c;
    CPU(gemm_team)(&x, &p, NULL, NULL);
    free(x.scratch);
}

static void check_team(bool transpose_a, bool transpose_b, int64_t m, int64_t n, int64_t k)
{
    setting s = make(transpose_a, transpose_b, m, n, k, 2);
    real *first = s.product.c;
    run_team(&s, 1, first, cpu_tensor(precision, NULL, s.count));
    expect_product("gemm_team", &s);
    for (int64_t threads = 2; threads <= 4; threads++) {
        s.product.c = cpu_tensor(precision, NULL, s.count);
        real *more = cpu_tensor(precision, NULL, s.count);
        run_team(&s, threads, s.product.c, more);
        expect_product("gemm_team", &s);
        for (int64_t i = 0; i < m; i++) {
            const real *c = s.product.c + i * s.product.ldc;
            /* With scratch memory the sums are built by cupel's own code. */
            if (CPU(gemm_needs)(m, n, k) > 0)
                train_expect_same("threads", precision, c, first + i * s.product.ldc, n);
            for (int64_t j = 0; j < n; j++)
                cr_assert_float_eq((double)more[i * s.product.ldc + j], (double)(c[j] + 1), 1e-5);
        }
    }
    cpu_release();
}

Test(SUITE, team)
{
    each_shape(check_team);
}

/* Large enough for every way of cutting: into blocks of k, into parts that hold their strips or
 * their panels, into several chunks of these, with edges everywhere. */
Test(SUITE, large)
{
    static const int64_t shapes[][3] = {{130, 131, 132}, {20, 300, 545},  {333, 21, 300},
                                        {530, 600, 9},   {1301, 600, 3},  {13, 1100, 160},
                                        {1000, 1, 2100}, {1, 1000, 2100}, {130, 131, 100}};
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        for (int transposes = 0; transposes < 4; transposes++)
            check_team((transposes & 1) != 0, (transposes & 2) != 0, shapes[i][0], shapes[i][1],
                       shapes[i][2]);
    }
}

/* Infinity times the zeros beyond an edge must not reach the result. */
Test(SUITE, infinity_stays_in_its_row)
{
    setting s = make(false, true, 7, 19, 5, 0);
    ((real *)s.product.a)[6 * 5 + 4] = (real)INFINITY;
    CPU(gemm_own)(&s.product);
    for (int64_t i = 0; i < 6 * 19; i++)
        cr_assert(isfinite((double)s.product.c[i]));
    for (int64_t i = 6 * 19; i < 7 * 19; i++)
        cr_assert(!isfinite((double)s.product.c[i]));
    cpu_release();
}

/* So it is for a large product. */
Test(SUITE, infinity_stays_in_its_row_of_a_large_product)
{
    setting s = make(false, true, 127, 150, 150, 0);
    ((real *)s.product.a)[126 * 150 + 149] = (real)INFINITY;
    run_team(&s, 2, s.product.c, cpu_tensor(precision, NULL, s.count));
    for (int64_t i = 0; i < 126 * 150; i++)
        cr_assert(isfinite((double)s.product.c[i]));
    for (int64_t i = 126 * 150; i < 127 * 150; i++)
        cr_assert(!isfinite((double)s.product.c[i]));
    cpu_release();
}
