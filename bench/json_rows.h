/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Results as JSON: an array of rows, a line each, all with the same keys. */
#ifndef CUPEL_BENCH_JSON_ROWS_H
#define CUPEL_BENCH_JSON_ROWS_H

#include "machine.h"
#include "measure.h"
#include <stdio.h>

/* What is 0 or NULL is not known, and null in the file. */
typedef struct bench_row {
    const char *bench; /* "train", "ops", "calibrate", "gemm" */
    const char *name;  /* of the case */
    const char *impl;  /* "cupel", "cblas" */
    const char *impl_version;
    const char *device;
    const char *dtype;   /* what is stored: float32, bfloat16, float64 */
    const char *compute; /* what is multiplied in: float32, tf32, bfloat16, float64 */
    const char *input;   /* "tensors": on the device; "fit": a data set; "host": a batch */
    int64_t batch;
    int64_t layers;
    int64_t parameters;
    int64_t graph_k; /* steps a graph */
    double launches_per_step;
    double kernel_nodes; /* a step */
    double host_calls;   /* of the device's library, a step */
    bench_times times;
    double flops;           /* a call */
    double peak_flops;      /* measured, a second, of that type */
    double spec_flops;      /* by the data sheet */
    double bytes;           /* a call, by formula */
    double copy_bytes;      /* measured, a second */
    double floor_us;        /* no call can be faster */
    double host_us;         /* of the host's time, a call */
    double peak_bytes;      /* of the device's memory, by cupel's own counter */
    double peak_card_bytes; /* by the card's */
    double loss_first;
    double loss_end;
    bench_machine machine;
} bench_row;

/* A file for rows; NULL path: rows go nowhere. */
typedef struct bench_rows {
    FILE *file;
    int64_t count;
} bench_rows;

int bench_rows_open(bench_rows *rows, const char *path);
void bench_rows_add(bench_rows *rows, const bench_row *row);
int bench_rows_close(bench_rows *rows);

#endif
