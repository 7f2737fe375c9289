/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How far a fit is, for whoever watches the file: on a terminal a line that is redrawn, else a line
 * an epoch. */
#ifndef CUPEL_TRAIN_PROGRESS_H
#define CUPEL_TRAIN_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct cupel_progress {
    FILE *file;    /* NULL: nothing is shown */
    bool terminal; /* redraw */
    int64_t width; /* of the terminal in columns */
    int64_t epochs;
    int64_t rows; /* of an epoch */
    int64_t epoch;
    double began;   /* this epoch, in seconds */
    double ended;   /* the training part of this epoch; 0 before */
    double drawn;   /* the last redraw */
    int64_t length; /* of the line that stands on the terminal without its newline */
} cupel_progress;

/* What the line says after the bar: the running means and their names. */
typedef struct cupel_progress_values {
    const char *const *names;
    const double *values;
    int64_t count;
} cupel_progress_values;

void cupel_progress_init(cupel_progress *progress, FILE *file, int64_t epochs, int64_t rows);
void cupel_progress_epoch(cupel_progress *progress, int64_t epoch);
/* Whether a redraw is due: at most ten a second. */
bool cupel_progress_due(cupel_progress *progress);
/* Redraws the line after rows samples of the epoch. */
void cupel_progress_step(cupel_progress *progress, int64_t rows,
                         const cupel_progress_values *values);
/* All samples of the epoch have been trained on; what follows (validation) is no part of the rate.
 */
void cupel_progress_trained(cupel_progress *progress);
void cupel_progress_epoch_end(cupel_progress *progress, const cupel_progress_values *values);
/* Ends a line that still stands open. */
void cupel_progress_end(cupel_progress *progress);

#endif
