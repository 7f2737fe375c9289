/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops dropout and dropout_backward. The mask is not stored: both draw it from the same
 * counters. base/philox.h has the generator one counter at a time; here it runs for many counters
 * side by side. */
#include "cpu/cpu.h"

/* Counters drawn at a time, and the words that they give. */
#define COUNTERS 128
#define WORDS (4 * COUNTERS)

/* What one call draws from. */
typedef struct {
    const real *from;
    real *to;
    uint64_t first;     /* the step's number of element 0 */
    uint32_t key[2];
    uint32_t stream;    /* in place: bits 16.. of the second word of the counter */
    uint32_t step[2];
    uint32_t threshold; /* a word below it drops its element */
    real scale;
} mask;

/* word[4 * count] = those of count counters from the given block on. The counters go through the
 * rounds side by side, each of their words in an array of its own: so every loop is plain vector
 * code. The constants are those of base/philox.c. */
CUPEL_CLONES
static void draw(const mask *m, uint64_t block, int64_t count, uint32_t *word)
{
    const uint32_t low = (uint32_t)block, high = (uint32_t)(block >> 32);
    const uint32_t stream = m->stream, step_0 = m->step[0], step_1 = m->step[1];
    uint32_t key_0 = m->key[0], key_1 = m->key[1];
    uint32_t a[COUNTERS], b[COUNTERS], c[COUNTERS], d[COUNTERS];
    for (int64_t i = 0; i < count; i++) {
        const uint32_t sum = low + (uint32_t)i;
        const uint32_t carry = sum < low ? 1 : 0;
        a[i] = sum;
        b[i] = ((high + carry) & 0xffffU) | stream;
        c[i] = step_0;
        d[i] = step_1;
    }
    for (int round = 0; round < 10; round++) {
        for (int64_t i = 0; i < count; i++) {
            const uint64_t product_0 = UINT64_C(0xd2511f53) * a[i];
            const uint64_t product_1 = UINT64_C(0xcd9e8d57) * c[i];
            a[i] = (uint32_t)(product_1 >> 32) ^ b[i] ^ key_0;
            b[i] = (uint32_t)product_1;
            c[i] = (uint32_t)(product_0 >> 32) ^ d[i] ^ key_1;
            d[i] = (uint32_t)product_0;
        }
        key_0 += 0x9e3779b9U;
        key_1 += 0xbb67ae85U;
    }
    for (int64_t i = 0; i < count; i++) {
        word[4 * i] = a[i];
        word[4 * i + 1] = b[i];
        word[4 * i + 2] = c[i];
        word[4 * i + 3] = d[i];
    }
}

CUPEL_CLONES
static void choose(const uint32_t *word, uint32_t threshold, real scale, const real *from, real *to,
                   int64_t n)
{
    for (int64_t i = 0; i < n; i++)
        to[i] = word[i] < threshold ? 0 : from[i] * scale;
}

static void part(void *context, int64_t begin, int64_t end)
{
    const mask *m = context;
    uint32_t word[WORDS];
    while (begin < end) {
        const uint64_t element = m->first + (uint64_t)begin;
        const int64_t skipped = (int64_t)(element % 4);
        const int64_t count = cupel_cpu_min(WORDS - skipped, end - begin);
        draw(m, element / 4, cupel_cpu_ceil(skipped + count, 4), word);
        choose(word + skipped, m->threshold, m->scale, m->from + begin, m->to + begin, count);
        begin += count;
    }
}

static void fill_0(void *context, int64_t begin, int64_t end)
{
    const mask *m = context;
    for (int64_t i = begin; i < end; i++)
        m->to[i] = 0;
}

static void drop(const cupel_exec *x, const void *from, void *to, int64_t rows, int64_t features,
                 int64_t stream, double rate)
{
    const cupel_control *control = x->control;
    const uint64_t seed = (uint64_t)control->seed, step = (uint64_t)control->step;
    mask m = {.from = from,
              .to = to,
              .first = (uint64_t)control->row_offset * (uint64_t)features,
              .key = {(uint32_t)seed, (uint32_t)(seed >> 32)},
              .stream = (uint32_t)stream << 16,
              .step = {(uint32_t)step, (uint32_t)(step >> 32)}};
    if (rate >= 1) {
        cupel_cpu_elements(x, rows * features, fill_0, &m);
        return;
    }
    m.threshold = (uint32_t)(rate * 4294967296.0);
    m.scale = (real)(1 / (1 - rate));
    cupel_cpu_elements(x, rows * features, part, &m);
}

cupel_status CPU(dropout)(cupel_exec *x, const cupel_dropout_args *args)
{
    drop(x, args->x, args->y, args->rows, args->features, args->stream, args->rate);
    return CUPEL_OK;
}

cupel_status CPU(dropout_backward)(cupel_exec *x, const cupel_dropout_backward_args *args)
{
    drop(x, args->dy, args->dx, args->rows, args->features, args->stream, args->rate);
    return CUPEL_OK;
}
