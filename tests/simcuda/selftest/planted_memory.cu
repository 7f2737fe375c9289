// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// Kernels that touch what they may not: outside of memory, before it is written, misaligned.
#include "planted.cuh"

namespace
{

constexpr int kThreads = 64;

__global__ void past_end_kernel(float *y, int n)
{
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    if (i < n) y[i] = 1.0F; /* BUG: past_end */
}

cudaError_t past_end(bool bug)
{
    float *y = device_floats(100);
    const cudaError_t error = launch(past_end_kernel, 2, kThreads, 0, y, bug ? 101 : 100);
    device_free(y);
    return error;
}

__global__ void no_guard_kernel(const float *x, float *y, int n, bool bug)
{
    const int i = blockIdx.x * blockDim.x + threadIdx.x;
    float value = 0.0F;
    if (bug || i < n) value = x[i]; /* BUG: no_guard */
    if (i < n) y[i] = value;
}

cudaError_t no_guard(bool bug)
{
    float *x = device_floats(100);
    float *y = device_floats(100);
    const cudaError_t error = launch(no_guard_kernel, 2, kThreads, 0, x, y, 100, bug);
    device_free(x);
    device_free(y);
    return error;
}

__global__ void atomic_past_end_kernel(unsigned *counter, int i)
{
    atomicAdd(counter + i, 1U); /* BUG: atomic_past_end */
}

cudaError_t atomic_past_end(bool bug)
{
    unsigned *counter = device_counters(8);
    const cudaError_t error = launch(atomic_past_end_kernel, 2, kThreads, 0, counter, bug ? 8 : 7);
    device_free(counter);
    return error;
}

__global__ void after_free_kernel(float *y)
{
    y[threadIdx.x] = 1.0F; /* BUG: after_free */
}

cudaError_t after_free(bool bug)
{
    float *y = device_floats(kThreads);
    if (bug) device_free(y);
    const cudaError_t error = launch(after_free_kernel, 1, kThreads, 0, y);
    if (!bug) device_free(y);
    return error;
}

__global__ void static_overrun_kernel(float *y, int shift)
{
    __shared__ float tile[8][33];
    tile[threadIdx.y + shift][threadIdx.x] = 1.0F; /* BUG: static_overrun */
    __syncthreads();
    if (threadIdx.y == 0) y[threadIdx.x] = tile[shift][threadIdx.x];
}

cudaError_t static_overrun(bool bug)
{
    float *y = device_floats(32);
    const cudaError_t error = launch(static_overrun_kernel, 1, dim3(32, 8), 0, y, bug ? 1 : 0);
    device_free(y);
    return error;
}

// The size of the array is out of the compiler's sight.
__global__ void static_overrun_hidden_kernel(float *y, int shift)
{
    __shared__ float tile[kThreads];
    float *volatile hidden = tile;
    hidden[threadIdx.x + shift] = 1.0F; /* BUG: static_overrun_hidden */
    __syncthreads();
    y[threadIdx.x] = tile[(threadIdx.x + shift) % kThreads];
}

cudaError_t static_overrun_hidden(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error =
        launch(static_overrun_hidden_kernel, 1, kThreads - 1, 0, y, bug ? 2 : 0);
    device_free(y);
    return error;
}

__global__ void dynamic_overrun_kernel(float *y, int shift)
{
    DYN_SHARED(float, tile);
    tile[threadIdx.x + shift] = 1.0F; /* BUG: dynamic_overrun */
    __syncthreads();
    y[threadIdx.x] = tile[threadIdx.x + shift];
}

cudaError_t dynamic_overrun(bool bug)
{
    float *y = device_floats(kThreads);
    const cudaError_t error =
        launch(dynamic_overrun_kernel, 1, kThreads, kThreads * sizeof(float), y, bug ? 1 : 0);
    device_free(y);
    return error;
}

__global__ void unwritten_global_kernel(const float *x, float *y)
{
    y[threadIdx.x] = x[threadIdx.x]; /* BUG: unwritten_global */
}

cudaError_t unwritten_global(bool bug)
{
    float *x = bug ? static_cast<float *>(device_unwritten(kThreads * sizeof(float)))
                   : device_floats(kThreads);
    float *y = static_cast<float *>(device_unwritten(kThreads * sizeof(float)));
    const cudaError_t error = launch(unwritten_global_kernel, 1, kThreads, 0, x, y);
    device_free(x);
    device_free(y);
    return error;
}

__global__ void unwritten_static_kernel(float *y, int n)
{
    __shared__ float tile[kThreads];
    if (static_cast<int>(threadIdx.x) < n) tile[threadIdx.x] = 1.0F;
    __syncthreads();
    float *own = y + blockIdx.x * kThreads;
    own[threadIdx.x] = tile[kThreads - 1 - threadIdx.x]; /* BUG: unwritten_static */
}

cudaError_t unwritten_static(bool bug)
{
    float *y = device_floats(2 * kThreads);
    // A first launch leaves its values behind, as on a card.
    launch(unwritten_static_kernel, 1, kThreads, 0, y, kThreads);
    const cudaError_t error =
        launch(unwritten_static_kernel, 2, kThreads, 0, y, bug ? kThreads - 1 : kThreads);
    device_free(y);
    return error;
}

__global__ void unwritten_dynamic_kernel(float *y, int n)
{
    DYN_SHARED(float, tile);
    if (static_cast<int>(threadIdx.x) < n) tile[threadIdx.x] = 1.0F;
    __syncthreads();
    y[blockIdx.x * kThreads + threadIdx.x] = tile[threadIdx.x]; /* BUG: unwritten_dynamic */
}

cudaError_t unwritten_dynamic(bool bug)
{
    float *y = device_floats(2 * kThreads);
    const cudaError_t error = launch(unwritten_dynamic_kernel, 2, kThreads,
                                     kThreads * sizeof(float), y, bug ? 1 : kThreads);
    device_free(y);
    return error;
}

__global__ void unwritten_ticket_kernel(unsigned *ticket)
{
    atomicAdd(ticket, 1U); /* BUG: unwritten_ticket */
}

cudaError_t unwritten_ticket(bool bug)
{
    void *ticket = bug ? device_unwritten(sizeof(unsigned)) : device_counters(1);
    const cudaError_t error =
        launch(unwritten_ticket_kernel, 1, kThreads, 0, static_cast<unsigned *>(ticket));
    device_free(ticket);
    return error;
}

__global__ void misaligned_kernel(const float *x, float *y)
{
    const float4 v = *reinterpret_cast<const float4 *>(x + 4 * threadIdx.x); /* BUG: misaligned */
    y[threadIdx.x] = v.x + v.y + v.z + v.w;
}

cudaError_t misaligned(bool bug)
{
    float *x = device_floats(4 * kThreads + 4);
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(misaligned_kernel, 1, kThreads, 0, x + (bug ? 1 : 0), y);
    device_free(x);
    device_free(y);
    return error;
}

__global__ void wild_kernel(float *y)
{
    y[threadIdx.x] = 1.0F; /* BUG: wild */
}

cudaError_t wild(bool bug)
{
    float *y = device_floats(kThreads);
    float *volatile nowhere = reinterpret_cast<float *>(uintptr_t{0x1000});
    const cudaError_t error = launch(wild_kernel, 1, kThreads, 0, bug ? nowhere : y);
    device_free(y);
    return error;
}

__global__ void host_pointer_kernel(const float *x, float *y)
{
    y[threadIdx.x] = x[threadIdx.x]; /* BUG: host_pointer */
}

cudaError_t host_pointer(bool bug)
{
    float *host = new float[kThreads]();
    float *x = device_floats(kThreads);
    float *y = device_floats(kThreads);
    const cudaError_t error = launch(host_pointer_kernel, 1, kThreads, 0, bug ? host : x, y);
    device_free(x);
    device_free(y);
    delete[] host;
    return error;
}

__device__ __attribute__((noinline)) float deep(float *y, int depth)
{                               /* BUG: deep_stack */
    volatile float frame[1024]; /* BUG: deep_stack */
    frame[depth % 1024] = y[0]; /* BUG: deep_stack */
    if (depth == 0) return frame[0];
    return deep(y, depth - 1) + frame[depth % 1024]; /* BUG: deep_stack */
}

__global__ void deep_stack_kernel(float *y, int depth)
{
    y[0] = deep(y, depth);
}

cudaError_t deep_stack(bool bug)
{
    float *y = device_floats(1);
    const cudaError_t error = launch(deep_stack_kernel, 1, 1, 0, y, bug ? 1000 : 3);
    device_free(y);
    return error;
}

__global__ void too_much_shared_kernel(float *y)
{
    __shared__ float big[8192]; // 32 KiB
    DYN_SHARED(float, tile);
    for (int i = threadIdx.x; i < 8192; i += blockDim.x)
        big[i] = 1.0F; /* BUG: too_much_shared */
    tile[threadIdx.x] = 1.0F;
    __syncthreads();
    y[threadIdx.x] = big[8191 - threadIdx.x] + tile[threadIdx.x];
}

cudaError_t too_much_shared(bool bug)
{
    float *y = device_floats(kThreads);
    const size_t dynamic = (bug ? 20 : 16) << 10;
    const cudaError_t error = launch(too_much_shared_kernel, 1, kThreads, dynamic, y);
    device_free(y);
    return error;
}

const Planted cases[] = {
    {"past_end", past_end, kNothing, SIMCUDA_ADDRESS, SIMCUDA_MEMCHECK},
    {"no_guard", no_guard, kNothing, SIMCUDA_ADDRESS, SIMCUDA_MEMCHECK},
    {"atomic_past_end", atomic_past_end, kNothing, SIMCUDA_ADDRESS, SIMCUDA_MEMCHECK},
    {"after_free", after_free, kNothing, SIMCUDA_ADDRESS, SIMCUDA_MEMCHECK},
    {"static_overrun", static_overrun, kNothing, SIMCUDA_UNDEFINED, SIMCUDA_UNDEFINED},
    {"static_overrun_hidden", static_overrun_hidden, kNothing, SIMCUDA_ADDRESS, kNothing},
    {"dynamic_overrun", dynamic_overrun, SIMCUDA_MEMCHECK, SIMCUDA_ADDRESS, SIMCUDA_MEMCHECK},
    {"unwritten_global", unwritten_global, kNothing, kNothing, SIMCUDA_INITCHECK},
    {"unwritten_static", unwritten_static, kNothing, kNothing, SIMCUDA_INITCHECK},
    {"unwritten_dynamic", unwritten_dynamic, kNothing, kNothing, SIMCUDA_INITCHECK},
    {"unwritten_ticket", unwritten_ticket, kNothing, kNothing, SIMCUDA_INITCHECK},
    {"misaligned", misaligned, kNothing, SIMCUDA_ALIGNCHECK, SIMCUDA_ALIGNCHECK},
    {"wild", wild, SIMCUDA_MEMCHECK, SIMCUDA_MEMCHECK, SIMCUDA_MEMCHECK},
    {"host_pointer", host_pointer, kNothing, kNothing, SIMCUDA_HOSTCHECK},
    {"deep_stack", deep_stack, SIMCUDA_LIMITCHECK, SIMCUDA_LIMITCHECK, SIMCUDA_LIMITCHECK},
    {"too_much_shared", too_much_shared, kNothing, kNothing, SIMCUDA_LIMITCHECK},
};

} // namespace

PlantedList planted_memory()
{
    return list(cases);
}
