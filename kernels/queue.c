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
        status = cupel_cuda_result(cudaStreamCreateWithFlags(&q->stream, cudaStreamNonBlocking),
                                   "cudaStreamCreateWithFlags");
        status = cupel_card_leave(queue->device, before, status);
    }
    if (status != CUPEL_OK) {
        cupel_free(q);
        return status;
    }
    queue->state = q;
    return CUPEL_OK;
}

void cupel_cuda_queue_close(cupel_queue *queue)
{
    cupel_cuda_queue *q = queue->state;
    int before = 0;
    const bool selected = cupel_card_select(queue->device, &before);
    cudaStreamSynchronize(q->stream);
    cudaStreamDestroy(q->stream);
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

cupel_status cupel_cuda_run(cupel_exec *x, const cupel_call *calls, int64_t count)
{
    const cupel_device *device = x->queue->device;
    const cupel_cuda_queue *q = x->queue->state;
    cupel_status status = CUPEL_OK;
    int before = 0;
    CUPEL_TRY(cupel_card_enter(device, &before));
    x->stream = q->stream;
    for (int64_t i = 0; i < count && status == CUPEL_OK; i++)
        status = calls[i].entry->run(x, calls[i].args);
    return cupel_card_leave(device, before, status);
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
