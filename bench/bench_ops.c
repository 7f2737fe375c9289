/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of every op in every type that the device has, on tensors larger than its caches, with
 * the bytes that it must move: every tensor that is read and every one that is written once, one
 * that is updated in place twice, and the batch where the op reads one. */
#define _POSIX_C_SOURCE 200809L
#include "calibration.h"
#include "device_ops.h"
#include "json_rows.h"
#include "op_run.h"
#include "op_shapes.h"
#include "options.h"

#include <fnmatch.h>
#include <string.h>

typedef struct bench {
    bench_options options;
    bench_calibration calibration;
    bench_rows rows;
    cupel_device *device;
    int64_t elements; /* of the largest tensor */
    int measured;
} bench;

/* On a card, whose L2 cache may have 128 MiB, 512 MiB of floats; on the CPU 64 MiB. */
static int64_t usual_elements(const cupel_device *device)
{
    return strcmp(device->backend->kind, "cpu") == 0 ? INT64_C(1) << 24 : INT64_C(1) << 27;
}

static int64_t elements_for(const bench *b, const bench_op_shape *shape)
{
    const int on_cpu = strcmp(b->device->backend->kind, "cpu") == 0;
    int64_t wanted = shape->most > 0 && !on_cpu ? (int64_t)shape->most : b->elements;
    if (shape->most > 0 && shape->most < (double)wanted) wanted = (int64_t)shape->most;
    if (b->options.elements > 0 && b->options.elements < wanted) wanted = b->options.elements;
    return wanted;
}

static void report(bench *b, const bench_op_shape *shape, const bench_op_run *run,
                   cupel_precision precision, const bench_times *times)
{
    const char *type = bench_precision_name(precision);
    char name[96];
    snprintf(name, sizeof name, "%s%s%s", shape->op, *shape->label != '\0' ? " " : "",
             shape->label);
    bench_row row = {.bench = "ops",
                     .name = name,
                     .impl = "cupel",
                     .impl_version = cupel_version(),
                     .device = b->device->name,
                     .dtype = type,
                     .compute = type,
                     .times = *times,
                     .bytes = run->bytes,
                     .flops = run->flops,
                     .copy_bytes = b->calibration.copy,
                     .peak_flops = bench_peak(&b->calibration, type)};
    bench_read_machine(b->device, &row.machine);
    const double us = times->median;
    printf("%-30s %-9s %12.2f %12.2f %12.3f %10.1f", name, type, (double)run->elements * 1e-6, us,
           run->bytes * 1e-6, run->bytes / us * 1e-3);
    if (row.copy_bytes > 0) printf(" %7.1f %%", 100 * run->bytes / (us * 1e-6) / row.copy_bytes);
    if (run->flops > 0) printf(" %10.3f TFLOP/s", run->flops / us * 1e-6);
    printf("\n");
    fflush(stdout);
    bench_rows_add(&b->rows, &row);
    b->measured++;
}

/* 0, or 1 with a line on stderr. */
static int measure(bench *b, const bench_op_shape *shape, cupel_precision precision)
{
    const cupel_op_entry *ops = bench_device_ops(b->device, precision);
    bench_op_run run;
    bench_times times;
    if (ops == NULL || !bench_chosen(b->options.dtype, bench_precision_name(precision))) return 0;
    cupel_status status = bench_op_open(b->device, precision, shape, elements_for(b, shape), &run);
    if (status == CUPEL_OK) {
        const cupel_call call = {&ops[run.shape.op], run.words};
        status = bench_device_measure(&run.x, &call, b->options.seconds, b->options.steps, &times);
    }
    if (status == CUPEL_OK)
        report(b, shape, &run, precision, &times);
    else
        fprintf(stderr, "%s %s in %s: %s\n", shape->op, shape->label,
                bench_precision_name(precision), cupel_last_error());
    bench_op_close(&run);
    return status != CUPEL_OK;
}

static int has_shape(const char *op)
{
    for (const bench_op_shape *s = bench_op_shapes; s->op != NULL; s++) {
        if (strcmp(s->op, op) == 0) return 1;
    }
    return 0;
}

static int measure_all(bench *b)
{
    static const cupel_precision precisions[] = {CUPEL_PRECISION_FLOAT32, CUPEL_PRECISION_BFLOAT16,
                                                 CUPEL_PRECISION_FLOAT64};
    const char *only = b->options.only;
    int failed = 0;
    for (int op = 0; op < CUPEL_OP_COUNT; op++) {
        if (has_shape(check_rows[op].name)) continue;
        fprintf(stderr, "bench_ops: %s has no shape in op_shapes.c\n", check_rows[op].name);
        failed = 1;
    }
    for (const bench_op_shape *s = bench_op_shapes; s->op != NULL; s++) {
        if (only != NULL && fnmatch(only, s->op, 0) != 0) continue;
        for (size_t i = 0; i < sizeof precisions / sizeof precisions[0]; i++)
            failed |= measure(b, s, precisions[i]);
    }
    return failed;
}

int main(int argc, char **argv)
{
    static bench b;
    bench_parse(argc, argv, "Times the ops of a device.", &b.options);
    if (bench_read_calibration(b.options.calibration, &b.calibration) != 0) return BENCH_FAILED;
    if (cupel_device_open(b.options.device, &b.device) != CUPEL_OK ||
        cupel_device_set_threads(b.device, b.options.threads) != CUPEL_OK) {
        fprintf(stderr, "bench_ops: %s\n", cupel_last_error());
        return BENCH_NO_DEVICE;
    }
    if (bench_rows_open(&b.rows, b.options.json) != 0) return BENCH_FAILED;
    b.elements = usual_elements(b.device);
    printf("cupel %s on %s\n", cupel_version(), b.device->name);
    printf("%-30s %-9s %12s %12s %12s %10s %9s\n", "op", "type", "M elements", "us", "MB", "GB/s",
           "of copy");
    int failed = measure_all(&b);
    cupel_device_close(b.device);
    failed |= bench_rows_close(&b.rows);
    if (b.measured == 0) {
        fprintf(stderr, "bench_ops: nothing was measured\n");
        return BENCH_FAILED;
    }
    return failed ? BENCH_FAILED : BENCH_DONE;
}
