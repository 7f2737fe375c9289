/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "device_measure.h"

#include "cuda_parts.h"
#include <stdlib.h>
#include <string.h>

/* Calls between two moments. */
#define MOST_CALLS 16384

static void close_host(bench_mark *mark)
{
    (void)mark;
}

static cupel_status note_host(cupel_exec *x, const void *args)
{
    /* args is const for ops; this one is a place to write to. */
    bench_mark *const *mark = args;
    (void)x;
    (*mark)->seconds = bench_now();
    return CUPEL_OK;
}

static cupel_status between_host(const bench_mark *from, const bench_mark *to, double *seconds)
{
    *seconds = to->seconds - from->seconds;
    return CUPEL_OK;
}

static const bench_clock host_clock = {
    .note = {note_host, NULL}, .between = between_host, .close = close_host};

typedef struct stopwatch {
    const bench_clock *clock;
    bench_mark marks[2];
    bench_mark *begin, *end;
    cupel_exec *x;
    cupel_call *calls; /* the first mark, the calls, the second mark */
} stopwatch;

static cupel_status time_calls(stopwatch *w, const cupel_call *call, int64_t count, double *seconds)
{
    const cupel_backend *backend = w->x->queue->device->backend;
    w->calls[0] = (cupel_call){&w->clock->note, &w->begin};
    for (int64_t i = 1; i <= count; i++)
        w->calls[i] = *call;
    w->calls[count + 1] = (cupel_call){&w->clock->note, &w->end};
    CUPEL_TRY(backend->run(w->x, w->calls, count + 2));
    CUPEL_TRY(backend->synchronize(w->x->queue));
    return w->clock->between(w->begin, w->end, seconds);
}

static cupel_status measure(stopwatch *w, const cupel_call *call, double seconds, int64_t calls,
                            bench_times *times)
{
    static double samples[BENCH_MOST_SAMPLES];
    const double begin = bench_now();
    int64_t each = calls > 0 ? calls : 1;
    int64_t count = 0;
    double last = 0;
    if (each > MOST_CALLS) each = MOST_CALLS;
    CUPEL_TRY(time_calls(w, call, 1, &last));
    if (calls > 0) {
        CUPEL_TRY(time_calls(w, call, each, &last));
        samples[count++] = last / (double)each * 1e6;
    }
    while (calls == 0) {
        CUPEL_TRY(time_calls(w, call, each, &last));
        if (last < BENCH_SAMPLE_SECONDS && each < MOST_CALLS)
            each *= 2;
        else if (bench_now() - begin > seconds / 3)
            break;
    }
    while (calls == 0 && count < BENCH_MOST_SAMPLES &&
           (count < 5 || bench_now() - begin < seconds)) {
        CUPEL_TRY(time_calls(w, call, each, &last));
        samples[count++] = last / (double)each * 1e6;
    }
    bench_summarise(samples, count, each, times);
    return CUPEL_OK;
}

cupel_status bench_device_measure(cupel_exec *x, const cupel_call *call, double seconds,
                                  int64_t calls, bench_times *times)
{
    const int on_cpu = strcmp(x->queue->device->backend->kind, "cpu") == 0;
    stopwatch w = {.clock = on_cpu ? &host_clock : bench_cuda_clock(), .x = x};
    w.begin = &w.marks[0];
    w.end = &w.marks[1];
    w.calls = malloc((MOST_CALLS + 2) * sizeof *w.calls);
    if (w.calls == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status = measure(&w, call, seconds, calls, times);
    w.clock->close(w.begin);
    w.clock->close(w.end);
    free(w.calls);
    return status;
}
