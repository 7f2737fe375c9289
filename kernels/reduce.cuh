/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sums and maxima over a warp, a block and a grid. Every order of addition is fixed by the shape,
 * so that the same input gives the same bits: no float is ever added atomically.
 *
 * Over a grid: each block writes its part to a slot of the scratch memory, and the last block to
 * arrive, whichever it is, adds the slots in the order of their index:
 *
 *     if (threadIdx.x == 0) slot[blockIdx.x] = sum;
 *     if (!is_last_block(&control->ticket[0])) return;
 *     ... = sum_columns(slot, gridDim.x, 1, ...);
 *
 * The functions that hold a barrier are called by all threads of a block. */
#ifndef CUPEL_REDUCE_CUH
#define CUPEL_REDUCE_CUH

#include "device.cuh"

namespace
{

/* The same bits in every lane, as a + b is b + a. */
template <class T> __device__ __forceinline__ T warp_sum(T value)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value += __shfl_xor_sync(kAllLanes, value, distance);
    return value;
}

/* fmaxf drops a NaN where only one of the two is one. */
__device__ __forceinline__ float warp_max(float value)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value = fmaxf(value, __shfl_xor_sync(kAllLanes, value, distance));
    return value;
}

/* The sum over a block of kThreads, in every thread. */
template <int kThreads, class T> __device__ __forceinline__ T block_sum(T value)
{
    __shared__ T part[kThreads / kWarp];
    value = warp_sum(value);
    __syncthreads(); /* the last call's parts have been read */
    if (threadIdx.x % kWarp == 0) part[threadIdx.x / kWarp] = value;
    __syncthreads();
    T sum = part[0];
#pragma unroll
    for (int i = 1; i < kThreads / kWarp; i++)
        sum += part[i];
    return sum;
}

/* The maximum over a block of kThreads, in every thread. */
template <int kThreads> __device__ __forceinline__ float block_max(float value)
{
    __shared__ float part[kThreads / kWarp];
    value = warp_max(value);
    __syncthreads(); /* the last call's parts have been read */
    if (threadIdx.x % kWarp == 0) part[threadIdx.x / kWarp] = value;
    __syncthreads();
    float most = part[0];
#pragma unroll
    for (int i = 1; i < kThreads / kWarp; i++)
        most = fmaxf(most, part[i]);
    return most;
}

/* Whether this block is the last of the grid to come here: it sees what all threads of all blocks
 * wrote before. The last one leaves the ticket at 0. Grids are one-dimensional. */
__device__ __forceinline__ bool is_last_block(uint32_t *ticket)
{
    __shared__ bool last;
    __syncthreads(); /* the block has written */
    if (threadIdx.x == 0) {
        __threadfence(); /* its writes come before its ticket */
        last = atomicAdd(ticket, 1U) == gridDim.x - 1;
        if (last) {
            __threadfence(); /* the others' tickets come before what follows */
            *ticket = 0;
        }
    }
    __syncthreads();
    return last;
}

/* write(column, sum over the slots of slot[slots][n]) for each of the n columns, by one block of
 * kThreads. Few columns are shared by several threads each, as far as a power of two goes: each
 * adds every width-th slot, and the first of them adds their sums, in order. */
template <int kThreads, class T, class Write>
__device__ __forceinline__ void sum_columns(const T *slot, int64_t slots, int64_t n, Write write)
{
    __shared__ T part[kThreads];
    int columns = 1;
    while (columns < n && columns < kThreads)
        columns *= 2;
    const int width = kThreads / columns;
    const int first = static_cast<int>(threadIdx.x) / columns;
    for (int64_t base = 0; base < n; base += columns) {
        const int64_t column = base + static_cast<int>(threadIdx.x) % columns;
        T sum = 0;
        if (column < n) {
#pragma unroll 8
            for (int64_t s = first; s < slots; s += width)
                sum += slot[s * n + column];
        }
        part[threadIdx.x] = sum;
        __syncthreads();
        if (first == 0 && column < n) {
            for (int i = 1; i < width; i++)
                sum += part[i * columns + static_cast<int>(threadIdx.x)];
            write(column, sum);
        }
        __syncthreads(); /* the parts have been read */
    }
}

} // namespace

#endif
