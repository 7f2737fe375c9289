/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Philox4x32-10, the counter-based generator of Salmon, Moraes, Dror and Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC 2011. Constants from its section 3 and the Random123 library. */
#ifndef CUPEL_BASE_PHILOX_H
#define CUPEL_BASE_PHILOX_H

#include <stdint.h>

/* Four random words from a counter and a key. */
void cupel_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/* The layout of every counter in cupel. Key = the 64-bit seed, low word first. Counter = {block low,
 * block high 16 bits | stream << 16, step low, step high}, block = element / 4. */
static inline void cupel_philox_counter(uint64_t block, uint32_t stream, uint64_t step,
                                        uint32_t counter[4])
{
    counter[0] = (uint32_t)block;
    counter[1] = (uint32_t)((block >> 32) & 0xffffU) | stream << 16;
    counter[2] = (uint32_t)step;
    counter[3] = (uint32_t)(step >> 32);
}

/* Streams: who draws. A dropout layer at position p draws from CUPEL_STREAM_DROPOUT + p, parameter i
 * of a model from CUPEL_STREAM_WEIGHTS at step i, the order of the samples from CUPEL_STREAM_ORDER. */
#define CUPEL_STREAM_ORDER 1U
#define CUPEL_STREAM_WEIGHTS 2U
#define CUPEL_STREAM_DROPOUT 0x1000U

#endif
