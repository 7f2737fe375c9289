/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a step asks of its queue: nothing here waits for the card, but for a slot that is still in
 * use. A step that streams its batch costs eight calls of the host, one with its data on the card
 * two: which card is selected, and the launch. */
#include "queue.h"

cupel_status cupel_cuda_launch(cupel_exec *x, const cupel_launch *launch)
{
    const cupel_device *device = x->queue->device;
    cupel_cuda_queue *q = x->queue->state;
    int before = 0;
    CUPEL_TRY(cupel_card_enter(device, &before));
    cupel_status status = cupel_cuda_queue_fill(x);
    if (status == CUPEL_OK && launch->slot != NULL)
        status = cupel_cuda_slots_send(&q->slots, launch, q->stream);
    if (status == CUPEL_OK) status = cupel_cuda_replay(x, launch);
    status = cupel_cuda_slots_release(&q->slots, launch, q->stream, status);
    return cupel_card_leave(device, before, status);
}

void cupel_cuda_forget(cupel_queue *queue, cupel_replay *replay)
{
    int before = 0;
    if (replay->state != NULL) {
        const bool selected = cupel_card_select(queue->device, &before);
        cupel_cuda_graph_free(replay->state);
        if (selected) cupel_card_restore(queue->device, before);
    }
    *replay = (cupel_replay){0};
}

cupel_status cupel_cuda_set_slots(cupel_queue *queue, void *memory, int64_t bytes)
{
    cupel_cuda_queue *q = queue->state;
    int before = 0;
    if (memory == NULL) {
        const bool selected = cupel_card_select(queue->device, &before);
        const cupel_status freed = cupel_cuda_slots_set(&q->slots, NULL, 0);
        if (selected) cupel_card_restore(queue->device, before);
        return freed;
    }
    CUPEL_TRY(cupel_card_enter(queue->device, &before));
    return cupel_card_leave(queue->device, before, cupel_cuda_slots_set(&q->slots, memory, bytes));
}

/* An event is waited for on any card. */
cupel_status cupel_cuda_take_slot(cupel_queue *queue, cupel_parcel *slot)
{
    cupel_cuda_queue *q = queue->state;
    CUPEL_TRY(cupel_card_check(queue->device));
    return cupel_card_note(queue->device, cupel_cuda_slots_take(&q->slots, slot));
}

/* CUDA has read memory that is not page-locked when the call returns. */
cupel_status cupel_cuda_post(cupel_queue *queue, void *to, const void *from, int64_t bytes)
{
    const cupel_cuda_queue *q = queue->state;
    int before = 0;
    CUPEL_TRY(cupel_card_enter(queue->device, &before));
    const cupel_status status = cupel_cuda_result(
        cudaMemcpyAsync(to, from, (size_t)bytes, cudaMemcpyHostToDevice, q->stream),
        "cudaMemcpyAsync");
    return cupel_card_leave(queue->device, before, status);
}

cupel_status cupel_cuda_poll(cupel_queue *queue, void *to, const void *from, int64_t bytes,
                             bool *fresh)
{
    cupel_cuda_queue *q = queue->state;
    int before = 0;
    if (to == NULL) {
        *fresh = false;
        cupel_cuda_readback_drop(&q->readback);
        return CUPEL_OK;
    }
    CUPEL_TRY(cupel_card_enter(queue->device, &before));
    const cupel_status status =
        cupel_cuda_readback_poll(&q->readback, q->stream, to, from, bytes, fresh);
    return cupel_card_leave(queue->device, before, status);
}
