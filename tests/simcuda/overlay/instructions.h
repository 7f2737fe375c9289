/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* What the overlay asks of the executor; both include it. No CUDA type stands here. */
#ifndef CUPEL_SIMCUDA_INSTRUCTIONS_H
#define CUPEL_SIMCUDA_INSTRUCTIONS_H

#include <stddef.h>
#include <stdint.h>

namespace simcuda
{

/* Where in a kernel's source an instruction stands. */
struct Site {
    const char *file;
    int line;
};

enum class Barrier {
    Plain,
    Count, /* of threads whose predicate holds */
    All,
    Any
};

enum class Warp {
    Sync,
    Shuffle,
    Ballot,
    All,
    Any,
    MatchAny,
    MatchAll,
    Add,
    MinSigned,
    MaxSigned,
    MinUnsigned,
    MaxUnsigned,
    And,
    Or,
    Xor
};

/* Waits for all threads of the block. */
int barrier(Barrier kind, int predicate, Site site);

/* Waits for the lanes of the mask and combines their values; source is the lane that a shuffle
 * reads. */
uint64_t warp_operation(Warp kind, unsigned mask, uint64_t value, unsigned source, Site site);

/* The lane of the calling thread. */
unsigned lane();

/* __threadfence, by the calling thread. */
void fence();

/* The calling thread is about to do an atomic operation on these bytes; reads says that the old
   value matters. */
void atomic_access(const void *address, size_t bytes, bool reads, Site site);

/* A use of what cupel's kernels may not use. */
void forbidden(const char *what, Site site);

/* Ends the launch as __trap does. */
[[noreturn]] void trap(Site site);

/* A value that is wrong by up to 2 ulp, the same for the same value and seed. */
float perturb(float value);

} // namespace simcuda

#endif
