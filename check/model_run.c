/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "model_run.h"

#include "base/shape.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 20

const char *const check_part_names[CHECK_PARTS] = {"loss", "gradients", "20 steps"};

bool check_in_precision(const cupel_device *device, cupel_precision precision)
{
    return (device->backend->precisions & 1U << precision) != 0;
}

/* A batch, in float and as the same numbers in double; labels stand for both targets. */
typedef struct batch {
    int64_t features, targets;
    float *x, *y;
    double *wide_x, *wide_y;
    int32_t *labels;
} batch;

typedef struct pair {
    const check_model *model;
    batch data;
    cupel_model *narrow; /* on the device */
    cupel_model *wide;   /* on the CPU, in double */
    int64_t tensors;
    int64_t largest;               /* elements of the largest tensor */
    double *sums, *expected, *got; /* [tensors, largest] */
} pair;

/* SplitMix64 (Steele, Lea and Flood 2014): a number of [-1, 1) with 24 bits. */
static float draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return (float)((z ^ z >> 31) >> 40) * 0x1p-23F - 1;
}

static void *make(int64_t count, size_t size)
{
    return calloc(count > 0 ? (size_t)count : 1, size);
}

static cupel_status draw_batch(pair *p, uint64_t seed)
{
    const check_model *m = p->model;
    batch *b = &p->data;
    cupel_shape output;
    CUPEL_TRY(cupel_model_output_shape(p->narrow, &output));
    const int64_t outputs = cupel_shape_count(&output);
    b->features = cupel_shape_count(&m->input);
    b->targets = m->targets == CHECK_CLASSES ? 1 : outputs;
    b->x = make(m->rows * b->features, sizeof *b->x);
    b->wide_x = make(m->rows * b->features, sizeof *b->wide_x);
    b->y = make(m->rows * b->targets, sizeof *b->y);
    b->wide_y = make(m->rows * b->targets, sizeof *b->wide_y);
    b->labels = make(m->rows, sizeof *b->labels);
    if (b->x == NULL || b->wide_x == NULL || b->y == NULL || b->wide_y == NULL || b->labels == NULL)
        return cupel_fail(CUPEL_ERROR_MEMORY, "no memory for a batch of %s", m->name);
    for (int64_t i = 0; i < m->rows * b->features; i++)
        b->wide_x[i] = b->x[i] = 2 * draw(&seed);
    for (int64_t row = 0; row < m->rows; row++) {
        b->labels[row] = (int32_t)((double)(draw(&seed) + 1) / 2 * (double)outputs);
        for (int64_t i = 0; m->targets != CHECK_CLASSES && i < outputs; i++) {
            float *y = &b->y[row * outputs + i];
            *y = draw(&seed);
            if (m->targets == CHECK_YES_NO) *y = *y > 0 ? 1 : 0;
            if (m->targets == CHECK_ONE_OF) *y = b->labels[row] == i ? 1 : 0;
            b->wide_y[row * outputs + i] = (double)*y;
        }
    }
    return CUPEL_OK;
}

static cupel_status build(const check_model *m, cupel_device *device, cupel_precision precision,
                          cupel_model **model)
{
    const cupel_model_config config = {.input_shape = m->input, .seed = 5};
    cupel_compile_config compile = m->compile;
    compile.precision = precision;
    CUPEL_TRY(cupel_model_create(device, &config, model));
    for (int i = 0; i < CHECK_MOST_LAYERS && m->layers[i].kind != 0; i++)
        CUPEL_TRY(cupel_model_add(*model, m->layers[i]));
    return cupel_model_compile(*model, &compile);
}

static cupel_status make_pair(pair *p, cupel_device *device, cupel_precision precision,
                              cupel_device *cpu, uint64_t seed)
{
    CUPEL_TRY(build(p->model, device, precision, &p->narrow));
    CUPEL_TRY(build(p->model, cpu, CUPEL_PRECISION_FLOAT64, &p->wide));
    CUPEL_TRY(cupel_model_copy_weights(p->wide, p->narrow));
    CUPEL_TRY(draw_batch(p, seed));
    p->tensors = cupel_model_parameter_count(p->wide);
    for (int64_t i = 0; i < p->tensors; i++) {
        cupel_parameter parameter;
        CUPEL_TRY(cupel_model_parameter(p->wide, i, &parameter));
        if (parameter.count > p->largest) p->largest = parameter.count;
    }
    p->sums = make(p->tensors * p->largest, sizeof(double));
    p->expected = make(p->tensors * p->largest, sizeof(double));
    p->got = make(p->tensors * p->largest, sizeof(double));
    if (p->sums == NULL || p->expected == NULL || p->got == NULL)
        return cupel_fail(CUPEL_ERROR_MEMORY, "no memory for the gradients of %s", p->model->name);
    return CUPEL_OK;
}

static void free_pair(pair *p)
{
    cupel_model_free(p->narrow);
    cupel_model_free(p->wide);
    free(p->data.x);
    free(p->data.y);
    free(p->data.wide_x);
    free(p->data.wide_y);
    free(p->data.labels);
    free(p->sums);
    free(p->expected);
    free(p->got);
}

/* The rows of the batch from first on, for one of the two models. */
static const void *x_of(const pair *p, bool wide, int64_t first)
{
    const int64_t at = first * p->data.features;
    return wide ? (const void *)(p->data.wide_x + at) : (const void *)(p->data.x + at);
}

static const void *y_of(const pair *p, bool wide, int64_t first)
{
    const int64_t at = first * p->data.targets;
    if (p->model->targets == CHECK_CLASSES) return p->data.labels + at;
    return wide ? (const void *)(p->data.wide_y + at) : (const void *)(p->data.y + at);
}

/* All gradients, [tensors, largest], as double. */
static cupel_status read_gradients(const pair *p, bool wide, double *values)
{
    for (int64_t i = 0; i < p->tensors; i++) {
        double *to = values + i * p->largest;
        cupel_parameter parameter;
        CUPEL_TRY(cupel_model_parameter(p->wide, i, &parameter));
        CUPEL_TRY(cupel_parameter_read(wide ? p->wide : p->narrow, i, CUPEL_GRADIENT, to));
        if (wide) continue;
        /* Widened in place, from the end. */
        for (int64_t j = parameter.count - 1; j >= 0; j--) {
            float value;
            memcpy(&value, (const char *)to + j * (int64_t)sizeof value, sizeof value);
            to[j] = (double)value;
        }
    }
    return CUPEL_OK;
}

/* What each sample brings to the gradients, without its sign: the size of what a sum over the batch
 * adds, whatever is left of it. */
static cupel_status measure(pair *p)
{
    const int64_t rows = p->model->rows;
    for (int64_t row = 0; row < rows; row++) {
        CUPEL_TRY(cupel_model_gradients(p->wide, x_of(p, true, row), y_of(p, true, row), 1, NULL));
        CUPEL_TRY(read_gradients(p, true, p->expected));
        for (int64_t i = 0; i < p->tensors * p->largest; i++)
            p->sums[i] += fabs(p->expected[i]) / (double)rows;
    }
    return CUPEL_OK;
}

/* Keeps what uses most of its limits; a NaN uses more than all. */
static void keep(check_result *worst, check_result found)
{
    found.share = found.error / found.limit;
    if (found.nmse >= 0 && !(found.nmse / found.nmse_limit <= found.share))
        found.share = found.nmse / found.nmse_limit;
    found.passed = found.share <= 1;
    if (worst->tensor == NULL || (!(found.share <= worst->share) && !isnan(worst->share)))
        *worst = found;
}

static void compare_loss(double got, double expected, double gate, int64_t step,
                         check_result *worst)
{
    keep(worst, (check_result){.tensor = "loss",
                               .element = step,
                               .got = got,
                               .expected = expected,
                               .error = fabs(got - expected),
                               .limit = gate * fabs(expected),
                               .nmse = -1});
}

/* An error of a gradient is one of the sums before it as well, so the largest size of a tensor's
 * sums stands for all of them. */
static cupel_status compare_gradients(const pair *p, const check_model_gates *g,
                                      check_result *worst)
{
    for (int64_t i = 0; i < p->tensors; i++) {
        const double *sums = p->sums + i * p->largest;
        const double *expected = p->expected + i * p->largest, *got = p->got + i * p->largest;
        double size = 0, squares = 0, all = 0;
        cupel_parameter parameter;
        CUPEL_TRY(cupel_model_parameter(p->wide, i, &parameter));
        check_result r = {.tensor = parameter.name, .error = -1, .nmse_limit = g->square};
        for (int64_t j = 0; j < parameter.count; j++) {
            const double off = fabs(got[j] - expected[j]);
            size = fmax(size, sums[j]);
            squares += off * off;
            all += expected[j] * expected[j];
            if (off <= r.error || isnan(r.error)) continue;
            r.element = j;
            r.error = off;
            r.got = got[j];
            r.expected = expected[j];
        }
        r.limit = g->tau * (size > 0 ? size : 1);
        r.nmse = squares / (all > 0 ? all : 1);
        keep(worst, r);
    }
    return CUPEL_OK;
}

static cupel_status compare(pair *p, const check_model_gates *g, check_result *results)
{
    const int64_t rows = p->model->rows;
    double expected = 0, got = 0;
    const void *wide_x = x_of(p, true, 0), *wide_y = y_of(p, true, 0);
    const void *x = x_of(p, false, 0), *y = y_of(p, false, 0);
    CUPEL_TRY(measure(p));
    CUPEL_TRY(cupel_model_gradients(p->wide, wide_x, wide_y, rows, &expected));
    CUPEL_TRY(cupel_model_gradients(p->narrow, x, y, rows, &got));
    compare_loss(got, expected, g->loss, 0, &results[CHECK_LOSS]);
    CUPEL_TRY(read_gradients(p, true, p->expected));
    CUPEL_TRY(read_gradients(p, false, p->got));
    CUPEL_TRY(compare_gradients(p, g, &results[CHECK_GRADIENTS]));
    for (int64_t step = 0; step < STEPS; step++) {
        CUPEL_TRY(cupel_model_train_batch(p->wide, wide_x, wide_y, rows, &expected));
        CUPEL_TRY(cupel_model_train_batch(p->narrow, x, y, rows, &got));
        compare_loss(got, expected, g->run, step, &results[CHECK_STEPS]);
    }
    return CUPEL_OK;
}

cupel_status check_run_model(const check_model *model, cupel_device *device,
                             const check_model_gates *gates, cupel_device *cpu, uint64_t seed,
                             check_model_result *result)
{
    pair p = {.model = model};
    *result = (check_model_result){0};
    cupel_status status = make_pair(&p, device, gates->precision, cpu, seed);
    if (status == CUPEL_OK) status = compare(&p, gates, result->part);
    check_result *gradients = &result->part[CHECK_GRADIENTS];
    if (gradients->tensor != NULL) {
        /* The name is the model's own. */
        snprintf(result->tensor, sizeof result->tensor, "%s", gradients->tensor);
        gradients->tensor = result->tensor;
    }
    free_pair(&p);
    return status;
}
