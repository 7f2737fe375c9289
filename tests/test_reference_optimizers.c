/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The optimizers against their formulas, over many steps of a small network; and whether a step in
 * one call is the same as in two. */
#include "random_model.h"
#include "reference_optimizer.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

/* The largest difference from the reference, by the largest number of the tensor, in float64: some
 * hundred roundings of 2^-53 over all steps. */
#define GATE 1e-13
#define STEPS 150

enum { ROWS = 5, INPUTS = 6, OUTPUTS = 3 };

/* One configuration, for both flavours. */
typedef struct config {
    const char *name;
    cupel_optimizer optimizer;
} config;

#define ADAM_FIELDS .learning_rate = 0.02, .beta_1 = 0.8, .beta_2 = 0.95, .epsilon = 1e-3

static const config configs[] = {
    {"sgd", {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1}},
    {"momentum", {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9}},
    {"nesterov",
     {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9, .nesterov = true}},
    {"sgd, decay", {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .weight_decay = 0.05}},
    {"nesterov, decay, schedule",
     {.kind = CUPEL_OPTIMIZER_SGD,
      .learning_rate = 0.1,
      .momentum = 0.5,
      .nesterov = true,
      .weight_decay = 0.05,
      .schedule = {CUPEL_SCHEDULE_COSINE, .steps = 20, .warmup_steps = 7, .final_fraction = 0.25}}},
    {"momentum, clipvalue",
     {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .momentum = 0.9, .clipvalue = 0.05}},
    {"sgd, clipnorm", {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .clipnorm = 0.2}},
    {"sgd, global_clipnorm",
     {.kind = CUPEL_OPTIMIZER_SGD, .learning_rate = 0.1, .global_clipnorm = 0.3}},
    {"adam", {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS}},
    {"adam, amsgrad", {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS, .amsgrad = true}},
    {"adam, decay", {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS, .weight_decay = 0.05}},
    {"adam, schedule",
     {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS, .schedule = {CUPEL_SCHEDULE_COSINE, .steps = 30}}},
    {"adam, clipnorm", {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS, .clipnorm = 0.2}},
    {"adam, global_clipnorm", {.kind = CUPEL_OPTIMIZER_ADAM, ADAM_FIELDS, .global_clipnorm = 0.3}},
    {"adamw", {.kind = CUPEL_OPTIMIZER_ADAMW, ADAM_FIELDS, .weight_decay = 0.05}},
    {"adamw, amsgrad, clipvalue, schedule",
     {.kind = CUPEL_OPTIMIZER_ADAMW,
      ADAM_FIELDS,
      .amsgrad = true,
      .weight_decay = 0.05,
      .clipvalue = 0.05,
      .schedule = {CUPEL_SCHEDULE_COSINE, .steps = 10, .warmup_steps = 4}}},
};

static cupel_device *device;

static void open_device(void)
{
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(reference_optimizers, .init = open_device, .fini = close_device);

/* A network of four tensors with random weights. */
static cupel_model *open_model(const cupel_optimizer *optimizer, cupel_flavour flavour)
{
    cupel_model *model;
    cr_assert_eq(cupel_model_create(
                     device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(INPUTS)}, &model),
                 CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(7, .activation = CUPEL_TANH)), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(OUTPUTS)), CUPEL_OK);
    cr_assert_eq(
        cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                           .optimizer = *optimizer,
                                                           .flavour = flavour,
                                                           .precision = CUPEL_PRECISION_FLOAT64}),
        CUPEL_OK, "%s", cupel_last_error());
    rng r = {1};
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++) {
        double values[REFERENCE_ELEMENTS];
        for (int k = 0; k < REFERENCE_ELEMENTS; k++)
            values[k] = rng_uniform(&r, -1, 1);
        cr_assert_eq(cupel_parameter_write(model, i, values), CUPEL_OK);
    }
    return model;
}

/* Batches that differ from step to step, now and then much larger, so that clips have an effect and
 * maxima stay behind. */
static void draw_batch(rng *r, double *x, double *y)
{
    const double size = rng_below(r, 5) == 0 ? 4 : 0.5;
    for (int i = 0; i < ROWS * INPUTS; i++)
        x[i] = rng_uniform(r, -1, 1);
    for (int i = 0; i < ROWS * OUTPUTS; i++)
        y[i] = rng_uniform(r, -size, size);
}

static void read_all(cupel_model *model, cupel_slot slot, const reference_optimizer *o,
                     double into[REFERENCE_TENSORS][REFERENCE_ELEMENTS])
{
    for (int64_t t = 0; t < o->tensors; t++)
        cr_assert_eq(cupel_parameter_read(model, t, slot, into[t]), CUPEL_OK, "%s",
                     cupel_last_error());
}

static double compare(cupel_model *model, cupel_slot slot, const reference_optimizer *o,
                      const double expected[REFERENCE_TENSORS][REFERENCE_ELEMENTS])
{
    double got[REFERENCE_TENSORS][REFERENCE_ELEMENTS], worst = 0;
    read_all(model, slot, o, got);
    for (int64_t t = 0; t < o->tensors; t++) {
        double largest = 0, error = 0;
        for (int64_t i = 0; i < o->count[t]; i++) {
            largest = fmax(largest, fabs(expected[t][i]));
            error = fmax(error, fabs(got[t][i] - expected[t][i]));
            cr_assert(isfinite(got[t][i]));
        }
        if (error > 0) worst = fmax(worst, error / largest);
    }
    return worst;
}

static void check(const config *c, cupel_flavour flavour)
{
    const char *name = flavour == CUPEL_TORCH ? "torch" : "keras";
    cupel_model *model = open_model(&c->optimizer, flavour);
    reference_optimizer o = {.config = c->optimizer,
                             .flavour = flavour,
                             .learning_rate = c->optimizer.learning_rate,
                             .tensors = cupel_model_parameter_count(model)};
    cr_assert_leq(o.tensors, REFERENCE_TENSORS);
    for (int64_t t = 0; t < o.tensors; t++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(model, t, &parameter), CUPEL_OK);
        cr_assert_leq(parameter.count, REFERENCE_ELEMENTS);
        o.count[t] = parameter.count;
    }
    read_all(model, CUPEL_VALUE, &o, o.w);
    rng r = {2};
    for (int step = 0; step < STEPS; step++) {
        double x[ROWS * INPUTS], y[ROWS * OUTPUTS];
        draw_batch(&r, x, y);
        /* Where the rate stands in the velocity, a change of it tells the flavours apart. */
        if (step == STEPS / 2) {
            o.learning_rate /= 4;
            cr_assert_eq(cupel_model_set_learning_rate(model, o.learning_rate), CUPEL_OK);
        }
        cr_assert_eq(cupel_model_gradients(model, x, y, ROWS, NULL), CUPEL_OK);
        read_all(model, CUPEL_GRADIENT, &o, o.g);
        reference_step(&o);
        cr_assert_eq(cupel_model_apply_gradients(model), CUPEL_OK, "%s", cupel_last_error());
        const double error =
            compare(model, CUPEL_VALUE, &o, (const double(*)[REFERENCE_ELEMENTS])o.w);
        cr_assert(error <= GATE, "%s, %s, step %d: weights off by %.3g", name, c->name, step,
                  error);
    }
    const bool adam = c->optimizer.kind != CUPEL_OPTIMIZER_SGD;
    if (adam || c->optimizer.momentum > 0)
        cr_expect_leq(compare(model, CUPEL_MOMENT_1, &o, (const double(*)[REFERENCE_ELEMENTS])o.m),
                      GATE, "%s, %s: the first moment", name, c->name);
    if (adam)
        cr_expect_leq(compare(model, CUPEL_MOMENT_2, &o, (const double(*)[REFERENCE_ELEMENTS])o.v),
                      GATE, "%s, %s: the second moment", name, c->name);
    cupel_model_free(model);
}

Test(reference_optimizers, formulas)
{
    for (size_t i = 0; i < sizeof configs / sizeof *configs; i++) {
        check(&configs[i], CUPEL_KERAS);
        check(&configs[i], CUPEL_TORCH);
    }
}

/* train_batch is gradients and apply_gradients: the same bits in weights, gradients and moments. */
Test(reference_optimizers, one_call_or_two)
{
    const config *last = &configs[sizeof configs / sizeof *configs - 1];
    cupel_model *one = open_model(&last->optimizer, CUPEL_KERAS);
    cupel_model *two = open_model(&last->optimizer, CUPEL_KERAS);
    rng r = {3};
    for (int step = 0; step < 10; step++) {
        double x[ROWS * INPUTS], y[ROWS * OUTPUTS], loss_one, loss_two;
        draw_batch(&r, x, y);
        cr_assert_eq(cupel_model_train_batch(one, x, y, ROWS, &loss_one), CUPEL_OK);
        cr_assert_eq(cupel_model_gradients(two, x, y, ROWS, &loss_two), CUPEL_OK);
        cr_assert_eq(cupel_model_apply_gradients(two), CUPEL_OK);
        cr_assert_eq(loss_one, loss_two);
    }
    for (int64_t t = 0; t < cupel_model_parameter_count(one); t++)
        for (int slot = CUPEL_VALUE; slot <= CUPEL_MOMENT_2; slot++) {
            double a[REFERENCE_ELEMENTS] = {0}, b[REFERENCE_ELEMENTS] = {0};
            cr_assert_eq(cupel_parameter_read(one, t, (cupel_slot)slot, a), CUPEL_OK);
            cr_assert_eq(cupel_parameter_read(two, t, (cupel_slot)slot, b), CUPEL_OK);
            cr_expect_eq(memcmp(a, b, sizeof a), 0, "tensor %lld, slot %d", (long long)t, slot);
        }
    cupel_model_free(one);
    cupel_model_free(two);
}

/* A second compile keeps the weights and begins with new moments and at the first step. */
Test(reference_optimizers, compile_starts_anew)
{
    const config *adamw = &configs[sizeof configs / sizeof *configs - 1];
    const cupel_compile_config again = {.loss = CUPEL_LOSS_MSE,
                                        .optimizer = adamw->optimizer,
                                        .precision = CUPEL_PRECISION_FLOAT64};
    cupel_model *used = open_model(&adamw->optimizer, CUPEL_KERAS);
    cupel_model *fresh = open_model(&adamw->optimizer, CUPEL_KERAS);
    rng r = {4};
    double x[ROWS * INPUTS], y[ROWS * OUTPUTS];
    draw_batch(&r, x, y);
    for (int step = 0; step < 6; step++)
        cr_assert_eq(cupel_model_train_batch(used, x, y, ROWS, NULL), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(used, &again), CUPEL_OK);
    cr_assert_eq(cupel_model_copy_weights(fresh, used), CUPEL_OK, "%s", cupel_last_error());
    for (int step = 0; step < 6; step++) {
        cr_assert_eq(cupel_model_train_batch(used, x, y, ROWS, NULL), CUPEL_OK);
        cr_assert_eq(cupel_model_train_batch(fresh, x, y, ROWS, NULL), CUPEL_OK);
    }
    for (int64_t t = 0; t < cupel_model_parameter_count(used); t++) {
        double a[REFERENCE_ELEMENTS] = {0}, b[REFERENCE_ELEMENTS] = {0};
        cr_assert_eq(cupel_parameter_read(used, t, CUPEL_VALUE, a), CUPEL_OK);
        cr_assert_eq(cupel_parameter_read(fresh, t, CUPEL_VALUE, b), CUPEL_OK);
        cr_expect_eq(memcmp(a, b, sizeof a), 0, "tensor %lld", (long long)t);
    }
    cupel_model_free(used);
    cupel_model_free(fresh);
}
