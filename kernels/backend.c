/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CUDA device: one card, one stream, ops launched in order. */
#include "base/memory.h"
#include "cuda_error.h"
#include "table.h"
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>

/* What the device table leaves to this backend. */
typedef struct card {
    int ordinal;
    cudaStream_t stream;
    _Atomic bool lost; /* an error after which only freeing works */
} card;

/* Selects the device's card; *before is the caller's, to be restored. */
static cupel_status select_card(const cupel_device *device, int *before)
{
    const card *c = device->state;
    CUPEL_TRY(cupel_cuda_result(cudaGetDevice(before), "cudaGetDevice"));
    if (*before == c->ordinal) return CUPEL_OK;
    return cupel_cuda_result(cudaSetDevice(c->ordinal), "cudaSetDevice");
}

static void restore_card(const cupel_device *device, int before)
{
    const card *c = device->state;
    if (before != c->ordinal) cudaSetDevice(before);
}

/* Refuses a device that is lost. */
static cupel_status check_alive(const cupel_device *device)
{
    const card *c = device->state;
    CUPEL_FAIL_IF(c->lost, CUPEL_ERROR_DEVICE_LOST,
                  "%s failed earlier in a way that ends its use in this process", device->name);
    return CUPEL_OK;
}

/* Remembers a loss and forwards the status. */
static cupel_status remember(const cupel_device *device, cupel_status status)
{
    card *c = device->state;
    if (status == CUPEL_ERROR_DEVICE_LOST) c->lost = true;
    return status;
}

static cupel_status count_cuda(int64_t *count)
{
    int cards = 0;
    const cudaError_t error = cudaGetDeviceCount(&cards);
    *count = 0;
    if (cupel_cuda_absent(error)) return CUPEL_OK;
    CUPEL_TRY(cupel_cuda_result(error, "cudaGetDeviceCount"));
    *count = cards;
    return CUPEL_OK;
}

/* Fills a card that is there: its name and stream. */
static cupel_status start_card(cupel_device *device, card *c)
{
    struct cudaDeviceProp properties;
    CUPEL_TRY(cupel_cuda_result(cudaGetDeviceProperties(&properties, c->ordinal),
                                "cudaGetDeviceProperties"));
    snprintf(device->name, sizeof device->name, "cuda:%d, %.90s", c->ordinal, properties.name);
    int before = 0;
    device->state = c;
    CUPEL_TRY(select_card(device, &before));
    const cudaError_t error = cudaStreamCreateWithFlags(&c->stream, cudaStreamNonBlocking);
    restore_card(device, before);
    return cupel_cuda_result(error, "cudaStreamCreateWithFlags");
}

static cupel_status open_cuda(cupel_device *device, int64_t ordinal)
{
    int cards = 0;
    const cudaError_t error = cudaGetDeviceCount(&cards);
    if (cupel_cuda_absent(error)) {
        return cupel_fail(CUPEL_ERROR_NO_DEVICE, "device \"cuda:%" PRId64 "\": %s", ordinal,
                          cudaGetErrorString(error));
    }
    CUPEL_TRY(cupel_cuda_result(error, "cudaGetDeviceCount"));
    CUPEL_FAIL_IF(ordinal >= cards, CUPEL_ERROR_NO_DEVICE,
                  "device \"cuda:%" PRId64 "\": this machine has %d", ordinal, cards);
    card *c = cupel_alloc(1, sizeof *c);
    if (c == NULL) return CUPEL_ERROR_MEMORY;
    c->ordinal = (int)ordinal;
    const cupel_status status = start_card(device, c);
    if (status != CUPEL_OK) {
        device->state = NULL;
        cupel_free(c);
    }
    return status;
}

static void close_cuda(cupel_device *device)
{
    card *c = device->state;
    int before = 0;
    if (select_card(device, &before) == CUPEL_OK) {
        cudaStreamDestroy(c->stream);
        restore_card(device, before);
    }
    cupel_free(c);
}

static const cupel_op_entry *ops_cuda(cupel_precision precision)
{
    return precision == CUPEL_PRECISION_FLOAT64 ? NULL : cupel_cuda_f32_ops;
}

static cupel_status allocate_cuda(cupel_device *device, int64_t bytes, void **pointer)
{
    const card *c = device->state;
    int before = 0;
    *pointer = NULL;
    CUPEL_TRY(check_alive(device));
    CUPEL_TRY(select_card(device, &before));
    cudaError_t error = cudaMalloc(pointer, bytes > 0 ? (size_t)bytes : 1);
    cupel_status status = cupel_cuda_result(error, "cudaMalloc");
    if (error == cudaErrorMemoryAllocation) {
        /* The error is this call's alone: the next one begins clean. */
        cudaGetLastError();
        size_t free_bytes = 0;
        size_t all_bytes = 0;
        if (cudaMemGetInfo(&free_bytes, &all_bytes) == cudaSuccess) {
            status = cupel_fail(CUPEL_ERROR_DEVICE_MEMORY,
                                "%s: %" PRId64 " bytes are wanted, %zu of %zu are free",
                                device->name, bytes, free_bytes, all_bytes);
        }
    }
    if (status == CUPEL_OK && bytes > 0) {
        error = cudaMemsetAsync(*pointer, 0, (size_t)bytes, c->stream);
        status = cupel_cuda_result(error, "cudaMemsetAsync");
        if (status != CUPEL_OK) {
            cudaFree(*pointer);
            *pointer = NULL;
        }
    }
    restore_card(device, before);
    return remember(device, status);
}

static void release_cuda(cupel_device *device, void *pointer, int64_t bytes)
{
    (void)bytes;
    int before = 0;
    if (select_card(device, &before) != CUPEL_OK) return;
    cudaFree(pointer);
    restore_card(device, before);
}

/* Copies in the order of the stream and waits, so that the host's memory is free again. */
static cupel_status copy_cuda(cupel_device *device, void *to, const void *from, int64_t bytes,
                              enum cudaMemcpyKind kind)
{
    const card *c = device->state;
    int before = 0;
    CUPEL_TRY(check_alive(device));
    if (bytes == 0) return CUPEL_OK;
    CUPEL_TRY(select_card(device, &before));
    cupel_status status = cupel_cuda_result(
        cudaMemcpyAsync(to, from, (size_t)bytes, kind, c->stream), "cudaMemcpyAsync");
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaStreamSynchronize(c->stream), "cudaStreamSynchronize");
    restore_card(device, before);
    return remember(device, status);
}

static cupel_status upload_cuda(cupel_device *device, void *to, const void *from, int64_t bytes)
{
    return copy_cuda(device, to, from, bytes, cudaMemcpyHostToDevice);
}

static cupel_status download_cuda(cupel_device *device, void *to, const void *from, int64_t bytes)
{
    return copy_cuda(device, to, from, bytes, cudaMemcpyDeviceToHost);
}

static cupel_status run_cuda(cupel_exec *x, const cupel_call *calls, int64_t count)
{
    cupel_device *device = x->device;
    const card *c = device->state;
    int before = 0;
    CUPEL_TRY(check_alive(device));
    CUPEL_TRY(select_card(device, &before));
    x->stream = c->stream;
    cupel_status status = CUPEL_OK;
    for (int64_t i = 0; i < count && status == CUPEL_OK; i++)
        status = calls[i].entry->run(x, calls[i].args);
    restore_card(device, before);
    return remember(device, status);
}

static cupel_status synchronize_cuda(cupel_device *device)
{
    const card *c = device->state;
    int before = 0;
    CUPEL_TRY(check_alive(device));
    CUPEL_TRY(select_card(device, &before));
    const cupel_status status =
        cupel_cuda_result(cudaStreamSynchronize(c->stream), "cudaStreamSynchronize");
    restore_card(device, before);
    return remember(device, status);
}

const cupel_backend cupel_cuda_backend = {
    .kind = "cuda",
    .open = open_cuda,
    .close = close_cuda,
    .count = count_cuda,
    .ops = ops_cuda,
    .allocate = allocate_cuda,
    .release = release_cuda,
    .upload = upload_cuda,
    .download = download_cuda,
    .run = run_cuda,
    .synchronize = synchronize_cuda,
};
