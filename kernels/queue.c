/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Work in the order of a stream. The stream does not wait for the legacy stream: what other code of
 * the process does there is none of its business. */
#include "queue.h"

#include "base/memory.h"

cupel_status cupel_cuda_queue_open(cupel_queue *queue)
{
    int before = 0;
    cupel_cuda_queue *q = cupel_alloc(1, sizeof *q);
    if (q == NULL) return CUPEL_ERROR_MEMORY;
    cupel_status status = cupel_card_enter(queue->device, &before);
    if (status == CUPEL_OK) {
        status = cupel_cuda_result(cudaStreamCreateWithFlags(&q->own, cudaStreamNonBlocking),
                                   "cudaStreamCreateWithFlags");
        status = cupel_card_leave(queue->device, before, status);
    }
    if (status != CUPEL_OK) {
        cupel_free(q);
        return status;
    }
    q->stream = q->own;
    queue->state = q;
    return CUPEL_OK;
}

void cupel_cuda_queue_close(cupel_queue *queue)
{
    cupel_cuda_queue *q = queue->state;
    int before = 0;
    const bool selected = cupel_card_select(queue->device, &before);
    cudaStreamSynchronize(q->stream);
    cupel_cuda_products_close(q->products);
    cupel_cuda_slots_close(&q->slots);
    cupel_cuda_readback_close(&q->readback);
    cudaStreamDestroy(q->own);
    if (selected) cupel_card_restore(queue->device, before);
    cupel_free(q);
    queue->state = NULL;
}

/* The copy is waited for whatever CUDA promises: from page-locked memory it would be read later. */
static cupel_status copy(cupel_queue *queue, void *to, const void *from, int64_t bytes,
                         enum cudaMemcpyKind kind)
{
    const cupel_cuda_queue *q = queue->state;
    int before = 0;
    if (bytes == 0) return CUPEL_OK;
    CUPEL_TRY(cupel_card_enter(queue->device, &before));
    cupel_status status = cupel_cuda_result(
        cudaMemcpyAsync(to, from, (size_t)bytes, kind, q->stream), "cudaMemcpyAsync");
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaStreamSynchronize(q->stream), "cudaStreamSynchronize");
    return cupel_card_leave(queue->device, before, status);
}

cupel_status cupel_cuda_upload(cupel_queue *queue, void *to, const void *from, int64_t bytes)
{
    return copy(queue, to, from, bytes, cudaMemcpyHostToDevice);
}

cupel_status cupel_cuda_download(cupel_queue *queue, void *to, const void *from, int64_t bytes)
{
    return copy(queue, to, from, bytes, cudaMemcpyDeviceToHost);
}

cupel_status cupel_cuda_queue_fill(cupel_exec *x)
{
    cupel_cuda_queue *q = x->queue->state;
    if (q->products == NULL) CUPEL_TRY(cupel_cuda_products_open(&q->products));
    x->stream = q->stream;
    x->products = q->products;
    return CUPEL_OK;
}

cupel_status cupel_cuda_run(cupel_exec *x, const cupel_call *calls, int64_t count)
{
    const cupel_device *device = x->queue->device;
    const cupel_launch launch = {.calls = calls, .count = count, .times = 1};
    int before = 0;
    CUPEL_TRY(cupel_card_enter(device, &before));
    cupel_status status = cupel_cuda_queue_fill(x);
    if (status == CUPEL_OK) status = cupel_cuda_run_calls(x, &launch);
    return cupel_card_leave(device, before, status);
}

/* What is on its way in the old stream is waited for: the new one knows nothing of it. Graphs run in
 * any stream. */
cupel_status cupel_cuda_use_stream(cupel_queue *queue, void *stream)
{
    cupel_cuda_queue *q = queue->state;
    CUPEL_TRY(cupel_cuda_synchronize(queue));
    q->stream = stream != NULL ? stream : q->own;
    return CUPEL_OK;
}

cupel_status cupel_cuda_synchronize(cupel_queue *queue)
{
    const cupel_cuda_queue *q = queue->state;
    int before = 0;
    CUPEL_TRY(cupel_card_enter(queue->device, &before));
    const cupel_status status =
        cupel_cuda_result(cudaStreamSynchronize(q->stream), "cudaStreamSynchronize");
    return cupel_card_leave(queue->device, before, status);
}
