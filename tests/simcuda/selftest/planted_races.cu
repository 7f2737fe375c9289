// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Kernels whose threads use the same bytes without an order.
#include "planted.cuh"

namespace
{

constexpr int kThreads = 128;

__global__ void missing_barrier_kernel(const float *x, float *y, bool bug)
{
    __shared__ float tile[4][33];
    tile[threadIdx.y][threadIdx.x] = x[threadIdx.y * 32 + threadIdx.x]; /* BUG: missing_barrier */
    if (!bug) __syncthreads();
    if (threadIdx.y > 0) return;
    float sum = 0.0F;
    for (int i = 0; i < 4; i++)
        sum += tile[i][threadIdx.x]; /* BUG: missing_barrier */
    y[threadIdx.x] = sum;
}

cudaError_t missing_barrier(bool bug)
{
    float *x = device_floats(kThreads);
    float *y = device_floats(32);
    const cudaError_t error = launch(missing_barrier_kernel, 1, dim3(32, 4), 0, x, y, bug);
    device_free(x);
    device_free(y);
    return error;
}

// The tile is used again: its readers have to be through before it is written.
__global__ void missing_second_barrier_kernel(const float *x, float *y, bool bug)
{
    __shared__ float tile[kThreads];
    float sum = 0.0F;
    for (int i = 0; i < 2; i++) {
        tile[threadIdx.x] = x[threadIdx.x]; /* BUG: missing_second_barrier */
        __syncthreads();
        sum += tile[kThreads - 1 - threadIdx.x]; /* BUG: missing_second_barrier */
        if (!bug) __syncthreads();
    }
    y[threadIdx.x] = sum;
}

cudaError_t missing_second_barrier(bool bug)
{
    float *x = device_floats(kThreads);
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(missing_second_barrier_kernel, 1, kThreads, 0, x, y, bug);
    device_free(x);
    device_free(y);
    return error;
}

__global__ void missing_barrier_dynamic_kernel(const float *x, float *y, bool bug)
{
    DYN_SHARED(float, tile);
    tile[threadIdx.x] = x[threadIdx.x]; /* BUG: missing_barrier_dynamic */
    if (!bug) __syncthreads();
    y[threadIdx.x] = tile[kThreads - 1 - threadIdx.x]; /* BUG: missing_barrier_dynamic */
}

cudaError_t missing_barrier_dynamic(bool bug)
{
    float *x = device_floats(kThreads);
    float *y = device_floats(kThreads);
    const cudaError_t error =
        launch(missing_barrier_dynamic_kernel, 1, kThreads, kThreads * sizeof(float), x, y, bug);
    device_free(x);
    device_free(y);
    return error;
}

__global__ void missing_syncwarp_kernel(float *y, bool bug)
{
    __shared__ float tile[kThreads];
    const int warp = threadIdx.x / 32 * 32;
    const int lane = threadIdx.x % 32;
    tile[threadIdx.x] = 1.0F; /* BUG: missing_syncwarp */
    if (!bug) __syncwarp();
    y[threadIdx.x] = tile[warp + (lane ^ 1)]; /* BUG: missing_syncwarp */
}

cudaError_t missing_syncwarp(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(missing_syncwarp_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

// All lanes read what one of them is about to overwrite.
__global__ void missing_syncwarp_after_kernel(float *y, bool bug)
{
    __shared__ float broadcast[kThreads / 32];
    const int warp = threadIdx.x / 32;
    const int lane = threadIdx.x % 32;
    float sum = 0.0F;
    for (int i = 0; i < 32; i++) {
        if (lane == i) broadcast[warp] = 1.0F; /* BUG: missing_syncwarp_after */
        __syncwarp();
        sum += broadcast[warp]; /* BUG: missing_syncwarp_after */
        if (!bug) __syncwarp();
    }
    y[threadIdx.x] = sum;
}

cudaError_t missing_syncwarp_after(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(missing_syncwarp_after_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

// A shuffle brings the lanes together, but orders no memory.
__global__ void shuffle_as_fence_kernel(float *y, bool bug)
{
    __shared__ float tile[32];
    tile[threadIdx.x] = 1.0F; /* BUG: shuffle_as_fence */
    const float other = __shfl_xor_sync(kAllLanes, 1.0F, 1);
    if (!bug) __syncwarp();
    y[threadIdx.x] = tile[31 - threadIdx.x] + other; /* BUG: shuffle_as_fence */
}

cudaError_t shuffle_as_fence(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(shuffle_as_fence_kernel, 1, 32, 0, y, bug);
    device_free(y);
    return error;
}

// __syncwarp orders the lanes of its mask alone: here each half of the warp is by itself.
__global__ void half_syncwarp_kernel(float *y, int distance)
{
    __shared__ float tile[32];
    tile[threadIdx.x] = 1.0F; /* BUG: half_syncwarp */
    __syncwarp(threadIdx.x < 16 ? 0x0000ffffU : 0xffff0000U);
    y[threadIdx.x] = tile[threadIdx.x ^ distance]; /* BUG: half_syncwarp */
}

cudaError_t half_syncwarp(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(half_syncwarp_kernel, 1, 32, 0, y, bug ? 16 : 8);
    device_free(y);
    return error;
}

// Warps are not ordered by what each does.
__global__ void syncwarp_for_block_kernel(float *y, bool bug)
{
    __shared__ float tile[kThreads];
    tile[threadIdx.x] = 1.0F; /* BUG: syncwarp_for_block */
    if (bug)
        __syncwarp();
    else
        __syncthreads();
    y[threadIdx.x] = tile[threadIdx.x ^ 32]; /* BUG: syncwarp_for_block */
}

cudaError_t syncwarp_for_block(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(syncwarp_for_block_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void all_threads_store_kernel(float *y, bool bug)
{
    if (bug || threadIdx.x == 0) y[0] = 1.0F; /* BUG: all_threads_store */
}

cudaError_t all_threads_store(bool bug)
{
    float *y = device_floats(1);
    const cudaError_t error = launch(all_threads_store_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void all_blocks_store_kernel(float *y, bool bug)
{
    if (threadIdx.x == 0) y[bug ? 0 : blockIdx.x] = 1.0F; /* BUG: all_blocks_store */
}

cudaError_t all_blocks_store(bool bug)
{
    float *y = device_floats(5);
    const cudaError_t error = launch(all_blocks_store_kernel, 5, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

// In place, with a stride that makes a block read what another writes.
__global__ void blocks_read_written_kernel(float *x, int shift)
{
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    const float value = x[i + shift]; /* BUG: blocks_read_written */
    __syncthreads();
    x[i] = value + 1.0F; /* BUG: blocks_read_written */
}

cudaError_t blocks_read_written(bool bug)
{
    float *x = device_floats(5 * kThreads);
    const cudaError_t error = launch(blocks_read_written_kernel, 4, kThreads, 0, x, bug ? 1 : 0);
    device_free(x);
    return error;
}

// Every block reads one value, and one block writes it.
__global__ void written_by_one_kernel(float *x, float *y, bool bug)
{
    const float value = x[0]; /* BUG: written_by_one */
    __syncthreads();
    y[blockIdx.x * blockDim.x + threadIdx.x] = value;
    if (bug && blockIdx.x == 2 && threadIdx.x == 0) x[0] = 2.0F; /* BUG: written_by_one */
}

cudaError_t written_by_one(bool bug)
{
    float *x = device_floats(1);
    float *y = device_floats(5 * kThreads);
    const cudaError_t error = launch(written_by_one_kernel, 5, kThreads, 0, x, y, bug);
    device_free(x);
    device_free(y);
    return error;
}

// Neighbours of 2 bytes are no race, a pair and its half are one.
__global__ void half_words_kernel(__nv_bfloat16 *y, bool bug)
{
    if (bug) {
        const __nv_bfloat162 pair = __floats2bfloat162_rn(1.0F, 2.0F);
        reinterpret_cast<__nv_bfloat162 *>(y)[threadIdx.x / 2] = pair; /* BUG: half_words */
    } else {
        y[threadIdx.x] = __float2bfloat16_rn(1.0F);
    }
}

cudaError_t half_words(bool bug)
{
    float *y = device_floats(kThreads / 2);
    const cudaError_t error =
        launch(half_words_kernel, 1, kThreads, 0, reinterpret_cast<__nv_bfloat16 *>(y), bug);
    device_free(y);
    return error;
}

__global__ void float_atomic_kernel(float *y, unsigned *counter, bool bug)
{
    if (bug)
        atomicAdd(y, 1.0F); /* BUG: float_atomic */
    else
        atomicAdd(counter, 1U);
}

cudaError_t float_atomic(bool bug)
{
    float *y = device_floats(1);
    unsigned *counter = device_counters(1);
    const cudaError_t error = launch(float_atomic_kernel, 2, kThreads, 0, y, counter, bug);
    device_free(y);
    device_free(counter);
    return error;
}

// An ordinary access among atomic ones.
__global__ void plain_among_atomics_kernel(unsigned *counter, bool bug)
{
    atomicAdd(counter, 1U);                     /* BUG: plain_among_atomics */
    if (bug && threadIdx.x == 70) *counter = 0; /* BUG: plain_among_atomics */
}

cudaError_t plain_among_atomics(bool bug)
{
    unsigned *counter = device_counters(1);
    const cudaError_t error = launch(plain_among_atomics_kernel, 1, kThreads, 0, counter, bug);
    device_free(counter);
    return error;
}

constexpr int kRace = SIMCUDA_RACECHECK;

const Planted cases[] = {
    {"missing_barrier", missing_barrier, kNothing, kNothing, kRace},
    {"missing_second_barrier", missing_second_barrier, kNothing, kNothing, kRace},
    {"missing_barrier_dynamic", missing_barrier_dynamic, kNothing, kNothing, kRace},
    {"missing_syncwarp", missing_syncwarp, kNothing, kNothing, kRace},
    {"missing_syncwarp_after", missing_syncwarp_after, kNothing, kNothing, kRace},
    {"shuffle_as_fence", shuffle_as_fence, kNothing, kNothing, kRace},
    {"half_syncwarp", half_syncwarp, kNothing, kNothing, kRace},
    {"syncwarp_for_block", syncwarp_for_block, kNothing, kNothing, kRace},
    {"all_threads_store", all_threads_store, kNothing, kNothing, kRace},
    {"all_blocks_store", all_blocks_store, kNothing, kNothing, kRace},
    {"blocks_read_written", blocks_read_written, kNothing, kNothing, kRace},
    {"written_by_one", written_by_one, kNothing, kNothing, kRace},
    {"half_words", half_words, kNothing, kNothing, kRace},
    {"plain_among_atomics", plain_among_atomics, kNothing, kNothing, kRace},
    {"float_atomic", float_atomic, SIMCUDA_RULECHECK, SIMCUDA_RULECHECK, SIMCUDA_RULECHECK},
};

} // namespace

PlantedList planted_races()
{
    return list(cases);
}
