/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#define BYTES 200003

TestSuite(file_read, .init = folder_enter, .fini = folder_leave);

static unsigned char content[BYTES];

static void make_file(void)
{
    for (int i = 0; i < BYTES; i++)
        content[i] = (unsigned char)(i * 7 + i / 256);
    folder_write("data", content, BYTES);
}

/* Reads the file in parts and compares what came. */
static cupel_status read_all(const char *path, int64_t part)
{
    static unsigned char got[BYTES + 1];
    cupel_reader *reader = (cupel_reader *)(void *)got;
    const cupel_status opened = cupel_reader_open(path, &reader);
    if (opened != CUPEL_OK) {
        cr_expect_null(reader);
        return opened;
    }
    cr_expect_eq(cupel_reader_size(reader), BYTES);
    cupel_status status;
    int64_t total = 0, count;
    do {
        const int64_t left = BYTES + 1 - total, wanted = part < left ? part : left;
        status = cupel_reader_read(reader, got + total, wanted, &count);
        total += count;
        if (status == CUPEL_OK && count < wanted) break;
    } while (status == CUPEL_OK);
    if (status == CUPEL_OK) cr_expect_eq(total, BYTES);
    cr_expect_eq(memcmp(got, content, (size_t)total), 0, "parts of %d", (int)part);
    cupel_reader_close(reader);
    return status;
}

Test(file_read, any_part)
{
    static const int64_t parts[] = {1, 7, 4096, 65535, 65536, 65537, 150000, BYTES, BYTES + 1};
    make_file();
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cr_expect_eq(read_all("data", parts[i]), CUPEL_OK);
    }
    fault_files_install();
    fault_files_hamper(true);
    cr_expect_eq(read_all("data", 1000), CUPEL_OK);
    cr_expect_eq(read_all("data", 100000), CUPEL_OK);
    fault_files_remove();
}

Test(file_read, an_empty_file)
{
    folder_write("empty", "", 0);
    cupel_reader *reader;
    cr_assert_eq(cupel_reader_open("empty", &reader), CUPEL_OK);
    cr_expect_eq(cupel_reader_size(reader), 0);
    char byte;
    int64_t got = 5;
    cr_expect_eq(cupel_reader_read(reader, &byte, 1, &got), CUPEL_OK);
    cr_expect_eq(got, 0);
    got = 5;
    cr_expect_eq(cupel_reader_read(reader, &byte, 0, &got), CUPEL_OK);
    cr_expect_eq(got, 0);
    cupel_reader_close(reader);
    cupel_reader_close(NULL);
}

static void expect_refused(const char *path, const char *sentence)
{
    cupel_reader *reader = (cupel_reader *)(void *)&reader;
    cr_expect_eq(cupel_reader_open(path, &reader), CUPEL_ERROR_IO);
    cr_expect_null(reader);
    cr_expect_str_eq(cupel_last_error(), sentence, "%s", cupel_last_error());
}

Test(file_read, what_cannot_be_opened)
{
    const int64_t before = folder_descriptors();
    expect_refused("none", "cannot open \"none\": No such file or directory");
    expect_refused("", "cannot open \"\": No such file or directory");
    expect_refused(".", "cannot read \".\": Is a directory");
    cr_expect_eq(folder_descriptors(), before);
    char path[5001];
    memset(path, 'n', 5000);
    path[5000] = '\0';
    cupel_reader *reader;
    cr_expect_eq(cupel_reader_open(path, &reader), CUPEL_ERROR_IO);
    cr_expect_not_null(strstr(cupel_last_error(), "\"...nnn"));
    cr_expect_not_null(strstr(cupel_last_error(), "File name too long"));
}

Test(file_read, a_path_is_shown_by_its_end)
{
    char path[CUPEL_PATH_SHOWN + 1], shown[CUPEL_PATH_SHOWN];
    memset(path, 'p', CUPEL_PATH_SHOWN);
    path[0] = 'q';
    path[CUPEL_PATH_SHOWN - 1] = '\0';
    cr_expect_str_eq(cupel_path_shown(path, shown), path);
    path[CUPEL_PATH_SHOWN - 1] = 'r';
    path[CUPEL_PATH_SHOWN] = '\0';
    cr_expect_eq(cupel_path_shown(path, shown), shown);
    cr_expect_eq(strlen(shown), CUPEL_PATH_SHOWN - 1);
    cr_expect_eq(strncmp(shown, "...pp", 5), 0);
    cr_expect_eq(strcmp(shown + 3, path + strlen(path) - strlen(shown + 3)), 0);
    cr_expect_str_eq(cupel_path_shown("", shown), "");
}

Test(file_read, every_operation_may_fail)
{
    make_file();
    const int64_t before = folder_descriptors();
    fault_files_install();
    int64_t n = 1, failed = 1, survived = 0;
    for (; failed > 0; n++) {
        for (int persistent = 0; persistent < 2; persistent++) {
            fault_files_arm(n, persistent != 0, EIO);
            const cupel_status status = read_all("data", 50000);
            failed = fault_files_disarm();
            if (failed > 1 || (failed == 1 && strcmp(fault_files_failed(), "close") != 0)) {
                cr_expect_eq(status, CUPEL_ERROR_IO, "operation %d", (int)n);
                cr_expect_not_null(strstr(cupel_last_error(), "\"data\": Input/output error"));
            } else {
                /* Closing what was only read loses nothing. */
                cr_expect_eq(status, CUPEL_OK);
                survived++;
            }
            cr_expect_eq(fault_files_descriptors(), 0);
        }
    }
    cr_expect_geq(n, 7);
    cr_expect_eq(survived, 4);
    fault_files_remove();
    cr_expect_eq(folder_descriptors(), before);
}

Test(file_read, every_allocation_may_fail)
{
    make_file();
    const int64_t before = folder_descriptors();
    fault_memory_install();
    int64_t n = 1;
    for (;; n++) {
        fault_memory_arm(n, false);
        const cupel_status status = read_all("data", 50000);
        cr_expect_eq(fault_memory_blocks(), 0);
        cr_expect_eq(folder_descriptors(), before);
        if (fault_memory_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            break;
        }
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
    }
    cr_expect_eq(n, 3);
    fault_memory_remove();
}

/* Files of the system may have a size of 0 and content. */
Test(file_read, reads_beyond_the_size)
{
    cupel_reader *reader;
    if (cupel_reader_open("/proc/self/status", &reader) != CUPEL_OK) cr_skip("no /proc here");
    char text[64];
    int64_t got;
    cr_expect_eq(cupel_reader_read(reader, text, sizeof text, &got), CUPEL_OK);
    cr_expect_eq(got, sizeof text);
    cupel_reader_close(reader);
}
