/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The order of the samples: a keyed bijection on [0, rows), so that a shuffled epoch needs no
 * memory and a step no host. A Feistel network of 8 rounds on the indices of the next power of two,
 * at least 2^8, the upper half of whose bits is the wider one; each half in turn is masked by a
 * word of Philox for the other half, the round and the epoch, the upper one first. What falls
 * beyond the rows goes through the network again. */
#ifndef CUPEL_ORDER_CUH
#define CUPEL_ORDER_CUH

#include "philox.cuh"

namespace
{

constexpr uint32_t kOrderStream = 1;
constexpr uint32_t kOrderRounds = 8;
constexpr int kLeastOrderBits = 8;

/* Some 500 integer instructions for each time through the network, which are 1 to 2. */
__device__ __forceinline__ int64_t order_row(const draw &d, int64_t rows, int64_t position)
{
    if (rows <= 1) return 0;
    const int needed = 64 - __clzll(rows - 1);
    const int bits = needed < kLeastOrderBits ? kLeastOrderBits : needed;
    const int low_bits = bits / 2;
    const uint32_t low_mask = static_cast<uint32_t>((uint64_t{1} << low_bits) - 1);
    const uint32_t high_mask = static_cast<uint32_t>((uint64_t{1} << (bits - low_bits)) - 1);
    uint32_t low = static_cast<uint32_t>(position) & low_mask;
    uint32_t high = static_cast<uint32_t>(position >> low_bits) & high_mask;
    int64_t row;
    do {
#pragma unroll 1
        for (uint64_t round = 0; round < kOrderRounds; round += 2) {
            uint32_t word[4];
            philox(d, round << 32 | low, word);
            high ^= word[0] & high_mask;
            philox(d, (round + 1) << 32 | high, word);
            low ^= word[0] & low_mask;
        }
        row = static_cast<int64_t>(static_cast<uint64_t>(high) << low_bits | low);
    } while (row >= rows);
    return row;
}

} // namespace

#endif
