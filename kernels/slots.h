/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How batches of the host come to the card: page-locked memory that the host fills, from which a
 * stream of its own copies them, beside the work of the batches before. */
#ifndef CUPEL_CUDA_SLOTS_H
#define CUPEL_CUDA_SLOTS_H

#include "cuda_error.h"
#include "device.h"
#include <stdbool.h>

typedef struct cupel_cuda_slots {
    unsigned char *host;   /* CUPEL_SLOTS times head and batch; NULL: there are none */
    unsigned char *device; /* CUPEL_SLOTS batches */
    int64_t bytes;         /* of a batch */
    cudaStream_t copies;   /* NULL until the first slots are opened */
    cudaEvent_t arrived[CUPEL_SLOTS]; /* the batch is on the card */
    cudaEvent_t done[CUPEL_SLOTS];    /* its work is done, so that both memories are free */
    bool busy[CUPEL_SLOTS];           /* done is to be waited for */
    int64_t next;
} cupel_cuda_slots;

/* The card is selected, and no work is left that uses the slots. device NULL: only gives up what
 * there is. */
cupel_status cupel_cuda_slots_set(cupel_cuda_slots *slots, void *device, int64_t bytes);
void cupel_cuda_slots_close(cupel_cuda_slots *slots);

/* The next slot, when it is free. */
cupel_status cupel_cuda_slots_take(cupel_cuda_slots *slots, cupel_parcel *slot);

/* Sends what a launch says of its slot, and lets the work behind it wait for the batch. */
cupel_status cupel_cuda_slots_send(cupel_cuda_slots *slots, const cupel_launch *launch,
                                   cudaStream_t work);
/* All work with the slot has been asked for. status says whether that went well: where not, the
 * slots are emptied. */
cupel_status cupel_cuda_slots_release(cupel_cuda_slots *slots, const cupel_launch *launch,
                                      cudaStream_t work, cupel_status status);

#endif
