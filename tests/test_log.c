/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include <criterion/criterion.h>
#include <string.h>

typedef struct record {
    int calls;
    int level;
    char text[2048];
} record;

static void keep(void *user, int level, const char *text)
{
    record *to = user;
    to->calls++;
    to->level = level;
    strcpy(to->text, text);
}

Test(log, is_silent_by_default)
{
    cupel_log(CUPEL_LOG_WARNING, "nobody hears %d", 1);
}

Test(log, sends_one_line)
{
    record got = {0};
    cupel_set_log(keep, &got);
    cupel_log(CUPEL_LOG_WARNING, "rows %d of\n%s\n", 3, "a");
    cr_expect_eq(got.calls, 1);
    cr_expect_eq(got.level, CUPEL_LOG_WARNING);
    cr_expect_str_eq(got.text, "rows 3 of a ");
    cupel_set_log(NULL, NULL);
    cupel_log(CUPEL_LOG_INFO, "again");
    cr_expect_eq(got.calls, 1);
}

Test(log, cuts_what_is_too_long)
{
    record got = {0};
    cupel_set_log(keep, &got);
    cupel_log(CUPEL_LOG_INFO, "%5000d", 1);
    cr_expect_eq(got.level, CUPEL_LOG_INFO);
    cr_expect_eq(strlen(got.text), 1023);
}

static void silence(void *user, int level, const char *text)
{
    keep(user, level, text);
    cupel_set_log(NULL, NULL);
    cupel_log(level, "not from within");
}

Test(log, a_function_may_replace_itself)
{
    record got = {0};
    cupel_set_log(silence, &got);
    cupel_log(CUPEL_LOG_INFO, "one");
    cupel_log(CUPEL_LOG_INFO, "two");
    cr_expect_eq(got.calls, 1);
    cr_expect_str_eq(got.text, "one");
}
