/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The GEMMs of a training step alone, by CBLAS with the threads it takes of itself: what a step
 * cannot be faster than while it multiplies that way. The forward product of every layer, the
 * gradients of every kernel, and the gradients of every input but the first. */
#include "cases.h"
#include "json_rows.h"
#include "measure.h"
#include "options.h"

#include <cblas.h>
#include <stdlib.h>

typedef struct run {
    const bench_case *c;
    float *x[BENCH_MOST_WIDTHS];  /* the input of each layer, and the last output */
    float *dx[BENCH_MOST_WIDTHS]; /* their gradients */
    float *w[BENCH_MOST_WIDTHS];
    float *dw[BENCH_MOST_WIDTHS];
} run;

static float *random_array(int64_t count)
{
    float *values = malloc((size_t)count * sizeof *values);
    if (values == NULL) return NULL;
    for (int64_t i = 0; i < count; i++)
        values[i] = ((float)rand() / (float)RAND_MAX - 0.5f) * 0.1f;
    return values;
}

static int prepare(const bench_case *c, run *r)
{
    r->c = c;
    for (int64_t i = 0; i <= c->layers; i++) {
        r->x[i] = random_array(c->batch * c->widths[i]);
        r->dx[i] = random_array(c->batch * c->widths[i]);
        if (r->x[i] == NULL || r->dx[i] == NULL) return 1;
        if (i == c->layers) break;
        r->w[i] = random_array(c->widths[i] * c->widths[i + 1]);
        r->dw[i] = random_array(c->widths[i] * c->widths[i + 1]);
        if (r->w[i] == NULL || r->dw[i] == NULL) return 1;
    }
    return 0;
}

static void release(run *r)
{
    for (int64_t i = 0; i < BENCH_MOST_WIDTHS; i++) {
        free(r->x[i]);
        free(r->dx[i]);
        free(r->w[i]);
        free(r->dw[i]);
    }
}

static int step(void *user)
{
    run *r = user;
    const int batch = (int)r->c->batch;
    for (int64_t i = 0; i < r->c->layers; i++) {
        const int in = (int)r->c->widths[i];
        const int out = (int)r->c->widths[i + 1];
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, batch, out, in, 1, r->x[i], in,
                    r->w[i], in, 0, r->x[i + 1], out);
    }
    for (int64_t i = r->c->layers - 1; i >= 0; i--) {
        const int in = (int)r->c->widths[i];
        const int out = (int)r->c->widths[i + 1];
        cblas_sgemm(CblasRowMajor, CblasTrans, CblasNoTrans, out, in, batch, 1, r->dx[i + 1], out,
                    r->x[i], in, 0, r->dw[i], in);
        if (i == 0) break;
        cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, batch, in, out, 1, r->dx[i + 1], out,
                    r->w[i], in, 0, r->dx[i], in);
    }
    return 0;
}

static int measure_case(const bench_options *options, const char *name, bench_rows *rows)
{
    bench_case c;
    run r = {0};
    if (bench_read_case(name, &c) != 0) {
        fprintf(stderr, "--case %s: expected widths and a batch size, as 784-512-512-10@128\n",
                name);
        return 1;
    }
    bench_row row = {.bench = "gemm",
                     .name = name,
                     .impl = "cblas",
                     .device = "cpu",
                     .dtype = "float32",
                     .compute = "float32",
                     .batch = c.batch,
                     .layers = c.layers,
                     .parameters = bench_parameters(&c),
                     .flops = bench_flops(&c)};
    const bench_work work = {step, NULL, &r};
    const int failed = prepare(&c, &r) != 0 ||
                       bench_measure(&work, options->seconds, options->steps, &row.times) != 0;
    release(&r);
    if (failed) {
        fprintf(stderr, "%s: no memory\n", name);
        return 1;
    }
    printf("%-26s %12.2f %12.2f %12.2f %10.1f\n", name, row.times.median, row.times.p5,
           row.times.p95, row.flops / row.times.median * 1e-3);
    bench_rows_add(rows, &row);
    return 0;
}

int main(int argc, char **argv)
{
    bench_options options;
    bench_rows rows;
    int failed = 0;
    bench_parse(argc, argv, "Times the matrix products of training steps by CBLAS.", &options);
    if (bench_rows_open(&rows, options.json) != 0) return BENCH_FAILED;
    printf("%-26s %12s %12s %12s %10s\n", "case", "us a step", "p5", "p95", "GFLOP/s");
    if (options.only != NULL) failed = measure_case(&options, options.only, &rows);
    for (const char *const *name = bench_cpu_cases; options.only == NULL && *name != NULL; name++)
        failed |= measure_case(&options, *name, &rows);
    return bench_rows_close(&rows) | failed;
}
