/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What gemm_avx512.c packs matrices with, a vector of AVX-512 at a time. */
#ifndef CUPEL_CPU_PACK_AVX512_H
#define CUPEL_CPU_PACK_AVX512_H

#include "cpu/cpu.h"

#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f")))
#define AVX512_INLINE static inline __attribute__((always_inline, target("avx512f")))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif
/* Floats of a vector. */
#define LANES 16
/* How far ahead of its use avx512_pack_across fetches within a row. */
#define FLOATS_AHEAD 64

/* The first n lanes, 1 <= n <= LANES. */
AVX512_INLINE __mmask16 avx512_first(int64_t n)
{
    return (__mmask16)(0xffff >> (LANES - n));
}

AVX512_INLINE __m512 avx512_pairs(__m512 a, __m512 b, bool high)
{
    const __m512d x = _mm512_castps_pd(a);
    const __m512d y = _mm512_castps_pd(b);
    return _mm512_castpd_ps(high ? _mm512_unpackhi_pd(x, y) : _mm512_unpacklo_pd(x, y));
}

/* row[i] lane j becomes row[j] lane i: first within blocks of 4 by 4, then the blocks change
 * places. */
AVX512_INLINE void avx512_transpose(__m512 row[LANES])
{
    __m512 t[LANES];
    UNROLL
    for (int i = 0; i < LANES; i += 2) {
        t[i] = _mm512_unpacklo_ps(row[i], row[i + 1]);
        t[i + 1] = _mm512_unpackhi_ps(row[i], row[i + 1]);
    }
    UNROLL
    for (int i = 0; i < LANES; i += 4) {
        row[i] = avx512_pairs(t[i], t[i + 2], false);
        row[i + 1] = avx512_pairs(t[i], t[i + 2], true);
        row[i + 2] = avx512_pairs(t[i + 1], t[i + 3], false);
        row[i + 3] = avx512_pairs(t[i + 1], t[i + 3], true);
    }
    UNROLL
    for (int i = 0; i < 4; i++) {
        const __m512 a = _mm512_shuffle_f32x4(row[i], row[i + 4], 0x88);
        const __m512 b = _mm512_shuffle_f32x4(row[i + 8], row[i + 12], 0x88);
        const __m512 c = _mm512_shuffle_f32x4(row[i], row[i + 4], 0xdd);
        const __m512 d = _mm512_shuffle_f32x4(row[i + 8], row[i + 12], 0xdd);
        t[i] = _mm512_shuffle_f32x4(a, b, 0x88);
        t[i + 8] = _mm512_shuffle_f32x4(a, b, 0xdd);
        t[i + 4] = _mm512_shuffle_f32x4(c, d, 0x88);
        t[i + 12] = _mm512_shuffle_f32x4(c, d, 0xdd);
    }
    UNROLL
    for (int i = 0; i < LANES; i++)
        row[i] = t[i];
}

/* to[k * step + i] = from[i * ld + k] for i < rows <= LANES, and any number up to i < LANES. */
AVX512 static inline void avx512_pack_across(const float *from, int64_t ld, int64_t rows,
                                             int64_t deep, float *to, int64_t step)
{
    const float *row[LANES];
    UNROLL
    for (int i = 0; i < LANES; i++)
        row[i] = from + cupel_cpu_min(i, rows - 1) * ld;
    for (int64_t k = 0; k < deep; k += LANES) {
        const int64_t some = cupel_cpu_min(deep - k, LANES);
        const __mmask16 mask = avx512_first(some);
        __m512 v[LANES];
        UNROLL
        for (int i = 0; i < LANES; i++) {
            v[i] = _mm512_maskz_loadu_ps(mask, row[i] + k);
            _mm_prefetch((const char *)(row[i] + k + FLOATS_AHEAD), _MM_HINT_T0);
        }
        avx512_transpose(v);
        UNROLL
        for (int i = 0; i < LANES; i++) {
            if (i < some) _mm512_store_ps(to + (k + i) * step, v[i]);
        }
    }
}

/* to[k * step + i] = from[k * ld + i] for i < n <= 2 LANES, 0 in the rest of a vector. */
AVX512 static inline void avx512_pack_along(const float *from, int64_t ld, int64_t n, int64_t deep,
                                            float *to, int64_t step)
{
    if (n == 2 * LANES) {
        for (int64_t k = 0; k < deep; k++) {
            _mm512_store_ps(to + k * step, _mm512_loadu_ps(from + k * ld));
            _mm512_store_ps(to + k * step + LANES, _mm512_loadu_ps(from + k * ld + LANES));
        }
        return;
    }
    for (int64_t i = 0; i < n; i += LANES) {
        const __mmask16 mask = avx512_first(cupel_cpu_min(n - i, LANES));
        for (int64_t k = 0; k < deep; k++)
            _mm512_store_ps(to + k * step + i, _mm512_maskz_loadu_ps(mask, from + k * ld + i));
    }
}

#endif
