/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Events of the simulated device. */
#include "sim_support.h"

enum { N = 100 };

Test(sim_events, never_recorded)
{
    cudaEvent_t event;
    cudaStream_t stream;
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(cudaEventCreate(&event));
    CUDA(cudaEventQuery(event));
    CUDA(cudaEventSynchronize(event));
    CUDA(cudaStreamWaitEvent(stream, event, 0));
    CUDA(cudaStreamSynchronize(stream));
    CUDA(cudaEventDestroy(event));
    CUDA(cudaStreamDestroy(stream));
}

Test(sim_events, query_and_time)
{
    const float zeros[N] = {0};
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        float *x = device_floats(zeros, N);
        float milliseconds = -1;
        cudaEvent_t start, end;
        cudaStream_t stream;
        CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        CUDA(cudaEventCreate(&start));
        CUDA(cudaEventCreate(&end));
        CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&milliseconds, start, end));
        CUDA(cudaEventRecord(start, stream));
        for (int i = 0; i < 3; i++)
            CUDA(sim_add(x, 1, N, stream));
        CUDA(cudaEventRecord(end, stream));
        if (mode != SIMCUDA_EAGER)
            CUDA_FAILS(cudaErrorNotReady, cudaEventElapsedTime(&milliseconds, start, end));
        int waits = 0;
        while (cudaEventQuery(end) == cudaErrorNotReady && waits < 100)
            waits++;
        cr_expect_eq(waits > 0, mode != SIMCUDA_EAGER);
        cudaGetLastError();
        CUDA(cudaEventElapsedTime(&milliseconds, start, end));
        cr_expect(milliseconds >= 0 && milliseconds < 60000);
        /* The query that found the event complete is as good as a wait. */
        float got[N];
        CUDA(cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost));
        cr_expect_eq(got[0], 3);
        CUDA(cudaEventDestroy(start));
        CUDA(cudaEventDestroy(end));
        CUDA(cudaStreamDestroy(stream));
        CUDA(cudaFree(x));
    }
    cr_expect_eq(all_reports(), 0);
}

/* Waiting waits for what was recorded, not for what came later. */
Test(sim_events, later_work_is_not_awaited)
{
    simcuda_configuration()->streams = SIMCUDA_LAZY;
    const float zeros[N] = {0};
    float *x = device_floats(zeros, N);
    cudaEvent_t event;
    cudaStream_t stream;
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    const int64_t before = simcuda_kernels_run();
    CUDA(sim_add(x, 1, N, stream));
    CUDA(cudaEventRecord(event, stream));
    CUDA(sim_add(x, 1, N, stream));
    CUDA(cudaEventSynchronize(event));
    cr_expect_eq(simcuda_kernels_run() - before, 1);
    CUDA(cudaStreamSynchronize(stream));
    cr_expect_eq(simcuda_kernels_run() - before, 2);
    CUDA(cudaEventDestroy(event));
    CUDA(cudaStreamDestroy(stream));
    CUDA(cudaFree(x));
}

Test(sim_events, handles)
{
    cudaEvent_t event = NULL;
    float milliseconds = 0;
    CUDA_FAILS(cudaErrorInvalidValue, cudaEventCreate(NULL));
    CUDA_FAILS(cudaErrorInvalidValue, cudaEventCreateWithFlags(&event, 64));
    CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    CUDA(cudaEventRecord(event, NULL));
    CUDA(cudaEventSynchronize(event));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaEventElapsedTime(&milliseconds, event, event));
    CUDA(cudaEventDestroy(event));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaEventDestroy(event));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaEventRecord(event, NULL));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaStreamWaitEvent(NULL, event, 0));
    cr_expect_eq(simcuda_live_objects(), 0);
}
