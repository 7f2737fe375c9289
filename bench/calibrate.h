/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What bench_calibrate's parts share. */
#ifndef CUPEL_BENCH_CALIBRATE_H
#define CUPEL_BENCH_CALIBRATE_H

#include "json_rows.h"
#include "options.h"

#include "device.h"

typedef struct bench_calibrator {
    bench_options options;
    bench_rows rows;
    cupel_device *device;
    cupel_exec x; /* on the device's own queue */
} bench_calibrator;

/* What one call moves and computes; 0: nothing. */
typedef struct bench_probe {
    const char *name;
    const char *impl;  /* whose it is: "cupel", "cublaslt", "cuda" */
    const char *dtype; /* of the elements, or NULL */
    const char *compute;
    double bytes;
    double flops;
    int64_t parts; /* what the time is divided by; 0: by 1 */
} bench_probe;

/* Measures a call, prints a line and adds a row. */
cupel_status bench_calibrate(bench_calibrator *calibrator, const bench_probe *probe,
                             const cupel_call *call);

/* Three arrays of so many floats, or of half as many until they fit; *elements is what they have.
 */
cupel_status bench_arrays_open(bench_calibrator *calibrator, int64_t *elements, void *arrays[3]);
void bench_arrays_close(bench_calibrator *calibrator, int64_t elements, void *arrays[3]);

/* The products of the device's op tables, in every layout and type, cupel's own or whatever stands
 * behind them. */
cupel_status bench_calibrate_products(bench_calibrator *calibrator);

/* Copy, triad and products on the CPU device. */
cupel_status bench_cpu_calibrate(bench_calibrator *calibrator);

#endif
