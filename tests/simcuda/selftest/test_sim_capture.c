/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stream capture of the simulated device: what it takes and what ends it. */
#include "sim_support.h"

#include <pthread.h>

enum { N = 70 };

typedef struct fixture {
    float *x, *y;
    void *pinned;
    cudaStream_t stream, other;
    cudaEvent_t event, join;
} fixture;

static void begin(fixture *f, enum cudaStreamCaptureMode mode)
{
    const float zeros[N] = {0};
    f->x = device_floats(zeros, N);
    f->y = device_floats(zeros, N);
    CUDA(cudaMallocHost(&f->pinned, sizeof zeros));
    CUDA(cudaStreamCreateWithFlags(&f->stream, cudaStreamNonBlocking));
    CUDA(cudaStreamCreateWithFlags(&f->other, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&f->event, cudaEventDisableTiming));
    CUDA(cudaEventCreateWithFlags(&f->join, cudaEventDisableTiming));
    CUDA(cudaStreamBeginCapture(f->stream, mode));
    CUDA(sim_add(f->x, 1, N, f->stream));
}

static void end(fixture *f)
{
    CUDA(cudaEventDestroy(f->event));
    CUDA(cudaEventDestroy(f->join));
    CUDA(cudaStreamDestroy(f->stream));
    CUDA(cudaStreamDestroy(f->other));
    CUDA(cudaFreeHost(f->pinned));
    CUDA(cudaFree(f->x));
    CUDA(cudaFree(f->y));
    cr_expect_eq(simcuda_live_objects(), 0);
    cr_expect_eq(simcuda_live_bytes(), 0);
}

/* The capture is over and has given no graph. */
static void expect_invalid(fixture *f)
{
    cudaGraph_t graph = (cudaGraph_t)f;
    enum cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
    CUDA(cudaStreamIsCapturing(f->stream, &status));
    cr_expect_eq(status, cudaStreamCaptureStatusInvalidated);
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, sim_add(f->x, 1, N, f->stream));
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(f->stream, &graph));
    cr_expect_null(graph);
    /* Nothing of it has run, and the stream is as before. */
    CUDA(sim_add(f->x, 5, N, f->stream));
    float got[N];
    CUDA(cudaMemcpyAsync(got, f->x, sizeof got, cudaMemcpyDeviceToHost, f->stream));
    cr_expect_eq(got[0], 5);
}

Test(sim_capture, fork_and_join)
{
    for (int joined = 0; joined < 2; joined++) {
        fixture f;
        cudaGraph_t graph = NULL;
        begin(&f, cudaStreamCaptureModeThreadLocal);
        CUDA(cudaEventRecord(f.event, f.stream));
        CUDA(cudaStreamWaitEvent(f.other, f.event, 0));
        CUDA(sim_copy_add(f.y, f.x, 1, N, f.other));
        if (joined) {
            CUDA(cudaEventRecord(f.join, f.other));
            CUDA(cudaStreamWaitEvent(f.stream, f.join, 0));
            CUDA(cudaStreamEndCapture(f.stream, &graph));
            CUDA(cudaGraphDestroy(graph));
        } else {
            CUDA_FAILS(cudaErrorStreamCaptureUnjoined, cudaStreamEndCapture(f.stream, &graph));
            cr_expect_null(graph);
        }
        /* The other stream is out of the capture as well. */
        CUDA(cudaStreamSynchronize(f.other));
        end(&f);
    }
}

/* Calls that cannot stand in a capture: the error, and the capture is invalid. */
Test(sim_capture, illegal_calls)
{
    enum { CALLS = 14 };
    for (int call = 0; call < CALLS; call++) {
        fixture f;
        void *memory = NULL;
        float host[N] = {0};
        begin(&f, cudaStreamCaptureModeThreadLocal);
        CUDA(cudaEventRecord(f.event, f.stream));
        cudaError_t error = cudaSuccess;
        cudaError_t expected = cudaErrorStreamCaptureUnsupported;
        switch (call) {
        case 0:
            error = cudaStreamSynchronize(f.stream);
            break;
        case 1:
            error = cudaStreamQuery(f.stream);
            break;
        case 2:
            error = cudaDeviceSynchronize();
            break;
        case 3:
            error = cudaMalloc(&memory, 4);
            break;
        case 4:
            error = cudaFree(f.y);
            break;
        case 5:
            error = cudaMallocHost(&memory, 4);
            break;
        case 6:
            error = cudaMemcpy(host, f.x, sizeof host, cudaMemcpyDeviceToHost);
            break;
        case 7:
            error = cudaMemcpyAsync(host, f.x, sizeof host, cudaMemcpyDeviceToHost, f.stream);
            break;
        case 8:
            error = cudaMallocAsync(&memory, 4, f.stream);
            break;
        case 9:
            error = cudaEventQuery(f.join);
            break;
        case 10:
            error = cudaEventSynchronize(f.event);
            break;
        case 11:
            /* From outside into the capture. */
            CUDA(cudaEventRecord(f.join, f.other));
            error = cudaStreamWaitEvent(f.stream, f.join, 0);
            expected = cudaErrorStreamCaptureIsolation;
            break;
        case 12:
            error = cudaStreamWaitEvent(NULL, f.event, 0);
            expected = cudaErrorStreamCaptureImplicit;
            break;
        default:
            error = cudaFreeHost(f.pinned);
            break;
        }
        cr_expect_eq(error, expected, "call %d: %s", call, cudaGetErrorName(error));
        cr_expect_eq(cudaGetLastError(), expected);
        expect_invalid(&f);
        end(&f);
    }
}

/* Calls that a capture leaves alone, and that leave it alone. */
Test(sim_capture, legal_calls)
{
    fixture f;
    cudaGraph_t graph;
    cudaStream_t stream;
    cudaEvent_t event;
    void *memory = NULL;
    size_t available, total;
    float host[N];
    begin(&f, cudaStreamCaptureModeThreadLocal);
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CUDA(cudaStreamDestroy(stream));
    CUDA(cudaEventCreate(&event));
    CUDA(cudaEventDestroy(event));
    CUDA(cudaMemGetInfo(&available, &total));
    CUDA(cudaMemcpyAsync(f.pinned, f.x, sizeof host, cudaMemcpyDeviceToHost, f.stream));
    CUDA(sim_add(f.y, 1, N, f.other));
    enum cudaStreamCaptureMode mode = cudaStreamCaptureModeRelaxed;
    CUDA(cudaThreadExchangeStreamCaptureMode(&mode));
    CUDA(cudaMalloc(&memory, 4));
    CUDA(cudaFree(memory));
    CUDA(cudaThreadExchangeStreamCaptureMode(&mode));
    cr_expect_eq(mode, cudaStreamCaptureModeRelaxed);
    CUDA(cudaStreamEndCapture(f.stream, &graph));
    CUDA(cudaGraphDestroy(graph));
    end(&f);
}

Test(sim_capture, legacy_stream)
{
    fixture f;
    cudaGraph_t graph;
    CUDA_FAILS(cudaErrorStreamCaptureUnsupported,
               cudaStreamBeginCapture(NULL, cudaStreamCaptureModeGlobal));
    /* It is not ordered with a non-blocking stream. */
    begin(&f, cudaStreamCaptureModeThreadLocal);
    CUDA(sim_add(f.y, 1, N, NULL));
    CUDA(cudaStreamEndCapture(f.stream, &graph));
    CUDA(cudaGraphDestroy(graph));
    /* It is ordered with a blocking one, which is invalid then. */
    cudaStream_t blocking;
    CUDA(cudaStreamCreate(&blocking));
    CUDA(cudaStreamBeginCapture(blocking, cudaStreamCaptureModeThreadLocal));
    CUDA_FAILS(cudaErrorStreamCaptureImplicit, sim_add(f.y, 1, N, NULL));
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(blocking, &graph));
    CUDA(cudaStreamDestroy(blocking));
    end(&f);
}

Test(sim_capture, wrong_order)
{
    fixture f;
    cudaGraph_t graph = NULL;
    begin(&f, cudaStreamCaptureModeThreadLocal);
    CUDA_FAILS(cudaErrorIllegalState,
               cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeThreadLocal));
    CUDA_FAILS(cudaErrorIllegalState, cudaStreamEndCapture(f.other, &graph));
    CUDA(cudaEventRecord(f.event, f.stream));
    CUDA(cudaStreamWaitEvent(f.other, f.event, 0));
    CUDA_FAILS(cudaErrorStreamCaptureUnmatched, cudaStreamEndCapture(f.other, &graph));
    expect_invalid(&f);
    /* The event outlives the capture, but stands for nothing any more. */
    CUDA_FAILS(cudaErrorCapturedEvent, cudaEventQuery(f.event));
    CUDA_FAILS(cudaErrorStreamCaptureIsolation, cudaStreamWaitEvent(f.other, f.event, 0));
    CUDA(cudaEventRecord(f.event, f.stream));
    CUDA(cudaEventSynchronize(f.event));
    end(&f);
}

Test(sim_capture, two_captures_do_not_merge)
{
    fixture f;
    begin(&f, cudaStreamCaptureModeThreadLocal);
    CUDA(cudaEventRecord(f.event, f.stream));
    CUDA(cudaStreamBeginCapture(f.other, cudaStreamCaptureModeThreadLocal));
    CUDA_FAILS(cudaErrorStreamCaptureMerge, cudaStreamWaitEvent(f.other, f.event, 0));
    cudaGraph_t graph;
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(f.other, &graph));
    expect_invalid(&f);
    end(&f);
}

typedef struct visitor {
    cudaStream_t stream; /* that is captured, or NULL */
    cudaError_t allocated, synchronized, ended;
} visitor;

static void *visit(void *data)
{
    visitor *v = data;
    void *memory = NULL;
    cudaGraph_t graph = NULL;
    v->allocated = cudaMalloc(&memory, 4);
    if (v->allocated == cudaSuccess) v->allocated = cudaFree(memory);
    v->synchronized = cudaDeviceSynchronize();
    if (v->stream != NULL) v->ended = cudaStreamEndCapture(v->stream, &graph);
    if (graph != NULL) cudaGraphDestroy(graph);
    return NULL;
}

static visitor let_visit(cudaStream_t stream)
{
    visitor v = {.stream = stream};
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, visit, &v), 0);
    pthread_join(thread, NULL);
    return v;
}

Test(sim_capture, another_thread)
{
    fixture f;
    cudaGraph_t graph;
    begin(&f, cudaStreamCaptureModeThreadLocal);
    visitor v = let_visit(NULL);
    cr_expect_eq(v.allocated, cudaSuccess);
    cr_expect_eq(v.synchronized, cudaErrorStreamCaptureUnsupported);
    CUDA(cudaStreamEndCapture(f.stream, &graph));
    CUDA(cudaGraphDestroy(graph));

    CUDA(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeGlobal));
    v = let_visit(NULL);
    cr_expect_eq(v.allocated, cudaErrorStreamCaptureUnsupported);
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(f.stream, &graph));

    CUDA(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeThreadLocal));
    v = let_visit(f.stream);
    cr_expect_eq(v.ended, cudaErrorStreamCaptureWrongThread);
    CUDA_FAILS(cudaErrorStreamCaptureInvalidated, cudaStreamEndCapture(f.stream, &graph));

    CUDA(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeRelaxed));
    v = let_visit(f.stream);
    cr_expect_eq(v.ended, cudaSuccess);
    end(&f);
}

/* A stream that is destroyed in the middle ends the capture, and nothing leaks. */
Test(sim_capture, destroyed_stream)
{
    fixture f;
    begin(&f, cudaStreamCaptureModeThreadLocal);
    CUDA_FAILS(cudaErrorStreamCaptureUnsupported, cudaStreamDestroy(f.stream));
    CUDA(cudaStreamCreateWithFlags(&f.stream, cudaStreamNonBlocking));
    end(&f);
}
