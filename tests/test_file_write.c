/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "base/file.h"
#include "fault.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTES 200003
#define OLD "the old content"

static unsigned char content[BYTES];

static void enter(void)
{
    for (int i = 0; i < BYTES; i++)
        content[i] = (unsigned char)(i * 5 + i / 256);
    folder_enter();
}

TestSuite(file_write, .init = enter, .fini = folder_leave);

/* Writes the content in parts, and gives up at the first failure as every caller does. */
static cupel_status save(const char *path, int64_t part)
{
    cupel_writer *writer = (cupel_writer *)(void *)&writer;
    const cupel_status opened = cupel_writer_open(path, &writer);
    if (opened != CUPEL_OK) {
        cr_expect_null(writer);
        return opened;
    }
    for (int64_t at = 0; at < BYTES; at += part) {
        const int64_t left = BYTES - at;
        const cupel_status status =
            cupel_writer_write(writer, content + at, left < part ? left : part);
        if (status != CUPEL_OK) {
            cupel_writer_abandon(writer);
            return status;
        }
    }
    return cupel_writer_commit(writer);
}

Test(file_write, any_part)
{
    static const int64_t parts[] = {1, 7, 4096, 65535, 65536, 65537, 150000, BYTES};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        cr_expect_eq(save("model", parts[i]), CUPEL_OK);
        folder_expect("model", content, BYTES);
        cr_expect_eq(folder_entries(), 1);
        folder_write("model", OLD, strlen(OLD));
    }
    fault_files_install();
    fault_files_hamper(true);
    cr_expect_eq(save("model", 30000), CUPEL_OK);
    fault_files_remove();
    folder_expect("model", content, BYTES);
    cr_expect_eq(folder_entries(), 1);
}

Test(file_write, an_empty_file)
{
    cupel_writer *writer;
    cr_assert_eq(cupel_writer_open("model", &writer), CUPEL_OK);
    cr_expect_eq(cupel_writer_write(writer, NULL, 0), CUPEL_OK);
    cr_expect_eq(cupel_writer_commit(writer), CUPEL_OK);
    folder_expect("model", "", 0);
}

Test(file_write, nothing_shows_before_the_commit)
{
    folder_write("model", OLD, strlen(OLD));
    const int64_t before = folder_descriptors();
    cupel_writer *writer;
    cr_assert_eq(cupel_writer_open("model", &writer), CUPEL_OK);
    cr_expect_eq(cupel_writer_write(writer, content, BYTES), CUPEL_OK);
    folder_expect("model", OLD, strlen(OLD));
    cr_expect_eq(folder_entries(), 2);
    cupel_writer_abandon(writer);
    folder_expect("model", OLD, strlen(OLD));
    cr_expect_eq(folder_entries(), 1);
    cr_expect_eq(folder_descriptors(), before);
    cupel_writer_abandon(NULL);
}

static void expect_refused(const char *path, const char *sentence)
{
    cr_expect_eq(save(path, BYTES), CUPEL_ERROR_IO);
    cr_expect_str_eq(cupel_last_error(), sentence, "%s", cupel_last_error());
}

Test(file_write, what_is_no_file_is_refused)
{
    expect_refused("none/model", "cannot write \"none/model\": No such file or directory");
    expect_refused(".", "cannot write \".\": Is a directory");
    expect_refused("", "cannot replace \"\": No such file or directory");
    expect_refused("/dev/null", "cannot write \"/dev/null\": it is a device, a pipe or a socket, "
                                "expected a file");
    struct stat status;
    cr_expect(stat("/dev/null", &status) == 0 && S_ISCHR(status.st_mode));
    cr_assert_eq(mkfifo("pipe", 0600), 0);
    expect_refused("pipe",
                   "cannot write \"pipe\": it is a device, a pipe or a socket, expected a file");
    cr_assert_eq(symlink("loop", "loop"), 0);
    expect_refused("loop", "cannot write \"loop\": Too many levels of symbolic links");
    cr_expect_eq(folder_entries(), 2);
}

Test(file_write, a_link_stays_and_permissions_too)
{
    struct stat status;
    cr_assert_eq(mkdir("other", 0755), 0);
    folder_write("other/model", OLD, strlen(OLD));
    cr_assert_eq(chmod("other/model", 0600), 0);
    cr_assert_eq(symlink("other/model", "link"), 0);
    cr_expect_eq(save("link", BYTES), CUPEL_OK);
    cr_expect(lstat("link", &status) == 0 && S_ISLNK(status.st_mode));
    folder_expect("other/model", content, BYTES);
    cr_expect(stat("other/model", &status) == 0 && (status.st_mode & 0777) == 0600);
    cr_assert_eq(remove("other/model"), 0);
    /* A new file gets what the process's mask leaves. */
    const mode_t mask = umask(027);
    cr_expect_eq(save("new", BYTES), CUPEL_OK);
    umask(mask);
    cr_expect(stat("new", &status) == 0 && (status.st_mode & 0777) == 0640);
    /* A link to nothing is replaced. */
    cr_expect_eq(save("link", BYTES), CUPEL_OK);
    folder_expect("link", content, BYTES);
}

Test(file_write, the_longest_name_can_be_written)
{
    char name[256];
    memset(name, 'm', 255);
    name[255] = '\0';
    cr_expect_eq(save(name, BYTES), CUPEL_OK);
    folder_expect(name, content, BYTES);
}

Test(file_write, two_writers_of_one_file)
{
    cupel_writer *one, *two;
    cr_assert_eq(cupel_writer_open("model", &one), CUPEL_OK);
    cr_assert_eq(cupel_writer_open("model", &two), CUPEL_OK);
    cr_expect_eq(cupel_writer_write(one, "one", 3), CUPEL_OK);
    cr_expect_eq(cupel_writer_write(two, "two", 3), CUPEL_OK);
    cr_expect_eq(cupel_writer_commit(one), CUPEL_OK);
    folder_expect("model", "one", 3);
    cr_expect_eq(cupel_writer_commit(two), CUPEL_OK);
    folder_expect("model", "two", 3);
    cr_expect_eq(folder_entries(), 1);
}
