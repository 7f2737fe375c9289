/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a callback function sees of a fit, and what it may do meanwhile. */
#include "tiny.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

static const float xs[5] = {1, 2, -1, 0.5f, 3};
static const float ys[5] = {0, 1, 1, 0, 1};

static cupel_device *device;
static cupel_model *model;
static cupel_dataset *data;

static void open_all(void)
{
    const cupel_compile_config config = {.optimizer = CUPEL_SGD(.learning_rate = 0.01),
                                         .metrics = {CUPEL_METRIC_MAE}};
    device = tiny_device();
    model = tiny_line(device, 0.5f, config);
    data = tiny_data(xs, ys, 5);
}

static void close_all(void)
{
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}

TestSuite(fit_events, .init = open_all, .fini = close_all);

/* Every event as a line of text. */
static cupel_status write_down(void *user, const cupel_event *event)
{
    static const char *const when[] = {"fit begin", "epoch begin", "step end", "epoch end",
                                       "fit end"};
    char *text = user;
    size_t length = strlen(text);
    length += (size_t)sprintf(text + length, "%s %d %d", when[event->when], (int)event->epoch,
                              (int)event->step);
    for (int64_t i = 0; i < event->count; i++) {
        length += (size_t)sprintf(text + length, " %s", event->names[i]);
    }
    sprintf(text + length, "\n");
    if (event->count == 0) cr_expect(event->names == NULL && event->values == NULL);
    cr_expect_eq(event->model, model);
    return CUPEL_OK;
}

Test(fit_events, all_are_shown_in_order)
{
    char text[4000] = "";
    const cupel_fit_config config = {.epochs = 4,
                                     .batch_size = 2,
                                     .initial_epoch = 2,
                                     .steps_per_execution = 2,
                                     .validation = data,
                                     .callbacks = {CUPEL_CALLBACK(write_down, .user = text)}};
    cr_assert_eq(cupel_model_fit(model, data, &config, NULL), CUPEL_OK, "%s", cupel_last_error());
    cr_expect_str_eq(text, "fit begin 2 0\n"
                           "epoch begin 2 0\n"
                           "step end 2 2 loss mae\n"
                           "step end 2 3 loss mae\n"
                           "epoch end 2 3 loss mae val_loss val_mae learning_rate\n"
                           "epoch begin 3 3\n"
                           "step end 3 2 loss mae\n"
                           "step end 3 3 loss mae\n"
                           "epoch end 3 6 loss mae val_loss val_mae learning_rate\n"
                           "fit end 3 6\n");
}

typedef struct means {
    double loss[8];
    int count;
    double epoch_loss;
} means;

static cupel_status keep_means(void *user, const cupel_event *event)
{
    means *kept = user;
    if (event->when == CUPEL_WHEN_STEP_END) kept->loss[kept->count++] = event->values[0];
    if (event->when == CUPEL_WHEN_EPOCH_END) kept->epoch_loss = event->values[0];
    return CUPEL_OK;
}

Test(fit_events, steps_show_running_means)
{
    means kept = {0};
    cupel_history *history;
    const double *values;
    const cupel_fit_config config = {.batch_size = 1,
                                     .no_shuffle = true,
                                     .callbacks = {CUPEL_CALLBACK(keep_means, .user = &kept)}};
    cr_assert_eq(cupel_model_fit(model, data, &config, &history), CUPEL_OK);
    cr_assert_eq(cupel_history_series(history, "loss", &values), CUPEL_OK);
    double w = 0.5;
    double sum = 0;
    for (int i = 0; i < 5; i++) {
        const double error = w * (double)xs[i] - (double)ys[i];
        sum += error * error;
        w -= 0.01 * 2 * error * (double)xs[i];
        cr_expect_float_eq(kept.loss[i], sum / (i + 1), 1e-5);
    }
    cr_expect_eq(kept.loss[4], kept.epoch_loss);
    cr_expect_eq(values[0], kept.epoch_loss);
    cupel_history_free(history);
}

/* Does with the model what a callback may do, and what it may not. */
static cupel_status use_model(void *user, const cupel_event *event)
{
    const cupel_dataset *other = user;
    double score[2];
    float out[5];
    float weight = tiny_weight(event->model);
    cr_expect_eq(cupel_model_evaluate(event->model, other, 3, score), CUPEL_OK);
    cr_expect_eq(cupel_model_predict(event->model, xs, 5, out), CUPEL_OK);
    cr_expect_eq(cupel_model_predict_dataset(event->model, other, 2, out), CUPEL_OK);
    cr_expect_eq(cupel_parameter_write(event->model, 0, &weight), CUPEL_OK);
    cr_expect_eq(cupel_model_set_learning_rate(event->model, 0.01), CUPEL_OK);
    cr_expect_eq(cupel_model_train_batch(event->model, xs, ys, 5, NULL), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_gradients(event->model, xs, ys, 5, NULL), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_apply_gradients(event->model), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_fit(event->model, other, NULL, NULL), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_add(event->model, CUPEL_DENSE(1)), CUPEL_ERROR_STATE);
    const cupel_compile_config compile = {.loss = CUPEL_LOSS_MSE,
                                          .optimizer = {.kind = CUPEL_OPTIMIZER_SGD}};
    cr_expect_eq(cupel_model_compile(event->model, &compile), CUPEL_ERROR_STATE);
    return CUPEL_OK;
}

Test(fit_events, using_the_model_changes_no_result)
{
    cupel_history *plain;
    cupel_history *busy;
    const double *a;
    const double *b;
    cupel_fit_config config = {.epochs = 3, .batch_size = 2, .validation = data};
    cr_assert_eq(cupel_model_fit(model, data, &config, &plain), CUPEL_OK);
    const float weight = tiny_weight(model);
    const float first = 0.5f;
    cr_assert_eq(cupel_parameter_write(model, 0, &first), CUPEL_OK);
    config.callbacks[0] = CUPEL_CALLBACK(use_model, .user = data);
    cr_assert_eq(cupel_model_fit(model, data, &config, &busy), CUPEL_OK, "%s", cupel_last_error());
    cr_expect_eq(tiny_weight(model), weight);
    static const char *const names[] = {"loss", "mae", "val_loss", "val_mae"};
    for (int i = 0; i < 4; i++) {
        cr_assert_eq(cupel_history_series(plain, names[i], &a), CUPEL_OK);
        cr_assert_eq(cupel_history_series(busy, names[i], &b), CUPEL_OK);
        cr_expect_eq(memcmp(a, b, 3 * sizeof *a), 0, "%s", names[i]);
    }
    cupel_history_free(plain);
    cupel_history_free(busy);
}

static cupel_status halve_rate(void *user, const cupel_event *event)
{
    double *rate = user;
    if (event->when != CUPEL_WHEN_EPOCH_END) return CUPEL_OK;
    *rate /= 2;
    return cupel_model_set_learning_rate(event->model, *rate);
}

Test(fit_events, the_rate_can_be_set_between_epochs)
{
    double rate = 0.01;
    cupel_history *history;
    const double *rates;
    const cupel_fit_config config = {.epochs = 3,
                                     .callbacks = {CUPEL_CALLBACK(halve_rate, .user = &rate)}};
    cr_assert_eq(cupel_model_fit(model, data, &config, &history), CUPEL_OK);
    cr_assert_eq(cupel_history_series(history, "learning_rate", &rates), CUPEL_OK);
    cr_expect(rates[0] == 0.01 && rates[1] == 0.005 && rates[2] == 0.0025);
    cupel_history_free(history);
}

static cupel_status free_data(void *user, const cupel_event *event)
{
    cupel_dataset **used = user;
    if (event->when != CUPEL_WHEN_STEP_END || event->step != 1 || event->epoch != 0)
        return CUPEL_OK;
    cupel_dataset_free(used[0]);
    cupel_dataset_free(used[1]);
    return CUPEL_OK;
}

Test(fit_events, data_freed_meanwhile_live_on)
{
    for (int kind = 0; kind < 2; kind++) {
        cupel_dataset *train = tiny_data(xs, ys, 5);
        cupel_dataset *validation = kind == 0 ? tiny_data(xs, ys, 5) : NULL;
        cupel_dataset *used[2] = {train, validation};
        const cupel_fit_config config = {.epochs = 2,
                                         .batch_size = 1,
                                         .validation = validation,
                                         .validation_split = kind == 0 ? 0 : 0.4,
                                         .callbacks = {CUPEL_CALLBACK(free_data, .user = used)}};
        cr_expect_eq(cupel_model_fit(model, train, &config, NULL), CUPEL_OK, "%s",
                     cupel_last_error());
    }
}
