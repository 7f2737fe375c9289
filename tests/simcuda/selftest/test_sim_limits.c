/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the simulated card is, and the limits that launches are held to. */
#include "sim_support.h"

#include <string.h>

typedef struct shape {
    unsigned grid[3], block[3];
    size_t shared;
    cudaError_t expected;
} shape;

static const shape shapes[] = {
    {{1, 1, 1}, {1024, 1, 1}, 0, cudaSuccess},
    {{1, 1, 1}, {1, 1024, 1}, 0, cudaSuccess},
    {{1, 1, 1}, {1, 1, 64}, 0, cudaSuccess},
    {{1, 1, 1}, {16, 1, 64}, 0, cudaSuccess},
    {{70000, 1, 1}, {1, 1, 1}, 0, cudaSuccess},
    {{1, 65535, 1}, {1, 1, 1}, 0, cudaSuccess},
    {{1, 1, 1}, {32, 1, 1}, 48 << 10, cudaSuccess},
    {{1, 1, 1}, {1025, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 1}, {2000, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 1}, {32, 33, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 1}, {1, 1, 65}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 1}, {0, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{0, 1, 1}, {1, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 65536, 1}, {1, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 65536}, {1, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{0x80000000U, 1, 1}, {1, 1, 1}, 0, cudaErrorInvalidConfiguration},
    {{1, 1, 1}, {32, 1, 1}, (48 << 10) + 1, cudaErrorInvalidValue},
};

static dim3 dimensions(const unsigned *n)
{
    const dim3 d = {n[0], n[1], n[2]};
    return d;
}

Test(sim_limits, launches)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        const shape *s = &shapes[i];
        const cudaError_t error =
            sim_nothing(dimensions(s->grid), dimensions(s->block), s->shared, NULL);
        cr_expect_eq(error, s->expected, "shape %zu: %s", i, cudaGetErrorName(error));
        cr_expect_eq(cudaGetLastError(), s->expected);
    }
    CUDA(cudaDeviceSynchronize());
}

Test(sim_limits, shared_memory_by_opt_in)
{
    const dim3 one = {1, 1, 1}, warp = {32, 1, 1};
    const int most = 227 << 10;
    struct cudaFuncAttributes attributes;
    CUDA_FAILS(cudaErrorInvalidValue, sim_allow_shared(most + 1));
    CUDA(sim_allow_shared(most));
    CUDA(sim_attributes(&attributes));
    cr_expect_eq(attributes.maxDynamicSharedSizeBytes, most);
    CUDA(sim_nothing(one, warp, (size_t)most, NULL));
    CUDA_FAILS(cudaErrorInvalidValue, sim_nothing(one, warp, (size_t)most + 1, NULL));
    CUDA(cudaDeviceSynchronize());
}

Test(sim_limits, unknown_kernel)
{
    const dim3 one = {1, 1, 1};
    struct cudaFuncAttributes attributes;
    CUDA_FAILS(cudaErrorInvalidDeviceFunction,
               cudaLaunchKernel(sim_unknown_kernel(), one, one, NULL, 0, NULL));
    CUDA_FAILS(cudaErrorInvalidDeviceFunction, cudaLaunchKernel(NULL, one, one, NULL, 0, NULL));
    CUDA_FAILS(cudaErrorInvalidDeviceFunction,
               cudaFuncGetAttributes(&attributes, sim_unknown_kernel()));
}

Test(sim_limits, device)
{
    int value = -1;
    struct cudaDeviceProp properties;
    char bus[20];
    CUDA(cudaGetDeviceCount(&value));
    cr_expect_eq(value, 1);
    CUDA(cudaGetDevice(&value));
    cr_expect_eq(value, 0);
    CUDA(cudaSetDevice(0));
    CUDA_FAILS(cudaErrorInvalidDevice, cudaSetDevice(1));
    CUDA_FAILS(cudaErrorInvalidDevice, cudaSetDevice(-1));
    CUDA(cudaGetDeviceProperties(&properties, 0));
    cr_expect(strstr(properties.name, "H100") != NULL);
    cr_expect_eq(properties.major, 9);
    cr_expect_eq(properties.multiProcessorCount, 132);
    CUDA_FAILS(cudaErrorInvalidDevice, cudaGetDeviceProperties(&properties, 1));
    CUDA(cudaDeviceGetAttribute(&value, cudaDevAttrMultiProcessorCount, 0));
    cr_expect_eq(value, properties.multiProcessorCount);
    CUDA(cudaDeviceGetAttribute(&value, cudaDevAttrMaxSharedMemoryPerBlockOptin, 0));
    cr_expect_eq(value, 227 << 10);
    CUDA_FAILS(cudaErrorInvalidValue,
               cudaDeviceGetAttribute(&value, (enum cudaDeviceAttr)100000, 0));
    CUDA(cudaDeviceGetPCIBusId(bus, sizeof bus, 0));
    CUDA(cudaRuntimeGetVersion(&value));
    cr_expect_eq(value, CUDART_VERSION);
    CUDA(cudaDriverGetVersion(&value));
    cr_expect_geq(value, CUDART_VERSION);
}

Test(sim_limits, two_devices)
{
    simcuda_configuration()->devices = 2;
    const dim3 one = {1, 1, 1};
    int device = 0;
    void *x = NULL;
    cudaStream_t stream;
    cudaEvent_t event;
    struct cudaPointerAttributes attributes;
    CUDA(cudaStreamCreate(&stream));
    CUDA(cudaSetDevice(1));
    CUDA(cudaMalloc(&x, 4));
    CUDA(cudaPointerGetAttributes(&attributes, x));
    cr_expect_eq(attributes.device, 1);
    CUDA(cudaEventCreate(&event));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, sim_nothing(one, one, 0, stream));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaEventRecord(event, stream));
    CUDA(sim_nothing(one, one, 0, NULL));
    CUDA(cudaEventRecord(event, NULL));
    CUDA(cudaStreamWaitEvent(stream, event, 0));
    CUDA(cudaDeviceSynchronize());
    CUDA(cudaSetDevice(0));
    CUDA(cudaDeviceSynchronize());
    CUDA(cudaFree(x));
    CUDA(cudaEventDestroy(event));
    CUDA(cudaStreamDestroy(stream));
    CUDA(cudaGetDevice(&device));
    cr_expect_eq(device, 0);
}

Test(sim_limits, occupancy)
{
    const dim3 one = {1, 1, 1};
    int blocks = 0;
    CUDA(sim_nothing(one, one, 0, NULL));
    CUDA(cudaDeviceSynchronize());
    CUDA_FAILS(cudaErrorInvalidDeviceFunction, cudaOccupancyMaxActiveBlocksPerMultiprocessor(
                                                   &blocks, sim_unknown_kernel(), 256, 0));
}

/* Without a driver no call succeeds, and nothing is written. */
Test(sim_limits, no_driver)
{
    simcuda_configuration()->driver = false;
    int value = -1;
    void *x = &value;
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaGetDeviceCount(&value));
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaGetDevice(&value));
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaSetDevice(0));
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaMalloc(&x, 4));
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaFree(NULL));
    CUDA_FAILS(cudaErrorInsufficientDriver, cudaDeviceSynchronize());
    cr_expect_eq(value, -1);
    cr_expect_eq(x, &value);
    cr_expect_eq(cudaDriverGetVersion(&value), cudaSuccess);
    cr_expect_eq(value, 0);
    cr_expect_eq(cudaRuntimeGetVersion(&value), cudaSuccess);
    cr_expect_eq(value, CUDART_VERSION);
    cr_expect_neq(strlen(cudaGetErrorString(cudaErrorInsufficientDriver)), 0);
    cupel_lt_table lt;
    cublasLtHandle_t handle = NULL;
    simcuda_fill_lt(&lt);
    cr_expect_eq(lt.create(&handle), CUBLAS_STATUS_NOT_INITIALIZED);
}

Test(sim_limits, no_device)
{
    simcuda_configuration()->devices = 0;
    int value = -1;
    CUDA_FAILS(cudaErrorNoDevice, cudaGetDeviceCount(&value));
    CUDA_FAILS(cudaErrorNoDevice, cudaSetDevice(0));
    cr_expect_eq(cudaDriverGetVersion(&value), cudaSuccess);
    cr_expect_gt(value, 0);
}
