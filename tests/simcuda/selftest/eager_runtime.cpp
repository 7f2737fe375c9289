// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the executor need of the CUDA runtime: launches that run at once, and memory.

#include "executor.h"
#include "planted.h"
#include "shadow.h"

#include <algorithm>
#include <cuda_runtime_api.h>

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *function,
                                void **arguments)
{
    simcuda::Kernel *kernel = simcuda::find_kernel(function);
    if (kernel == nullptr) return cudaErrorInvalidDeviceFunction;
    const simcuda::LaunchShape shape = {config->gridDim, config->blockDim, config->dynamicSmemBytes,
                                        0};
    const cudaError_t error = simcuda::check_launch(*kernel, shape);
    if (error != cudaSuccess) return error;
    const auto captured = simcuda::capture_arguments(*kernel, arguments);
    return simcuda::run_launch(*kernel, captured.get(), shape);
}

cudaError_t cudaLaunchKernel(const void *function, dim3 grid, dim3 block, void **arguments,
                             size_t shared, cudaStream_t stream)
{
    cudaLaunchConfig_t config = {};
    config.gridDim = grid;
    config.blockDim = block;
    config.dynamicSmemBytes = shared;
    config.stream = stream;
    return cudaLaunchKernelExC(&config, function, arguments);
}

cudaError_t cudaFuncSetAttribute(const void *function, cudaFuncAttribute attribute, int value)
{
    simcuda::Kernel *kernel = simcuda::find_kernel(function);
    if (kernel == nullptr) return cudaErrorInvalidDeviceFunction;
    if (attribute != cudaFuncAttributeMaxDynamicSharedMemorySize) return cudaErrorInvalidValue;
    kernel->dynamic_shared_limit = static_cast<size_t>(value);
    return cudaSuccess;
}

float *device_floats(size_t n)
{
    void *memory = device_unwritten(n * sizeof(float));
    // 0x3f3f3f3f is 0.747; what counts is that it is no NaN.
    simcuda::fill_bytes(memory, 0x3f, n * sizeof(float));
    simcuda::mark_initialised(memory, n * sizeof(float));
    return static_cast<float *>(memory);
}

unsigned *device_counters(size_t n)
{
    void *memory = device_unwritten(n * sizeof(unsigned));
    simcuda::fill_bytes(memory, 0, n * sizeof(unsigned));
    simcuda::mark_initialised(memory, n * sizeof(unsigned));
    return static_cast<unsigned *>(memory);
}

void *device_unwritten(size_t bytes)
{
    return simcuda::allocate(0, bytes);
}

void device_free(void *memory)
{
    simcuda::release(memory);
}
