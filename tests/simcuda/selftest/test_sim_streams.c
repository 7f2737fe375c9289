/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Streams of the simulated device: what orders operations, in every mode of running them. */
#include "sim_support.h"

#include <pthread.h>
#include <stdlib.h>

enum { N = 300 };

/* Two streams, one after the other by an event or by nothing: whether the numbers are right. */
static bool run_two_streams(bool with_event)
{
    float zeros[N] = {0};
    float *x = device_floats(zeros, N);
    float *y = device_floats(zeros, N);
    float got[N];
    cudaStream_t first, second;
    cudaEvent_t event;
    CUDA(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
    CUDA(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));

    CUDA(sim_add(x, 1, N, first));
    if (with_event) {
        CUDA(cudaEventRecord(event, first));
        CUDA(cudaStreamWaitEvent(second, event, 0));
    }
    CUDA(sim_copy_add(y, x, 10, N, second));
    CUDA(cudaMemcpyAsync(got, y, sizeof got, cudaMemcpyDeviceToHost, second));
    CUDA(cudaStreamSynchronize(second));
    bool right = true;
    for (int i = 0; i < N; i++)
        right = right && got[i] == 11;

    CUDA(cudaDeviceSynchronize());
    CUDA(cudaEventDestroy(event));
    CUDA(cudaStreamDestroy(first));
    CUDA(cudaStreamDestroy(second));
    CUDA(cudaFree(x));
    CUDA(cudaFree(y));
    return right;
}

Test(sim_streams, missing_event)
{
    simcuda_reports_expected(true);
    int wrong = 0;
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        simcuda_reports_clear();
        wrong += !run_two_streams(false);
        if (FINDS_RACES) cr_expect_gt(reports_of(SIMCUDA_STREAMCHECK), 0, "mode %d", mode);
    }
    cr_expect_gt(wrong, 0);
    simcuda_reports_clear();
}

Test(sim_streams, event_orders)
{
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        for (uint64_t seed = 1; seed <= 5; seed++) {
            simcuda_configuration()->seed = seed;
            cr_expect(run_two_streams(true), "mode %d", mode);
        }
    }
    cr_expect_eq(all_reports(), 0);
}

/* An event that is complete still hands over its order. */
Test(sim_streams, complete_event_orders)
{
    const float zeros[N] = {0};
    float *x = device_floats(zeros, N);
    cudaStream_t first, second;
    cudaEvent_t event;
    CUDA(cudaStreamCreateWithFlags(&first, cudaStreamNonBlocking));
    CUDA(cudaStreamCreateWithFlags(&second, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&event, cudaEventDisableTiming));
    CUDA(sim_add(x, 1, N, first));
    CUDA(cudaEventRecord(event, first));
    CUDA(cudaStreamWaitEvent(second, event, 0));
    CUDA(sim_add(x, 1, N, second));
    CUDA(cudaDeviceSynchronize());
    cr_expect_eq(all_reports(), 0);
    CUDA(cudaEventDestroy(event));
    CUDA(cudaStreamDestroy(first));
    CUDA(cudaStreamDestroy(second));
    CUDA(cudaFree(x));
}

/* The host has not waited for the kernel of a stream that does not wait for the legacy one. */
Test(sim_streams, missing_synchronisation)
{
    simcuda_reports_expected(true);
    const float zeros[N] = {0};
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        for (int flags = 0; flags < 2; flags++) {
            simcuda_reports_clear();
            float got[N];
            float *x = device_floats(zeros, N);
            cudaStream_t stream;
            CUDA(cudaStreamCreateWithFlags(&stream,
                                           flags ? cudaStreamNonBlocking : cudaStreamDefault));
            CUDA(sim_add(x, 1, N, stream));
            CUDA(cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost));
            if (flags == 0) cr_expect_eq(got[N - 1], 1);
            CUDA(cudaDeviceSynchronize());
            if (FINDS_RACES)
                cr_expect_eq(reports_of(SIMCUDA_STREAMCHECK) > 0, flags == 1, "mode %d", mode);
            CUDA(cudaStreamDestroy(stream));
            CUDA(cudaFree(x));
        }
    }
    simcuda_reports_clear();
}

/* Work of a blocking stream comes after earlier work of the legacy stream, and the other way round.
 */
Test(sim_streams, legacy_stream_orders)
{
    const float zeros[N] = {0};
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        float got[N];
        float *x = device_floats(zeros, N);
        cudaStream_t first, second;
        CUDA(cudaStreamCreate(&first));
        CUDA(cudaStreamCreate(&second));
        CUDA(sim_add(x, 1, N, first));
        CUDA(sim_add(x, 1, N, NULL));
        CUDA(sim_add(x, 1, N, second));
        CUDA(sim_add(x, 1, N, cudaStreamLegacy));
        CUDA(cudaMemcpyAsync(got, x, sizeof got, cudaMemcpyDeviceToHost, first));
        cr_expect_eq(got[0], 4, "mode %d: %g", mode, (double)got[0]);
        CUDA(cudaStreamDestroy(first));
        CUDA(cudaStreamDestroy(second));
        CUDA(cudaFree(x));
    }
    cr_expect_eq(all_reports(), 0);
}

Test(sim_streams, query_makes_progress)
{
    const float zeros[N] = {0};
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        float *x = device_floats(zeros, N);
        cudaStream_t stream;
        CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        for (int i = 0; i < 5; i++)
            CUDA(sim_add(x, 1, N, stream));
        int waits = 0;
        cudaError_t error = cudaStreamQuery(stream);
        for (; error == cudaErrorNotReady && waits < 100; waits++)
            error = cudaStreamQuery(stream);
        CUDA(error);
        cr_expect_eq(waits > 0, mode != SIMCUDA_EAGER);
        CUDA(cudaStreamDestroy(stream));
        CUDA(cudaFree(x));
    }
}

/* What a destroyed stream was given is still done. */
Test(sim_streams, destroyed_with_work)
{
    const float zeros[N] = {0};
    simcuda_configuration()->streams = SIMCUDA_LAZY;
    float got[N];
    float *x = device_floats(zeros, N);
    cudaStream_t stream;
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(sim_add(x, 1, N, stream));
    CUDA(cudaStreamDestroy(stream));
    CUDA(cudaDeviceSynchronize());
    CUDA(cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost));
    cr_expect_eq(got[0], 1);
    cr_expect_eq(all_reports(), 0);
    CUDA(cudaFree(x));
}

Test(sim_streams, handles)
{
    cudaStream_t stream = NULL;
    int least = 0, greatest = 0, priority = 1;
    unsigned flags = 7;
    CUDA(cudaDeviceGetStreamPriorityRange(&least, &greatest));
    cr_expect_lt(greatest, least);
    CUDA(cudaStreamCreateWithPriority(&stream, cudaStreamNonBlocking, greatest - 10));
    CUDA(cudaStreamGetPriority(stream, &priority));
    cr_expect_eq(priority, greatest);
    CUDA(cudaStreamGetFlags(stream, &flags));
    cr_expect_eq(flags, cudaStreamNonBlocking);
    CUDA(cudaStreamDestroy(stream));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaStreamSynchronize(stream));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaStreamDestroy(stream));
    CUDA_FAILS(cudaErrorInvalidResourceHandle, cudaStreamDestroy(NULL));
    CUDA_FAILS(cudaErrorInvalidValue, cudaStreamCreateWithFlags(&stream, 8));
    CUDA_FAILS(cudaErrorInvalidValue, cudaStreamCreate(NULL));
    CUDA(cudaStreamSynchronize(cudaStreamPerThread));
    cr_expect_eq(simcuda_live_objects(), 0);
}

static void count_up(void *data)
{
    int *count = data;
    (*count)++;
    if (cudaStreamSynchronize(NULL) == cudaErrorNotPermitted) *count += 10;
}

Test(sim_streams, host_function)
{
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        int count = 0;
        cudaStream_t stream;
        CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        CUDA(cudaLaunchHostFunc(stream, count_up, &count));
        cr_expect_eq(count, mode == SIMCUDA_EAGER ? 11 : 0);
        CUDA(cudaStreamSynchronize(stream));
        cr_expect_eq(count, 11);
        CUDA(cudaStreamDestroy(stream));
    }
}

static void *use_a_stream(void *data)
{
    const float zeros[N] = {0};
    float got[N];
    float *x = device_floats(zeros, N);
    cudaStream_t stream;
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    for (int i = 0; i < 20; i++)
        CUDA(sim_add(x, 1, N, stream));
    CUDA(cudaMemcpyAsync(got, x, sizeof got, cudaMemcpyDeviceToHost, stream));
    CUDA(cudaStreamSynchronize(stream));
    *(bool *)data = got[0] == 20 && got[N - 1] == 20;
    CUDA(cudaStreamDestroy(stream));
    CUDA(cudaFree(x));
    return NULL;
}

Test(sim_streams, two_threads)
{
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        pthread_t threads[2];
        bool right[2] = {false, false};
        for (int i = 0; i < 2; i++)
            cr_assert_eq(pthread_create(&threads[i], NULL, use_a_stream, &right[i]), 0);
        for (int i = 0; i < 2; i++)
            pthread_join(threads[i], NULL);
        cr_expect(right[0] && right[1], "mode %d", mode);
    }
    cr_expect_eq(all_reports(), 0);
}
