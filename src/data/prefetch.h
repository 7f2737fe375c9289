/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A thread that fills batches ahead of the one who uses them, in a ring of three slots: one is in
 * use, one is ready, one is being filled. */
#ifndef CUPEL_DATA_PREFETCH_H
#define CUPEL_DATA_PREFETCH_H

#include "data/batch_slot.h"

typedef struct cupel_prefetch cupel_prefetch;

/* Takes the slots and starts the thread, which waits. The plan is borrowed until close. MEMORY;
 * STATE when the system has no thread to give. */
cupel_status cupel_prefetch_open(const cupel_batch_plan *plan, cupel_prefetch **prefetch);

/* Has the thread begin an epoch at its first batch. Batches of another epoch are dropped; the one
 * that was handed out is no longer valid. */
void cupel_prefetch_start(cupel_prefetch *prefetch, const cupel_order *order);

/* Waits for the next batch of the epoch, of which the caller knows that there is one, and gives
 * back the one before. A failure is the outcome of this call, and of the next ones until a start.
 */
cupel_status cupel_prefetch_next(cupel_prefetch *prefetch, cupel_batch *batch);

/* Waits for the batch being filled, and ends the thread. Takes NULL. */
void cupel_prefetch_close(cupel_prefetch *prefetch);

#endif
