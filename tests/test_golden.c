/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Small networks step by step against Keras and PyTorch: every file of golden/, once by train_batch
 * and once by fit, in float64 and in float32. A new file needs no change here. */
#include "golden.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define STEPS 10

/* A number is right when it differs by at most largest times the largest number of its tensor, and
 * a tensor when the squares of its differences add up to at most square times its own: an error of
 * a sum is as large as the sum's terms, whatever the sum. Summing in another order than the
 * frameworks do costs some roundings of the largest term in each layer on the way forward and back:
 * in float64, of 2^-53, some 1e-15, and 1e-13 leaves room for another BLAS (reliability asks for
 * 1e-12); in float32 the gates of one product of matrices, 1e-6, for each of three layers. No gate
 * is wider for weights after ten steps: no element of these gradients is so small that Adam would
 * make its error large. */
typedef struct gates {
    double largest;
    double square;
} gates;

static const gates double_gates = {1e-13, 1e-26};
static const gates float_gates = {3e-6, 1e-11};

/* One file on one model. */
typedef struct run {
    const char *file;
    const golden *vectors;
    cupel_precision precision;
    gates gate;
    cupel_device *device;
    cupel_model *model;
    int64_t batches;
    gates worst; /* what was found so far */
    int64_t compared;
    int64_t total; /* of all files */
} run;

static bool is_double(const run *r)
{
    return r->precision == CUPEL_PRECISION_FLOAT64;
}

/* The golden numbers as the model takes them; labels as int32. Freed by the caller. */
static void *to_model(const run *r, const golden_tensor *t)
{
    const size_t count = (size_t)t->count;
    double *wide = malloc(count * sizeof *wide);
    cr_assert_not_null(wide);
    if (t->type == CUPEL_INT32) {
        int32_t *labels = (int32_t *)(void *)wide;
        for (size_t i = 0; i < count; i++)
            labels[i] = (int32_t)t->values[i];
    } else if (is_double(r)) {
        memcpy(wide, t->values, count * sizeof *wide);
    } else {
        float *narrow = (float *)(void *)wide;
        for (size_t i = 0; i < count; i++)
            narrow[i] = (float)t->values[i];
    }
    return wide;
}

static size_t element_size(const run *r, const golden_tensor *t)
{
    return t->type == CUPEL_INT32 ? sizeof(int32_t) : is_double(r) ? sizeof(double) : sizeof(float);
}

static const golden_tensor *need(const run *r, const char *prefix, const char *name)
{
    char key[GOLDEN_NAME * 2];
    snprintf(key, sizeof key, "%s%s", prefix, name);
    const golden_tensor *t = golden_find(r->vectors, key);
    cr_assert(t, "%s: there is no tensor %s", r->file, key);
    return t;
}

/* Compares count numbers with the first of a golden tensor. */
static void compare(run *r, const char *what, const golden_tensor *t, const double *got,
                    int64_t count)
{
    double scale = 0, worst = 0, error_square = 0, square = 0;
    int64_t at = 0;
    for (int64_t i = 0; i < t->count; i++) {
        scale = fmax(scale, fabs(t->values[i]));
        square += t->values[i] * t->values[i];
    }
    for (int64_t i = 0; i < count; i++) {
        const double error = fabs(got[i] - t->values[i]);
        error_square += error * error;
        /* A NaN is the worst of all, and no later error is greater. */
        if (error > worst || isnan(error)) {
            worst = error;
            at = i;
        }
    }
    cr_expect(
        worst <= r->gate.largest * scale && error_square <= r->gate.square * square,
        "%s, %s, %s %s: [%lld] is %.17g, expected %.17g: off by %.3g of the largest (gate %.3g), "
        "squares by %.3g (gate %.3g)",
        r->file, is_double(r) ? "float64" : "float32", what, t->name, (long long)at, got[at],
        t->values[at], worst / scale, r->gate.largest, error_square / square, r->gate.square);
    if (scale > 0) {
        r->worst.largest = fmax(r->worst.largest, worst / scale);
        r->worst.square = fmax(r->worst.square, error_square / square);
    }
    r->compared += count;
}

static void compare_parameter(run *r, const char *what, int64_t index, cupel_slot slot,
                              const char *prefix)
{
    cupel_parameter parameter;
    cr_assert_eq(cupel_model_parameter(r->model, index, &parameter), CUPEL_OK);
    const golden_tensor *t = need(r, prefix, parameter.name);
    cr_assert_eq(t->count, parameter.count, "%s: %s", r->file, t->name);
    cr_assert(t->shape.rank == parameter.shape.rank &&
                  memcmp(t->shape.dims, parameter.shape.dims, sizeof t->shape.dims) == 0,
              "%s: the shape of %s", r->file, t->name);
    double *got = malloc((size_t)t->count * sizeof *got);
    cr_assert_not_null(got);
    cr_assert_eq(cupel_parameter_read(r->model, index, slot, got), CUPEL_OK, "%s: %s", r->file,
                 cupel_last_error());
    if (!is_double(r))
        for (int64_t i = t->count - 1; i >= 0; i--)
            got[i] = (double)((float *)(void *)got)[i];
    compare(r, what, t, got, t->count);
    free(got);
}

static void compare_parameters(run *r, const char *what, cupel_slot slot, const char *prefix)
{
    for (int64_t i = 0; i < cupel_model_parameter_count(r->model); i++)
        compare_parameter(r, what, i, slot, prefix);
}

/* Compares the weights where the file has them for this number of steps. */
static void compare_weights(run *r, const char *what, int64_t steps)
{
    char prefix[GOLDEN_NAME];
    snprintf(prefix, sizeof prefix, "after_%lld.", (long long)steps);
    if (steps == 1 || steps == 2 || steps == STEPS)
        compare_parameters(r, what, CUPEL_VALUE, prefix);
}

static void open_model(run *r)
{
    const golden *g = r->vectors;
    cr_assert_eq(cupel_device_open("cpu", &r->device), CUPEL_OK);
    cr_assert_eq(
        cupel_model_create(r->device, &(cupel_model_config){.input_shape = g->input}, &r->model),
        CUPEL_OK, "%s: %s", r->file, cupel_last_error());
    for (int64_t i = 0; i < g->layer_count; i++)
        cr_assert_eq(cupel_model_add(r->model, g->layers[i]), CUPEL_OK, "%s: %s", r->file,
                     cupel_last_error());
    cupel_compile_config config = g->compile;
    config.precision = r->precision;
    cr_assert_eq(cupel_model_compile(r->model, &config), CUPEL_OK, "%s: %s", r->file,
                 cupel_last_error());
    int64_t before = 0;
    for (int64_t i = 0; i < g->tensor_count; i++)
        before += strncmp(g->tensors[i].name, "before.", 7) == 0;
    cr_assert_eq(before, cupel_model_parameter_count(r->model), "%s: parameters", r->file);
    for (int64_t i = 0; i < before; i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(r->model, i, &parameter), CUPEL_OK);
        const golden_tensor *t = need(r, "before.", parameter.name);
        cr_assert_eq(t->count, parameter.count, "%s: %s", r->file, t->name);
        void *values = to_model(r, t);
        cr_assert_eq(cupel_parameter_write(r->model, i, values), CUPEL_OK);
        free(values);
    }
}

static void close_model(run *r)
{
    cupel_model_free(r->model);
    cupel_device_close(r->device);
    r->model = NULL;
    r->device = NULL;
}

/* The file's data, borrowed. */
static cupel_dataset *open_data(const run *r, const void *y, const float *weights)
{
    const golden_tensor *x = need(r, "x", ""), *targets = need(r, "y", "");
    cupel_shape shape = {.rank = targets->shape.rank - 1};
    memcpy(shape.dims, targets->shape.dims + 1, (size_t)shape.rank * sizeof *shape.dims);
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_from_arrays(&(cupel_arrays){.x = x->values,
                                                           .x_type = CUPEL_FLOAT64,
                                                           .x_shape = r->vectors->input,
                                                           .y = y,
                                                           .y_type = targets->type,
                                                           .y_shape = shape,
                                                           .rows = r->vectors->rows,
                                                           .sample_weight = weights},
                                           &data),
                 CUPEL_OK, "%s: %s", r->file, cupel_last_error());
    return data;
}

/* What the network gives before any step. */
static void check_first(run *r, const cupel_dataset *data)
{
    const golden_tensor *output = need(r, "output", "");
    double *got = malloc((size_t)output->count * sizeof *got);
    cr_assert_not_null(got);
    cr_assert_eq(cupel_model_predict_dataset(r->model, data, r->vectors->batch, got), CUPEL_OK,
                 "%s: %s", r->file, cupel_last_error());
    if (!is_double(r))
        for (int64_t i = output->count - 1; i >= 0; i--)
            got[i] = (double)((float *)(void *)got)[i];
    compare(r, "predict", output, got, output->count);
    free(got);
    const golden_tensor *scores = golden_find(r->vectors, "scores");
    if (scores) {
        double score[1 + CUPEL_MAX_METRICS];
        cr_assert_eq(cupel_model_evaluate(r->model, data, r->vectors->batch, score), CUPEL_OK,
                     "%s: %s", r->file, cupel_last_error());
        compare(r, "evaluate", scores, score, scores->count);
    }
}

/* Gradients, then ten steps, by the calls for one's own loop. */
static void check_batches(run *r)
{
    const golden_tensor *x = need(r, "x", ""), *y = need(r, "y", ""), *loss = need(r, "loss", "");
    const golden *g = r->vectors;
    char *xs = to_model(r, x), *ys = to_model(r, y);
    const size_t x_row = (size_t)(x->count / g->rows) * element_size(r, x);
    const size_t y_row = (size_t)(y->count / g->rows) * element_size(r, y);
    double got[STEPS];
    open_model(r);
    cr_assert_eq(cupel_model_gradients(r->model, xs, ys, g->batch, got), CUPEL_OK, "%s: %s",
                 r->file, cupel_last_error());
    compare(r, "gradients", loss, got, 1);
    compare_parameters(r, "gradients", CUPEL_GRADIENT, "gradient.");
    for (int64_t step = 0; step < STEPS; step++) {
        const int64_t begin = step % r->batches * g->batch;
        const int64_t rows = begin + g->batch < g->rows ? g->batch : g->rows - begin;
        cr_assert_eq(cupel_model_train_batch(r->model, xs + (size_t)begin * x_row,
                                             ys + (size_t)begin * y_row, rows, &got[step]),
                     CUPEL_OK, "%s: %s", r->file, cupel_last_error());
        compare_weights(r, "train_batch", step + 1);
    }
    compare(r, "train_batch", loss, got, STEPS);
    close_model(r);
    free(xs);
    free(ys);
}

/* After each step of fit: the mean loss of the epoch so far, the gradients of the first step and
 * the weights. */
static cupel_status after_step(void *user, const cupel_event *event)
{
    run *r = user;
    if (event->when != CUPEL_WHEN_STEP_END) return CUPEL_OK;
    const golden *g = r->vectors;
    const golden_tensor *loss = need(r, "loss", "");
    const int64_t first = event->epoch * r->batches, done = first + event->step;
    double sum = 0, rows = 0;
    for (int64_t step = first; step < done; step++) {
        const int64_t begin = step % r->batches * g->batch;
        const int64_t here = begin + g->batch < g->rows ? g->batch : g->rows - begin;
        sum += loss->values[step] * (double)here;
        rows += (double)here;
    }
    double mean = sum / rows;
    golden_tensor running = {.name = "running loss", .count = 1, .values = &mean};
    compare(r, "fit", &running, event->values, 1);
    if (done == 1) compare_parameters(r, "fit", CUPEL_GRADIENT, "gradient.");
    compare_weights(r, "fit", done);
    return done == STEPS ? CUPEL_ERROR_STOPPED : CUPEL_OK;
}

/* The same ten steps by fit, with the weights of the samples. */
static void check_fit(run *r)
{
    const golden_tensor *y = need(r, "y", "");
    const golden_tensor *sample_weight = golden_find(r->vectors, "sample_weight");
    float *weights = NULL;
    int32_t *labels = NULL;
    if (sample_weight) {
        weights = malloc((size_t)sample_weight->count * sizeof *weights);
        cr_assert_not_null(weights);
        for (int64_t i = 0; i < sample_weight->count; i++)
            weights[i] = (float)sample_weight->values[i];
    }
    if (y->type == CUPEL_INT32) labels = to_model(r, y);
    open_model(r);
    cupel_dataset *data = open_data(r, labels ? (const void *)labels : y->values, weights);
    check_first(r, data);
    const cupel_fit_config config = {.epochs = STEPS,
                                     .batch_size = r->vectors->batch,
                                     .no_shuffle = true,
                                     .callbacks = {CUPEL_CALLBACK(after_step, .user = r)}};
    const int64_t before = r->compared;
    cr_assert_eq(cupel_model_fit(r->model, data, &config, NULL), CUPEL_ERROR_STOPPED, "%s: %s",
                 r->file, cupel_last_error());
    cr_expect_gt(r->compared, before + STEPS, "%s: fit compared nothing", r->file);
    cupel_dataset_free(data);
    close_model(r);
    free(weights);
    free(labels);
}

/* One file on a new model, all over. */
static void check(void *user, const char *file, const golden *vectors)
{
    run *r = user;
    if (vectors->only_float64 && !is_double(r)) return;
    r->file = file;
    r->vectors = vectors;
    r->batches = (vectors->rows + vectors->batch - 1) / vectors->batch;
    r->compared = 0;
    r->worst = (gates){0};
    if (!golden_find(vectors, "sample_weight")) check_batches(r);
    check_fit(r);
    r->total += r->compared;
    cr_log_info("%s, %s: %lld numbers, off by %.3g of the largest, squares by %.3g\n", file,
                is_double(r) ? "float64" : "float32", (long long)r->compared, r->worst.largest,
                r->worst.square);
}

Test(golden, float64)
{
    run r = {.precision = CUPEL_PRECISION_FLOAT64, .gate = double_gates};
    golden_each(CUPEL_SOURCE_DIR "/tests/golden", check, &r);
    cr_expect_gt(r.total, 10000);
}

Test(golden, float32)
{
    run r = {.precision = CUPEL_PRECISION_FLOAT32, .gate = float_gates};
    golden_each(CUPEL_SOURCE_DIR "/tests/golden", check, &r);
    cr_expect_gt(r.total, 10000);
}
