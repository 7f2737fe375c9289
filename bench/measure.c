/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

void bench_summarise(double *samples, int64_t count, int64_t calls, bench_times *times)
{
    static double distances[BENCH_MOST_SAMPLES];
    qsort(samples, (size_t)count, sizeof samples[0], compare);
    *times = (bench_times){.median = samples[count / 2],
                           .p5 = samples[count * 5 / 100],
                           .p95 = samples[count * 95 / 100],
                           .best = samples[0],
                           .samples = count,
                           .calls = calls};
    for (int64_t i = 0; i < count; i++)
        distances[i] = fabs(samples[i] - times->median);
    qsort(distances, (size_t)count, sizeof distances[0], compare);
    times->mad = distances[count / 2];
}

void bench_divide(bench_times *times, double parts)
{
    times->median /= parts;
    times->p5 /= parts;
    times->p95 /= parts;
    times->best /= parts;
    times->mad /= parts;
}

/* Seconds from the first call to the end of the last. */
static int time_calls(const bench_work *work, int64_t calls, double *seconds)
{
    const double begin = bench_now();
    for (int64_t i = 0; i < calls; i++) {
        const int failure = work->call(work->user);
        if (failure != 0) return failure;
    }
    const int failure = work->finish != NULL ? work->finish(work->user) : 0;
    *seconds = bench_now() - begin;
    return failure;
}

int bench_measure(const bench_work *work, double seconds, int64_t calls, bench_times *times)
{
    static double samples[BENCH_MOST_SAMPLES];
    const double begin = bench_now();
    double last = 0;
    int64_t each = calls > 0 ? calls : 1;
    int64_t count = 0;
    int failure = 0;
    if (calls > 0) {
        failure = time_calls(work, 1, &last);
        if (failure == 0) failure = time_calls(work, calls, &last);
        samples[count++] = last / (double)calls * 1e6;
    }
    /* The number of calls a sample is found while it warms up. */
    while (calls == 0 && failure == 0) {
        failure = time_calls(work, each, &last);
        if (last < BENCH_SAMPLE_SECONDS)
            each *= 2;
        else if (bench_now() - begin > seconds / 3)
            break;
    }
    while (calls == 0 && failure == 0 && count < BENCH_MOST_SAMPLES &&
           (count < 5 || bench_now() - begin < seconds)) {
        failure = time_calls(work, each, &last);
        samples[count++] = last / (double)each * 1e6;
    }
    if (failure == 0) bench_summarise(samples, count, each, times);
    return failure;
}
