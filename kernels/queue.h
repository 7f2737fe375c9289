/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The state of a queue of the CUDA device: its stream and what goes with it. */
#ifndef CUPEL_CUDA_QUEUE_H
#define CUPEL_CUDA_QUEUE_H

#include "capture.h"
#include "card.h"
#include "products.h"
#include "readback.h"
#include "slots.h"

typedef struct cupel_cuda_queue {
    cudaStream_t stream; /* what is used: own, or the caller's */
    cudaStream_t own;
    cupel_cuda_products *products; /* opened by the first run: what only copies needs none */
    cupel_cuda_slots slots;
    cupel_cuda_readback readback;
} cupel_cuda_queue;

/* The backend's calls. */
cupel_status cupel_cuda_queue_open(cupel_queue *queue);
void cupel_cuda_queue_close(cupel_queue *queue);
cupel_status cupel_cuda_upload(cupel_queue *queue, void *to, const void *from, int64_t bytes);
cupel_status cupel_cuda_download(cupel_queue *queue, void *to, const void *from, int64_t bytes);
cupel_status cupel_cuda_run(cupel_exec *x, const cupel_call *calls, int64_t count);
cupel_status cupel_cuda_post(cupel_queue *queue, void *to, const void *from, int64_t bytes);
cupel_status cupel_cuda_poll(cupel_queue *queue, void *to, const void *from, int64_t bytes,
                             bool *fresh);
cupel_status cupel_cuda_launch(cupel_exec *x, const cupel_launch *launch);
void cupel_cuda_forget(cupel_queue *queue, cupel_replay *replay);
cupel_status cupel_cuda_set_slots(cupel_queue *queue, void *memory, int64_t bytes);
cupel_status cupel_cuda_take_slot(cupel_queue *queue, cupel_parcel *slot);
cupel_status cupel_cuda_synchronize(cupel_queue *queue);

cupel_status cupel_cuda_use_stream(cupel_queue *queue, void *stream);

/* What a run finds in x, the queue's stream and products; the card is selected. */
cupel_status cupel_cuda_queue_fill(cupel_exec *x);

#endif
