/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of one call on a device, by the device's own clock: ops, and whatever else can be asked
 * for as an op can. */
#ifndef CUPEL_BENCH_DEVICE_MEASURE_H
#define CUPEL_BENCH_DEVICE_MEASURE_H

#include "device.h"
#include "measure.h"

/* A moment in the work of a device. */
typedef struct bench_mark {
    double seconds; /* of the host's clock */
    void *event;    /* of a card; made when it is first noted */
} bench_mark;

/* How moments are taken. */
typedef struct bench_clock {
    /* As an op, whose args points to a bench_mark *: the moment when the device comes to it. */
    cupel_op_entry note;
    /* Between two moments that have passed. */
    cupel_status (*between)(const bench_mark *from, const bench_mark *to, double *seconds);
    void (*close)(bench_mark *mark);
} bench_clock;

/* Runs the call on x->queue: as bench_measure, with the time between two moments around the calls
 * of a sample. */
cupel_status bench_device_measure(cupel_exec *x, const cupel_call *call, double seconds,
                                  int64_t calls, bench_times *times);

#endif
