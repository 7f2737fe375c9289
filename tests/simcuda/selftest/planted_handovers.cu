// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Sums in which the last block adds what all blocks have written: what each of its orders is there
// for.
#include "planted.cuh"

namespace
{

constexpr int kThreads = 64;
constexpr int kBlocks = 6;

enum Missing { kNone, kFenceBefore, kFenceAfter, kBarrierBefore, kBarrierAfter };

// Every thread writes a part; one takes the ticket.
template <Missing missing>
__global__ void last_block_kernel(float *part, unsigned *ticket, float *y)
{
    __shared__ bool last;
    part[blockIdx.x * kThreads + threadIdx.x] = 1.0F;
    if (missing != kBarrierBefore) __syncthreads();
    if (threadIdx.x == 0) {
        if (missing != kFenceBefore) __threadfence();
        last = atomicAdd(ticket, 1U) == gridDim.x - 1; /* BUG: barrier_after */
        if (missing != kFenceAfter) __threadfence();
        if (last) *ticket = 0;
    }
    if (missing != kBarrierAfter) __syncthreads();
    if (!last) return; /* BUG: barrier_after */
    float sum = 0.0F;
    for (int i = 0; i < kBlocks; i++)
        sum += part[i * kThreads + threadIdx.x]; /* BUG: parts */
    y[threadIdx.x] = sum;
}

template <Missing missing> cudaError_t last_block(bool bug)
{
    float *part = static_cast<float *>(device_unwritten(kBlocks * kThreads * sizeof(float)));
    unsigned *ticket = device_counters(1);
    float *y = device_floats(kThreads);
    // The second launch finds what the first has left behind.
    cudaError_t error = cudaSuccess;
    for (int i = 0; i < 2 && error == cudaSuccess; i++) {
        error = bug ? launch(last_block_kernel<missing>, kBlocks, kThreads, 0, part, ticket, y)
                    : launch(last_block_kernel<kNone>, kBlocks, kThreads, 0, part, ticket, y);
    }
    device_free(part);
    device_free(ticket);
    device_free(y);
    return error;
}

// Each thread that writes fences for itself, before the barrier.
template <bool kFence> __global__ void own_fence_kernel(float *part, unsigned *ticket, float *y)
{
    __shared__ bool last;
    if (threadIdx.x < 32) {
        part[blockIdx.x * 32 + threadIdx.x] = 1.0F;
        if (kFence) __threadfence();
    }
    __syncthreads();
    if (threadIdx.x == 40) last = atomicAdd(ticket, 1U) == gridDim.x - 1;
    __syncthreads();
    if (!last) return;
    __threadfence();
    float sum = 0.0F;
    for (int i = 0; i < kBlocks; i++)
        sum += part[i * 32 + threadIdx.x % 32]; /* BUG: own_fence */
    if (threadIdx.x < 32) y[threadIdx.x] = sum;
}

cudaError_t own_fence(bool bug)
{
    float *part = static_cast<float *>(device_unwritten(kBlocks * 32 * sizeof(float)));
    unsigned *ticket = device_counters(1);
    float *y = device_floats(32);
    const cudaError_t error =
        bug ? launch(own_fence_kernel<false>, kBlocks, kThreads, 0, part, ticket, y)
            : launch(own_fence_kernel<true>, kBlocks, kThreads, 0, part, ticket, y);
    device_free(part);
    device_free(ticket);
    device_free(y);
    return error;
}

// What is written behind the fence is not handed over by it.
__global__ void late_write_kernel(float *part, unsigned *ticket, float *y, bool bug)
{
    if (threadIdx.x != 0) return;
    if (!bug) part[blockIdx.x] = 1.0F;
    __threadfence();
    if (bug) part[blockIdx.x] = 1.0F;
    const bool last = atomicAdd(ticket, 1U) == gridDim.x - 1;
    __threadfence();
    if (!last) return;
    float sum = 0.0F;
    for (int i = 0; i < kBlocks; i++)
        sum += part[i]; /* BUG: late_write */
    y[0] = sum;
}

cudaError_t late_write(bool bug)
{
    float *part = static_cast<float *>(device_unwritten(kBlocks * sizeof(float)));
    unsigned *ticket = device_counters(1);
    float *y = device_floats(1);
    const cudaError_t error = launch(late_write_kernel, kBlocks, kThreads, 0, part, ticket, y, bug);
    device_free(part);
    device_free(ticket);
    device_free(y);
    return error;
}

// The blocks take their tickets at different counters: nothing is handed over.
__global__ void other_ticket_kernel(float *part, unsigned *tickets, float *y, bool bug)
{
    if (threadIdx.x != 0) return;
    part[blockIdx.x] = 1.0F; /* BUG: other_ticket */
    __threadfence();
    unsigned *own = tickets + (bug ? blockIdx.x : 0);
    const bool last = bug ? blockIdx.x == gridDim.x - 1 : atomicAdd(own, 1U) == gridDim.x - 1;
    if (bug) atomicAdd(own, 1U);
    __threadfence();
    if (!last) return;
    float sum = 0.0F;
    for (int i = 0; i < kBlocks; i++)
        sum += part[i]; /* BUG: other_ticket */
    y[0] = sum;
}

cudaError_t other_ticket(bool bug)
{
    float *part = device_floats(kBlocks);
    unsigned *tickets = device_counters(kBlocks);
    float *y = device_floats(1);
    const cudaError_t error =
        launch(other_ticket_kernel, kBlocks, kThreads, 0, part, tickets, y, bug);
    device_free(part);
    device_free(tickets);
    device_free(y);
    return error;
}

constexpr int kRace = SIMCUDA_RACECHECK;

const Planted cases[] = {
    {"parts", last_block<kFenceBefore>, kNothing, kNothing, kRace},
    {"parts", last_block<kFenceAfter>, kNothing, kNothing, kRace},
    {"parts", last_block<kBarrierBefore>, kNothing, kNothing, kRace},
    {"barrier_after", last_block<kBarrierAfter>, kNothing, kNothing, SIMCUDA_RACECHECK},
    {"own_fence", own_fence, kNothing, kNothing, kRace},
    {"late_write", late_write, kNothing, kNothing, kRace},
    {"other_ticket", other_ticket, kNothing, kNothing, kRace},
};

} // namespace

PlantedList planted_handovers()
{
    return list(cases);
}
