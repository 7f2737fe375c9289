/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CUDA device behind the device table: cards and their memory. */
#include "queue.h"
#include "table.h"
#include <inttypes.h>

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
    return cupel_card_open(device, (int)ordinal);
}

static const cupel_op_entry *ops_cuda(cupel_precision precision)
{
    return precision == CUPEL_PRECISION_BFLOAT16 ? cupel_cuda_bf16_ops : cupel_cuda_f32_ops;
}

/* The failure of an allocation with the sizes, where they are to be had. */
static cupel_status refuse_bytes(const cupel_device *device, int64_t bytes, cupel_status status)
{
    size_t free_bytes = 0;
    size_t all_bytes = 0;
    /* The error is this call's alone: the next one begins clean. */
    cudaGetLastError();
    if (cudaMemGetInfo(&free_bytes, &all_bytes) != cudaSuccess) return status;
    return cupel_fail(CUPEL_ERROR_DEVICE_MEMORY,
                      "%s: %" PRId64 " bytes are wanted, %zu of %zu are free", device->name, bytes,
                      free_bytes, all_bytes);
}

/* Takes memory of the selected card and waits until it is zero, as the queue that will use it knows
 * nothing of this one. */
static cupel_status take_zeroed(const cupel_device *device, int64_t bytes, void **pointer)
{
    const cupel_cuda_queue *q = device->queue.state;
    const cudaError_t error = cudaMalloc(pointer, bytes > 0 ? (size_t)bytes : 1);
    cupel_status status = cupel_cuda_result(error, "cudaMalloc");
    if (error == cudaErrorMemoryAllocation) status = refuse_bytes(device, bytes, status);
    if (status != CUPEL_OK || bytes == 0) return status;
    status = cupel_cuda_result(cudaMemsetAsync(*pointer, 0, (size_t)bytes, q->stream),
                               "cudaMemsetAsync");
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaStreamSynchronize(q->stream), "cudaStreamSynchronize");
    if (status != CUPEL_OK) cudaFree(*pointer);
    return status;
}

static cupel_status allocate_cuda(cupel_device *device, int64_t bytes, void **pointer)
{
    int before = 0;
    *pointer = NULL;
    CUPEL_TRY(cupel_card_enter(device, &before));
    const cupel_status status = take_zeroed(device, bytes, pointer);
    if (status != CUPEL_OK) *pointer = NULL;
    return cupel_card_leave(device, before, status);
}

static cupel_status free_bytes_cuda(cupel_device *device, int64_t *free_bytes, int64_t *all)
{
    size_t now = 0;
    size_t total = 0;
    int before = 0;
    CUPEL_TRY(cupel_card_enter(device, &before));
    const cupel_status status = cupel_cuda_result(cudaMemGetInfo(&now, &total), "cudaMemGetInfo");
    *free_bytes = (int64_t)now;
    *all = (int64_t)total;
    return cupel_card_leave(device, before, status);
}

static void release_cuda(cupel_device *device, void *pointer, int64_t bytes)
{
    (void)bytes;
    int before = 0;
    const bool selected = cupel_card_select(device, &before);
    cudaFree(pointer);
    if (selected) cupel_card_restore(device, before);
}

static cupel_status synchronize_all_cuda(cupel_device *device)
{
    int before = 0;
    CUPEL_TRY(cupel_card_enter(device, &before));
    cupel_card_begin_wait();
    const cupel_status status =
        cupel_cuda_result(cudaDeviceSynchronize(), "cudaDeviceSynchronize");
    cupel_card_end();
    return cupel_card_leave(device, before, status);
}

const cupel_backend cupel_cuda_backend = {
    .kind = "cuda",
    .precisions = 1U << CUPEL_PRECISION_FLOAT32 | 1U << CUPEL_PRECISION_TF32 |
                  1U << CUPEL_PRECISION_BFLOAT16,
    .open = open_cuda,
    .close = cupel_card_close,
    .count = count_cuda,
    .ops = ops_cuda,
    .queue_open = cupel_cuda_queue_open,
    .queue_close = cupel_cuda_queue_close,
    .allocate = allocate_cuda,
    .release = release_cuda,
    .free_bytes = free_bytes_cuda,
    .upload = cupel_cuda_upload,
    .download = cupel_cuda_download,
    .post = cupel_cuda_post,
    .poll = cupel_cuda_poll,
    .run = cupel_cuda_run,
    .launch = cupel_cuda_launch,
    .forget = cupel_cuda_forget,
    .slots_set = cupel_cuda_set_slots,
    .slot_take = cupel_cuda_take_slot,
    .use_stream = cupel_cuda_use_stream,
    .workspace = (int64_t)32 << 20,
    .synchronize = cupel_cuda_synchronize,
    .synchronize_all = synchronize_all_cuda,
};
