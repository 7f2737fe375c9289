/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file that is written while something goes wrong. */
#define _XOPEN_SOURCE 700
#include "base/file.h"
#include "base/log.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BYTES 200003
#define PART 60000
#define OLD "the old content"

static unsigned char content[BYTES];

static void enter(void)
{
    for (int i = 0; i < BYTES; i++)
        content[i] = (unsigned char)(i * 5 + i / 256);
    folder_enter();
}

TestSuite(file_faults, .init = enter, .fini = folder_leave);

/* Writes the content in four parts, and gives up at the first failure as every caller does. */
static cupel_status save(const char *path)
{
    cupel_writer *writer = (cupel_writer *)(void *)&writer;
    const cupel_status opened = cupel_writer_open(path, &writer);
    if (opened != CUPEL_OK) {
        cr_expect_null(writer);
        return opened;
    }
    for (int64_t at = 0; at < BYTES; at += PART) {
        const int64_t left = BYTES - at;
        const cupel_status status =
            cupel_writer_write(writer, content + at, left < PART ? left : PART);
        if (status != CUPEL_OK) {
            cupel_writer_abandon(writer);
            return status;
        }
    }
    return cupel_writer_commit(writer);
}

static void count_warnings(void *user, int level, const char *text)
{
    cr_expect_eq(level, CUPEL_LOG_WARNING);
    cr_expect_not_null(strstr(text, "\"model\" is written"));
    ++*(int *)user;
}

/* With every operation failing in turn the file is the old one, or, after the rename, the new one
 * and the commit has succeeded. */
static void fail_every_operation(int error, bool exists)
{
    int64_t n = 1, failed = 1;
    int warnings = 0;
    cupel_set_log(count_warnings, &warnings);
    for (; failed > 0; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            remove("model");
            if (exists) folder_write("model", OLD, strlen(OLD));
            fault_files_arm(n, persistent != 0, error);
            const cupel_status status = save("model");
            failed = fault_files_disarm();
            cr_expect_eq(fault_files_descriptors(), 0);
            if (status == CUPEL_OK) {
                folder_expect("model", content, BYTES);
                cr_expect_eq(folder_entries(), 1);
                continue;
            }
            cr_expect_eq(status, CUPEL_ERROR_IO);
            cr_expect_gt(failed, 0);
            cr_expect_not_null(strstr(cupel_last_error(), "\"model\": "), "%s", cupel_last_error());
            cr_expect_not_null(strstr(cupel_last_error(), strerror(error)), "%s",
                               cupel_last_error());
            cr_expect_eq(folder_entries(), exists ? 1 : 0, "%s left something",
                         fault_files_failed());
            if (exists) folder_expect("model", OLD, strlen(OLD));
        }
    }
    cupel_set_log(NULL, NULL);
    /* Opening and flushing the folder, each once transient and once persistent. */
    cr_expect_eq(warnings, 4);
    /* resolve, open, 4 writes, sync, close, rename, then open, sync, close of the folder. */
    cr_expect_eq(n, 14, "%d operations", (int)n);
}

Test(file_faults, every_operation_may_fail)
{
    const int64_t before = folder_descriptors();
    fault_files_install();
    fail_every_operation(ENOSPC, true);
    fail_every_operation(EIO, true);
    fail_every_operation(EIO, false);
    fault_files_remove();
    cr_expect_eq(folder_descriptors(), before);
}

Test(file_faults, a_file_system_without_flushing)
{
    /* The flush is the 7th operation, the folder's is the 11th. */
    fault_files_install();
    fault_files_arm(7, false, EINVAL);
    cr_expect_eq(save("model"), CUPEL_OK);
    cr_expect_eq(fault_files_disarm(), 1);
    cr_expect_str_eq(fault_files_failed(), "sync");
    /* A close that a signal interrupts has closed. */
    fault_files_arm(8, false, EINTR);
    cr_expect_eq(save("model"), CUPEL_OK);
    cr_expect_eq(fault_files_disarm(), 1);
    cr_expect_str_eq(fault_files_failed(), "close");
    fault_files_remove();
    folder_expect("model", content, BYTES);
}

Test(file_faults, a_name_in_use_is_passed_over)
{
    fault_files_install();
    fault_files_arm(2, false, EEXIST);
    cr_expect_eq(save("model"), CUPEL_OK);
    cr_expect_eq(fault_files_disarm(), 1);
    fault_files_arm(2, true, EEXIST);
    cr_expect_eq(save("model"), CUPEL_ERROR_IO);
    fault_files_disarm();
    cr_expect_str_eq(cupel_last_error(), "cannot write \"model\": File exists");
    fault_files_remove();
    cr_expect_eq(folder_entries(), 1);
}

Test(file_faults, after_a_failure_nothing_is_written)
{
    folder_write("model", OLD, strlen(OLD));
    cupel_writer *writer;
    cr_assert_eq(cupel_writer_open("model", &writer), CUPEL_OK);
    fault_files_install();
    fault_files_arm(1, false, ENOSPC);
    cr_expect_eq(cupel_writer_write(writer, content, BYTES), CUPEL_ERROR_IO);
    fault_files_disarm();
    cr_expect_eq(cupel_writer_write(writer, content, 1), CUPEL_ERROR_IO);
    cr_expect_eq(cupel_writer_commit(writer), CUPEL_ERROR_IO);
    cr_expect_not_null(strstr(cupel_last_error(), "an earlier part"));
    fault_files_remove();
    folder_expect("model", OLD, strlen(OLD));
    cr_expect_eq(folder_entries(), 1);
}

Test(file_faults, every_allocation_may_fail)
{
    folder_write("model", OLD, strlen(OLD));
    const int64_t before = folder_descriptors();
    fault_memory_install();
    int64_t n = 1;
    for (;; n++) {
        fault_memory_arm(n, false);
        const cupel_status status = save("model");
        cr_expect_eq(fault_memory_blocks(), 0);
        cr_expect_eq(folder_descriptors(), before);
        cr_expect_eq(folder_entries(), 1);
        if (fault_memory_disarm() == 0) break;
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
        folder_expect("model", OLD, strlen(OLD));
    }
    cr_expect_eq(n, 5);
    folder_expect("model", content, BYTES);
    fault_memory_remove();
}

/* The limit makes a write end early and the next one fail, as a full disk does. */
Test(file_faults, a_disk_that_fills_up)
{
    folder_write("model", OLD, strlen(OLD));
    signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {100000, RLIM_INFINITY};
    struct rlimit before;
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    cr_expect_eq(save("model"), CUPEL_ERROR_IO);
    cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    cr_expect_str_eq(cupel_last_error(), "cannot write \"model\": File too large");
    folder_expect("model", OLD, strlen(OLD));
    cr_expect_eq(folder_entries(), 1);
}

Test(file_faults, a_folder_that_cannot_be_written)
{
    cr_assert_eq(mkdir("closed", 0755), 0);
    folder_write("closed/model", OLD, strlen(OLD));
    cr_assert_eq(chmod("closed", 0555), 0);
    const uid_t user = geteuid();
    if (user == 0) cr_assert_eq(seteuid(65534), 0); /* nothing is closed to root */
    const cupel_status status = save("closed/model"), fresh = save("closed/new");
    if (user == 0) cr_assert_eq(seteuid(user), 0);
    cr_expect_eq(status, CUPEL_ERROR_IO);
    cr_expect_eq(fresh, CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), "cannot write \"closed/new\": Permission denied");
    folder_expect("closed/model", OLD, strlen(OLD));
    cr_assert_eq(chmod("closed", 0755), 0);
    remove("closed/model");
}

/* A process that is killed at any moment leaves a whole file. */
Test(file_faults, killed_while_writing)
{
    for (int round = 0; round < 40; round++) {
        folder_write("model", OLD, strlen(OLD));
        const pid_t child = fork();
        cr_assert_geq(child, 0);
        if (child == 0) {
            for (;;) {
                if (save("model") != CUPEL_OK) _exit(1);
            }
        }
        nanosleep(&(struct timespec){.tv_nsec = 200000L * (round + 1)}, NULL);
        kill(child, SIGKILL);
        cr_assert_eq(waitpid(child, NULL, 0), child);
        size_t count;
        char *found = folder_read("model", &count);
        cr_expect((count == strlen(OLD) && memcmp(found, OLD, count) == 0) ||
                  (count == BYTES && memcmp(found, content, count) == 0));
        free(found);
    }
}
