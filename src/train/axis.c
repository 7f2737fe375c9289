/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ranges and ticks. */
#include "train/axis.h"

#include <math.h>

/* About so many ticks are wanted. */
#define WANTED 5

bool cupel_axis_takes(double value)
{
    return fabs(value) <= 1e300;
}

/* The smallest of 1, 2, 5 times a power of ten that cuts span into at most WANTED pieces or so. */
static double round_step(double span)
{
    const double rough = span / WANTED;
    const double decade = pow(10, floor(log10(rough)));
    const double factor = rough / decade;
    return decade * (factor <= 1.5 ? 1 : factor <= 3.5 ? 2 : factor <= 7.5 ? 5 : 10);
}

/* Ticks at the multiples of step in [least, most]. */
static void linear_ticks(cupel_axis *axis, double step, double least, double most)
{
    const double first = ceil(least / step - 1e-9);
    const double last = floor(most / step + 1e-9);
    for (double k = first; k <= last && axis->ticks < CUPEL_MAX_TICKS; k++) {
        axis->tick[axis->ticks++] = k * step + 0.0; /* no -0 */
    }
    const double largest = fmax(fabs(least), fabs(most));
    const int digits = (int)ceil(log10(largest / step)) + 1;
    axis->digits = digits < 6 ? 6 : digits > 15 ? 15 : digits;
}

/* Powers of ten, with 2 and 5 between them as long as there are few. */
static void decade_ticks(cupel_axis *axis)
{
    static const double between[] = {1, 2, 5};
    const double decades = axis->to - axis->from;
    const int kinds = decades <= 3 ? 3 : 1;
    const double stride = ceil(decades / 8);
    axis->digits = 6;
    for (double k = floor(axis->from / stride) * stride; k <= axis->to; k += stride) {
        for (int i = 0; i < kinds; i++) {
            const double place = k + log10(between[i]);
            const double value = between[i] * pow(10, k);
            if (place < axis->from || place > axis->to || axis->ticks == CUPEL_MAX_TICKS) continue;
            /* The air around the values may reach beyond what a double can say. */
            if (value > 0 && cupel_axis_takes(value)) axis->tick[axis->ticks++] = value;
        }
    }
}

cupel_axis cupel_axis_values(double least, double most, double start, double end)
{
    cupel_axis axis = {.start = start, .end = end};
    axis.logarithmic = least > 0 && most / least > 100;
    if (axis.logarithmic) {
        axis.from = log10(least);
        axis.to = log10(most);
    } else {
        const double size = fmax(fabs(least), fabs(most));
        axis.from = least;
        axis.to = most;
        /* A line that is flat to the eye lies in the middle. */
        if (most - least <= 1e-6 * size || size < 1e-300) {
            const double half = size < 1e-300 ? 0.5 : 0.1 * size;
            axis.from -= half;
            axis.to += half;
        }
    }
    const double air = 0.05 * (axis.to - axis.from);
    axis.from -= air;
    axis.to += air;
    if (axis.logarithmic)
        decade_ticks(&axis);
    else
        linear_ticks(&axis, round_step(axis.to - axis.from), axis.from, axis.to);
    return axis;
}

cupel_axis cupel_axis_epochs(int64_t first, int64_t last, double start, double end)
{
    cupel_axis axis = {.start = start, .end = end};
    const double air = last == first ? 0.5 : 0.02 * (double)(last - first);
    axis.from = (double)first - air;
    axis.to = (double)last + air;
    linear_ticks(&axis, fmax(1, round_step(axis.to - axis.from)), (double)first, (double)last);
    return axis;
}

double cupel_axis_place(const cupel_axis *axis, double value)
{
    const double at = axis->logarithmic ? log10(value) : value;
    const double place =
        axis->start + (at - axis->from) / (axis->to - axis->from) * (axis->end - axis->start);
    return round(place * 100) / 100;
}
