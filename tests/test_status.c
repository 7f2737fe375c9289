/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/status.h"

#include <criterion/criterion.h>
#include <cupel/version.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

Test(status, names)
{
    static const char *const names[] = {"CUPEL_OK",
                                        "CUPEL_ERROR_ARGUMENT",
                                        "CUPEL_ERROR_SHAPE",
                                        "CUPEL_ERROR_STATE",
                                        "CUPEL_ERROR_MEMORY",
                                        "CUPEL_ERROR_DEVICE_MEMORY",
                                        "CUPEL_ERROR_NO_DEVICE",
                                        "CUPEL_ERROR_CUDA",
                                        "CUPEL_ERROR_DEVICE_LOST",
                                        "CUPEL_ERROR_IO",
                                        "CUPEL_ERROR_FORMAT",
                                        "CUPEL_ERROR_DATA",
                                        "CUPEL_ERROR_UNSUPPORTED",
                                        "CUPEL_ERROR_STOPPED"};
    const int count = (int)(sizeof names / sizeof *names);
    for (int i = 0; i < count; i++)
        cr_expect_str_eq(cupel_status_name((cupel_status)i), names[i]);
    cr_expect_str_eq(cupel_status_name((cupel_status)count), "unknown status");
    cr_expect_str_eq(cupel_status_name((cupel_status)-1), "unknown status");
    cr_expect_str_eq(cupel_status_name((cupel_status)1000000), "unknown status");
}

Test(status, version_is_the_header_s)
{
    char expected[32];
    snprintf(expected, sizeof expected, "%d.%d.%d", CUPEL_VERSION_MAJOR, CUPEL_VERSION_MINOR,
             CUPEL_VERSION_PATCH);
    cr_assert_str_eq(cupel_version(), expected);
}

Test(status, is_empty_before_the_first_failure)
{
    cr_assert_str_eq(cupel_last_error(), "");
}

Test(status, fail_stores_the_sentence_and_returns_the_code)
{
    cr_assert_eq(cupel_fail(CUPEL_ERROR_SHAPE, "layer %d: found %s", 3, "(2, 3)"),
                 CUPEL_ERROR_SHAPE);
    cr_assert_str_eq(cupel_last_error(), "layer 3: found (2, 3)");
    cupel_fail(CUPEL_ERROR_IO, "short");
    cr_assert_str_eq(cupel_last_error(), "short");
    char taken[CUPEL_ERROR_TEXT];
    cupel_error_take(taken);
    cr_assert_str_eq(taken, "short");
}

Test(status, a_sentence_may_quote_the_last_one)
{
    cupel_fail(CUPEL_ERROR_IO, "inner");
    cupel_fail(CUPEL_ERROR_IO, "outer: %s: %s", cupel_last_error(), cupel_last_error());
    cr_assert_str_eq(cupel_last_error(), "outer: inner: inner");
}

Test(status, a_long_sentence_is_cut_visibly)
{
    char text[2 * CUPEL_ERROR_TEXT];
    for (size_t length = CUPEL_ERROR_TEXT - 2; length <= CUPEL_ERROR_TEXT + 1; length++) {
        memset(text, 'x', length);
        text[length] = '\0';
        cupel_fail(CUPEL_ERROR_IO, "%s", text);
        const char *stored = cupel_last_error();
        if (length < CUPEL_ERROR_TEXT) {
            cr_expect_str_eq(stored, text);
        } else {
            cr_expect_eq(strlen(stored), CUPEL_ERROR_TEXT - 1);
            cr_expect_str_eq(stored + CUPEL_ERROR_TEXT - 5, "x...");
        }
    }
}

static void *fail_elsewhere(void *result)
{
    char *text = result;
    strcpy(text, cupel_last_error()[0] == '\0' ? "" : "not empty");
    cupel_fail(CUPEL_ERROR_DATA, "theirs");
    strcat(text, cupel_last_error());
    return NULL;
}

Test(status, every_thread_has_its_own_last_error)
{
    char theirs[CUPEL_ERROR_TEXT];
    cupel_fail(CUPEL_ERROR_IO, "mine");
    pthread_t thread;
    cr_assert_eq(pthread_create(&thread, NULL, fail_elsewhere, theirs), 0);
    cr_assert_eq(pthread_join(thread, NULL), 0);
    cr_expect_str_eq(theirs, "theirs");
    cr_expect_str_eq(cupel_last_error(), "mine");
}

static cupel_status forward(cupel_status status)
{
    CUPEL_TRY(status);
    return cupel_fail(CUPEL_ERROR_FORMAT, "went on");
}

static cupel_status require(const void *pointer)
{
    CUPEL_REQUIRE(pointer);
    return CUPEL_OK;
}

Test(status, macros)
{
    cr_expect_eq(forward(CUPEL_ERROR_STATE), CUPEL_ERROR_STATE);
    cr_expect_eq(forward(CUPEL_OK), CUPEL_ERROR_FORMAT);
    cr_expect_eq(require("something"), CUPEL_OK);
    cr_expect_eq(require(NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_str_eq(cupel_last_error(), "require: pointer is NULL");
}
