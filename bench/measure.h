/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Timing a function by samples of many calls, and reporting as a table and as JSON. */
#ifndef CUPEL_BENCH_MEASURE_H
#define CUPEL_BENCH_MEASURE_H

#include <stdint.h>
#include <stdio.h>

/* Microseconds a call. */
typedef struct bench_times {
    double median;
    double p5;
    double p95;
    double best;
    int64_t samples;
    int64_t calls; /* a sample */
} bench_times;

/* Calls work until warm-up and samples have taken about seconds in all: at least 5 samples, each of
 * at least 10 ms or one call. work returns 0, anything else ends the measurement with that value. */
int bench_measure(int (*work)(void *user), void *user, double seconds, bench_times *times);

/* What the command line said; argp does the parsing. */
typedef struct bench_options {
    const char *json;   /* a file for the rows, or NULL */
    const char *only;   /* the name of one case, or NULL for all */
    const char *device; /* for bench_train */
    double seconds;     /* for a case */
    int64_t threads;    /* 0: what the device takes */
} bench_options;

/* Fills options; exits the program on --help and on a mistake, as argp does. */
void bench_parse(int argc, char **argv, const char *about, bench_options *options);

/* A JSON array of rows in a file; NULL path: rows go nowhere. */
typedef struct bench_rows {
    FILE *file;
    int64_t count;
} bench_rows;

int bench_rows_open(bench_rows *rows, const char *path);
/* Adds {"bench": ..., "case": ..., "impl": ..., ...}; flops may be 0 for unknown. */
void bench_rows_add(bench_rows *rows, const char *bench, const char *name, const char *impl,
                    const char *version, int64_t batch, int64_t parameters, double flops,
                    const bench_times *times);
int bench_rows_close(bench_rows *rows);

#endif
