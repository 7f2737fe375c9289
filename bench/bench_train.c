/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of a training step, everything from the batch to the updated weights, Adam included; the
 * loss is not read. The batch lies on the device (tensors), comes from a data set by fit (fit), or
 * from the host's memory (host). On a card every network is first compared with the CPU. */
#include "calibration.h"
#include "cuda_parts.h"
#include "device_ops.h"
#include "json_rows.h"
#include "options.h"
#include "train_fit.h"
#include "training.h"

#include "device.h"
#include <string.h>

typedef struct bench {
    bench_options options;
    bench_calibration calibration;
    bench_rows rows;
    cupel_device *device;
    int on_cpu;
} bench;

static int step_tensors(void *user)
{
    const bench_training *t = user;
    return cupel_model_train_tensors(t->model, t->tensor_x, t->tensor_y, NULL) != CUPEL_OK;
}

static int step_host(void *user)
{
    const bench_training *t = user;
    return cupel_model_train_batch(t->model, t->x, t->y, t->c->batch, NULL) != CUPEL_OK;
}

static int finish(void *user)
{
    const bench_training *t = user;
    return cupel_device_synchronize(t->device) != CUPEL_OK;
}

/* What the host does for a step, while nothing holds it up. */
static int measure_host(const bench_work *work, bench_row *row)
{
    enum { CALLS = 16 };
    if (work->finish(work->user) != 0) return 1;
    const double begin = bench_now();
    const int64_t before = bench_cuda_host_calls();
    for (int i = 0; i < CALLS; i++) {
        if (work->call(work->user) != 0) return 1;
    }
    row->host_us = (bench_now() - begin) / CALLS * 1e6;
    row->host_calls = (double)(bench_cuda_host_calls() - before) / CALLS;
    row->kernel_nodes = bench_training_nodes(work->user);
    if (row->kernel_nodes > 0) row->launches_per_step = 1;
    return work->finish(work->user);
}

/* The loss of a step on the batch that is measured. */
static cupel_status loss_now(const bench *b, bench_training *t, double *loss)
{
    if (t->tensor_x != NULL)
        return cupel_model_train_tensors(t->model, t->tensor_x, t->tensor_y, loss);
    (void)b;
    return cupel_model_train_batch(t->model, t->x, t->y, t->c->batch, loss);
}

static int measure_steps(const bench *b, bench_training *t, bench_row *row)
{
    const bench_work work = {t->tensor_x != NULL ? step_tensors : step_host, finish, t};
    if (loss_now(b, t, &row->loss_first) != CUPEL_OK) return 1;
    if (bench_measure(&work, b->options.seconds, b->options.steps, &row->times) != 0) return 1;
    bench_read_machine(b->device, &row->machine);
    if (!b->on_cpu && measure_host(&work, row) != 0) return 1;
    return loss_now(b, t, &row->loss_end) != CUPEL_OK;
}

static int measure_fit(const bench *b, bench_training *t, bench_row *row)
{
    if (cupel_model_train_batch(t->model, t->x, t->y, t->c->batch, &row->loss_first) != CUPEL_OK ||
        bench_train_fit(t, b->options.steps != 0 ? 0 : b->options.seconds, b->options.graph, row) !=
            CUPEL_OK)
        return 1;
    row->graph_k = b->options.graph > 0 ? b->options.graph : 1;
    bench_read_machine(b->device, &row->machine);
    row->kernel_nodes = bench_training_nodes(t);
    return 0;
}

/* The largest of what the products, the memory and the launches of a step take at least. */
static double floor_of(const bench *b, const bench_case *c, const bench_row *row)
{
    const double flops = row->peak_flops > 0 ? row->flops / row->peak_flops * 1e6 : 0;
    const double bytes = row->copy_bytes > 0 ? row->bytes / row->copy_bytes * 1e6 : 0;
    const double nodes = b->calibration.node_us * (double)bench_kernels(c);
    double most = flops > bytes ? flops : bytes;
    if (nodes > most) most = nodes;
    return b->calibration.launch_us > most ? b->calibration.launch_us : most;
}

static void fill_row(const bench *b, const bench_case *c, cupel_precision precision,
                     const char *input, bench_row *row)
{
    const char *compute = bench_precision_name(precision);
    const int narrow = precision == CUPEL_PRECISION_BFLOAT16;
    *row = (bench_row){.bench = "train",
                       .name = c->name,
                       .impl = "cupel",
                       .impl_version = cupel_version(),
                       .device = cupel_device_name(b->device),
                       .dtype = narrow ? "bfloat16" : "float32",
                       .compute = compute,
                       .input = input,
                       .batch = c->batch,
                       .layers = c->layers,
                       .parameters = bench_parameters(c),
                       .flops = bench_flops(c),
                       .peak_flops = bench_peak(&b->calibration, compute),
                       .spec_flops = bench_spec_peak(cupel_device_name(b->device), compute),
                       .bytes = bench_bytes(c, narrow ? 2 : 4),
                       .copy_bytes = b->calibration.copy};
    row->floor_us = floor_of(b, c, row);
}

static void print_head(void)
{
    printf("%-30s %-9s %-8s %10s %10s %10s %12s %9s %8s %8s %8s %6s %6s %9s %11s\n", "case",
           "compute", "input", "us a step", "p5", "p95", "samples/s", "GFLOP/s", "floor us",
           "of floor", "host us", "calls", "nodes", "MB", "loss");
}

/* One dash for what is not known. */
static const char *number(double value, const char *form, char text[32])
{
    if (value == 0) return "-";
    snprintf(text, 32, form, value);
    return text;
}

static void print_row(const bench_row *row)
{
    char a[32], s[32], h[32], c[32], n[32], m[32];
    const double share = row->floor_us > 0 ? row->floor_us / row->times.median : 0;
    printf("%-30s %-9s %-8s %10.2f %10.2f %10.2f %12.0f %9.0f %8s %8s %8s %6s %6s %9s %5.4g>%.4g\n",
           row->name, row->compute, row->input, row->times.median, row->times.p5, row->times.p95,
           (double)row->batch / row->times.median * 1e6, row->flops / row->times.median * 1e-3,
           number(row->floor_us, "%.1f", a), number(share, "%.2f", s),
           number(row->host_us, "%.1f", h), number(row->host_calls, "%.1f", c),
           number(row->kernel_nodes, "%.0f", n), number(row->peak_bytes * 1e-6, "%.1f", m),
           row->loss_first, row->loss_end);
    fflush(stdout);
}

/* Rows for an epoch of fit: several batches, but no more than so many numbers; or as many as steps.
 */
static int64_t fit_rows(const bench *b, const bench_case *c)
{
    const int64_t batches = (INT64_C(1) << 26) / (c->batch * c->widths[0]);
    if (b->options.steps > 0) return c->batch * b->options.steps;
    return c->batch * (batches < 2 ? 2 : batches > 64 ? 64 : batches);
}

/* 0, or 1 with a line on stderr. */
static int measure_input(bench *b, const bench_case *c, cupel_precision precision,
                         const char *input)
{
    const int fit = strcmp(input, "fit") == 0;
    bench_training t;
    bench_row row;
    bench_machine before;
    fill_row(b, c, precision, input, &row);
    bench_read_machine(b->device, &before);
    int failed = bench_training_open(b->device, c, precision, fit ? fit_rows(b, c) : c->batch,
                                     &t) != CUPEL_OK;
    if (!failed && bench_training_precision(&t) != precision) {
        printf("%-30s %-9s the device computes it in %s: not measured\n", c->name, row.compute,
               bench_precision_name(bench_training_precision(&t)));
        bench_training_close(&t);
        return 0;
    }
    if (!failed && strcmp(input, "tensors") == 0) failed = bench_training_upload(&t) != CUPEL_OK;
    if (!failed) failed = fit ? measure_fit(b, &t, &row) : measure_steps(b, &t, &row);
    if (failed) {
        fprintf(stderr, "%s in %s, %s: %s\n", c->name, row.compute, input, cupel_last_error());
    } else if (!(row.loss_end < row.loss_first)) {
        failed = 1;
        fprintf(stderr, "%s in %s, %s: the loss went from %g to %g\n", c->name, row.compute, input,
                row.loss_first, row.loss_end);
    } else {
        row.peak_bytes = (double)b->device->bytes;
        if (row.machine.bytes_used > before.bytes_used)
            row.peak_card_bytes = row.machine.bytes_used - before.bytes_used;
        print_row(&row);
        bench_rows_add(&b->rows, &row);
    }
    bench_training_close(&t);
    return failed;
}

static int measure_case(bench *b, const char *name)
{
    static const cupel_precision precisions[] = {CUPEL_PRECISION_FLOAT32, CUPEL_PRECISION_TF32,
                                                 CUPEL_PRECISION_BFLOAT16};
    static const char *const inputs[] = {"tensors", "fit", "host"};
    bench_case c;
    int failed = 0;
    if (bench_read_case(name, &c) != 0) {
        fprintf(stderr, "--case %s: expected widths and a batch size, as 784-512-512-10@128\n",
                name);
        return 1;
    }
    for (size_t i = 0; i < sizeof precisions / sizeof precisions[0]; i++) {
        const cupel_precision precision = precisions[i];
        if (!bench_chosen(b->options.dtype, bench_precision_name(precision))) continue;
        /* The CPU has one of them; a batch there lies where the device reads it anyway. */
        if (b->on_cpu && precision != CUPEL_PRECISION_FLOAT32) continue;
        if (!b->on_cpu && b->options.gate &&
            bench_training_gate(b->device, &c, precision) != CUPEL_OK) {
            fprintf(stderr, "%s in %s: not measured. %s\n", name, bench_precision_name(precision),
                    cupel_last_error());
            failed = 1;
            continue;
        }
        for (size_t j = 0; j < sizeof inputs / sizeof inputs[0]; j++) {
            const int wanted = b->options.input != NULL ? strcmp(b->options.input, inputs[j]) == 0
                                                        : (j == 2) == b->on_cpu;
            if (wanted) failed |= measure_input(b, &c, precision, inputs[j]);
        }
    }
    return failed;
}

int main(int argc, char **argv)
{
    static bench b;
    bench_parse(argc, argv, "Times training steps of cupel.", &b.options);
    if (bench_read_calibration(b.options.calibration, &b.calibration) != 0) return BENCH_FAILED;
    const cupel_status status = cupel_device_open(b.options.device, &b.device);
    if (status != CUPEL_OK || cupel_device_set_threads(b.device, b.options.threads) != CUPEL_OK) {
        fprintf(stderr, "bench_train: %s\n", cupel_last_error());
        return BENCH_NO_DEVICE;
    }
    if (bench_rows_open(&b.rows, b.options.json) != 0) return BENCH_FAILED;
    b.on_cpu = strcmp(b.device->backend->kind, "cpu") == 0;
    printf("cupel %s on %s\n", cupel_version(), cupel_device_name(b.device));
    print_head();
    int failed = 0;
    const char *const *names = b.on_cpu ? bench_cpu_cases : bench_cuda_cases;
    if (b.options.only != NULL)
        failed = measure_case(&b, b.options.only);
    else
        for (; *names != NULL; names++)
            failed |= measure_case(&b, *names);
    cupel_device_close(b.device);
    failed |= bench_rows_close(&b.rows);
    return failed ? BENCH_FAILED : BENCH_DONE;
}
