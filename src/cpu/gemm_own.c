/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A blocked GEMM in plain C, for builds without CBLAS and for sizes beyond its 32-bit integers. It
 * is organised as Goto and van de Geijn describe, "Anatomy of high-performance matrix
 * multiplication", ACM TOMS 34(3), 2008: a block of b, packed into panels of WIDE columns, stays in
 * the second-level cache while strips of HIGH rows of a pass by, and a small kernel keeps a HIGH x
 * WIDE tile of c in registers. Edges are packed with zeros, so every element takes the same path:
 * its sum runs over k in order, DEEP terms at a time, whatever part of c is computed. */
#include "cpu/gemm.h"

#include <string.h>

/* HIGH x WIDE sums, one panel row and one factor fit in the 16 registers of AVX2. */
#define HIGH 6 /* as multiply is written */
#if CUPEL_REAL_DOUBLE
#define WIDE 8
#define DEEP 128
#else
#define WIDE 16
#define DEEP 256
#endif
/* Panels of a block of b. The block and a strip are on the stack: 128 KiB and a little. */
#define PANELS 8

/* panels[panel][k][WIDE] = op(b)[k0 + k][j0 + panel * WIDE + ...], zero beyond n columns. */
CUPEL_INLINE void pack_b(const cupel_cpu_product *p, int64_t k0, int64_t deep, int64_t j0,
                         int64_t n, real *panels)
{
    for (int64_t j = 0; j < n; j += WIDE) {
        const int64_t wide = cupel_cpu_min(WIDE, n - j);
        real *panel = panels + j * DEEP;
        if (!p->transpose_b) {
            const real *b = p->b + k0 * p->ldb + j0 + j;
            if (wide == WIDE) {
                for (int64_t k = 0; k < deep; k++)
                    memcpy(panel + k * WIDE, b + k * p->ldb, WIDE * sizeof(real));
                continue;
            }
            for (int64_t k = 0; k < deep; k++) {
                for (int64_t i = 0; i < WIDE; i++)
                    panel[k * WIDE + i] = i < wide ? b[k * p->ldb + i] : 0;
            }
            continue;
        }
        for (int64_t i = 0; i < WIDE; i++) {
            const real *b = p->b + (j0 + j + i) * p->ldb + k0;
            for (int64_t k = 0; k < deep; k++)
                panel[k * WIDE + i] = i < wide ? b[k] : 0;
        }
    }
}

/* strip[k][HIGH] = op(a)[i0 + ...][k0 + k], zero beyond high rows. */
CUPEL_INLINE void pack_a(const cupel_cpu_product *p, int64_t k0, int64_t deep, int64_t i0,
                         int64_t high, real *strip)
{
    const int64_t row = p->transpose_a ? 1 : p->lda;
    const int64_t step = p->transpose_a ? p->lda : 1;
    const real *a = p->a + i0 * row + k0 * step;
    if (high == HIGH) {
        for (int64_t k = 0; k < deep; k++) {
            for (int64_t i = 0; i < HIGH; i++)
                strip[k * HIGH + i] = a[i * row + k * step];
        }
        return;
    }
    for (int64_t k = 0; k < deep; k++) {
        for (int64_t i = 0; i < HIGH; i++)
            strip[k * HIGH + i] = i < high ? a[i * row + k * step] : 0;
    }
}

/* tile = strip panel. Written with one array a row, which the compiler keeps in registers. */
CUPEL_INLINE void multiply(const real *restrict strip, const real *restrict panel, int64_t deep,
                           real tile[restrict HIGH][WIDE])
{
    real sum_0[WIDE] = {0};
    real sum_1[WIDE] = {0};
    real sum_2[WIDE] = {0};
    real sum_3[WIDE] = {0};
    real sum_4[WIDE] = {0};
    real sum_5[WIDE] = {0};
    for (int64_t k = 0; k < deep; k++) {
        const real *a = strip + k * HIGH;
        for (int64_t j = 0; j < WIDE; j++) {
            const real b = panel[k * WIDE + j];
            sum_0[j] += a[0] * b;
            sum_1[j] += a[1] * b;
            sum_2[j] += a[2] * b;
            sum_3[j] += a[3] * b;
            sum_4[j] += a[4] * b;
            sum_5[j] += a[5] * b;
        }
    }
    memcpy(tile[0], sum_0, sizeof sum_0);
    memcpy(tile[1], sum_1, sizeof sum_1);
    memcpy(tile[2], sum_2, sizeof sum_2);
    memcpy(tile[3], sum_3, sizeof sum_3);
    memcpy(tile[4], sum_4, sizeof sum_4);
    memcpy(tile[5], sum_5, sizeof sum_5);
}

/* c = tile for the first terms of the sums, else c += tile. */
CUPEL_INLINE void store(real tile[HIGH][WIDE], bool first, int64_t high, int64_t wide, real *c,
                        int64_t ldc)
{
    for (int64_t i = 0; i < high; i++) {
        for (int64_t j = 0; j < wide; j++)
            c[i * ldc + j] = first ? tile[i][j] : c[i * ldc + j] + tile[i][j];
    }
}

CUPEL_CLONES static void block(const cupel_cpu_product *p, int64_t k0, int64_t j0, real *panels)
{
    const int64_t deep = cupel_cpu_min(DEEP, p->k - k0);
    const int64_t n = cupel_cpu_min(PANELS * WIDE, p->n - j0);
    real strip[DEEP * HIGH];
    real tile[HIGH][WIDE];
    pack_b(p, k0, deep, j0, n, panels);
    for (int64_t i = 0; i < p->m; i += HIGH) {
        const int64_t high = cupel_cpu_min(HIGH, p->m - i);
        pack_a(p, k0, deep, i, high, strip);
        for (int64_t j = 0; j < n; j += WIDE) {
            real *c = p->c + i * p->ldc + j0 + j;
            multiply(strip, panels + j * DEEP, deep, tile);
            if (high == HIGH && n - j >= WIDE) {
                store(tile, k0 == 0, HIGH, WIDE, c, p->ldc);
            } else {
                store(tile, k0 == 0, high, cupel_cpu_min(WIDE, n - j), c, p->ldc);
            }
        }
    }
}

void CPU(gemm_own)(const cupel_cpu_product *p)
{
    _Alignas(64) real panels[PANELS * WIDE * DEEP];
    for (int64_t j = 0; j < p->n; j += PANELS * WIDE) {
        for (int64_t k = 0; k < p->k; k += DEEP)
            block(p, k, j, panels);
    }
}
