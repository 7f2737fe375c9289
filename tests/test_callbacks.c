/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "made_history.h"
#include "train/callback_type.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static cupel_status nothing(void *user, const cupel_event *event)
{
    (void)user;
    (void)event;
    return CUPEL_OK;
}

static cupel_status check_one(cupel_callback callback)
{
    cupel_history *history = made_history(1, true, 0);
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_TERMINATE_ON_NAN(), callback};
    const cupel_status status = cupel_callbacks_check(list, history);
    cupel_history_free(history);
    return status;
}

Test(callbacks, a_field_of_another_kind_is_named)
{
    int user = 0;
    const struct {
        cupel_callback callback;
        const char *field;
    } wrong[] = {
        {CUPEL_EARLY_STOPPING(.path = "x"), ".path"},
        {CUPEL_EARLY_STOPPING(.append = true), ".append"},
        {CUPEL_EARLY_STOPPING(.function = nothing), ".function"},
        {CUPEL_EARLY_STOPPING(.user = &user), ".user"},
        {CUPEL_CSV_LOGGER("x", .monitor = "loss"), ".monitor"},
        {CUPEL_CSV_LOGGER("x", .patience = 1), ".patience"},
        {CUPEL_CSV_LOGGER("x", .min_delta = 1), ".min_delta"},
        {CUPEL_CSV_LOGGER("x", .min_delta = NAN), ".min_delta"},
        {CUPEL_CSV_LOGGER("x", .restore_best = true), ".restore_best"},
        {CUPEL_CSV_LOGGER("x", .start_from_epoch = 1), ".start_from_epoch"},
        {{.kind = CUPEL_CALLBACK_TERMINATE_ON_NAN, .patience = 2}, ".patience"},
        {CUPEL_CALLBACK(nothing, .path = "x"), ".path"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_eq(check_one(wrong[i].callback), CUPEL_ERROR_ARGUMENT);
        cr_expect_not_null(strstr(cupel_last_error(), wrong[i].field), "%s", cupel_last_error());
        cr_expect_not_null(strstr(cupel_last_error(), "callback 1"), "%s", cupel_last_error());
    }
}

Test(callbacks, values_out_of_range_are_named)
{
    const struct {
        cupel_callback callback;
        const char *field;
    } wrong[] = {
        {CUPEL_EARLY_STOPPING(.patience = -1), ".patience"},
        {CUPEL_EARLY_STOPPING(.start_from_epoch = -1), ".start_from_epoch"},
        {CUPEL_EARLY_STOPPING(.min_delta = -0.1), ".min_delta"},
        {CUPEL_EARLY_STOPPING(.min_delta = NAN), ".min_delta"},
        {CUPEL_EARLY_STOPPING(.min_delta = INFINITY), ".min_delta"},
        {CUPEL_EARLY_STOPPING(.monitor = "val_acc"), "loss, accuracy, val_loss, val_accuracy"},
        {CUPEL_EARLY_STOPPING(.monitor = ""), "loss, accuracy"},
        {CUPEL_EARLY_STOPPING(.monitor = "learning_rate"), "learning_rate"},
        {CUPEL_CSV_LOGGER(NULL), ".path is NULL"},
        {CUPEL_CSV_LOGGER(""), ".path is empty"},
        {CUPEL_CALLBACK(NULL), ".function"},
        {{.kind = (cupel_callback_kind)2}, "unknown kind 2"},
        {{.kind = (cupel_callback_kind)99}, "unknown kind 99"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cr_expect_eq(check_one(wrong[i].callback), CUPEL_ERROR_ARGUMENT, "%d", (int)i);
        cr_expect_not_null(strstr(cupel_last_error(), wrong[i].field), "%s", cupel_last_error());
    }
    cr_expect_eq(check_one(CUPEL_EARLY_STOPPING(.monitor = "val_accuracy", .patience = 3)),
                 CUPEL_OK);
    cr_expect_eq(check_one(CUPEL_CALLBACK(nothing)), CUPEL_OK);
}

Test(callbacks, a_monitor_without_validation_data_is_explained)
{
    cupel_history *history = made_history(0, false, 0);
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_EARLY_STOPPING()};
    cr_expect_eq(cupel_callbacks_check(list, history), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "no validation data"), "%s", cupel_last_error());
    cupel_history_free(history);
}

Test(callbacks, the_list_ends_at_its_first_zero_kind)
{
    cupel_history *history = made_history(0, true, 0);
    cupel_callbacks callbacks;
    cupel_callback list[CUPEL_MAX_CALLBACKS] = {
        CUPEL_EARLY_STOPPING(), {0}, CUPEL_CSV_LOGGER(NULL)};
    cr_expect_eq(cupel_callbacks_check(list, history), CUPEL_OK);
    cr_expect_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_OK);
    cr_expect_eq(callbacks.count, 1);
    cr_expect_not(callbacks.steps);
    cr_expect_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
    for (int i = 0; i < CUPEL_MAX_CALLBACKS; i++)
        list[i] = CUPEL_TERMINATE_ON_NAN();
    cr_expect_eq(cupel_callbacks_check(list, history), CUPEL_OK);
    cr_expect_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_OK);
    cr_expect_eq(callbacks.count, CUPEL_MAX_CALLBACKS);
    cr_expect(callbacks.steps);
    cr_expect_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
    cupel_history_free(history);
}

Test(callbacks, a_loss_that_is_no_number_ends_the_fit)
{
    static const double losses[] = {0.5, NAN, INFINITY, -INFINITY};
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_TERMINATE_ON_NAN()};
    for (int i = 0; i < 4; i++) {
        cupel_history *history = made_history(0, false, 0);
        cupel_callbacks callbacks;
        cr_assert_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_OK);
        const cupel_event event = {.when = CUPEL_WHEN_STEP_END,
                                   .epoch = 1,
                                   .step = 7,
                                   .names = history->names,
                                   .values = &losses[i],
                                   .count = 1};
        cr_expect_eq(cupel_callbacks_event(&callbacks, &event), CUPEL_OK);
        cr_expect_eq(callbacks.ended, i > 0);
        if (i == 1) {
            cr_expect_str_eq(cupel_history_reason(history),
                             "terminate on NaN: the loss is NaN after step 7 of epoch 2");
        }
        cr_expect_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
        cupel_history_free(history);
    }
}
