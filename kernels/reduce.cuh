/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Sums and maxima over a warp, a block and a grid. Every order of addition is fixed by the shape,
 * so that the same input gives the same bits: no float is ever added atomically.
 *
 * Over a grid: each block writes its part to a slot of the scratch memory, and the last block to
 * arrive, whichever it is, adds the slots, always in the same order:
 *
 *     if (threadIdx.x == 0) slot[blockIdx.x] = sum;
 *     if (!is_last_block(&control->ticket[0])) return;
 *     sum_columns<kBlock>(slot, gridDim.x, 1, write);
 *
 * The functions that hold a barrier are called by all threads of a block. */
#ifndef CUPEL_REDUCE_CUH
#define CUPEL_REDUCE_CUH

#include "device.cuh"

namespace
{

/* f over the values of a warp, in every lane. f commutes, so each lane has the same bits. */
template <class T, class F> __device__ __forceinline__ T warp_combine(T value, F f)
{
#pragma unroll
    for (int distance = kWarp / 2; distance > 0; distance /= 2)
        value = f(value, __shfl_xor_sync(kAllLanes, value, distance));
    return value;
}

/* f over the values of a block of kThreads, in every thread. */
template <int kThreads, class T, class F> __device__ __forceinline__ T block_combine(T value, F f)
{
    __shared__ T part[kThreads / kWarp];
    value = warp_combine(value, f);
    __syncthreads(); /* the last call's parts have been read */
    if (threadIdx.x % kWarp == 0) part[threadIdx.x / kWarp] = value;
    __syncthreads();
    T all = part[0];
#pragma unroll
    for (int i = 1; i < kThreads / kWarp; i++)
        all = f(all, part[i]);
    return all;
}

struct plus {
    template <class T> __device__ __forceinline__ T operator()(T a, T b) const
    {
        return a + b;
    }
};

/* fmaxf drops a NaN where only one of the two is one. */
struct larger {
    __device__ __forceinline__ float operator()(float a, float b) const
    {
        return fmaxf(a, b);
    }
};

template <class T> __device__ __forceinline__ T warp_sum(T value)
{
    return warp_combine(value, plus());
}

template <int kThreads, class T> __device__ __forceinline__ T block_sum(T value)
{
    return block_combine<kThreads>(value, plus());
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

/* sum = the sums over the threads of a block of kThreads that have the same index modulo lanes, a
 * power of two, by a tree: in the first lanes threads. Between two calls with sums of one type and
 * number there is a barrier. */
template <int kThreads, int N, class T>
__device__ __forceinline__ void sum_lanes(int lanes, T (&sum)[N])
{
    __shared__ __align__(16) T part[kThreads][N];
    const int thread = static_cast<int>(threadIdx.x);
#pragma unroll
    for (int i = 0; i < N; i++)
        part[thread][i] = sum[i];
    for (int half = kThreads / 2; half >= lanes; half /= 2) {
        __syncthreads(); /* the upper half has its sums in part */
        if (thread < half) {
#pragma unroll
            for (int i = 0; i < N; i++) {
                sum[i] += part[thread + half][i];
                part[thread][i] = sum[i];
            }
        }
    }
}

/* write(column, sum over the slots of slot[slots][n]) for each of the n columns, by one block of
 * kThreads. Few columns are shared by several threads each, as far as a power of two goes. */
template <int kThreads, class T, class Write>
__device__ __forceinline__ void sum_columns(const T *slot, int64_t slots, int64_t n, Write write)
{
    int lanes = 1;
    while (lanes < n && lanes < kThreads)
        lanes *= 2;
    const int lane = static_cast<int>(threadIdx.x) % lanes;
    const int first = static_cast<int>(threadIdx.x) / lanes;
    for (int64_t column = lane; column - lane < n; column += lanes) {
        T sum[1] = {};
        if (column < n) {
#pragma unroll 8
            for (int64_t s = first; s < slots; s += kThreads / lanes)
                sum[0] += slot[s * n + column];
        }
        sum_lanes<kThreads>(lanes, sum);
        if (first == 0 && column < n) write(column, sum[0]);
    }
}

} // namespace

#endif
