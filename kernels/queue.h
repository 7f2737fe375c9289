/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The state of a queue of the CUDA device: its stream and what goes with it. */
#ifndef CUPEL_CUDA_QUEUE_H
#define CUPEL_CUDA_QUEUE_H

#include "card.h"

typedef struct cupel_cuda_queue {
    cudaStream_t stream;
} cupel_cuda_queue;

/* The backend's calls. */
cupel_status cupel_cuda_queue_open(cupel_queue *queue);
void cupel_cuda_queue_close(cupel_queue *queue);
cupel_status cupel_cuda_upload(cupel_queue *queue, void *to, const void *from, int64_t bytes);
cupel_status cupel_cuda_download(cupel_queue *queue, void *to, const void *from, int64_t bytes);
cupel_status cupel_cuda_run(cupel_exec *x, const cupel_call *calls, int64_t count);
cupel_status cupel_cuda_synchronize(cupel_queue *queue);

#endif
