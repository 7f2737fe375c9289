/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The head of every kernel source: the CUDA headers, the sizes that all kernels share, dynamic
 * shared memory. The same sources are compiled by nvcc for a card and by a C++ compiler for the
 * simulated device of the tests, whose overlay header supplies what only nvcc knows.
 *
 * All device code stands in an anonymous namespace. A template with external linkage would put its
 * static __shared__ arrays in sections that the address sanitizer does not guard, and two sources
 * could define kernels of one name. Only the launchers, which are extern "C", are seen from
 * outside. */
#ifndef CUPEL_DEVICE_CUH
#define CUPEL_DEVICE_CUH

#include "exec.h"
#include <cuda_bf16.h>
#include <cuda_runtime.h>
#include <stdint.h>

/* T *name, the dynamic shared memory of the launch. The simulated device has its own. */
#ifndef DYN_SHARED
#define DYN_SHARED(T, name)                                                                        \
    extern __shared__ __align__(16) unsigned char cupel_dynamic_shared[];                          \
    T *name = reinterpret_cast<T *>(cupel_dynamic_shared)
#endif

namespace
{

constexpr int kWarp = 32;
constexpr unsigned kAllLanes = 0xffffffffU;

/* Threads of a block, unless a kernel says otherwise: 8 blocks fill the 2048 threads of a
 * multiprocessor, and a small batch still gives many blocks. */
constexpr int kBlock = 256;

/* The most blocks of a launch; what is left over is done by stepping through it by the size of the
 * grid. About four rounds on the largest cards, so that the last one is no large share. It is a
 * constant, not a property of the card, so that a sum has the same partial sums everywhere. */
constexpr int64_t kMaxBlocks = 4096;

__host__ __device__ constexpr int64_t ceil_div(int64_t a, int64_t b)
{
    return (a + b - 1) / b;
}

} // namespace

#endif
