/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Philox4x32-10, the counter-based generator: the words of dropout and of the order of samples. */
#ifndef CUPEL_PHILOX_CUH
#define CUPEL_PHILOX_CUH

#include "device.cuh"

namespace
{

/* Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011: the
 * multipliers and the steps of the key, of which the first is the golden ratio's fraction and the
 * second that of the root of 3, in 32 bits. */
constexpr uint32_t kMultiplier0 = 0xd2511f53U;
constexpr uint32_t kMultiplier1 = 0xcd9e8d57U;
constexpr uint32_t kKeyStep0 = 0x9e3779b9U;
constexpr uint32_t kKeyStep1 = 0xbb67ae85U;
constexpr int kPhiloxRounds = 10;

/* What all words of a step, or an epoch, and a stream have in common. */
struct draw {
    uint64_t seed;
    uint64_t step;
    uint32_t stream;
};

/* The four words of a block. */
__device__ __forceinline__ void philox(const draw &d, uint64_t block, uint32_t *word)
{
    uint32_t a = static_cast<uint32_t>(block);
    uint32_t b = (static_cast<uint32_t>(block >> 32) & 0xffffU) | d.stream << 16;
    uint32_t c = static_cast<uint32_t>(d.step);
    uint32_t e = static_cast<uint32_t>(d.step >> 32);
    uint32_t key_0 = static_cast<uint32_t>(d.seed);
    uint32_t key_1 = static_cast<uint32_t>(d.seed >> 32);
#pragma unroll
    for (int round = 0; round < kPhiloxRounds; round++) {
        const uint64_t from_a = static_cast<uint64_t>(kMultiplier0) * a;
        const uint64_t from_c = static_cast<uint64_t>(kMultiplier1) * c;
        a = static_cast<uint32_t>(from_c >> 32) ^ b ^ key_0;
        b = static_cast<uint32_t>(from_c);
        c = static_cast<uint32_t>(from_a >> 32) ^ e ^ key_1;
        e = static_cast<uint32_t>(from_a);
        key_0 += kKeyStep0;
        key_1 += kKeyStep1;
    }
    word[0] = a;
    word[1] = b;
    word[2] = c;
    word[3] = e;
}

} // namespace

#endif
