/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A network of a case with random data, ready to be trained. */
#ifndef CUPEL_BENCH_TRAINING_H
#define CUPEL_BENCH_TRAINING_H

#include "cases.h"

#include <cupel/cupel.h>
#include <stdint.h>

typedef struct bench_training {
    const bench_case *c;
    cupel_device *device;
    cupel_model *model;
    int64_t rows;           /* in memory */
    float *x;               /* [rows, widths[0]] */
    void *y;                /* int32 [rows], or float [rows, outputs] of a regression */
    cupel_tensor *tensor_x; /* the first batch on the device, or NULL */
    cupel_tensor *tensor_y;
} bench_training;

/* Makes rows samples and the compiled model; the same seed gives the same of both everywhere. What
 * was made before a failure is freed by close. */
cupel_status bench_training_open(cupel_device *device, const bench_case *c,
                                 cupel_precision precision, int64_t rows, bench_training *training);

/* Copies the first batch to the device. */
cupel_status bench_training_upload(bench_training *training);

/* The precision that the model computes in, which may be another than was asked for. */
cupel_precision bench_training_precision(const bench_training *training);

/* Nodes of the graph of the last step, by steps; 0 where there is none. */
double bench_training_nodes(const bench_training *training);

void bench_training_close(bench_training *training);

/* Trains a model of the case on the device and one on the CPU for a few steps of a few rows: every
 * loss on the device must be that of the CPU within what the precision allows. A sentence on stderr
 * where it is not. */
cupel_status bench_training_gate(cupel_device *device, const bench_case *c,
                                 cupel_precision precision);

#endif
