/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "base/file.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

TestSuite(file_append, .init = folder_enter, .fini = folder_leave);

static cupel_status append_two(const char *path, bool truncate)
{
    cupel_appender *appender = (cupel_appender *)(void *)&appender;
    const cupel_status opened = cupel_appender_open(path, truncate, &appender);
    if (opened != CUPEL_OK) {
        cr_expect_null(appender);
        return opened;
    }
    cupel_status status = cupel_appender_write(appender, "one\n", 4);
    if (status == CUPEL_OK) status = cupel_appender_write(appender, "two\n", 4);
    const cupel_status closed = cupel_appender_close(appender);
    return status != CUPEL_OK ? status : closed;
}

Test(file_append, starts_anew_or_goes_on)
{
    cr_expect_eq(append_two("log", false), CUPEL_OK);
    folder_expect("log", "one\ntwo\n", 8);
    cr_expect_eq(append_two("log", false), CUPEL_OK);
    folder_expect("log", "one\ntwo\none\ntwo\n", 16);
    cr_expect_eq(append_two("log", true), CUPEL_OK);
    folder_expect("log", "one\ntwo\n", 8);
}

static void expect_was_empty(const char *path, bool truncate, bool expected)
{
    cupel_appender *appender;
    cr_assert_eq(cupel_appender_open(path, truncate, &appender), CUPEL_OK);
    cr_expect_eq(cupel_appender_was_empty(appender), expected);
    cr_expect_eq(cupel_appender_close(appender), CUPEL_OK);
}

Test(file_append, knows_whether_the_file_was_empty)
{
    folder_write("empty", "", 0);
    folder_write("full", "x", 1);
    expect_was_empty("none", false, true);
    expect_was_empty("empty", false, true);
    expect_was_empty("full", false, false);
    expect_was_empty("full", true, true);
}

Test(file_append, every_line_is_there_at_once)
{
    cupel_appender *appender;
    cr_assert_eq(cupel_appender_open("log", true, &appender), CUPEL_OK);
    cr_expect_eq(cupel_appender_write(appender, "a,b\n", 4), CUPEL_OK);
    folder_expect("log", "a,b\n", 4);
    cr_expect_eq(cupel_appender_write(appender, "", 0), CUPEL_OK);
    cr_expect_eq(cupel_appender_write(appender, "1,2\n", 4), CUPEL_OK);
    folder_expect("log", "a,b\n1,2\n", 8);
    cr_expect_eq(cupel_appender_close(appender), CUPEL_OK);
    cr_expect_eq(cupel_appender_close(NULL), CUPEL_OK);
}

Test(file_append, goes_on_after_signals_and_short_writes)
{
    fault_files_install();
    fault_files_hamper(true);
    cr_expect_eq(append_two("log", true), CUPEL_OK);
    fault_files_remove();
    folder_expect("log", "one\ntwo\n", 8);
}

Test(file_append, a_full_disk)
{
    if (access("/dev/full", W_OK) != 0) cr_skip("no /dev/full here");
    cr_expect_eq(append_two("/dev/full", true), CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), "cannot write \"/dev/full\": No space left on device");
    cr_expect_eq(append_two("/dev/full", false), CUPEL_ERROR_IO);
}

Test(file_append, what_cannot_be_opened)
{
    cr_expect_eq(append_two("none/log", true), CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), "cannot write \"none/log\": No such file or directory");
    cr_expect_eq(append_two(".", false), CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), "cannot write \".\": Is a directory");
}

Test(file_append, every_operation_may_fail)
{
    const int64_t before = folder_descriptors();
    fault_files_install();
    int64_t n = 1, failed = 1;
    for (; failed > 0; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            folder_write("log", "old\n", 4);
            fault_files_arm(n, persistent != 0, ENOSPC);
            const cupel_status status = append_two("log", false);
            failed = fault_files_disarm();
            cr_expect_eq(status, failed > 0 ? CUPEL_ERROR_IO : CUPEL_OK, "operation %d", (int)n);
            if (failed > 0) cr_expect_not_null(strstr(cupel_last_error(), "\"log\": No space"));
            cr_expect_eq(fault_files_descriptors(), 0);
            /* What was written stays: a beginning of the whole, never without the old lines. */
            size_t count;
            char *text = folder_read("log", &count);
            cr_expect(count >= 4 && strncmp(text, "old\none\ntwo\n", count) == 0);
            free(text);
        }
    }
    cr_expect_eq(n, 7); /* open, size, two writes, close */
    fault_files_remove();
    cr_expect_eq(folder_descriptors(), before);
}

Test(file_append, every_allocation_may_fail)
{
    folder_write("log", "old\n", 4);
    fault_memory_install();
    int64_t n = 1;
    for (;; n++) {
        fault_memory_arm(n, false);
        const cupel_status status = append_two("log", true);
        cr_expect_eq(fault_memory_blocks(), 0);
        if (fault_memory_disarm() == 0) break;
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
        folder_expect("log", "old\n", 4);
    }
    cr_expect_eq(n, 3);
    fault_memory_remove();
}
