/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The memory of the CPU device, by all its threads. */
#include "calibrate.h"

#include <string.h>

typedef struct stream_args {
    float *to;
    const float *a, *b;
    int64_t count;
} stream_args;

static cupel_status copy(cupel_exec *x, const void *args)
{
    const stream_args *s = args;
    (void)x;
#pragma omp parallel for simd
    for (int64_t i = 0; i < s->count; i++)
        s->to[i] = s->a[i];
    return CUPEL_OK;
}

static cupel_status triad(cupel_exec *x, const void *args)
{
    const stream_args *s = args;
    (void)x;
#pragma omp parallel for simd
    for (int64_t i = 0; i < s->count; i++)
        s->to[i] = s->a[i] + 0.25F * s->b[i];
    return CUPEL_OK;
}

cupel_status bench_cpu_calibrate(bench_calibrator *b)
{
    static const cupel_op_entry copy_entry = {copy, NULL};
    static const cupel_op_entry triad_entry = {triad, NULL};
    int64_t count = INT64_C(1) << 26;
    void *arrays[3];
    CUPEL_TRY(bench_arrays_open(b, &count, arrays));
    const stream_args args = {.to = arrays[0], .a = arrays[1], .b = arrays[2], .count = count};
    const double bytes = (double)count * sizeof(float);
    cupel_status status = bench_calibrate(
        b, &(bench_probe){.name = "copy", .impl = "cupel", .dtype = "float32", .bytes = 2 * bytes},
        &(cupel_call){&copy_entry, &args});
    if (status == CUPEL_OK)
        status = bench_calibrate(
            b,
            &(bench_probe){
                .name = "triad", .impl = "cupel", .dtype = "float32", .bytes = 3 * bytes},
            &(cupel_call){&triad_entry, &args});
    bench_arrays_close(b, count, arrays);
    return status;
}
