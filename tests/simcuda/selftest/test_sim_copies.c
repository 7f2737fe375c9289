/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Copies, fills and allocations of the simulated device. */
#include "sim_support.h"

#include <stdlib.h>
#include <string.h>

enum { N = 64 };

/* When the source of an asynchronous copy is read. */
static float copied_value(float *source, cudaStream_t stream)
{
    float got[N];
    void *x = NULL;
    CUDA(cudaMalloc(&x, sizeof got));
    for (int i = 0; i < N; i++)
        source[i] = 1;
    CUDA(cudaMemcpyAsync(x, source, sizeof got, cudaMemcpyHostToDevice, stream));
    for (int i = 0; i < N; i++)
        source[i] = 2;
    CUDA(cudaMemcpyAsync(got, x, sizeof got, cudaMemcpyDeviceToHost, stream));
    CUDA(cudaFree(x));
    return got[N - 1];
}

Test(sim_copies, pageable_is_read_at_once_and_pinned_late)
{
    cudaStream_t stream;
    float pageable[N];
    void *pinned = NULL;
    float *registered = malloc(N * sizeof *registered);
    /* Writing to pinned memory that a copy still reads is a bug, and is reported as one. */
    simcuda_reports_expected(true);
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(cudaMallocHost(&pinned, N * sizeof(float)));
    CUDA(cudaHostRegister(registered, N * sizeof *registered, cudaHostRegisterDefault));
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        const float late = mode == SIMCUDA_EAGER ? 1 : 2;
        cr_expect_eq(copied_value(pageable, stream), 1);
        cr_expect_eq(all_reports(), 0);
        cr_expect_eq(copied_value(pinned, stream), late);
        if (FINDS_RACES) cr_expect_gt(reports_of(SIMCUDA_STREAMCHECK), 0);
        simcuda_reports_clear();
        cr_expect_eq(copied_value(registered, stream), late);
    }
    CUDA(cudaHostUnregister(registered));
    CUDA(cudaFreeHost(pinned));
    CUDA(cudaStreamDestroy(stream));
    free(registered);
    cr_expect_eq(simcuda_live_objects(), 0);
    cr_expect_eq(simcuda_live_bytes(), 0);
}

/* A copy to pinned memory has not run when the call returns. */
Test(sim_copies, to_pinned_memory)
{
    simcuda_reports_expected(true);
    simcuda_configuration()->streams = SIMCUDA_LAZY;
    const float ones[1] = {1};
    cudaStream_t stream;
    void *pinned = NULL;
    float *x = device_floats(ones, 1);
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(cudaHostAlloc(&pinned, sizeof(float), cudaHostAllocDefault));
    volatile float *host = pinned;
    *host = 5;
    CUDA(cudaMemcpyAsync(pinned, x, sizeof *x, cudaMemcpyDeviceToHost, stream));
    const float before = *host;
    CUDA(cudaStreamSynchronize(stream));
    cr_expect_eq(before, 5);
    cr_expect_eq(*host, 1);
    /* The race variant knows that the host looked too early. */
    if (FINDS_RACES) cr_expect_gt(reports_of(SIMCUDA_STREAMCHECK), 0);
    simcuda_reports_clear();
    CUDA(cudaFreeHost(pinned));
    CUDA(cudaFree(x));
    CUDA(cudaStreamDestroy(stream));
}

Test(sim_copies, directions_and_bounds)
{
    float host[N] = {0};
    void *x = NULL, *y = NULL;
    CUDA(cudaMalloc(&x, sizeof host));
    CUDA(cudaMalloc(&y, sizeof host));
    CUDA(cudaMemset(x, 0, sizeof host));
    CUDA(cudaMemcpy(y, x, sizeof host, cudaMemcpyDefault));
    CUDA(cudaMemcpy(host, y, sizeof host, cudaMemcpyDefault));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemcpy(x, host, sizeof host, cudaMemcpyDeviceToHost));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemcpy(host, x, sizeof host, cudaMemcpyHostToDevice));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemcpy(host, x, sizeof host, cudaMemcpyHostToHost));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemcpy(x, host, sizeof host, cudaMemcpyDeviceToDevice));
    CUDA_FAILS(cudaErrorInvalidMemcpyDirection,
               cudaMemcpy(x, host, sizeof host, (enum cudaMemcpyKind)9));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemcpy(x, y, sizeof host + 1, cudaMemcpyDeviceToDevice));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemset((char *)x + 4, 0, sizeof host));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMemset(host, 0, sizeof host));
    CUDA(cudaMemcpy(NULL, NULL, 0, cudaMemcpyDefault));
    CUDA(cudaFree(x));
    CUDA(cudaFree(y));
    cr_expect_eq(all_reports(), 0);
}

Test(sim_copies, reads_of_what_nobody_wrote)
{
    simcuda_reports_expected(true);
    float got[N];
    void *x = NULL;
    CUDA(cudaMalloc(&x, sizeof got));
    CUDA(cudaMemset(x, 0, sizeof got - 4));
    CUDA(cudaMemcpy(got, x, sizeof got - 4, cudaMemcpyDeviceToHost));
    cr_expect_eq(all_reports(), 0);
    CUDA(cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost));
    if (FINDS_RACES) cr_expect_gt(reports_of(SIMCUDA_INITCHECK), 0);
    CUDA(cudaFree(x));
    simcuda_reports_clear();
}

/* The host touches device memory itself: no call does that. */
Test(sim_copies, host_access)
{
#if FINDS_RACES
    simcuda_reports_expected(true);
    const float ones[2] = {1, 1};
    float *volatile x = device_floats(ones, 2);
    *x = 3;
    cr_expect_gt(reports_of(SIMCUDA_HOSTCHECK), 0);
    simcuda_reports_clear();
    CUDA(cudaFree(x));
#endif
}

Test(sim_copies, memory_is_limited)
{
    const size_t limit = 1 << 20;
    simcuda_configuration()->memory = limit;
    void *x = NULL, *y = NULL;
    size_t available = 0, total = 0;
    CUDA(cudaMalloc(&x, limit / 2));
    CUDA(cudaMemGetInfo(&available, &total));
    cr_expect_eq(total, limit);
    cr_expect_leq(available, limit / 2);
    y = x;
    CUDA_FAILS(cudaErrorMemoryAllocation, cudaMalloc(&y, limit / 2 + 1));
    cr_expect_null(y);
    CUDA(cudaFree(x));
    CUDA(cudaMalloc(&y, limit / 2 + 1));
    CUDA(cudaFree(y));
    cr_expect_eq(simcuda_live_bytes(), 0);
}

Test(sim_copies, bad_frees)
{
    int here = 0;
    void *x = NULL;
    CUDA(cudaMalloc(&x, 0));
    cr_expect_null(x);
    CUDA(cudaMalloc(&x, 100));
    CUDA(cudaFree(NULL));
    CUDA(cudaFreeHost(NULL));
    CUDA_FAILS(cudaErrorInvalidValue, cudaFree((char *)x + 4));
    CUDA_FAILS(cudaErrorInvalidValue, cudaFree(&here));
    CUDA_FAILS(cudaErrorInvalidValue, cudaFreeHost(x));
    CUDA(cudaFree(x));
    CUDA_FAILS(cudaErrorInvalidValue, cudaFree(x));
    CUDA_FAILS(cudaErrorInvalidValue, cudaMalloc(NULL, 4));
    CUDA(cudaHostRegister(&here, sizeof here, 0));
    CUDA_FAILS(cudaErrorHostMemoryAlreadyRegistered, cudaHostRegister(&here, sizeof here, 0));
    CUDA(cudaHostUnregister(&here));
    CUDA_FAILS(cudaErrorHostMemoryNotRegistered, cudaHostUnregister(&here));
}

/* The life of cudaMallocAsync's memory follows its stream. */
Test(sim_copies, stream_ordered_memory)
{
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        float got[N];
        void *x = NULL;
        cudaStream_t stream;
        CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        CUDA(cudaMallocAsync(&x, sizeof got, stream));
        CUDA(cudaMemsetAsync(x, 0, sizeof got, stream));
        CUDA(sim_add(x, 1, N, stream));
        CUDA(cudaMemcpyAsync(got, x, sizeof got, cudaMemcpyDeviceToHost, stream));
        CUDA(cudaFreeAsync(x, stream));
        CUDA(cudaStreamSynchronize(stream));
        cr_expect_eq(got[0], 1);
        cr_expect_eq(simcuda_live_bytes(), 0);
        CUDA(cudaStreamDestroy(stream));
    }
    cr_expect_eq(all_reports(), 0);
}

/* Freed on one stream while another, which nothing orders, still uses it. */
Test(sim_copies, stream_ordered_memory_freed_early)
{
#if FINDS_RACES
    simcuda_reports_expected(true);
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        simcuda_reports_clear();
        const float zeros[N] = {0};
        float *x = device_floats(zeros, N);
        cudaStream_t first, second;
        CUDA(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
        CUDA(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
        CUDA(sim_add(x, 1, N, first));
        CUDA(cudaFreeAsync(x, second));
        CUDA(cudaDeviceSynchronize());
        cr_expect_gt(all_reports(), 0, "mode %d", mode);
        CUDA(cudaStreamDestroy(first));
        CUDA(cudaStreamDestroy(second));
    }
    simcuda_reports_clear();
#endif
}

Test(sim_copies, pointer_attributes)
{
    int here = 0;
    void *x = NULL, *pinned = NULL;
    struct cudaPointerAttributes attributes;
    CUDA(cudaMalloc(&x, 8));
    CUDA(cudaMallocHost(&pinned, 8));
    CUDA(cudaPointerGetAttributes(&attributes, (char *)x + 4));
    cr_expect_eq(attributes.type, cudaMemoryTypeDevice);
    cr_expect_eq(attributes.device, 0);
    CUDA(cudaPointerGetAttributes(&attributes, pinned));
    cr_expect_eq(attributes.type, cudaMemoryTypeHost);
    CUDA(cudaPointerGetAttributes(&attributes, &here));
    cr_expect_eq(attributes.type, cudaMemoryTypeUnregistered);
    CUDA(cudaFree(x));
    CUDA(cudaFreeHost(pinned));
}
