/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "measure.h"

#include <argp.h>
#include <stdlib.h>
#include <time.h>

#define MOST_SAMPLES 2000
#define SAMPLE_SECONDS 0.01

static double now(void)
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

/* Seconds for a number of calls; negative when work failed. */
static double time_calls(int (*work)(void *user), void *user, int64_t calls, int *failure)
{
    const double begin = now();
    for (int64_t i = 0; i < calls; i++) {
        *failure = work(user);
        if (*failure != 0) return -1;
    }
    return now() - begin;
}

int bench_measure(int (*work)(void *user), void *user, double seconds, bench_times *times)
{
    static double samples[MOST_SAMPLES];
    int failure = 0;
    /* Warm-up: a fifth of the time, while the number of calls a sample is found. */
    int64_t calls = 1;
    const double begin = now();
    double last = 0;
    do {
        last = time_calls(work, user, calls, &failure);
        if (failure != 0) return failure;
        if (last < SAMPLE_SECONDS) calls *= 2;
    } while (last < SAMPLE_SECONDS || now() - begin < 0.2 * seconds);
    int64_t count = 0;
    while (count < MOST_SAMPLES && (count < 5 || now() - begin < seconds)) {
        last = time_calls(work, user, calls, &failure);
        if (failure != 0) return failure;
        samples[count++] = last / (double)calls * 1e6;
    }
    qsort(samples, (size_t)count, sizeof samples[0], compare);
    *times = (bench_times){.median = samples[count / 2],
                           .p5 = samples[count * 5 / 100],
                           .p95 = samples[count * 95 / 100],
                           .best = samples[0],
                           .samples = count,
                           .calls = calls};
    return 0;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    bench_options *options = state->input;
    char *end = NULL;
    switch (key) {
    case 'j':
        options->json = arg;
        return 0;
    case 'c':
        options->only = arg;
        return 0;
    case 'd':
        options->device = arg;
        return 0;
    case 's':
        options->seconds = strtod(arg, &end);
        if (*end != '\0' || !(options->seconds > 0)) argp_error(state, "--seconds %s", arg);
        return 0;
    case 't':
        options->threads = strtoll(arg, &end, 10);
        if (*end != '\0' || options->threads < 0) argp_error(state, "--threads %s", arg);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void bench_parse(int argc, char **argv, const char *about, bench_options *options)
{
    static const struct argp_option choices[] = {
        {"json", 'j', "FILE", 0, "write the rows as JSON", 0},
        {"case", 'c', "NAME", 0, "measure one case", 0},
        {"device", 'd', "NAME", 0, "the device (default auto)", 0},
        {"seconds", 's', "S", 0, "time for a case (default 2)", 0},
        {"threads", 't', "N", 0, "threads of the CPU device (default: one a core)", 0},
        {0}};
    const struct argp parser = {choices, parse_option, NULL, about, NULL, NULL, NULL};
    *options = (bench_options){.device = "auto", .seconds = 2};
    argp_parse(&parser, argc, argv, 0, NULL, options);
}

int bench_rows_open(bench_rows *rows, const char *path)
{
    *rows = (bench_rows){0};
    if (path == NULL) return 0;
    rows->file = fopen(path, "w");
    if (rows->file == NULL) {
        perror(path);
        return 1;
    }
    fputs("[", rows->file);
    return 0;
}

void bench_rows_add(bench_rows *rows, const char *bench, const char *name, const char *impl,
                    const char *version, int64_t batch, int64_t parameters, double flops,
                    const bench_times *times)
{
    if (rows->file == NULL) return;
    fprintf(rows->file,
            "%s\n{\"bench\": \"%s\", \"case\": \"%s\", \"impl\": \"%s\", \"impl_version\": \"%s\", "
            "\"dtype\": \"float32\", \"batch\": %lld, \"params\": %lld, \"us_median\": %.4f, "
            "\"us_p5\": %.4f, \"us_p95\": %.4f, \"us_best\": %.4f, \"samples\": %lld, "
            "\"calls\": %lld, \"samples_per_s\": %.1f, \"gflops\": %.2f}",
            rows->count++ > 0 ? "," : "", bench, name, impl, version, (long long)batch,
            (long long)parameters, times->median, times->p5, times->p95, times->best,
            (long long)times->samples, (long long)times->calls, (double)batch / times->median * 1e6,
            flops / times->median * 1e-3);
}

int bench_rows_close(bench_rows *rows)
{
    if (rows->file == NULL) return 0;
    fputs("\n]\n", rows->file);
    const int failed = ferror(rows->file);
    if (fclose(rows->file) != 0 || failed) {
        fprintf(stderr, "the JSON file could not be written\n");
        return 1;
    }
    return 0;
}
