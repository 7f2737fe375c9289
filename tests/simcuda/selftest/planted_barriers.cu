// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Barriers that not all threads of a block come to, and launches that end by themselves.
#include "planted.cuh"

namespace
{

constexpr int kThreads = 128;

__global__ void half_at_barrier_kernel(float *y, bool bug)
{
    if (!bug || threadIdx.x < kThreads / 2) __syncthreads(); /* BUG: half_at_barrier */
    y[threadIdx.x] = 1.0F;
}

cudaError_t half_at_barrier(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(half_at_barrier_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void early_return_kernel(float *y, int n, bool bug)
{
    if (bug && static_cast<int>(threadIdx.x) >= n) return;
    __syncthreads(); /* BUG: early_return */
    if (static_cast<int>(threadIdx.x) < n) y[threadIdx.x] = 1.0F;
}

cudaError_t early_return(bool bug)
{
    float *y = device_floats(100);
    const cudaError_t error = launch(early_return_kernel, 1, kThreads, 0, y, 100, bug);
    device_free(y);
    return error;
}

__global__ void two_barriers_kernel(float *y, bool bug)
{
    if (bug && threadIdx.x % 2 == 0) {
        y[threadIdx.x] = 1.0F;
        __syncthreads(); /* BUG: two_barriers */
    } else {
        y[threadIdx.x] = 2.0F;
        __syncthreads(); /* BUG: two_barriers */
    }
}

// The good twin has all threads of the block in one of the two.
cudaError_t two_barriers(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(two_barriers_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void barrier_in_loop_kernel(float *y, bool bug)
{
    const int rounds = bug ? 1 + static_cast<int>(threadIdx.x % 2) : 2;
    for (int i = 0; i < rounds; i++)
        __syncthreads(); /* BUG: barrier_in_loop */
    y[threadIdx.x] = 1.0F;
}

cudaError_t barrier_in_loop(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(barrier_in_loop_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

// A barrier waits for a warp that waits for it: nobody can go on.
__global__ void deadlock_kernel(float *y, bool bug)
{
    if (bug && threadIdx.x == 0) __syncthreads();
    __syncwarp(); /* BUG: deadlock */
    if (!bug || threadIdx.x > 0) __syncthreads();
    y[threadIdx.x] = 1.0F;
}

cudaError_t deadlock(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(deadlock_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    if (bug && error != cudaErrorLaunchFailure) return cudaErrorUnknown;
    return error;
}

__global__ void trap_kernel(float *y, bool bug)
{
    if (bug && threadIdx.x == 3) __trap(); /* BUG: trap */
    y[threadIdx.x] = 1.0F;
}

cudaError_t trap(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(trap_kernel, 1, kThreads, 0, y, bug);
    device_free(y);
    return error;
}

constexpr int kSync = SIMCUDA_SYNCCHECK;

const Planted cases[] = {
    {"half_at_barrier", half_at_barrier, kSync, kSync, kSync},
    {"early_return", early_return, kSync, kSync, kSync},
    {"two_barriers", two_barriers, kSync, kSync, kSync},
    {"barrier_in_loop", barrier_in_loop, kSync, kSync, kSync},
    {"deadlock", deadlock, kSync, kSync, kSync},
    {"trap", trap, SIMCUDA_MEMCHECK, SIMCUDA_MEMCHECK, SIMCUDA_MEMCHECK},
};

} // namespace

PlantedList planted_barriers()
{
    return list(cases);
}
