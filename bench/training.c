/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "training.h"

#include "cuda_parts.h"
#include "device_ops.h"
#include "program/model.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cupel_status make_data(bench_training *t)
{
    const bench_case *c = t->c;
    const int64_t outputs = c->regression ? c->widths[c->layers] : 1;
    const int64_t inputs = t->rows * c->widths[0];
    uint64_t state = 1;
    srand(1);
    t->x = malloc((size_t)inputs * sizeof *t->x);
    t->y = malloc((size_t)(t->rows * outputs) * sizeof(float));
    if (t->x == NULL || t->y == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < inputs; i++)
        t->x[i] = bench_draw(&state);
    for (int64_t i = 0; i < t->rows * outputs; i++) {
        if (c->regression)
            ((float *)t->y)[i] = bench_draw(&state);
        else
            ((int32_t *)t->y)[i] = rand() % (int)c->widths[c->layers];
    }
    return CUPEL_OK;
}

static cupel_status make_model(bench_training *t, cupel_precision precision)
{
    const bench_case *c = t->c;
    cupel_status status = cupel_model_create(
        t->device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(c->widths[0]), .seed = 1},
        &t->model);
    for (int64_t i = 1; status == CUPEL_OK && i <= c->layers; i++) {
        status = cupel_model_add(
            t->model,
            CUPEL_DENSE(c->widths[i], .activation = i < c->layers ? CUPEL_RELU : CUPEL_LINEAR));
    }
    if (status != CUPEL_OK) return status;
    return cupel_model_compile(
        t->model,
        &(cupel_compile_config){.loss = c->regression ? CUPEL_LOSS_MSE
                                                      : CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                .from_logits = !c->regression,
                                .optimizer = CUPEL_ADAM(.learning_rate = 1e-3),
                                .precision = precision});
}

cupel_status bench_training_open(cupel_device *device, const bench_case *c,
                                 cupel_precision precision, int64_t rows, bench_training *training)
{
    *training = (bench_training){.c = c, .device = device, .rows = rows};
    const cupel_status status = make_data(training);
    return status != CUPEL_OK ? status : make_model(training, precision);
}

cupel_status bench_training_upload(bench_training *t)
{
    const bench_case *c = t->c;
    const int64_t outputs = c->widths[c->layers];
    cupel_status status = cupel_tensor_create(t->device, CUPEL_FLOAT32,
                                              CUPEL_SHAPE(c->batch, c->widths[0]), &t->tensor_x);
    if (status == CUPEL_OK && c->regression)
        status = cupel_tensor_create(t->device, CUPEL_FLOAT32, CUPEL_SHAPE(c->batch, outputs),
                                     &t->tensor_y);
    if (status == CUPEL_OK && !c->regression)
        status = cupel_tensor_create(t->device, CUPEL_INT32, CUPEL_SHAPE(c->batch), &t->tensor_y);
    if (status == CUPEL_OK) status = cupel_tensor_upload(t->tensor_x, t->x);
    if (status == CUPEL_OK) status = cupel_tensor_upload(t->tensor_y, t->y);
    return status;
}

cupel_precision bench_training_precision(const bench_training *training)
{
    return training->model->program->settings.precision;
}

double bench_training_nodes(const bench_training *training)
{
    const cupel_program *program = training->model->program;
    const cupel_executable *last = &program->executables[0];
    for (int i = 1; i < CUPEL_EXECUTABLES; i++) {
        if (program->executables[i].used > last->used) last = &program->executables[i];
    }
    if (strcmp(training->device->backend->kind, "cpu") == 0 || last->steps < 1) return 0;
    return (double)bench_cuda_nodes(&last->replay) / (double)last->steps;
}

void bench_training_close(bench_training *training)
{
    cupel_tensor_free(training->tensor_x);
    cupel_tensor_free(training->tensor_y);
    cupel_model_free(training->model);
    free(training->x);
    free(training->y);
    *training = (bench_training){0};
}

#define GATE_STEPS 5
#define GATE_ROWS 64

/* The losses of the first steps on the first rows. */
static cupel_status losses_on(cupel_device *device, const bench_case *c, cupel_precision precision,
                              double losses[GATE_STEPS])
{
    const int64_t rows = c->batch < GATE_ROWS ? c->batch : GATE_ROWS;
    bench_training t;
    cupel_status status = bench_training_open(device, c, precision, rows, &t);
    for (int i = 0; i < GATE_STEPS && status == CUPEL_OK; i++)
        status = cupel_model_train_batch(t.model, t.x, t.y, rows, &losses[i]);
    bench_training_close(&t);
    return status;
}

cupel_status bench_training_gate(cupel_device *device, const bench_case *c,
                                 cupel_precision precision)
{
    const double allowed = precision == CUPEL_PRECISION_FLOAT32 ? 1e-4
                           : precision == CUPEL_PRECISION_TF32  ? 1e-2
                                                                : 3e-2;
    double ours[GATE_STEPS] = {0};
    double expected[GATE_STEPS] = {0};
    cupel_device *cpu = NULL;
    cupel_status status = cupel_device_open("cpu", &cpu);
    if (status == CUPEL_OK) status = losses_on(cpu, c, CUPEL_PRECISION_FLOAT32, expected);
    if (status == CUPEL_OK) status = losses_on(device, c, precision, ours);
    cupel_device_close(cpu);
    for (int i = 0; i < GATE_STEPS && status == CUPEL_OK; i++) {
        /* Not <=: a NaN is no agreement. */
        if (!(fabs(ours[i] - expected[i]) <= allowed * fabs(expected[i]))) {
            fprintf(stderr, "%s in %s: the loss of step %d is %.9g, on the CPU %.9g\n", c->name,
                    bench_precision_name(precision), i + 1, ours[i], expected[i]);
            return CUPEL_ERROR_DATA;
        }
    }
    return status;
}
