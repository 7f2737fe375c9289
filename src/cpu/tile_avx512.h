/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernel of gemm_avx512.c: a tile of c, whose sums are in 28 of the 32 registers. */
#ifndef CUPEL_CPU_TILE_AVX512_H
#define CUPEL_CPU_TILE_AVX512_H

#include "cpu/pack_avx512.h"

/* Of op(a) a strip has up to HIGH rows, of op(b) a panel has WIDE columns. In memory they are
 * strip[k][LANES] and panel[k][WIDE], or panel[k][LANES] where it has no more columns. */
#define HIGH 14
#define WIDE (2 * LANES)

/* Where a tile of c is to go. */
typedef struct avx512_place {
    float *c;
    int64_t ldc;
    bool first; /* it has no sums yet */
    bool fetch; /* it is not in the second-level cache */
} avx512_place;

/* c = strip panel, or c += that. vectors is 1 or 2, last says which lanes of the last one exist. */
AVX512_INLINE void avx512_tile_of(const int high, const int vectors, const float *restrict strip,
                                  const float *restrict panel, int64_t deep, __mmask16 last,
                                  avx512_place at)
{
    __m512 sum[HIGH][2];
    UNROLL
    for (int i = 0; i < high; i++) {
        if (at.fetch) {
            _mm_prefetch((const char *)(at.c + i * at.ldc), _MM_HINT_T0);
            if (vectors == 2) _mm_prefetch((const char *)(at.c + i * at.ldc + LANES), _MM_HINT_T0);
        }
        sum[i][0] = _mm512_setzero_ps();
        sum[i][1] = _mm512_setzero_ps();
    }
    for (int64_t k = 0; k < deep; k++) {
        const __m512 b_0 = _mm512_load_ps(panel + k * vectors * LANES);
        const __m512 b_1 = vectors == 2 ? _mm512_load_ps(panel + k * WIDE + LANES) : b_0;
        UNROLL
        for (int i = 0; i < high; i++) {
            const __m512 a = _mm512_set1_ps(strip[k * LANES + i]);
            sum[i][0] = _mm512_fmadd_ps(a, b_0, sum[i][0]);
            if (vectors == 2) sum[i][1] = _mm512_fmadd_ps(a, b_1, sum[i][1]);
        }
    }
    UNROLL
    for (int i = 0; i < high; i++) {
        float *to = at.c + i * at.ldc;
        if (vectors == 2) {
            if (!at.first) sum[i][0] = _mm512_add_ps(sum[i][0], _mm512_loadu_ps(to));
            _mm512_storeu_ps(to, sum[i][0]);
            to += LANES;
        }
        __m512 v = sum[i][vectors - 1];
        if (!at.first) v = _mm512_add_ps(v, _mm512_maskz_loadu_ps(last, to));
        _mm512_mask_storeu_ps(to, last, v);
    }
}

/* The tile of high rows and wide columns. */
AVX512 static void avx512_tile(int64_t high, int64_t wide, const float *strip, const float *panel,
                               int64_t deep, avx512_place at)
{
    const __mmask16 last = avx512_first(wide > LANES ? wide - LANES : wide);
#define ROWS(n)                                                 \
    case n:                                                     \
        if (wide > LANES)                                       \
            avx512_tile_of(n, 2, strip, panel, deep, last, at); \
        else                                                    \
            avx512_tile_of(n, 1, strip, panel, deep, last, at); \
        break;
    switch (high) {
        ROWS(1)
        ROWS(2)
        ROWS(3)
        ROWS(4)
        ROWS(5)
        ROWS(6)
        ROWS(7)
        ROWS(8)
        ROWS(9)
        ROWS(10)
        ROWS(11)
        ROWS(12)
        ROWS(13)
        ROWS(14)
    default:
        break;
    }
#undef ROWS
}

#endif
