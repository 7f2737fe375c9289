/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The command line that the benchmarks share. */
#ifndef CUPEL_BENCH_OPTIONS_H
#define CUPEL_BENCH_OPTIONS_H

#include <stdint.h>

/* What a benchmark's program ends with. */
enum {
    BENCH_DONE = 0,
    BENCH_FAILED = 1, /* a measurement or a check before it failed */
    BENCH_NO_DEVICE =
        2, /* nothing was measured: there is no such device, or the words were wrong */
};

typedef struct bench_options {
    const char *device;      /* "auto" */
    const char *json;        /* a file for the rows, or NULL */
    const char *only;        /* one case (bench_train), or ops by * and ? (bench_ops); NULL: all */
    const char *dtype;       /* one element type, or NULL for all that the device has */
    const char *input;       /* bench_train: "tensors" or "fit"; NULL for both */
    const char *calibration; /* the rows of bench_calibrate, or NULL */
    double seconds;          /* for a case */
    int64_t steps;           /* so many calls a case and no more; 0: by the seconds */
    int64_t graph;           /* bench_train by fit: steps that are asked for at a time; 0: one */
    int64_t threads;         /* 0: what the device takes */
    int64_t elements;        /* of the largest tensor, at most; 0: by the device */
    int gate;                /* bench_train: compare with the CPU first */
} bench_options;

/* Fills options; ends the program on --help and on a mistake, as argp does. about says what the
 * program does. */
void bench_parse(int argc, char **argv, const char *about, bench_options *options);

/* Whether a name is the one chosen, or none was. */
int bench_chosen(const char *choice, const char *name);

#endif
