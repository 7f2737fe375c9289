/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The block that runs. Its threads share a few fibers: a fiber runs thread after thread, and only
 * where one has to wait does another fiber go on with the next thread, so a kernel without barriers
 * costs two switches a block.
 */
#ifndef CUPEL_SIMCUDA_BLOCK_H
#define CUPEL_SIMCUDA_BLOCK_H

#include "card.h"
#include "executor.h"
#include "fiber.h"
#include "overlay/instructions.h"

#include <cstdint>
#include <string>

namespace simcuda
{

/* xorshift64*: any order will do, as long as the seed alone decides it. */
class Random
{
  public:
    void seed(uint64_t value)
    {
        state_ = value * 0x9e3779b97f4a7c15U | 1;
    }
    /* In [0, bound). */
    unsigned below(unsigned bound)
    {
        state_ ^= state_ >> 12;
        state_ ^= state_ << 25;
        state_ ^= state_ >> 27;
        const uint64_t high = (state_ * 0x2545f4914f6cdd1dU) >> 32;
        return static_cast<unsigned>((high * bound) >> 32);
    }

  private:
    uint64_t state_ = 1;
};

enum class State : uint8_t {
    Fresh,
    Ready, /* runs, or waits for its turn */
    AtBarrier,
    InWarpOperation,
    Done
};

struct Thread {
    uint3 index;
    Fiber *fiber;
    State state;
    Site site;       // where it waits
    uint64_t value;  // what it brings to a barrier or a warp operation, then the result
    unsigned source; // the lane that its shuffle reads
};

/* A warp operation that some of its lanes have reached. Lanes with different masks are in different
   ones, so a warp may have as many as lanes. */
struct WarpOperation {
    Warp kind;
    unsigned mask;
    unsigned arrived;
    Site site; // of the first to come
};

struct WarpState {
    unsigned live; // lanes that exist and have not ended
    unsigned open; // operations
    WarpOperation operation[kWarp];
};

struct Block {
    const Kernel *kernel;
    void *arguments;
    unsigned threads;
    unsigned live;
    unsigned arrived; // at the barrier
    Barrier barrier_kind;
    Site barrier_site;
    unsigned current; // the thread that runs
    unsigned fresh;   // how many of order[] have begun
    cudaError_t error;
    uint16_t order[kMaxThreads];
    Thread thread[kMaxThreads];
    WarpState warp[kMaxThreads / kWarp];
    Random random;
};

extern Block block;

/* Whether this thread of the host runs a kernel's code; in_kernel() for those who ask often. */
extern __thread bool running_kernel;

/* Where dynamic shared memory lies: a block's ends where the area ends, up to alignment, and behind
   it is a page that faults. */
constexpr size_t kPage = 4096;
constexpr size_t kSharedArea = size_t{kSharedMemoryOptIn} + (1 << 10);
static_assert(kSharedArea % kPage == 0, "the area ends at a page");
unsigned char *shared_area();

/* Runs the block at blockIdx to its end, or until fail_launch. */
void run_block();

/* Arranges the threads for the first block of a launch. */
void number_threads(dim3 shape);

/* The threads of list may go on, in the configured order, after those that already may. */
void make_ready(uint16_t *list, unsigned n);

/* Lets others run until the current thread, whose state says for what, may go on. */
void wait();

/* Lets another thread run first, if one can. */
void give_way();

/* Completes a barrier or the operations of a warp for which all live threads have come. */
void complete_barrier();
void complete_warp(unsigned warp);

/* Ends the launch with an error of the device. Called by a kernel's thread; never returns to it. */
[[noreturn]] void fail_launch(cudaError_t error);

/* Drops what the threads of a failed launch were doing. */
void forget_threads();

/* "KERNEL, block (x, y, z), thread (x, y, z)", of the current thread. */
std::string describe_thread();

} // namespace simcuda

#endif
