/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The memory of one batch, and how a batch comes into it. */
#ifndef CUPEL_DATA_BATCH_SLOT_H
#define CUPEL_DATA_BATCH_SLOT_H

#include "base/order.h"
#include "data/batches.h"

/* What is the same for every batch of every epoch. */
typedef struct cupel_batch_plan {
    cupel_batches_config config; /* batch is at most the rows of the data set */
    bool in_place; /* batches point into the data set: rows in memory, in order, with their weights
                    */
    bool weighted; /* batches have weights */
} cupel_batch_plan;

typedef struct cupel_batch_slot {
    cupel_batch batch;
    int64_t *names; /* [batch]: the rows, as the data set numbers them */
    void *x;        /* NULL when in place, like the next two */
    void *y;
    float *weights;
    cupel_status status; /* of the last filling, for whoever takes the batch in another thread */
    char error[CUPEL_ERROR_TEXT];
} cupel_batch_slot;

/* Takes the memory. On failure cupel_batch_slot_free is still due. */
cupel_status cupel_batch_slot_make(cupel_batch_slot *slot, const cupel_batch_plan *plan);

/* Fills in the batch whose first row stands at a position of the epoch, and checks it. */
cupel_status cupel_batch_slot_fill(cupel_batch_slot *slot, const cupel_batch_plan *plan,
                                   const cupel_order *order, int64_t position);

void cupel_batch_slot_free(cupel_batch_slot *slot);

#endif
