/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "json_rows.h"

#include <math.h>

#ifndef BENCH_GIT
#define BENCH_GIT ""
#endif

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

static void add_text(FILE *file, const char *key, const char *text)
{
    fprintf(file, "\"%s\": ", key);
    if (text == NULL || *text == '\0') {
        fputs("null, ", file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') fputc('\\', file);
        fputc(*text, file);
    }
    fputs("\", ", file);
}

static void add_number(FILE *file, const char *key, double value)
{
    if (value == 0 || !isfinite(value))
        fprintf(file, "\"%s\": null, ", key);
    else
        fprintf(file, "\"%s\": %.8g, ", key, value);
}

/* a / b, or what is not known where b is not. */
static double ratio(double a, double b)
{
    return b != 0 ? a / b : 0;
}

static void add_times(FILE *file, const bench_times *times)
{
    add_number(file, "us_median", times->median);
    add_number(file, "us_p5", times->p5);
    add_number(file, "us_p95", times->p95);
    add_number(file, "us_best", times->best);
    add_number(file, "us_mad", times->mad);
    add_number(file, "n", (double)times->samples);
    add_number(file, "calls", (double)times->calls);
}

static void add_rates(FILE *file, const bench_row *row)
{
    const double seconds = row->times.median * 1e-6;
    const double flops = ratio(row->flops, seconds);
    const double bytes = ratio(row->bytes, seconds);
    add_number(file, "samples_per_s", ratio((double)row->batch, seconds));
    add_number(file, "tflops", flops * 1e-12);
    add_number(file, "mfu_measured", ratio(flops, row->peak_flops));
    add_number(file, "mfu_spec", ratio(flops, row->spec_flops));
    add_number(file, "model_gb", row->bytes * 1e-9);
    add_number(file, "gbps", bytes * 1e-9);
    add_number(file, "bw_frac", ratio(bytes, row->copy_bytes));
    add_number(file, "floor_us", row->floor_us);
    add_number(file, "floor_frac", ratio(row->floor_us, row->times.median));
}

static void add_machine(FILE *file, const bench_machine *machine)
{
    if (machine->sm_mhz > 0)
        fprintf(file, "\"clocks\": \"%.0f/%.0f MHz\", ", machine->sm_mhz, machine->memory_mhz);
    else
        fputs("\"clocks\": null, ", file);
    add_number(file, "sm_mhz", machine->sm_mhz);
    add_number(file, "power_w", machine->power_w);
    add_number(file, "celsius", machine->celsius);
    if (machine->sm_mhz > 0)
        fprintf(file, "\"throttle\": \"0x%llx\", ", machine->throttle);
    else
        fputs("\"throttle\": null, ", file);
    add_text(file, "cublas", machine->cublas);
    add_text(file, "driver", machine->driver);
}

void bench_rows_add(bench_rows *rows, const bench_row *row)
{
    FILE *file = rows->file;
    if (file == NULL) return;
    fprintf(file, "%s\n{", rows->count++ > 0 ? "," : "");
    add_text(file, "bench", row->bench);
    add_text(file, "case", row->name);
    add_text(file, "impl", row->impl);
    add_text(file, "impl_version", row->impl_version);
    add_text(file, "device", row->device);
    add_text(file, "dtype", row->dtype);
    add_text(file, "compute", row->compute);
    add_text(file, "input", row->input);
    add_number(file, "batch", (double)row->batch);
    add_number(file, "layers", (double)row->layers);
    add_number(file, "params", (double)row->parameters);
    add_number(file, "steps", (double)(row->times.samples * row->times.calls));
    add_number(file, "graph_k", (double)row->graph_k);
    add_number(file, "launches_per_step", row->launches_per_step);
    add_number(file, "kernel_nodes", row->kernel_nodes);
    add_number(file, "host_calls", row->host_calls);
    add_times(file, &row->times);
    add_rates(file, row);
    add_number(file, "host_us", row->host_us);
    add_number(file, "peak_bytes", row->peak_bytes);
    add_number(file, "peak_card_bytes", row->peak_card_bytes);
    add_number(file, "loss_first", row->loss_first);
    add_number(file, "loss_end", row->loss_end);
    add_machine(file, &row->machine);
    fprintf(file, "\"git\": \"%s\"}", BENCH_GIT);
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
