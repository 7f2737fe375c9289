/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/order.h"

#include "base/philox.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static void check_bijection(uint64_t seed, uint64_t epoch, int64_t rows)
{
    const cupel_order order = cupel_order_make(seed, epoch, rows);
    unsigned char *seen = calloc((size_t)rows, 1);
    for (int64_t position = 0; position < rows; position++) {
        const int64_t row = cupel_order_row(&order, position);
        cr_assert(row >= 0 && row < rows, "%" PRId64 " rows give %" PRId64, rows, row);
        cr_assert_not(seen[row], "%" PRId64 " rows give row %" PRId64 " twice", rows, row);
        seen[row] = 1;
    }
    free(seen);
}

Test(order, is_a_bijection)
{
    for (int64_t rows = 1; rows <= 300; rows++)
        check_bijection(7, 3, rows);
    static const int64_t large[] = {511, 512, 513, 1000, 4095, 4096, 4097, 60000, 65537, 131072};
    for (size_t i = 0; i < sizeof large / sizeof *large; i++) {
        check_bijection(UINT64_MAX - i, UINT64_MAX, large[i]);
    }
}

/* Walks the network backwards, written from the description in order.h and not from the source. */
static int64_t position_of(const cupel_order *order, int64_t row)
{
    const uint32_t key[2] = {(uint32_t)order->seed, (uint32_t)(order->seed >> 32)};
    uint64_t index = (uint64_t)row;
    do {
        uint64_t low = index % (UINT64_C(1) << order->low_bits), high = index >> order->low_bits;
        for (int round = 7; round >= 0; round--) {
            uint64_t *changed = round % 2 == 0 ? &high : &low;
            const uint64_t bits = round % 2 == 0 ? order->high_bits : order->low_bits;
            const uint64_t other = round % 2 == 0 ? low : high;
            const uint32_t counter[4] = {(uint32_t)other,
                                         (uint32_t)round | CUPEL_STREAM_ORDER << 16,
                                         (uint32_t)order->epoch, (uint32_t)(order->epoch >> 32)};
            uint32_t words[4];
            cupel_philox(counter, key, words);
            *changed ^= words[0] % (UINT64_C(1) << bits);
        }
        index = high << order->low_bits | low;
    } while (index >= (uint64_t)order->rows);
    return (int64_t)index;
}

Test(order, has_an_inverse_for_any_number_of_rows)
{
    static const int64_t sizes[] = {2,
                                    77,
                                    60000,
                                    INT64_C(1) << 31,
                                    (INT64_C(1) << 32) + 1,
                                    (INT64_C(1) << 33) - 5,
                                    INT64_C(1) << 40,
                                    (INT64_C(1) << 40) - 123457,
                                    (INT64_C(1) << 40) + 1,
                                    INT64_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const int64_t rows = sizes[i];
        const cupel_order order = cupel_order_make(UINT64_C(0x123456789abcdef0), 5, rows);
        cr_assert_leq(order.low_bits, order.high_bits);
        cr_assert_leq(order.high_bits, 32);
        const int64_t step = rows / 2000 + 1;
        for (int64_t position = 0; position < rows - step; position += step) {
            const int64_t row = cupel_order_row(&order, position);
            cr_assert(row >= 0 && row < rows);
            cr_assert_eq(position_of(&order, row), position, "%" PRId64 " rows, position %" PRId64,
                         rows, position);
        }
    }
}

/* Recorded from this implementation: an order may never change, as a resumed training relies on it
 * and every device computes it. */
Test(order, is_pinned)
{
    static const int64_t ten[] = {1, 4, 5, 3, 6, 7, 0, 9, 2, 8};
    static const int64_t large[] = {INT64_C(264510948466), INT64_C(42586464387),
                                    INT64_C(389728829066), INT64_C(737240382887),
                                    INT64_C(962554427975)};
    const cupel_order small = cupel_order_make(1, 0, 10);
    for (int i = 0; i < 10; i++)
        cr_expect_eq(cupel_order_row(&small, i), ten[i]);
    const cupel_order big = cupel_order_make(UINT64_C(0xfedcba9876543210), 12, INT64_C(1) << 40);
    for (int i = 0; i < 5; i++)
        cr_expect_eq(cupel_order_row(&big, i), large[i]);
}

/* How keys are drawn: neighbouring seeds, successive epochs, seeds far apart. */
static cupel_order keyed(int way, uint64_t k, int64_t rows)
{
    if (way == 0) return cupel_order_make(k, 0, rows);
    if (way == 1) return cupel_order_make(7, k, rows);
    return cupel_order_make(k * UINT64_C(0x9e3779b97f4a7c15), 3, rows);
}

/* How many standard deviations chi-square is above what chance gives (Wilson and Hilferty). */
static double deviations(const int64_t *counts, int64_t cells, double expected, int64_t freedom)
{
    double sum = 0;
    for (int64_t i = 0; i < cells; i++) {
        sum += ((double)counts[i] - expected) * ((double)counts[i] - expected) / expected;
    }
    const double width = 2 / (9 * (double)freedom);
    return (cbrt(sum / (double)freedom) - (1 - width)) / sqrt(width);
}

/* Chance exceeds 4 deviations once in 30,000 tests; the keys are fixed, so the outcome is too. */
#define MOST_DEVIATIONS 4.0
#define KEYS 3600

/* The number of a permutation among all of its size. */
static int64_t rank_of(const int64_t *rows, int64_t count)
{
    int64_t rank = 0;
    for (int64_t i = 0; i < count; i++) {
        int64_t smaller = 0;
        for (int64_t j = i + 1; j < count; j++)
            smaller += rows[j] < rows[i];
        rank = rank * (count - i) + smaller;
    }
    return rank;
}

Test(order, all_permutations_of_few_rows_are_equally_likely)
{
    static const int64_t factorial[] = {1, 1, 2, 6, 24, 120, 720};
    for (int way = 0; way < 3; way++) {
        for (int64_t count = 2; count <= 6; count++) {
            int64_t counts[720] = {0};
            for (uint64_t k = 0; k < KEYS; k++) {
                const cupel_order order = keyed(way, k, count);
                int64_t rows[6];
                for (int64_t i = 0; i < count; i++)
                    rows[i] = cupel_order_row(&order, i);
                counts[rank_of(rows, count)]++;
            }
            const double far =
                deviations(counts, factorial[count], (double)KEYS / (double)factorial[count],
                           factorial[count] - 1);
            cr_expect(fabs(far) < MOST_DEVIATIONS, "keys %d, %" PRId64 " rows: %.2f", way, count,
                      far);
        }
    }
}

Test(order, every_row_is_equally_likely_at_every_position)
{
    static const int64_t sizes[] = {10, 256};
    for (int way = 0; way < 3; way++) {
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            const int64_t rows = sizes[s];
            int64_t *counts = calloc((size_t)(rows * rows), sizeof *counts);
            for (uint64_t k = 0; k < KEYS; k++) {
                const cupel_order order = keyed(way, k, rows);
                for (int64_t i = 0; i < rows; i++)
                    counts[i * rows + cupel_order_row(&order, i)]++;
            }
            const double far = deviations(counts, rows * rows, (double)KEYS / (double)rows,
                                          (rows - 1) * (rows - 1));
            cr_expect(fabs(far) < MOST_DEVIATIONS, "keys %d, %" PRId64 " rows: %.2f", way, rows,
                      far);
            free(counts);
        }
    }
}

/* The row of one position under two neighbouring keys: all pairs are equally likely. */
Test(order, neighbouring_keys_are_independent)
{
    for (int way = 0; way < 3; way++) {
        for (int64_t position = 0; position < 16; position += 5) {
            int64_t counts[256] = {0};
            for (uint64_t k = 0; k < KEYS; k++) {
                const cupel_order one = keyed(way, 2 * k, 16), other = keyed(way, 2 * k + 1, 16);
                const int64_t a = cupel_order_row(&one, position);
                counts[a * 16 + cupel_order_row(&other, position)]++;
            }
            const double far = deviations(counts, 256, KEYS / 256.0, 255);
            cr_expect(fabs(far) < MOST_DEVIATIONS, "keys %d: %.2f", way, far);
        }
    }
}

/* What betrays a network of too few rounds: two positions with equal low halves. Six rounds are
 * eight deviations off here, four are eighty. */
Test(order, two_rows_of_one_order_are_independent)
{
    const int64_t keys = 2000000;
    int64_t counts[256] = {0};
    for (int64_t k = 0; k < keys; k++) {
        const cupel_order order = cupel_order_make((uint64_t)k, 1, 256);
        counts[cupel_order_row(&order, 0) ^ cupel_order_row(&order, 16)]++;
    }
    cr_expect_eq(counts[0], 0);
    const double far = deviations(counts + 1, 255, (double)keys / 255, 254);
    cr_expect(fabs(far) < MOST_DEVIATIONS, "%.2f", far);
}
