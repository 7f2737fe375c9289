/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "sim_kernels.h"

#include <cuda_runtime.h>

namespace
{

__global__ void add_kernel(float *x, float value, int n)
{
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) x[i] += value;
}

__global__ void copy_add_kernel(float *to, const float *from, float value, int n)
{
    const int i = static_cast<int>(blockIdx.x * blockDim.x + threadIdx.x);
    if (i < n) to[i] = from[i] + value;
}

/* The real header cannot launch a kernel without parameters in pedantic C++. */
__global__ void nothing_kernel(int)
{
}

__global__ void deadlock_kernel(int)
{
    if (threadIdx.x < 16)
        __syncthreads();
    else
        __syncwarp();
}

__global__ void unknown_kernel()
{
}

template <class... P, class... A>
cudaError_t start(void (*kernel)(P...), dim3 grid, dim3 block, size_t shared, cudaStream_t stream,
                  A... arguments)
{
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared;
    config.stream = stream;
    return cudaLaunchKernelEx(&config, kernel, static_cast<P>(arguments)...);
}

unsigned blocks(int n)
{
    return static_cast<unsigned>((n + 63) / 64);
}

} // namespace

extern "C" cudaError_t sim_add(float *x, float value, int n, cudaStream_t stream)
{
    return start(add_kernel, blocks(n), 64, 0, stream, x, value, n);
}

extern "C" cudaError_t sim_copy_add(float *to, const float *from, float value, int n,
                                    cudaStream_t stream)
{
    return start(copy_add_kernel, blocks(n), 64, 0, stream, to, from, value, n);
}

extern "C" cudaError_t sim_nothing(dim3 grid, dim3 block, size_t shared, cudaStream_t stream)
{
    return start(nothing_kernel, grid, block, shared, stream, 0);
}

extern "C" cudaError_t sim_allow_shared(int bytes)
{
    return cudaFuncSetAttribute(nothing_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, bytes);
}

extern "C" cudaError_t sim_attributes(cudaFuncAttributes *attributes)
{
    return cudaFuncGetAttributes(attributes, nothing_kernel);
}

extern "C" cudaError_t sim_deadlock(cudaStream_t stream)
{
    return start(deadlock_kernel, 1, 32, 0, stream, 0);
}

extern "C" const void *sim_unknown_kernel(void)
{
    return reinterpret_cast<const void *>(unknown_kernel);
}
