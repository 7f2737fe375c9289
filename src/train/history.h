/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The record of a fit while it is written. */
#ifndef CUPEL_TRAIN_HISTORY_H
#define CUPEL_TRAIN_HISTORY_H

#include "program/program.h"
#include <cupel/train.h>

/* Loss and metrics, the same of the validation, and the learning rate. */
#define CUPEL_MAX_SERIES (2 * (1 + CUPEL_MAX_METRICS) + 1)
#define CUPEL_SERIES_NAME 40
/* Room for the names of all series in a sentence. */
#define CUPEL_SERIES_LIST 400

struct cupel_history {
    int64_t series;
    int64_t
        reported; /* the first of them have values in the middle of an epoch: loss and metrics */
    char text[CUPEL_MAX_SERIES][CUPEL_SERIES_NAME];
    const char *names[CUPEL_MAX_SERIES]; /* the texts */
    bool higher_better[CUPEL_MAX_SERIES];
    double *values; /* [series][room] */
    int64_t epochs;
    int64_t room;
    int64_t first_epoch; /* the number of the first epoch, from 0 */
    int64_t best;        /* the index of the best epoch by a callback that watches; -1 for none */
    int64_t watched;     /* the series that it watches */
    char reason[CUPEL_ERROR_TEXT];
};

/* Makes the record of a fit that reports what settings ask for. */
cupel_status cupel_history_create(const cupel_settings *settings, bool validation,
                                  int64_t first_epoch, cupel_history **history);
/* Adds an epoch: one value a series, in the order of the names. */
cupel_status cupel_history_record(cupel_history *history, const double *values);
/* The index of a series; -1 where there is none of this name. */
int64_t cupel_history_find(const cupel_history *history, const char *name);
/* Writes the names of the series to text, separated by commas, and returns it. */
char *cupel_history_list(const cupel_history *history, char text[CUPEL_SERIES_LIST]);
/* The values of a series, one an epoch. */
const double *cupel_history_row(const cupel_history *history, int64_t index);

/* Says why the fit ended; the first reason stays. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cupel_history_end(cupel_history *history, const char *format, ...);

#endif
