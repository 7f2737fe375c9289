/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fault.h"
#include "made_history.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_names(const cupel_history *history, const char *expected)
{
    char list[CUPEL_SERIES_LIST];
    cr_expect_str_eq(cupel_history_list(history, list), expected);
}

Test(history, names_are_loss_metrics_validation_and_rate)
{
    cupel_history *plain = made_history(0, false, 0);
    cupel_history *full = made_history(2, true, 0);
    expect_names(plain, "loss, learning_rate");
    expect_names(full, "loss, accuracy, mae, val_loss, val_accuracy, val_mae, learning_rate");
    cr_expect_eq(full->reported, 3);
    cr_expect(full->higher_better[1] && full->higher_better[4]);
    cr_expect(!full->higher_better[0] && !full->higher_better[2] && !full->higher_better[5]);
    cupel_history_free(plain);
    cupel_history_free(full);
}

Test(history, keeps_every_epoch_of_every_series)
{
    cupel_history *history = made_history(1, true, 0);
    const double *values;
    made_history_epochs(history, 1000);
    cr_assert_eq(cupel_history_epochs(history), 1000);
    for (int64_t i = 0; i < history->series; i++) {
        cr_assert_eq(cupel_history_series(history, history->names[i], &values), CUPEL_OK);
        for (int64_t e = 0; e < 1000; e++) {
            cr_assert_eq(values[e], 1.0 / (double)(e + 1) + 0.01 * (double)i);
        }
    }
    cupel_history_free(history);
}

Test(history, says_which_series_there_are)
{
    cupel_history *history = made_history(1, false, 0);
    const double *values = (const double *)(const void *)&values;
    cr_expect_eq(cupel_history_series(history, "val_loss", &values), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(values);
    cr_expect_not_null(strstr(cupel_last_error(), "\"val_loss\""));
    cr_expect_not_null(strstr(cupel_last_error(), "loss, accuracy, learning_rate"));
    cr_expect_eq(cupel_history_series(history, "", &values), CUPEL_ERROR_ARGUMENT);
    cupel_history_free(history);
}

Test(history, takes_null)
{
    cupel_history *history = made_history(0, false, 0);
    const double *values = (const double *)(const void *)&values;
    cr_expect_eq(cupel_history_epochs(NULL), 0);
    cr_expect_str_eq(cupel_history_reason(NULL), "");
    cr_expect_eq(cupel_history_series(NULL, "loss", &values), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(values);
    cr_expect_eq(cupel_history_series(history, NULL, &values), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_history_series(history, "loss", NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_history_plot(NULL, "x.svg"), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_history_plot(history, NULL), CUPEL_ERROR_ARGUMENT);
    cupel_history_free(history);
    cupel_history_free(NULL);
}

Test(history, the_first_reason_stays)
{
    cupel_history *history = made_history(0, false, 0);
    cr_expect_str_eq(cupel_history_reason(history), "");
    cupel_history_end(history, "stopped after %d", 3);
    cupel_history_end(history, "all epochs done");
    cr_expect_str_eq(cupel_history_reason(history), "stopped after 3");
    cupel_history_free(history);
}

Test(history, survives_the_lack_of_memory)
{
    const cupel_settings settings = {0};
    cupel_history *history = NULL;
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        fault_memory_arm(n, false);
        const cupel_status status = cupel_history_create(&settings, true, 0, &history);
        if (fault_memory_disarm() == 0) break;
        cr_assert_eq(status, CUPEL_ERROR_MEMORY);
        cr_assert_null(history);
        cr_assert_eq(fault_memory_blocks(), 0);
    }
    cr_assert_eq(history->room, 16);
    made_history_epochs(history, 16);
    const double values[CUPEL_MAX_SERIES] = {7};
    fault_memory_arm(1, false);
    cr_expect_eq(cupel_history_record(history, values), CUPEL_ERROR_MEMORY);
    fault_memory_disarm();
    cr_expect_eq(cupel_history_epochs(history), 16);
    cr_expect_eq(cupel_history_record(history, values), CUPEL_OK);
    cr_expect_eq(cupel_history_row(history, 0)[15], 1.0 / 16);
    cr_expect_eq(cupel_history_row(history, 0)[16], 7);
    cupel_history_free(history);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}
