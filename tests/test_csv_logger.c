/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "comma_locale.h"
#include "fault.h"
#include "folder.h"
#include "made_history.h"
#include "train/callback_type.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

TestSuite(csv_logger, .init = folder_enter, .fini = folder_leave);

/* Logs count epochs from first; series i of epoch e is e + i / 8. */
static cupel_status log_epochs(cupel_callback callback, cupel_history *history, int64_t first,
                               int64_t count)
{
    cupel_callbacks callbacks;
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {callback};
    cupel_status status = cupel_callbacks_open(&callbacks, NULL, history, list);
    if (status != CUPEL_OK) return status;
    status = cupel_callbacks_event(&callbacks, &(cupel_event){.when = CUPEL_WHEN_FIT_BEGIN});
    for (int64_t e = first; e < first + count && status == CUPEL_OK; e++) {
        double values[CUPEL_MAX_SERIES];
        for (int64_t i = 0; i < history->series; i++)
            values[i] = (double)e + (double)i / 8;
        const cupel_event event = {.when = CUPEL_WHEN_EPOCH_END,
                                   .epoch = e,
                                   .names = history->names,
                                   .values = values,
                                   .count = history->series};
        status = cupel_callbacks_event(&callbacks, &event);
    }
    const cupel_status closed = cupel_callbacks_close(&callbacks);
    return status != CUPEL_OK ? status : closed;
}

static void expect_file(const char *expected)
{
    folder_expect("log.csv", expected, strlen(expected));
}

Test(csv_logger, columns_are_sorted)
{
    cupel_history *history = made_history(2, true, 0);
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv"), history, 0, 2), CUPEL_OK);
    expect_file("epoch,accuracy,learning_rate,loss,mae,val_accuracy,val_loss,val_mae\n"
                "0,0.125,0.75,0,0.25,0.5,0.375,0.625\n"
                "1,1.125,1.75,1,1.25,1.5,1.375,1.625\n");
    cupel_history_free(history);
}

Test(csv_logger, replaces_or_appends)
{
    cupel_history *history = made_history(0, false, 0);
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv"), history, 0, 2), CUPEL_OK);
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv"), history, 0, 1), CUPEL_OK);
    expect_file("epoch,learning_rate,loss\n0,0.125,0\n");
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv", .append = true), history, 1, 1), CUPEL_OK);
    expect_file("epoch,learning_rate,loss\n0,0.125,0\n1,1.125,1\n");
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("new.csv", .append = true), history, 7, 1), CUPEL_OK);
    folder_expect("new.csv", "epoch,learning_rate,loss\n7,7.125,7\n", 35);
    cupel_history_free(history);
}

Test(csv_logger, a_fit_that_is_refused_keeps_the_file)
{
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_CSV_LOGGER("log.csv"),
                                                      CUPEL_CSV_LOGGER("no folder/log.csv")};
    cupel_callbacks callbacks;
    cupel_history *history = made_history(0, false, 0);
    folder_write("log.csv", "before", 6);
    cr_expect_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_ERROR_IO);
    expect_file("before");
    cupel_history_free(history);
}

Test(csv_logger, appends_in_the_order_of_the_file)
{
    static const char before[] = "epoch,val_loss,loss,learning_rate\r\n0,9,9,9";
    cupel_history *history = made_history(0, false, 0);
    folder_write("log.csv", before, strlen(before));
    cr_assert_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv", .append = true), history, 1, 2), CUPEL_OK);
    expect_file("epoch,val_loss,loss,learning_rate\r\n0,9,9,9\n1,NA,1,1.125\n2,NA,2,2.125\n");
    cupel_history_free(history);
}

Test(csv_logger, refuses_a_file_that_is_another)
{
    static const char *const before[] = {"loss,learning_rate\n1,2\n", "epoch,loss\n0,1\n", "\n",
                                         "x"};
    cupel_history *history = made_history(0, false, 0);
    for (size_t i = 0; i < sizeof before / sizeof *before; i++) {
        folder_write("log.csv", before[i], strlen(before[i]));
        cr_expect_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv", .append = true), history, 1, 1),
                     CUPEL_ERROR_FORMAT);
        cr_expect_not_null(strstr(cupel_last_error(), "log.csv"));
        expect_file(before[i]);
    }
    char *line = malloc(100000);
    memset(line, 'x', 100000);
    folder_write("log.csv", line, 100000);
    cr_expect_eq(log_epochs(CUPEL_CSV_LOGGER("log.csv", .append = true), history, 1, 1),
                 CUPEL_ERROR_FORMAT);
    free(line);
    char path[FOLDER_LONG_PATH];
    folder_write("log.csv", "epoch,loss\n0,1\n", 15);
    cr_expect_eq(log_epochs(CUPEL_CSV_LOGGER(folder_long_path("log.csv", path), .append = true),
                            history, 1, 1),
                 CUPEL_ERROR_FORMAT);
    cr_expect_not_null(strstr(cupel_last_error(), "no column \"learning_rate\" to append to"));
    cupel_history_free(history);
}

Test(csv_logger, numbers_read_back_to_themselves)
{
    static const double numbers[] = {
        0.1, 1.0 / 3, 5e-324, 1.7976931348623157e308, -0.0, 123456789, 0.30000000000000004,
        NAN, INFINITY};
    if (!comma_locale_set("de_DE")) cr_log_info("no locale with a comma\n");
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_CSV_LOGGER("log.csv")};
    cupel_history *history = made_history(0, false, 0);
    cupel_callbacks callbacks;
    cr_assert_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_OK);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const double values[2] = {numbers[i], 1};
        const cupel_event event = {.when = CUPEL_WHEN_EPOCH_END,
                                   .epoch = (int64_t)i,
                                   .names = history->names,
                                   .values = values,
                                   .count = 2};
        cr_assert_eq(cupel_callbacks_event(&callbacks, &event), CUPEL_OK);
    }
    cr_assert_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
    expect_file("epoch,learning_rate,loss\n0,1,0.1\n1,1,0.3333333333333333\n"
                "2,1,4.94065645841247e-324\n3,1,1.7976931348623157e+308\n4,1,-0\n5,1,123456789\n"
                "6,1,0.30000000000000004\n7,1,nan\n8,1,inf\n");
    cupel_history_free(history);
}

Test(csv_logger, a_line_is_there_when_its_epoch_ends)
{
    cupel_history *history = made_history(0, false, 0);
    cupel_callbacks callbacks;
    const cupel_callback list[CUPEL_MAX_CALLBACKS] = {CUPEL_CSV_LOGGER("log.csv")};
    const double values[2] = {1, 2};
    const cupel_event event = {
        .when = CUPEL_WHEN_EPOCH_END, .names = history->names, .values = values, .count = 2};
    cr_assert_eq(cupel_callbacks_open(&callbacks, NULL, history, list), CUPEL_OK);
    expect_file("");
    cr_assert_eq(cupel_callbacks_event(&callbacks, &event), CUPEL_OK);
    expect_file("epoch,learning_rate,loss\n0,2,1\n");
    cr_assert_eq(cupel_callbacks_close(&callbacks), CUPEL_OK);
    cupel_history_free(history);
}

static void expect_faults_reported(cupel_callback callback)
{
    cupel_history *history = made_history(0, false, 0);
    for (int64_t n = 1;; n++) {
        folder_write("log.csv", "epoch,loss,learning_rate\n", 25);
        fault_files_arm(n, false, ENOSPC);
        const cupel_status status = log_epochs(callback, history, 0, 2);
        if (fault_files_disarm() == 0) break;
        /* Closing what was only read loses nothing. */
        if (status == CUPEL_OK)
            cr_expect_str_eq(fault_files_failed(), "close");
        else
            cr_expect_eq(status, CUPEL_ERROR_IO);
        cr_expect_eq(fault_files_descriptors(), 0);
    }
    cupel_history_free(history);
}

Test(csv_logger, every_fault_of_a_file_is_reported)
{
    cupel_history *history = made_history(0, false, 0);
    fault_files_install();
    expect_faults_reported(CUPEL_CSV_LOGGER("log.csv", .append = true));
    expect_faults_reported(CUPEL_CSV_LOGGER("log.csv"));
    fault_files_remove();
    cr_expect_eq(log_epochs(CUPEL_CSV_LOGGER("no/folder.csv"), history, 0, 1), CUPEL_ERROR_IO);
    cupel_history_free(history);
}

Test(csv_logger, survives_the_lack_of_memory)
{
    fault_memory_install();
    cupel_history *history = made_history(0, false, 0);
    const int64_t blocks = fault_memory_blocks();
    for (int64_t n = 1;; n++) {
        folder_write("log.csv", "epoch,loss,learning_rate\n", 25);
        fault_memory_arm(n, false);
        const cupel_status status =
            log_epochs(CUPEL_CSV_LOGGER("log.csv", .append = true), history, 0, 2);
        if (fault_memory_disarm() == 0) break;
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
        cr_expect_eq(fault_memory_blocks(), blocks);
    }
    cupel_history_free(history);
    fault_memory_remove();
}
