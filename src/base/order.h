/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The order of the samples: a keyed bijection on [0, rows), so that shuffling takes no memory and any
 * position of any epoch can be resumed. A Feistel network over 64-bit indices with Philox as its round
 * function, at least 6 rounds, on the next power of two (at least 2^8); indices beyond rows are walked
 * along their cycle. */
#ifndef CUPEL_BASE_ORDER_H
#define CUPEL_BASE_ORDER_H

#include <stdint.h>

typedef struct cupel_order {
    uint64_t seed;
    uint64_t epoch;
    int64_t rows;
    uint32_t low_bits;  /* of the halves of an index */
    uint32_t high_bits;
} cupel_order;

cupel_order cupel_order_make(uint64_t seed, uint64_t epoch, int64_t rows);
/* The row at a position of the epoch. */
int64_t cupel_order_row(const cupel_order *order, int64_t position);

#endif
