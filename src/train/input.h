/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Running a segment over a data set, whether the host brings the batches or the device takes them
 * from its own memory. */
#ifndef CUPEL_TRAIN_INPUT_H
#define CUPEL_TRAIN_INPUT_H

#include "data/batches.h"
#include "program/resident.h"
#include <cupel/train.h>

typedef struct cupel_input {
    cupel_program *program;
    cupel_segment segment;
    cupel_batches_config config; /* batch is at most the rows of the data set */
    cupel_batches *batches;      /* of the host, or NULL */
    cupel_resident *resident;    /* in the device's memory, or NULL */
    int64_t rows;                /* of the last batch */
    uint64_t epoch;
    int64_t position; /* resident: rows of the epoch that have been taken */
    int64_t placed;   /* resident: the program's feeds when it was told of the position */
} cupel_input;

/* Whether a function makes the rows: such data are always streamed. */
bool cupel_input_made(const cupel_dataset *data);

/* Takes the memory for running a segment, and what the device is to keep is checked and brought
 * there. */
cupel_status cupel_input_open(cupel_program *program, cupel_segment segment,
                              const cupel_batches_config *config, cupel_fit_input how,
                              cupel_input **input);
/* Begins an epoch at its first batch. */
cupel_status cupel_input_start(cupel_input *input, uint64_t epoch);
/* Runs the segment for at least one of the next batches and at most `most`; *steps are 0 when the
 * epoch is over. */
cupel_status cupel_input_run(cupel_input *input, int64_t most, int64_t *steps);
/* Takes NULL. */
void cupel_input_close(cupel_input *input);

#endif
