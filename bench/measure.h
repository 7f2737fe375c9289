/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Timing by samples of many calls. */
#ifndef CUPEL_BENCH_MEASURE_H
#define CUPEL_BENCH_MEASURE_H

#include <stdint.h>

/* Microseconds a call. */
typedef struct bench_times {
    double median;
    double p5;
    double p95;
    double best;
    double mad;      /* the median distance from the median */
    int64_t samples; /* 0: nothing was measured */
    int64_t calls;   /* a sample */
} bench_times;

#define BENCH_MOST_SAMPLES 2000
/* A sample has at least so many seconds, or one call. */
#define BENCH_SAMPLE_SECONDS 0.02

/* What is timed. Both functions return 0, anything else ends the measurement with that value. */
typedef struct bench_work {
    int (*call)(void *user);
    int (*finish)(void *user); /* waits for all calls so far; NULL where a call itself does */
    void *user;
} bench_work;

/* Seconds of a clock that only goes forward. */
double bench_now(void);

/* Warms up for a third of the seconds and takes samples for the rest, at least 5. Waits for the
 * device between samples alone, never in one. Where calls is not 0 there is one sample, of so many
 * calls, after one call as warm-up. */
int bench_measure(const bench_work *work, double seconds, int64_t calls, bench_times *times);

/* The summary of count samples, microseconds each, which are sorted. */
void bench_summarise(double *samples, int64_t count, int64_t calls, bench_times *times);

/* The same of a part of each call. */
void bench_divide(bench_times *times, double parts);

#endif
