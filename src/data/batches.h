/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data set cut into batches, epoch after epoch. A background thread gathers and checks the next
 * batch while a step runs; it touches host memory alone. Small batches of rows in memory are
 * gathered by the caller, for whom waking a thread would take longer. */
#ifndef CUPEL_DATA_BATCHES_H
#define CUPEL_DATA_BATCHES_H

#include "data/dataset.h"

typedef struct cupel_batches_config {
    const cupel_dataset *data;
    int64_t x_count; /* elements a row of x */
    int64_t batch;   /* rows of a batch; the last one of an epoch may be smaller */
    bool with_y;     /* gather targets too */
    bool labels;     /* y holds class numbers, to be checked against classes */
    int64_t classes;
    const float *class_weight; /* [class_weights]: multiplies a row's weight by that of its label;
                                  NULL. Borrowed until close. For targets that are no labels the
                                  class is the position of the largest of a row's y (or the rounded
                                  y itself for a single number) */
    int64_t class_weights;
    bool shuffle; /* by the keyed order of (seed, epoch); else in order */
    uint64_t seed;
} cupel_batches_config;

/* One batch, valid until the next call of cupel_batches_next or _start. */
typedef struct cupel_batch {
    int64_t rows;         /* 0: the epoch is over */
    const void *x;        /* [rows, x_count] of data->x_type */
    const void *y;        /* [rows, ...] of data->y_type, or NULL */
    const float *weights; /* [rows], or NULL for all 1 */
} cupel_batch;

typedef struct cupel_batches cupel_batches;

/* Takes its memory and starts the thread, where there is one; with unshuffled rows that lie in
 * memory and need no weights by class nothing is copied (batches point into the data set, checked
 * all the same). */
cupel_status cupel_batches_open(const cupel_batches_config *config, cupel_batches **batches);
/* Begins an epoch at its first batch, dropping what was prepared of another. */
cupel_status cupel_batches_start(cupel_batches *batches, uint64_t epoch);
/* Waits for the next batch. An invalid sample or a source's failure is this call's error, once the
 * batches before it have been handed out. */
cupel_status cupel_batches_next(cupel_batches *batches, cupel_batch *batch);
/* Stops the thread. Takes NULL. */
void cupel_batches_close(cupel_batches *batches);

#endif
