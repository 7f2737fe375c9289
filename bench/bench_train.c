/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of a training step, cupel_model_train_batch on host data without the loss: everything from
 * the caller's batch to the updated weights, Adam included. */
#include "cases.h"
#include "measure.h"

#include <cupel/cupel.h>
#include <stdlib.h>
#include <string.h>

typedef struct run {
    cupel_model *model;
    float *x;
    void *y;
    int64_t batch;
} run;

static int step(void *user)
{
    run *r = user;
    return cupel_model_train_batch(r->model, r->x, r->y, r->batch, NULL) == CUPEL_OK ? 0 : 1;
}

/* Random inputs, targets and a compiled model. */
static cupel_status prepare(cupel_device *device, const bench_case *c, run *r)
{
    const int64_t inputs = c->batch * c->widths[0];
    const int64_t outputs = c->batch * c->widths[c->layers];
    r->batch = c->batch;
    r->x = malloc((size_t)inputs * sizeof(float));
    r->y = malloc((size_t)outputs * sizeof(float));
    if (r->x == NULL || r->y == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < inputs; i++) r->x[i] = (float)rand() / (float)RAND_MAX - 0.5f;
    for (int64_t i = 0; i < outputs; i++) {
        if (c->regression) ((float *)r->y)[i] = (float)rand() / (float)RAND_MAX - 0.5f;
        if (!c->regression && i < c->batch) ((int32_t *)r->y)[i] = rand() % (int)c->widths[c->layers];
    }
    cupel_status status = cupel_model_create(
        device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(c->widths[0]), .seed = 1},
        &r->model);
    for (int64_t i = 1; status == CUPEL_OK && i <= c->layers; i++) {
        status = cupel_model_add(
            r->model,
            CUPEL_DENSE(c->widths[i], .activation = i < c->layers ? CUPEL_RELU : CUPEL_LINEAR));
    }
    if (status != CUPEL_OK) return status;
    return cupel_model_compile(
        r->model,
        &(cupel_compile_config){.loss = c->regression ? CUPEL_LOSS_MSE
                                                      : CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                .from_logits = !c->regression,
                                .optimizer = CUPEL_ADAM(.learning_rate = 1e-3)});
}

static int measure_case(cupel_device *device, const bench_case *c, double seconds, bench_rows *rows)
{
    run r = {0};
    bench_times times = {0};
    double loss = 0;
    int failed = prepare(device, c, &r) != CUPEL_OK || bench_measure(step, &r, seconds, &times) != 0 ||
                 cupel_model_train_batch(r.model, r.x, r.y, r.batch, &loss) != CUPEL_OK;
    if (failed) {
        fprintf(stderr, "%s: %s\n", c->name, cupel_last_error());
    } else {
        printf("%-26s %12.2f %12.2f %12.2f %14.0f %10.1f %12.4g\n", c->name, times.median, times.p5,
               times.p95, (double)c->batch / times.median * 1e6,
               bench_flops(c) / times.median * 1e-3, loss);
        bench_rows_add(rows, "train", c->name, "cupel", cupel_version(), c->batch,
                       bench_parameters(c), bench_flops(c), &times);
    }
    cupel_model_free(r.model);
    free(r.x);
    free(r.y);
    return failed;
}

int main(int argc, char **argv)
{
    bench_options options;
    bench_rows rows;
    cupel_device *device = NULL;
    bench_parse(argc, argv, "Times training steps of cupel.", &options);
    if (bench_rows_open(&rows, options.json) != 0) return 1;
    if (cupel_device_open(options.device, &device) != CUPEL_OK ||
        cupel_device_set_threads(device, options.threads) != CUPEL_OK) {
        fprintf(stderr, "%s\n", cupel_last_error());
        return 1;
    }
    printf("cupel %s on %s\n", cupel_version(), cupel_device_name(device));
    printf("%-26s %12s %12s %12s %14s %10s %12s\n", "case", "us a step", "p5", "p95", "samples/s",
           "GFLOP/s", "loss at end");
    int failed = 0;
    for (int64_t i = 0; i < bench_case_count; i++) {
        const bench_case *c = &bench_cases[i];
        if (options.only != NULL && strcmp(options.only, c->name) != 0) continue;
        failed |= measure_case(device, c, options.seconds, &rows);
    }
    cupel_device_close(device);
    return bench_rows_close(&rows) | failed;
}
