/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What fit computes, against sums by hand and against runs that must be equal. */
#include "tiny.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What every test needs, made anew before each. */
static cupel_device *device;

static void open_device(void)
{
    device = tiny_device();
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(fit, .init = open_device, .fini = close_device);

static const float xs[5] = {1, 2, -1, 0.5f, 3};
static const float ys[5] = {0, 1, 1, 0, 1};

static cupel_history *fitted(cupel_model *model, const cupel_dataset *data, cupel_fit_config config)
{
    cupel_history *history;
    cr_assert_eq(cupel_model_fit(model, data, &config, &history), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_assert_not_null(history);
    return history;
}

static const double *series(const cupel_history *history, const char *name)
{
    const double *values;
    cr_assert_eq(cupel_history_series(history, name, &values), CUPEL_OK, "%s", cupel_last_error());
    return values;
}

/* One step of SGD on rows [first, last) of xs and ys with weights by row; returns the loss before
 * it. */
static double hand_step(double *w, double rate, const double weights[5], int first, int last)
{
    double loss = 0;
    double gradient = 0;
    const double rows = last - first;
    for (int i = first; i < last; i++) {
        const double error = *w * (double)xs[i] - (double)ys[i];
        loss += weights[i] * error * error / rows;
        gradient += weights[i] * 2 * error * (double)xs[i] / rows;
    }
    *w -= rate * gradient;
    return loss;
}

static const double ones[5] = {1, 1, 1, 1, 1};

Test(fit, the_tutorial_learns)
{
    static const float x[4][2] = {{1, 2}, {2, 3}, {3, 4}, {4, 5}}, y[4][1] = {{0}, {0}, {1}, {1}};
    cupel_model *model;
    cupel_dataset *data;
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(2), .seed = 1};
    cr_assert_eq(cupel_model_create(device, &shape, &model), CUPEL_OK);
    for (int i = 0; i < 2; i++) {
        cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(1, .activation = CUPEL_SIGMOID)), CUPEL_OK);
    }
    const cupel_compile_config compile = {.loss = CUPEL_LOSS_MSE,
                                          .optimizer = CUPEL_ADAM(.learning_rate = 0.001f)};
    cr_assert_eq(cupel_model_compile(model, &compile), CUPEL_OK);
    const cupel_arrays arrays = {
        .x = x, .y = y, .rows = 4, .x_shape = CUPEL_SHAPE(2), .y_shape = CUPEL_SHAPE(1)};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cupel_history *history =
        fitted(model, data, (cupel_fit_config){.epochs = 100, .batch_size = 10});
    cr_expect_eq(cupel_history_epochs(history), 100);
    cr_expect_str_eq(cupel_history_reason(history), "all epochs done");
    cr_expect_lt(series(history, "loss")[99], series(history, "loss")[0]);
    cupel_history_free(history);
    cr_expect_eq(cupel_model_fit(model, data, NULL, NULL), CUPEL_OK);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, the_loss_of_an_epoch_is_the_mean_of_its_batches_by_rows)
{
    const cupel_compile_config compile = {.optimizer = CUPEL_SGD(.learning_rate = 0.125)};
    cupel_model *model = tiny_line(device, 0.5f, compile);
    cupel_dataset *data = tiny_data(xs, ys, 5);
    cupel_history *history =
        fitted(model, data, (cupel_fit_config){.epochs = 3, .batch_size = 2, .no_shuffle = true});
    double w = 0.5;
    for (int e = 0; e < 3; e++) {
        double loss = 2 * hand_step(&w, 0.125, ones, 0, 2);
        loss += 2 * hand_step(&w, 0.125, ones, 2, 4);
        loss += hand_step(&w, 0.125, ones, 4, 5);
        cr_expect_float_eq(series(history, "loss")[e], loss / 5, 1e-5);
        cr_expect_eq(series(history, "learning_rate")[e], 0.125);
    }
    cr_expect_float_eq(tiny_weight(model), w, 1e-5);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, class_weights_count_in_training_alone)
{
    static const float class_weight[2] = {0.5f, 3};
    const double by_row[5] = {0.5, 3, 3, 0.5, 3};
    const cupel_compile_config compile = {.optimizer = CUPEL_SGD(.learning_rate = 0.0625),
                                          .metrics = {CUPEL_METRIC_MAE}};
    cupel_model *model = tiny_line(device, 0.5f, compile);
    cupel_dataset *data = tiny_data(xs, ys, 5);
    double w = 0.5;
    double mae = 0;
    for (int i = 0; i < 5; i++)
        mae += fabs(0.5 * (double)xs[i] - (double)ys[i]) / 5;
    const double loss = hand_step(&w, 0.0625, by_row, 0, 5);
    double unchanged = w;
    const double val_loss = hand_step(&unchanged, 0, ones, 0, 5);
    cupel_history *history =
        fitted(model, data,
               (cupel_fit_config){.validation = data, .class_weight = class_weight, .classes = 2});
    cr_expect_float_eq(series(history, "loss")[0], loss, 1e-5);
    cr_expect_float_eq(series(history, "mae")[0], mae, 1e-5);
    cr_expect_float_eq(series(history, "val_loss")[0], val_loss, 1e-5);
    cr_expect_float_eq(tiny_weight(model), w, 1e-5);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, sample_weights_count_everywhere_and_times_class_weights)
{
    static const float sample_weight[5] = {1, 0, 2, 0.25f, 1};
    static const float class_weight[2] = {0.5f, 3};
    const double both[5] = {0.5, 0, 6, 0.125, 3};
    const double samples[5] = {1, 0, 2, 0.25, 1};
    cupel_model *model = tiny_line(
        device, 0.5f, (cupel_compile_config){.optimizer = CUPEL_SGD(.learning_rate = 0.05)});
    cupel_dataset *data;
    const cupel_arrays arrays = {.x = xs, .y = ys, .rows = 5, .sample_weight = sample_weight};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    double w = 0.5;
    const double loss = hand_step(&w, 0.05, both, 0, 5);
    double unchanged = w;
    const double score = hand_step(&unchanged, 0, samples, 0, 5);
    cupel_history *history =
        fitted(model, data, (cupel_fit_config){.class_weight = class_weight, .classes = 2});
    double evaluated;
    cr_assert_eq(cupel_model_evaluate(model, data, 0, &evaluated), CUPEL_OK);
    cr_expect_float_eq(series(history, "loss")[0], loss, 1e-5);
    cr_expect_float_eq(tiny_weight(model), w, 1e-5);
    cr_expect_float_eq(evaluated, score, 1e-5);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, regularisers_are_in_both_losses)
{
    cupel_model *model;
    const float weight = 0.5f;
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(1)};
    cr_assert_eq(cupel_model_create(device, &shape, &model), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(1, .no_bias = true, .kernel_l2 = 2)), CUPEL_OK);
    const cupel_compile_config compile = {.loss = CUPEL_LOSS_MSE,
                                          .optimizer = CUPEL_SGD(.learning_rate = CUPEL_ZERO)};
    cr_assert_eq(cupel_model_compile(model, &compile), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_parameter_write(model, 0, &weight), CUPEL_OK);
    cupel_dataset *data = tiny_data(xs, ys, 5);
    cupel_history *history = fitted(model, data, (cupel_fit_config){.validation = data});
    double w = 0.5;
    const double loss = hand_step(&w, 0, ones, 0, 5) + 2 * 0.25;
    cr_expect_float_eq(series(history, "loss")[0], loss, 1e-5);
    cr_expect_float_eq(series(history, "val_loss")[0], loss, 1e-5);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

#define ROWS 50

/* A network with dropout and Adam on data that need it, for runs that must be equal bit by bit. */
typedef struct run {
    cupel_model *model;
    float x[ROWS][3];
    int32_t y[ROWS];
    cupel_dataset *data;
} run;

static run run_open(uint64_t seed)
{
    run r;
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(3), .seed = seed};
    cr_assert_eq(cupel_model_create(device, &shape, &r.model), CUPEL_OK);
    cr_assert_eq(cupel_model_add(r.model, CUPEL_DENSE(8, .activation = CUPEL_RELU)), CUPEL_OK);
    cr_assert_eq(cupel_model_add(r.model, CUPEL_DROPOUT(0.25)), CUPEL_OK);
    cr_assert_eq(cupel_model_add(r.model, CUPEL_DENSE(4)), CUPEL_OK);
    const cupel_compile_config compile = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                          .from_logits = true,
                                          .optimizer = CUPEL_ADAM(.learning_rate = 0.01),
                                          .metrics = {CUPEL_METRIC_ACCURACY}};
    cr_assert_eq(cupel_model_compile(r.model, &compile), CUPEL_OK, "%s", cupel_last_error());
    return r;
}

static void run_data(run *r)
{
    for (int i = 0; i < ROWS; i++) {
        for (int k = 0; k < 3; k++)
            r->x[i][k] = (float)((i * (k + 3)) % 11) / 11;
        r->y[i] = i % 4;
    }
    const cupel_arrays arrays = {.x = r->x, .y = r->y, .rows = ROWS, .y_type = CUPEL_INT32};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &r->data), CUPEL_OK);
}

static void run_close(run *r)
{
    cupel_dataset_free(r->data);
    cupel_model_free(r->model);
}

static bool same_weights(cupel_model *a, cupel_model *b)
{
    for (int64_t i = 0; i < cupel_model_parameter_count(a); i++) {
        float left[64];
        float right[64];
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(a, i, &parameter), CUPEL_OK);
        cr_assert_leq(parameter.count, 64);
        cr_assert_eq(cupel_parameter_read(a, i, CUPEL_VALUE, left), CUPEL_OK);
        cr_assert_eq(cupel_parameter_read(b, i, CUPEL_VALUE, right), CUPEL_OK);
        if (memcmp(left, right, (size_t)parameter.count * sizeof *left) != 0) return false;
    }
    return true;
}

/* Whether two fits, each on a network of its own, end with the same weights. */
static bool same_fit(uint64_t seed_a, cupel_fit_config a, uint64_t seed_b, cupel_fit_config b)
{
    run first = run_open(seed_a);
    run second = run_open(seed_b);
    run_data(&first);
    run_data(&second);
    cr_assert_eq(cupel_model_copy_weights(second.model, first.model), CUPEL_OK);
    cr_assert_eq(cupel_model_fit(first.model, first.data, &a, NULL), CUPEL_OK);
    cr_assert_eq(cupel_model_fit(second.model, second.data, &b, NULL), CUPEL_OK);
    const bool same = same_weights(first.model, second.model);
    run_close(&first);
    run_close(&second);
    return same;
}

Test(fit, the_seed_decides_everything)
{
    const cupel_fit_config shuffled = {.epochs = 3, .batch_size = 7};
    const cupel_fit_config in_order = {.epochs = 3, .batch_size = 7, .no_shuffle = true};
    cr_expect(same_fit(3, shuffled, 3, shuffled));
    cr_expect(same_fit(3, in_order, 3, in_order));
    cr_expect_not(same_fit(3, shuffled, 4, shuffled));
    cr_expect_not(same_fit(3, shuffled, 3, in_order));
}

Test(fit, a_batch_larger_than_the_data_is_all_rows)
{
    cr_expect(same_fit(3, (cupel_fit_config){.epochs = 3, .batch_size = ROWS}, 3,
                       (cupel_fit_config){.epochs = 3, .batch_size = INT64_MAX}));
    cr_expect(same_fit(3, (cupel_fit_config){.epochs = 0}, 3,
                       (cupel_fit_config){.epochs = 1, .batch_size = 32}));
}

Test(fit, steps_per_execution_changes_no_result)
{
    cr_expect(
        same_fit(3, (cupel_fit_config){.epochs = 3, .batch_size = 7}, 3,
                 (cupel_fit_config){.epochs = 3, .batch_size = 7, .steps_per_execution = 100}));
}

Test(fit, initial_epoch_goes_on_where_another_fit_ended)
{
    run whole = run_open(3);
    run parts = run_open(3);
    run_data(&whole);
    run_data(&parts);
    cr_assert_eq(cupel_model_fit(whole.model, whole.data,
                                 &(cupel_fit_config){.epochs = 5, .batch_size = 7}, NULL),
                 CUPEL_OK);
    cr_assert_eq(cupel_model_fit(parts.model, parts.data,
                                 &(cupel_fit_config){.epochs = 2, .batch_size = 7}, NULL),
                 CUPEL_OK);
    cupel_history *history =
        fitted(parts.model, parts.data,
               (cupel_fit_config){.epochs = 5, .batch_size = 7, .initial_epoch = 2});
    cr_expect_eq(cupel_history_epochs(history), 3);
    cr_expect(same_weights(whole.model, parts.model));
    cupel_history_free(history);
    /* Nothing is left to do: that is no error. */
    history = fitted(parts.model, parts.data, (cupel_fit_config){.epochs = 5, .initial_epoch = 5});
    cr_expect_eq(cupel_history_epochs(history), 0);
    cr_expect_str_eq(cupel_history_reason(history), "all epochs done");
    cr_expect(same_weights(whole.model, parts.model));
    cupel_history_free(history);
    run_close(&whole);
    run_close(&parts);
}

Test(fit, validation_split_takes_the_last_rows)
{
    run split = run_open(3);
    run given = run_open(3);
    cupel_dataset *first;
    cupel_dataset *last;
    run_data(&split);
    run_data(&given);
    cr_assert_eq(cupel_dataset_split(given.data, 0.2, &first, &last), CUPEL_OK);
    cr_assert_eq(cupel_dataset_rows(last), 10);
    cupel_history *a =
        fitted(split.model, split.data, (cupel_fit_config){.epochs = 3, .validation_split = 0.2f});
    cupel_history *b =
        fitted(given.model, first, (cupel_fit_config){.epochs = 3, .validation = last});
    cr_expect(same_weights(split.model, given.model));
    for (int e = 0; e < 3; e++) {
        cr_expect_eq(series(a, "val_loss")[e], series(b, "val_loss")[e]);
        cr_expect_eq(series(a, "val_accuracy")[e], series(b, "val_accuracy")[e]);
    }
    double score[2];
    cr_assert_eq(cupel_model_evaluate(given.model, last, 0, score), CUPEL_OK);
    cr_expect_eq(score[0], series(b, "val_loss")[2]);
    cr_expect_eq(score[1], series(b, "val_accuracy")[2]);
    cupel_history_free(a);
    cupel_history_free(b);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    run_close(&split);
    run_close(&given);
}

Test(fit, the_schedule_is_recorded)
{
    const cupel_compile_config compile = {
        .optimizer = CUPEL_SGD(.learning_rate = 0.01, .schedule = CUPEL_COSINE(10))};
    cupel_model *model = tiny_line(device, 0.5f, compile);
    cupel_dataset *data = tiny_data(xs, ys, 5);
    cupel_history *history = fitted(model, data, (cupel_fit_config){.epochs = 2, .batch_size = 1});
    cr_expect_float_eq(series(history, "learning_rate")[0], 0.005, 1e-12);
    cr_expect_float_eq(series(history, "learning_rate")[1], 0, 1e-12);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, the_best_weights_come_back)
{
    /* Each step overshoots further, so the first epoch stays the best. */
    cupel_model *model =
        tiny_line(device, 0.5f, (cupel_compile_config){.optimizer = CUPEL_SGD(.learning_rate = 1)});
    cupel_dataset *data = tiny_data(xs, ys, 5);
    double w = 0.5;
    hand_step(&w, 1, ones, 0, 5);
    cupel_history *history =
        fitted(model, data,
               (cupel_fit_config){
                   .epochs = 9,
                   .validation = data,
                   .callbacks = {CUPEL_EARLY_STOPPING(.patience = 2, .restore_best = true)}});
    cr_expect_eq(cupel_history_epochs(history), 3);
    cr_expect_eq(strncmp(cupel_history_reason(history), "early stopping: val_loss", 24), 0);
    cr_expect_float_eq(tiny_weight(model), w, 1e-4);
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, a_loss_without_bounds_ends_it)
{
    cupel_model *model = tiny_line(
        device, 0.5f, (cupel_compile_config){.optimizer = CUPEL_SGD(.learning_rate = 1e9)});
    cupel_dataset *data = tiny_data(xs, ys, 5);
    cupel_history *history =
        fitted(model, data,
               (cupel_fit_config){
                   .epochs = 100, .batch_size = 1, .callbacks = {CUPEL_TERMINATE_ON_NAN()}});
    cr_expect_leq(cupel_history_epochs(history), 1);
    cr_expect_eq(strncmp(cupel_history_reason(history), "terminate on NaN", 16), 0, "%s",
                 cupel_history_reason(history));
    cupel_history_free(history);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

Test(fit, progress_is_a_line_an_epoch)
{
    char text[2000];
    cupel_model *model =
        tiny_line(device, 0.5f, (cupel_compile_config){.metrics = {CUPEL_METRIC_MAE}});
    cupel_dataset *data = tiny_data(xs, ys, 5);
    FILE *file = tmpfile();
    cr_assert_eq(
        cupel_model_fit(
            model, data,
            &(cupel_fit_config){.epochs = 3, .batch_size = 1, .validation = data, .progress = file},
            NULL),
        CUPEL_OK);
    rewind(file);
    text[fread(text, 1, sizeof text - 1, file)] = '\0';
    int lines = 0;
    for (const char *c = text; *c != '\0'; c++)
        lines += *c == '\n';
    cr_expect_eq(lines, 3, "%s", text);
    cr_expect_not_null(strstr(text, "epoch 3/3"));
    cr_expect_not_null(strstr(text, "val_mae"));
    fclose(file);
    cupel_dataset_free(data);
    cupel_model_free(model);
}
