/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One axis of a plot: its range, its place and its ticks at round numbers. */
#ifndef CUPEL_TRAIN_AXIS_H
#define CUPEL_TRAIN_AXIS_H

#include <stdbool.h>
#include <stdint.h>

#define CUPEL_MAX_TICKS 16

typedef struct cupel_axis {
    double from; /* the value at start; the logarithm of it where logarithmic */
    double to;
    double start; /* coordinates in the drawing */
    double end;
    bool logarithmic;
    int64_t ticks;
    double tick[CUPEL_MAX_TICKS]; /* values, rising */
    int digits;                   /* that tell the ticks apart */
} cupel_axis;

/* Whether a value has a place on any axis: finite, and not so large that ranges overflow. */
bool cupel_axis_takes(double value);

/* An axis for values in [least, most] with some air around them; logarithmic when all are positive
 * and span more than two decades. */
cupel_axis cupel_axis_values(double least, double most, double start, double end);
/* An axis for the whole numbers first..last, all ticks whole. */
cupel_axis cupel_axis_epochs(int64_t first, int64_t last, double start, double end);

/* Where a value lies in the drawing, to a hundredth. */
double cupel_axis_place(const cupel_axis *axis, double value);

#endif
