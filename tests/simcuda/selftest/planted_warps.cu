// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Warp operations with wrong masks, and lanes that part.
#include "planted.cuh"

namespace
{

__global__ void absent_lanes_kernel(unsigned *y, bool bug)
{
    if (threadIdx.x < 16)
        y[threadIdx.x] = __ballot_sync(bug ? kAllLanes : 0xffffU, 1); /* BUG: absent_lanes */
    else
        __syncthreads(); // they wait elsewhere, for ever
    if (threadIdx.x < 16) __syncthreads();
}

cudaError_t absent_lanes(bool bug)
{
    unsigned *y = device_counters(16);
    const cudaError_t error = launch(absent_lanes_kernel, 1, bug ? 32 : 16, 0, y, bug);
    device_free(y);
    if (bug && error != cudaErrorLaunchFailure) return cudaErrorUnknown;
    return error;
}

__global__ void outside_own_mask_kernel(float *y, bool bug)
{
    const unsigned mask = bug ? 0x7fffffffU : kAllLanes;
    y[threadIdx.x] = __shfl_xor_sync(mask, 1.0F, 1); /* BUG: outside_own_mask */
}

cudaError_t outside_own_mask(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(outside_own_mask_kernel, 1, 32, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void reads_outside_mask_kernel(float *y, int distance)
{
    if (threadIdx.x < 8)
        y[threadIdx.x] = __shfl_xor_sync(0xffU, 1.0F, distance); /* BUG: reads_outside_mask */
}

cudaError_t reads_outside_mask(bool bug)
{
    float *y = device_floats(8);
    const cudaError_t error = launch(reads_outside_mask_kernel, 1, 32, 0, y, bug ? 8 : 4);
    device_free(y);
    return error;
}

// The second warp has 8 lanes; the others do not exist.
__global__ void reads_absent_lane_kernel(float *y, bool bug)
{
    float value = 1.0F;
    if (bug || threadIdx.x < 32)
        value += __shfl_xor_sync(kAllLanes, value, 16); /* BUG: reads_absent_lane */
    y[threadIdx.x] = value;
}

cudaError_t reads_absent_lane(bool bug)
{
    float *y = device_floats(40);
    const cudaError_t error = launch(reads_absent_lane_kernel, 1, 40, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void two_operations_kernel(unsigned *y, bool bug)
{
    unsigned value = 0;
    if (bug && threadIdx.x % 2 == 0)
        value = __reduce_add_sync(kAllLanes, 1U); /* BUG: two_operations */
    else
        value = __ballot_sync(kAllLanes, 1); /* BUG: two_operations */
    y[threadIdx.x] = value;
}

cudaError_t two_operations(bool bug)
{
    unsigned *y = device_counters(32);
    const cudaError_t error = launch(two_operations_kernel, 1, 32, 0, y, bug);
    device_free(y);
    return error;
}

__global__ void two_shuffles_kernel(float *y, bool bug)
{
    float value = 1.0F;
    if (bug && threadIdx.x < 16)
        value = __shfl_sync(kAllLanes, value, 0); /* BUG: two_shuffles */
    else
        value = __shfl_sync(kAllLanes, value, 0) + 1.0F; /* BUG: two_shuffles */
    y[threadIdx.x] = value;
}

cudaError_t two_shuffles(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(two_shuffles_kernel, 1, 32, 0, y, bug);
    device_free(y);
    return error;
}

// The lanes that happen to be active are not those that a shuffle needs.
__global__ void active_mask_kernel(float *y, bool bug)
{
    const unsigned mask = bug ? __activemask() : kAllLanes;
    y[threadIdx.x] = __shfl_down_sync(mask, 1.0F, 1); /* BUG: active_mask */
}

cudaError_t active_mask(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(active_mask_kernel, 1, 32, 0, y, bug);
    device_free(y);
    return error;
}

constexpr int kSync = SIMCUDA_SYNCCHECK;

const Planted cases[] = {
    {"absent_lanes", absent_lanes, kSync, kSync, kSync},
    {"outside_own_mask", outside_own_mask, kSync, kSync, kSync},
    {"reads_outside_mask", reads_outside_mask, kSync, kSync, kSync},
    {"reads_absent_lane", reads_absent_lane, kSync, kSync, kSync},
    {"two_operations", two_operations, kSync, kSync, kSync},
    {"two_shuffles", two_shuffles, kSync, kSync, kSync},
    {"active_mask", active_mask, kSync, kSync, kSync},
};

} // namespace

PlantedList planted_warps()
{
    return list(cases);
}
