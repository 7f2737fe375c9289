/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening cuBLASLt, from a folder with libraries that have its symbols, or not all of them. What is
 * expected is in the environment: LT_VERSION, 0 for none, and LT_WARNINGS, the number of remarks. */
#include "lt_table.h"
#include <criterion/criterion.h>
#include <cupel/status.h>
#include <stdlib.h>
#include <string.h>

static int warnings;
static char last[300];

static void remember(void *user, int level, const char *text)
{
    (void)user;
    cr_expect_eq(level, CUPEL_LOG_WARNING);
    warnings++;
    strncpy(last, text, sizeof last - 1);
}

static long from_environment(const char *name)
{
    const char *text = getenv(name);
    cr_assert_not_null(text, "%s is not set", name);
    return strtol(text, NULL, 10);
}

Test(lt_open, the_first_complete_library)
{
    const long version = from_environment("LT_VERSION");
    cupel_set_log(remember, NULL);
    const cupel_lt_table *table = cupel_cuda_lt_table();
    if (version != 0) {
        cr_assert_not_null(table);
        cr_expect_eq(table->version(), version);
        cr_expect_not_null((const void *)(uintptr_t)table->matmul);
    } else {
        cr_expect_null(table);
        cr_expect_not_null(strstr(last, "cupel's own matrix products"), "%s", last);
    }
    cr_expect_eq(warnings, from_environment("LT_WARNINGS"), "%d: %s", warnings, last);
    /* It is opened once, and what has been said is not said again. */
    cr_expect_eq(cupel_cuda_lt_table(), table);
    cr_expect_eq(warnings, from_environment("LT_WARNINGS"));
}
