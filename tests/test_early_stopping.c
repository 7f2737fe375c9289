/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The expected epochs are those of keras.callbacks.EarlyStopping of Keras 3 on the same numbers. */
#include "made_history.h"
#include "tiny.h"
#include "train/callback_type.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

typedef struct sequence {
    cupel_callback callback;
    double values[10];
    int64_t count;
    int64_t stop; /* the epoch that ends the fit; -1: none */
    int64_t best; /* the epoch whose weights come back */
} sequence;

/* Runs a callback through epochs with the given values of its series and weights that tell the
 * epoch. Returns the epoch that ended the fit. */
static int64_t follow(const sequence *s, cupel_model *model, cupel_history *history)
{
    cupel_callbacks callbacks;
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {s->callback};
    const int64_t series = cupel_history_find(history, s->callback.monitor);
    int64_t stop = -1;
    cr_assert_eq(cupel_callbacks_check(list, history), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_callbacks_open(&callbacks, model, history, list), CUPEL_OK);
    for (int64_t e = 0; e < s->count && stop < 0; e++) {
        double values[CUPEL_MAX_SERIES] = {0};
        const float weight = (float)e;
        const cupel_event event = {.when = CUPEL_WHEN_EPOCH_END,
                                   .epoch = e,
                                   .model = model,
                                   .names = history->names,
                                   .values = values,
                                   .count = history->series};
        values[series] = s->values[e];
        cr_assert_eq(cupel_parameter_write(model, 0, &weight), CUPEL_OK);
        cr_assert_eq(cupel_callbacks_event(&callbacks, &event), CUPEL_OK);
        if (callbacks.ended) stop = e;
    }
    const cupel_event end = {.when = CUPEL_WHEN_FIT_END, .model = model};
    cr_assert_eq(cupel_callbacks_event(&callbacks, &end), CUPEL_OK);
    cr_assert_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
    return stop;
}

#define WATCH(series, ...) \
    CUPEL_EARLY_STOPPING(.monitor = series, .restore_best = true, __VA_ARGS__)

Test(early_stopping, stops_where_keras_stops)
{
    const sequence all[] = {
        {WATCH("loss", .patience = 0), {1, .9, .95, .8}, 4, 2, 1},
        {WATCH("loss", .patience = 2), {1, .9, .95, .92, .8}, 5, 3, 1},
        {WATCH("val_loss", .patience = 0), {1, 1, 1}, 3, 1, 0},
        {WATCH("val_loss", .patience = 1, .min_delta = .1), {1, .95, .89, .8, .79}, 5, 1, 0},
        {WATCH("loss", .patience = 1, .start_from_epoch = 3), {1, 2, 3, 4, 5, 6, 7}, 7, 4, 3},
        {WATCH("loss", .patience = 3, .start_from_epoch = 1),
         {.1, .5, .6, .4, .45, .46, .47, .48},
         8,
         6,
         3},
        {WATCH("accuracy", .patience = 0), {.5, .6, .6, .7}, 4, 2, 1},
        {WATCH("val_accuracy", .patience = 1, .min_delta = .05), {.5, .54, .56, .6}, 4, 1, 0},
        {WATCH("mae", .patience = 5), {1, 2, 3}, 3, -1, 0},
    };
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0, (cupel_compile_config){0});
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cupel_history *history = made_history(2, true, 0);
        cr_expect_eq(follow(&all[i], model, history), all[i].stop, "sequence %d", (int)i);
        cr_expect_eq(tiny_weight(model), (float)all[i].best, "sequence %d", (int)i);
        cr_expect_eq(history->best, all[i].best);
        cupel_history_free(history);
    }
    cupel_model_free(model);
    cupel_device_close(device);
}

/* Here Keras would keep NaN as the best value of all. */
Test(early_stopping, a_number_improves_on_nan)
{
    const sequence s = {WATCH("loss", .patience = 2), {NAN, NAN, 3, NAN, 2, 4, 4}, 7, 6, 4};
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0, (cupel_compile_config){0});
    cupel_history *history = made_history(0, false, 0);
    cr_expect_eq(follow(&s, model, history), 6);
    cr_expect_eq(tiny_weight(model), 4);
    cr_expect_str_eq(cupel_history_reason(history),
                     "early stopping: loss has not improved since epoch 5 (2)");
    cupel_history_free(history);
    cupel_model_free(model);
    cupel_device_close(device);
}

Test(early_stopping, without_restore_best_the_weights_stay)
{
    const sequence s = {CUPEL_EARLY_STOPPING(.monitor = "loss", .patience = 1), {1, 2, 3}, 3, 1, 1};
    cupel_device *device = tiny_device();
    cupel_model *model = tiny_line(device, 0, (cupel_compile_config){0});
    cupel_history *history = made_history(0, false, 0);
    cr_expect_eq(follow(&s, model, history), 1);
    cr_expect_eq(tiny_weight(model), 1);
    cupel_history_free(history);
    cupel_model_free(model);
    cupel_device_close(device);
}
