/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Philox4x32-10: ten rounds of two 32 x 32 -> 64 bit products, the key bumped between them. */
#include "base/philox.h"

#define ROUNDS 10

void cupel_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4])
{
    const uint64_t multiplier_0 = 0xd2511f53U, multiplier_1 = 0xcd9e8d57U;
    const uint32_t bump_0 = 0x9e3779b9U, bump_1 = 0xbb67ae85U; /* golden ratio, sqrt(3) - 1 */
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < ROUNDS; round++) {
        const uint64_t product_0 = multiplier_0 * c0;
        const uint64_t product_1 = multiplier_1 * c2;
        c0 = (uint32_t)(product_1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product_1;
        c2 = (uint32_t)(product_0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product_0;
        k0 += bump_0;
        k1 += bump_1;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}
