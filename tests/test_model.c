/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/model.h"

#include "core.h"
#include "tiny.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { IN = 6, OUT = 3, ROWS = 8 };

static cupel_device *device;
static float x[ROWS * IN], y[ROWS * OUT], out[ROWS * OUT];

static void start(void)
{
    device = tiny_device();
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * OUT, 2);
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(model, .init = start, .fini = end);

static cupel_model *open_model(void)
{
    return CORE_MODEL(device, CUPEL_SHAPE(IN), 5, CUPEL_DENSE(10, .activation = CUPEL_TANH),
                      CUPEL_DENSE(OUT));
}

static const cupel_compile_config training = {.loss = CUPEL_LOSS_MSE,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM}};

static void train(cupel_model *model, int steps)
{
    for (int i = 0; i < steps; i++)
        ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, NULL));
}

Test(model, create_checks_its_arguments)
{
    cupel_model *model = (cupel_model *)device;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2)};
    EXPECT_ERROR(cupel_model_create(NULL, &config, &model), CUPEL_ERROR_ARGUMENT, "device is NULL");
    cr_expect_null(model);
    model = (cupel_model *)device;
    EXPECT_ERROR(cupel_model_create(device, NULL, &model), CUPEL_ERROR_ARGUMENT, "config is NULL");
    cr_expect_null(model);
    EXPECT_ERROR(cupel_model_create(device, &config, NULL), CUPEL_ERROR_ARGUMENT, "model is NULL");
    const struct {
        cupel_shape shape;
        const char *part;
    } bad[] = {
        {{0}, ".input_shape is not given"},
        {CUPEL_SHAPE(0), ".input_shape: dimension 0"},
        {CUPEL_SHAPE(3, -1), "dimension 1 of (3, -1)"},
        {{.rank = 9}, "the rank is 9"},
        {{.rank = -1}, "the rank is -1"},
        {{.rank = 1, .dims = {2, 2}}, "dimension 1 is 2"},
        {CUPEL_SHAPE(INT64_MAX, 2), "more elements"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        model = (cupel_model *)device;
        EXPECT_ERROR(
            cupel_model_create(device, &(cupel_model_config){.input_shape = bad[i].shape}, &model),
            CUPEL_ERROR_ARGUMENT, bad[i].part);
        cr_expect_null(model);
    }
}

Test(model, null_for_every_pointer)
{
    cupel_model *model = open_model();
    cupel_shape shape = CUPEL_SHAPE(1);
    double loss;
    ASSERT_OK(cupel_model_compile(model, &training));
    cupel_model_free(NULL);
    cupel_request_stop(NULL);
    cr_expect_eq(cupel_model_parameter_count(NULL), 0);
    const char *part = "is NULL";
    EXPECT_ERROR(cupel_model_add(NULL, CUPEL_FLATTEN()), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_compile(NULL, &training), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_compile(model, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_train_batch(NULL, x, y, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_train_batch(model, NULL, y, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_train_batch(model, x, NULL, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradients(NULL, x, y, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradients(model, NULL, y, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradients(model, x, NULL, 1, &loss), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_apply_gradients(NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_predict(NULL, x, 1, out), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_predict(model, NULL, 1, out), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_predict(model, x, 1, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_set_learning_rate(NULL, 1), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_input_shape(NULL, &shape), CUPEL_ERROR_ARGUMENT, part);
    cr_expect_eq(shape.rank, 0);
    EXPECT_ERROR(cupel_model_input_shape(model, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_output_shape(NULL, &shape), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_output_shape(model, NULL), CUPEL_ERROR_ARGUMENT, part);
    cupel_gradcheck_report report;
    EXPECT_ERROR(cupel_model_gradcheck(NULL, x, y, 1, &report), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradcheck(model, NULL, y, 1, &report), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradcheck(model, x, NULL, 1, &report), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_gradcheck(model, x, y, 1, NULL), CUPEL_ERROR_ARGUMENT, part);
    cupel_model_free(model);
}

Test(model, shapes_before_and_after_layers)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(2, 3), 1, CUPEL_FLATTEN());
    cupel_shape shape;
    ASSERT_OK(cupel_model_input_shape(model, &shape));
    cr_expect(shape.rank == 2 && shape.dims[0] == 2 && shape.dims[1] == 3);
    ASSERT_OK(cupel_model_output_shape(model, &shape));
    cr_expect(shape.rank == 1 && shape.dims[0] == 6);
    ASSERT_OK(cupel_model_add(model, CUPEL_DENSE(4)));
    ASSERT_OK(cupel_model_output_shape(model, &shape));
    cr_expect(shape.rank == 1 && shape.dims[0] == 4);
    cupel_model_free(model);
}

/* What each call says in each state of a model: A without layers, B with layers, C compiled for
 * inference, D for training before the first step, E after it. O is CUPEL_OK, S is STATE. */
static const struct {
    const char *call;
    const char *expected;
} states[] = {
    {"add", "OOSSS"},       {"compile", "SOOOO"},   {"compile for inference", "SOOOO"},
    {"train", "SSSOO"},     {"gradients", "SSSOO"}, {"apply", "SSSSO"},
    {"predict", "SOOOO"},   {"rate", "SSSOO"},      {"memory", "SOOOO"},
    {"gradcheck", "SSSOO"},
};

static cupel_status call(cupel_model *model, size_t number)
{
    cupel_memory memory;
    cupel_gradcheck_report report;
    switch (number) {
    case 0:
        return cupel_model_add(model, CUPEL_ACTIVATION(CUPEL_LINEAR));
    case 1:
        return cupel_model_compile(model, &training);
    case 2:
        return cupel_model_compile(model, &(cupel_compile_config){0});
    case 3:
        return cupel_model_train_batch(model, x, y, 1, NULL);
    case 4:
        return cupel_model_gradients(model, x, y, 1, NULL);
    case 5:
        return cupel_model_apply_gradients(model);
    case 6:
        return cupel_model_predict(model, x, 1, out);
    case 7:
        return cupel_model_set_learning_rate(model, 0.5);
    case 8:
        return cupel_model_memory(model, 1, &memory);
    default:
        return cupel_model_gradcheck(model, x, y, 1, &report);
    }
}

static cupel_model *model_in_state(int state)
{
    if (state == 0) {
        cupel_model *model;
        ASSERT_OK(cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(IN)},
                                     &model));
        return model;
    }
    cupel_model *model = open_model();
    if (state == 2) ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){0}));
    if (state >= 3) ASSERT_OK(cupel_model_compile(model, &training));
    if (state == 4) train(model, 1);
    return model;
}

Test(model, calls_in_every_order)
{
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        for (int state = 0; state < 5; state++) {
            cupel_model *model = model_in_state(state);
            const cupel_status status = call(model, i);
            const bool fine = states[i].expected[state] == 'O';
            cr_expect_eq(status, fine ? CUPEL_OK : CUPEL_ERROR_STATE, "%s in state %d: %s",
                         states[i].call, state, cupel_status_name(status));
            cr_expect(fine || strlen(cupel_last_error()) > 10);
            cupel_model_free(model);
        }
    }
}

Test(model, a_layer_behind_drawn_weights_is_refused)
{
    cupel_model *model = open_model();
    ASSERT_OK(cupel_model_predict(model, x, 1, out));
    EXPECT_ERROR(cupel_model_add(model, CUPEL_DENSE(2)), CUPEL_ERROR_STATE, "weights are drawn");
    cupel_model_free(model);
    model = open_model();
    float bias[10];
    ASSERT_OK(cupel_parameter_read(model, 1, CUPEL_VALUE, bias));
    EXPECT_ERROR(cupel_model_add(model, CUPEL_DENSE(2)), CUPEL_ERROR_STATE, "weights are drawn");
    cupel_model_free(model);
    /* A failed compile draws nothing. */
    model = open_model();
    EXPECT_ERROR(cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE}),
                 CUPEL_ERROR_ARGUMENT, ".optimizer");
    ASSERT_OK(cupel_model_add(model, CUPEL_DENSE(2)));
    cupel_model_free(model);
}

/* What compile keeps are the weights; the steps, the moments and the gradients start anew. */
Test(model, a_later_compile_keeps_the_weights_alone)
{
    cupel_model *model = open_model(), *fresh = open_model();
    ASSERT_OK(cupel_model_compile(model, &training));
    train(model, 7);
    ASSERT_OK(cupel_model_copy_weights(fresh, model));
    ASSERT_OK(cupel_model_compile(model, &training));
    cr_expect(core_same(model, fresh, CUPEL_VALUE));
    float moment[60];
    EXPECT_ERROR(cupel_model_apply_gradients(model), CUPEL_ERROR_STATE, "no gradients yet");
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_MOMENT_1, moment));
    for (int i = 0; i < 60; i++)
        cr_expect_eq(moment[i], 0);
    /* From here it goes on as a model that begins with these weights. */
    ASSERT_OK(cupel_model_compile(fresh, &training));
    train(model, 5);
    train(fresh, 5);
    cr_expect(core_same(model, fresh, CUPEL_VALUE));
    cr_expect(core_same(model, fresh, CUPEL_MOMENT_2));
    cupel_model_free(model);
    cupel_model_free(fresh);
}

/* float32 to float64 and back loses no bit. */
Test(model, weights_through_float64_and_back)
{
    cupel_model *model = open_model(), *kept = open_model();
    ASSERT_OK(cupel_model_compile(model, &training));
    train(model, 3);
    ASSERT_OK(cupel_model_copy_weights(kept, model));
    cupel_compile_config wide = training;
    wide.precision = CUPEL_PRECISION_FLOAT64;
    ASSERT_OK(cupel_model_compile(model, &wide));
    double values[60];
    float narrow[60];
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_VALUE, values));
    ASSERT_OK(cupel_parameter_read(kept, 0, CUPEL_VALUE, narrow));
    for (int i = 0; i < 60; i++)
        cr_expect_eq(values[i], (double)narrow[i]);
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){0}));
    cr_expect(core_same(model, kept, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(kept);
}

/* A compile that fails leaves the old one. */
Test(model, a_failed_compile_changes_nothing)
{
    cupel_model *model = open_model(), *other = open_model();
    ASSERT_OK(cupel_model_compile(model, &training));
    ASSERT_OK(cupel_model_compile(other, &training));
    train(model, 2);
    train(other, 2);
    cupel_compile_config bad = training;
    bad.optimizer.beta_1 = 1;
    EXPECT_ERROR(cupel_model_compile(model, &bad), CUPEL_ERROR_ARGUMENT, ".beta_1");
    bad = training;
    bad.loss = CUPEL_LOSS_NONE;
    EXPECT_ERROR(cupel_model_compile(model, &bad), CUPEL_ERROR_ARGUMENT, ".loss");
    train(model, 2);
    train(other, 2);
    cr_expect(core_same(model, other, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(other);
}

Test(model, an_inference_model_predicts_the_same)
{
    cupel_model *models[3] = {open_model(), open_model(), open_model()};
    float outputs[3][ROWS * OUT];
    ASSERT_OK(cupel_model_compile(models[1], &(cupel_compile_config){0}));
    ASSERT_OK(cupel_model_compile(models[2], &training));
    for (int i = 0; i < 3; i++) {
        ASSERT_OK(cupel_model_predict(models[i], x, ROWS, outputs[i]));
        cr_expect_arr_eq(outputs[i], outputs[0], sizeof outputs[0]);
        cupel_model_free(models[i]);
    }
}

Test(model, set_learning_rate)
{
    cupel_model *model =
        tiny_line(device, 1, (cupel_compile_config){.optimizer = CUPEL_SGD(.learning_rate = 0.25)});
    const float one = 1, zero = 0;
    /* The gradient of (w - 0)^2 at w is 2 w. */
    ASSERT_OK(cupel_model_train_batch(model, &one, &zero, 1, NULL));
    cr_expect_eq(tiny_weight(model), 0.5F);
    ASSERT_OK(cupel_model_set_learning_rate(model, 0.125));
    ASSERT_OK(cupel_model_train_batch(model, &one, &zero, 1, NULL));
    cr_expect_eq(tiny_weight(model), 0.375F);
    ASSERT_OK(cupel_model_set_learning_rate(model, CUPEL_ZERO));
    ASSERT_OK(cupel_model_train_batch(model, &one, &zero, 1, NULL));
    cr_expect_eq(tiny_weight(model), 0.375F);
    ASSERT_OK(cupel_model_set_learning_rate(model, 0));
    const double wrong[] = {-0.5, (double)NAN, (double)INFINITY, -(double)INFINITY};
    for (int i = 0; i < 4; i++)
        EXPECT_ERROR(cupel_model_set_learning_rate(model, wrong[i]), CUPEL_ERROR_ARGUMENT,
                     "cupel_model_set_learning_rate");
    cupel_model_free(model);
}

typedef struct visitor {
    cupel_model *model;
    cupel_status status[9];
} visitor;

static void *visit(void *context)
{
    visitor *v = context;
    float value[60];
    cupel_model *model = v->model;
    v->status[0] = cupel_model_add(model, CUPEL_FLATTEN());
    v->status[1] = cupel_model_compile(model, &training);
    v->status[2] = cupel_model_train_batch(model, x, y, 1, NULL);
    v->status[3] = cupel_model_gradients(model, x, y, 1, NULL);
    v->status[4] = cupel_model_apply_gradients(model);
    v->status[5] = cupel_model_predict(model, x, 1, out);
    v->status[6] = cupel_model_set_learning_rate(model, 1);
    v->status[7] = cupel_parameter_read(model, 0, CUPEL_VALUE, value);
    v->status[8] = cupel_parameter_write(model, 0, value);
    return NULL;
}

/* While a call runs, a second thread gets STATE, and the model is as before. */
Test(model, a_busy_model)
{
    cupel_model *model = open_model(), *other = open_model();
    ASSERT_OK(cupel_model_compile(model, &training));
    ASSERT_OK(cupel_model_compile(other, &training));
    visitor v = {.model = model};
    pthread_t thread;
    ASSERT_OK(cupel_model_enter(model, "a test"));
    cr_assert_eq(pthread_create(&thread, NULL, visit, &v), 0);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    for (int i = 0; i < 9; i++)
        cr_expect_eq(v.status[i], CUPEL_ERROR_STATE, "call %d", i);
    EXPECT_ERROR(cupel_model_copy_weights(other, model), CUPEL_ERROR_STATE,
                 "the model is in use by another call");
    EXPECT_ERROR(cupel_model_copy_weights(model, other), CUPEL_ERROR_STATE, "in use");
    cupel_model_leave(model);
    train(model, 2);
    train(other, 2);
    cr_expect(core_same(model, other, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(other);
}

/* Threads that press into one model: each call either runs whole or is refused. */
typedef struct pusher {
    cupel_model *model;
    int64_t done;
    int64_t refused;
    int64_t failed;
} pusher;

static void *push(void *context)
{
    pusher *p = context;
    for (int i = 0; i < 500; i++) {
        const cupel_status status = cupel_model_train_batch(p->model, x, y, ROWS, NULL);
        p->done += status == CUPEL_OK;
        p->refused += status == CUPEL_ERROR_STATE;
        p->failed += status != CUPEL_OK && status != CUPEL_ERROR_STATE;
    }
    return NULL;
}

Test(model, threads_on_one_model)
{
    cupel_model *model = open_model(), *alone = open_model();
    ASSERT_OK(cupel_model_compile(model, &training));
    ASSERT_OK(cupel_model_compile(alone, &training));
    pusher pushers[3] = {{.model = model}, {.model = model}, {.model = model}};
    pthread_t threads[3];
    int64_t done = 0;
    for (int i = 0; i < 3; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, push, &pushers[i]), 0);
    for (int i = 0; i < 3; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_expect_eq(pushers[i].failed, 0);
        cr_expect_eq(pushers[i].done + pushers[i].refused, 500);
        done += pushers[i].done;
    }
    cr_expect_gt(done, 0);
    train(alone, (int)done);
    cr_expect(core_same(model, alone, CUPEL_VALUE), "%lld steps", (long long)done);
    cupel_model_free(model);
    cupel_model_free(alone);
}
