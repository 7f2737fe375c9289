/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Errors of the simulated device: the last one, sticky ones, planted ones. */
#include "sim_support.h"

#include <pthread.h>
#include <string.h>

enum { N = 40 };

Test(sim_errors, last_error)
{
    cr_expect_eq(cudaGetLastError(), cudaSuccess);
    cr_expect_eq(cudaSetDevice(9), cudaErrorInvalidDevice);
    cr_expect_eq(cudaPeekAtLastError(), cudaErrorInvalidDevice);
    /* A success does not forget it. */
    CUDA(cudaSetDevice(0));
    cr_expect_eq(cudaPeekAtLastError(), cudaErrorInvalidDevice);
    cr_expect_eq(cudaGetLastError(), cudaErrorInvalidDevice);
    cr_expect_eq(cudaGetLastError(), cudaSuccess);
}

static void *fail_here(void *data)
{
    (void)data;
    cudaSetDevice(9);
    return NULL;
}

Test(sim_errors, last_error_is_the_threads_own)
{
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, fail_here, NULL), 0);
    pthread_join(thread, NULL);
    cr_expect_eq(cudaGetLastError(), cudaSuccess);
}

Test(sim_errors, names)
{
    cr_expect_str_eq(cudaGetErrorName(cudaSuccess), "cudaSuccess");
    cr_expect_str_eq(cudaGetErrorName(cudaErrorStreamCaptureUnjoined),
                     "cudaErrorStreamCaptureUnjoined");
    cr_expect_gt(strlen(cudaGetErrorString(cudaErrorMemoryAllocation)), 0);
    cr_expect_str_eq(cudaGetErrorName((cudaError_t)1234), "unrecognized error code");
}

/* After a kernel has failed, every call says so, to the end; freeing still frees. */
Test(sim_errors, sticky_after_a_launch_failure)
{
    simcuda_reports_expected(true);
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        const float zeros[N] = {0};
        float got[N];
        float *x = device_floats(zeros, N);
        void *pinned = NULL, *more = NULL;
        cudaStream_t stream, waiting;
        cudaEvent_t event;
        CUDA(cudaMallocHost(&pinned, 8));
        CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
        CUDA(cudaStreamCreateWithFlags(&waiting, cudaStreamNonBlocking));
        CUDA(cudaEventCreate(&event));
        CUDA(sim_deadlock(stream));
        if (mode != SIMCUDA_EAGER) {
            CUDA(cudaMemcpyAsync(pinned, x, 8, cudaMemcpyDeviceToHost, stream));
            CUDA(cudaFreeAsync(x, stream));
        }
        cr_expect_eq(cudaStreamSynchronize(stream), cudaErrorLaunchFailure);
        for (int i = 0; i < 2; i++) {
            cr_expect_eq(cudaGetLastError(), cudaErrorLaunchFailure);
            cr_expect_eq(cudaMalloc(&more, 4), cudaErrorLaunchFailure);
            cr_expect_eq(sim_add(x, 1, N, waiting), cudaErrorLaunchFailure);
            cr_expect_eq(cudaMemcpy(got, x, sizeof got, cudaMemcpyDeviceToHost),
                         cudaErrorLaunchFailure);
            cr_expect_eq(cudaEventRecord(event, waiting), cudaErrorLaunchFailure);
            cr_expect_eq(cudaDeviceSynchronize(), cudaErrorLaunchFailure);
            cr_expect_eq(cudaEventQuery(event), cudaErrorLaunchFailure);
        }
        cr_expect_eq(cudaEventDestroy(event), cudaErrorLaunchFailure);
        cr_expect_eq(cudaStreamDestroy(stream), cudaErrorLaunchFailure);
        cr_expect_eq(cudaStreamDestroy(waiting), cudaErrorLaunchFailure);
        cr_expect_eq(cudaFreeHost(pinned), cudaErrorLaunchFailure);
        if (mode == SIMCUDA_EAGER) cr_expect_eq(cudaFree(x), cudaErrorLaunchFailure);
        cr_expect_eq(simcuda_live_objects(), 0);
        cr_expect_eq(simcuda_live_bytes(), 0);
        cr_expect_gt(reports_of(SIMCUDA_SYNCCHECK), 0);
        simcuda_reports_clear();
        simcuda_revive();
        CUDA(cudaDeviceSynchronize());
    }
}

/* A short program: its first error, or cudaSuccess. It frees what it has, whatever happens. */
static cudaError_t program(float *result)
{
    const float zeros[N] = {0};
    float got[N] = {0};
    void *x = NULL;
    cudaStream_t stream = NULL;
    cudaEvent_t event = NULL;
    cudaError_t error = cudaSetDevice(0);
    if (!error) error = cudaMalloc(&x, sizeof zeros);
    if (!error) error = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    if (!error) error = cudaEventCreate(&event);
    if (!error) error = cudaMemcpyAsync(x, zeros, sizeof zeros, cudaMemcpyHostToDevice, stream);
    if (!error) error = sim_add(x, 1, N, stream);
    if (!error) error = cudaEventRecord(event, stream);
    if (!error) error = cudaMemcpyAsync(got, x, sizeof got, cudaMemcpyDeviceToHost, stream);
    if (!error) error = cudaStreamSynchronize(stream);
    cudaError_t freed = cudaSuccess;
    if (event != NULL && !freed) freed = cudaEventDestroy(event);
    if (stream != NULL) {
        const cudaError_t e = cudaStreamDestroy(stream);
        if (!freed) freed = e;
    }
    if (x != NULL) {
        const cudaError_t e = cudaFree(x);
        if (!freed) freed = e;
    }
    *result = got[0];
    return error ? error : freed;
}

/* A kernel that is to fail does so when it runs: the launch returns well, the wait does not. */
Test(sim_errors, fault_of_a_kernel)
{
    simcuda_config *config = simcuda_configuration();
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        config->streams = (simcuda_streams)mode;
        const float zeros[N] = {0};
        float *x = device_floats(zeros, N);
        const int64_t before = simcuda_kernels_run();
        config->fail_error = cudaErrorIllegalAddress;
        config->fail_call = config->calls + 1;
        CUDA(sim_add(x, 1, N, NULL));
        config->fail_call = 0;
        cr_expect_eq(cudaDeviceSynchronize(), cudaErrorIllegalAddress);
        cr_expect_eq(sim_add(x, 1, N, NULL), cudaErrorIllegalAddress);
        cr_expect_eq(simcuda_kernels_run(), before);
        cr_expect_eq(cudaFree(x), cudaErrorIllegalAddress);
        simcuda_revive();
    }
}

/* Every call made to fail in turn, once and from then on, with several errors. */
Test(sim_errors, every_call_fails)
{
    const int errors[] = {0, cudaErrorMemoryAllocation, cudaErrorIllegalAddress, cudaErrorUnknown};
    simcuda_config *config = simcuda_configuration();
    float result = 0;
    config->calls = 0;
    CUDA(program(&result));
    cr_assert_eq(result, 1);
    const uint64_t calls = config->calls;
    cr_assert_eq(calls, 12);
    for (size_t e = 0; e < sizeof errors / sizeof errors[0]; e++) {
        for (int mode = SIMCUDA_TRANSIENT; mode <= SIMCUDA_PERSISTENT; mode++) {
            for (uint64_t n = 1; n <= calls; n++) {
                config->calls = 0;
                config->fail_call = n;
                config->fail_mode = (simcuda_failure)mode;
                config->fail_error = errors[e];
                const cudaError_t error = program(&result);
                cr_expect_neq(error, cudaSuccess, "call %d", (int)n);
                if (errors[e] != 0) cr_expect_eq((int)error, errors[e], "call %d", (int)n);
                if (errors[e] == 0 && mode == SIMCUDA_PERSISTENT)
                    cr_expect_eq(error, cudaErrorLaunchFailure);
                cr_expect_eq(simcuda_live_objects(), 0);
                cr_expect_eq(simcuda_live_bytes(), 0);
                config->fail_call = 0;
                simcuda_revive();
            }
        }
    }
    CUDA(program(&result));
    cr_expect_eq(all_reports(), 0);
}
