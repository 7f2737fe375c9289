/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Products of floats on processors with AVX-512, organised as gemm_own's. Of op(a) a strip of up to
 * HIGH rows, and of op(b) a panel of WIDE columns, each DEEP long, meet in a tile of c that stays
 * in HIGH x 2 registers. A thread has a part of c's rows or columns. It packs the smaller side of
 * its part as a whole, for the second-level cache, and the other one strip by strip or panel by
 * panel, for the first; the sources are read once. Every element's sum runs over k in order, in
 * blocks that k alone fixes, so neither the threads nor the part show in its bits. */
#include "cpu/gemm.h"

#if CUPEL_CPU_AVX512
#include "cpu/tile_avx512.h"

#define DEEP 272
/* Floats of a packed strip, whose rows of HIGH are padded to a vector, and of a packed panel. */
#define STRIP (DEEP * LANES)
#define PANEL (DEEP * WIDE)
/* How many strips or panels are packed as a whole: a good half of a second-level cache. */
#define STRIPS 37
#define PANELS 18
#define HELD (STRIPS * STRIP)
/* A part of c with more elements is fetched tile by tile before it is added to, or before it is
 * first written: more than fit in the second-level cache, or in any. */
#define FETCH_TO_ADD 65536
#define FETCH_TO_WRITE 524288
/* The multiplications from which on this is faster than what else there is. */
#if defined(CUPEL_WITH_CBLAS)
#define LEAST 2000000
#else
#define LEAST 20000
#endif

/* The part [row, row_end) x [column, column_end) of a product, and the block of k at hand. */
typedef struct block {
    const cupel_cpu_product *p;
    int64_t row, row_end;
    int64_t column, column_end;
    int64_t k, deep;
    int64_t count; /* elements of c in the thread's part */
} block;

static void pack_strip(const block *b, int64_t row, int64_t high, float *strip)
{
    const cupel_cpu_product *p = b->p;
    if (p->transpose_a)
        avx512_pack_along(p->a + b->k * p->lda + row, p->lda, high, b->deep, strip, LANES);
    else
        avx512_pack_across(p->a + row * p->lda + b->k, p->lda, high, b->deep, strip, LANES);
}

static void pack_panel(const block *b, int64_t column, int64_t wide, float *panel)
{
    const cupel_cpu_product *p = b->p;
    const int64_t step = wide > LANES ? WIDE : LANES;
    if (!p->transpose_b) {
        avx512_pack_along(p->b + b->k * p->ldb + column, p->ldb, wide, b->deep, panel, step);
        return;
    }
    for (int64_t j = 0; j < wide; j += LANES)
        avx512_pack_across(p->b + (column + j) * p->ldb + b->k, p->ldb,
                           cupel_cpu_min(wide - j, LANES), b->deep, panel + j, step);
}

/* The tile of the rows [row, row + high) and the columns [column, column + wide). */
static void multiply(const block *b, const float *strip, const float *panel, int64_t row,
                     int64_t high, int64_t column, int64_t wide)
{
    const avx512_place at = {.c = b->p->c + row * b->p->ldc + column,
                             .ldc = b->p->ldc,
                             .first = b->k == 0,
                             .fetch = b->count > (b->k > 0 ? FETCH_TO_ADD : FETCH_TO_WRITE)};
    avx512_tile(high, wide, strip, panel, b->deep, at);
}

/* Where the i-th of the strips of b begins: they are about equally high. */
static int64_t strip_row(const block *b, int64_t strips, int64_t i)
{
    return b->row + (b->row_end - b->row) * i / strips;
}

static void finish(const cupel_cpu_job *j, const block *b, int64_t row, int64_t rows,
                   int64_t column, int64_t columns)
{
    if (j->finish != NULL && b->k + b->deep == b->p->k)
        j->finish(j->context, row, rows, column, columns);
}

/* All strips of b; where they share the lines of the source, a few rows of it at a time. */
static void pack_strips(const block *b, int64_t strips, float *held)
{
    const int64_t step = b->p->transpose_a ? LANES : b->deep;
    for (int64_t k = 0; k < b->deep; k += step) {
        block some = *b;
        some.k += k;
        some.deep = cupel_cpu_min(step, b->deep - k);
        for (int64_t i = 0; i < strips; i++) {
            const int64_t row = strip_row(b, strips, i);
            pack_strip(&some, row, strip_row(b, strips, i + 1) - row, held + i * STRIP + k * LANES);
        }
    }
}

/* The i-th of count shares of the panel at column comes into the second-level cache, where the
 * processor does not foresee its rows: they lie far apart. */
static void fetch_panel(const block *b, int64_t column, int64_t i, int64_t count)
{
    const cupel_cpu_product *p = b->p;
    if (p->transpose_b || column >= b->column_end) return;
    for (int64_t k = b->deep * i / count; k < b->deep * (i + 1) / count; k++) {
        const float *from = p->b + (b->k + k) * p->ldb + column;
        _mm_prefetch((const char *)from, _MM_HINT_T1);
        if (column + LANES < b->column_end) _mm_prefetch((const char *)(from + LANES), _MM_HINT_T1);
    }
}

/* The strips of b are held while its panels pass. */
static void hold_strips(const cupel_cpu_job *j, const block *b, float *held)
{
    _Alignas(64) float panel[PANEL];
    const int64_t strips = cupel_cpu_ceil(b->row_end - b->row, HIGH);
    pack_strips(b, strips, held);
    for (int64_t column = b->column; column < b->column_end; column += WIDE) {
        const int64_t wide = cupel_cpu_min(WIDE, b->column_end - column);
        pack_panel(b, column, wide, panel);
        for (int64_t i = 0; i < strips; i++) {
            const int64_t row = strip_row(b, strips, i);
            fetch_panel(b, column + WIDE, i, strips);
            multiply(b, held + i * STRIP, panel, row, strip_row(b, strips, i + 1) - row, column,
                     wide);
        }
        finish(j, b, b->row, b->row_end - b->row, column, wide);
    }
}

/* The panels of b are held while its strips pass. */
static void hold_panels(const cupel_cpu_job *j, const block *b, float *held)
{
    _Alignas(64) float strip[STRIP];
    const int64_t strips = cupel_cpu_ceil(b->row_end - b->row, HIGH);
    for (int64_t column = b->column; column < b->column_end; column += WIDE)
        pack_panel(b, column, cupel_cpu_min(WIDE, b->column_end - column),
                   held + (column - b->column) * DEEP);
    for (int64_t i = 0; i < strips; i++) {
        const int64_t row = strip_row(b, strips, i);
        const int64_t high = strip_row(b, strips, i + 1) - row;
        pack_strip(b, row, high, strip);
        for (int64_t column = b->column; column < b->column_end; column += WIDE)
            multiply(b, strip, held + (column - b->column) * DEEP, row, high, column,
                     cupel_cpu_min(WIDE, b->column_end - column));
        finish(j, b, row, high, b->column, b->column_end - b->column);
    }
}

/* The i-th of count even parts of [begin, end) begins here, at a multiple of step from begin. */
static int64_t cut(int64_t begin, int64_t end, int64_t step, int64_t i, int64_t count)
{
    const int64_t steps = cupel_cpu_ceil(end - begin, step);
    return begin + cupel_cpu_min(steps * i / count * step, end - begin);
}

/* Runs hold over the blocks of k of one chunk. */
static void each_depth(const cupel_cpu_job *j, block *b, float *held,
                       void hold(const cupel_cpu_job *j, const block *b, float *held))
{
    const int64_t k = j->p->k;
    const int64_t even = cupel_cpu_ceil(k, cupel_cpu_ceil(k, DEEP));
    const int64_t most = cupel_cpu_ceil(even, LANES) * LANES;
    for (b->k = 0; b->k < k; b->k += most) {
        b->deep = cupel_cpu_min(most, k - b->k);
        hold(j, b, held);
    }
}

static void part(const cupel_cpu_job *j, block b, float *held)
{
    block chunk = b;
    if (b.row_end - b.row <= b.column_end - b.column) {
        const int64_t chunks = cupel_cpu_ceil(b.row_end - b.row, STRIPS * HIGH);
        for (int64_t i = 0; i < chunks; i++) {
            chunk.row = cut(b.row, b.row_end, 1, i, chunks);
            chunk.row_end = cut(b.row, b.row_end, 1, i + 1, chunks);
            each_depth(j, &chunk, held, hold_strips);
        }
        return;
    }
    const int64_t chunks = cupel_cpu_ceil(b.column_end - b.column, PANELS * WIDE);
    for (int64_t i = 0; i < chunks; i++) {
        chunk.column = cut(b.column, b.column_end, WIDE, i, chunks);
        chunk.column_end = cut(b.column, b.column_end, WIDE, i + 1, chunks);
        each_depth(j, &chunk, held, hold_panels);
    }
}

static void parts(void *context, int64_t begin, int64_t end)
{
    const cupel_cpu_job *j = context;
    const cupel_cpu_product *p = j->p;
    for (int64_t i = begin; i < end; i++) {
        block b = {.p = p, .row_end = p->m, .column_end = p->n};
        if (CPU(product_by_rows)(p)) {
            b.row = cut(0, p->m, 1, i, j->parts);
            b.row_end = cut(0, p->m, 1, i + 1, j->parts);
        } else {
            b.column = cut(0, p->n, LANES, i, j->parts);
            b.column_end = cut(0, p->n, LANES, i + 1, j->parts);
        }
        b.count = (b.row_end - b.row) * (b.column_end - b.column);
        part(j, b, j->scratch + i * HELD);
    }
}

static bool serves(int64_t m, int64_t n, int64_t k)
{
    return (double)m * (double)n * (double)k >= LEAST && __builtin_cpu_supports("avx512f");
}

int64_t cupel_cpu_f32_gemm_avx512_needs(int64_t m, int64_t n, int64_t k)
{
    return serves(m, n, k) ? cupel_cpu_usual_threads() * HELD * (int64_t)sizeof(float) : 0;
}

bool cupel_cpu_f32_gemm_avx512(const cupel_exec *x, const cupel_cpu_job *job)
{
    const cupel_cpu_product *p = job->p;
    if (!serves(p->m, p->n, p->k)) return false;
    cupel_cpu_job j = *job;
    const double worth = (double)p->m * (double)p->n * (double)p->k / CUPEL_CPU_WORTH + 1;
    j.parts = cupel_cpu_min(x->threads, cupel_cpu_usual_threads());
    if (worth < (double)j.parts) j.parts = (int64_t)worth;
    j.scratch = x->scratch;
    cupel_cpu_share(j.parts, j.parts, 1, 1, parts, &j);
    return true;
}
#endif
