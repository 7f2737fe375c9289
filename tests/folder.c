/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files of a test, by the C library alone, so that faults made on purpose do not meet them. */
#define _XOPEN_SOURCE 700
#include "folder.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char own[64];

void folder_enter(void)
{
    strcpy(own, "cupel_test_XXXXXX");
    cr_assert_not_null(mkdtemp(own), "no folder can be made in the current one");
    cr_assert_eq(chdir(own), 0);
}

/* Counts the entries of a folder, and removes them if asked. */
static int64_t walk(const char *path, int removed)
{
    DIR *folder = opendir(path);
    cr_assert_not_null(folder);
    int64_t count = 0;
    for (struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
        count++;
        if (removed) remove(entry->d_name);
    }
    closedir(folder);
    return count;
}

void folder_leave(void)
{
    walk(".", 1);
    cr_assert_eq(chdir(".."), 0);
    cr_assert_eq(rmdir(own), 0, "something is left in %s", own);
}

int64_t folder_entries(void)
{
    return walk(".", 0);
}

int64_t folder_descriptors(void)
{
    return walk("/proc/self/fd", 0);
}

char *folder_long_path(const char *name, char path[FOLDER_LONG_PATH])
{
    char *at = path;
    for (int i = 0; i < 1000; i++, at += 2)
        memcpy(at, "./", 2);
    strcpy(at, name);
    return path;
}

void folder_write(const char *name, const void *bytes, size_t count)
{
    FILE *file = fopen(name, "wb");
    cr_assert_not_null(file, "%s cannot be written", name);
    cr_assert_eq(fwrite(bytes, 1, count, file), count);
    cr_assert_eq(fclose(file), 0);
}

char *folder_read(const char *name, size_t *count)
{
    FILE *file = fopen(name, "rb");
    cr_assert_not_null(file, "%s cannot be read", name);
    cr_assert_eq(fseek(file, 0, SEEK_END), 0);
    const long end = ftell(file);
    cr_assert_geq(end, 0);
    rewind(file);
    *count = (size_t)end;
    char *bytes = malloc(*count + 1);
    cr_assert_not_null(bytes);
    cr_assert_eq(fread(bytes, 1, *count, file), *count);
    bytes[*count] = '\0';
    fclose(file);
    return bytes;
}

void folder_expect(const char *name, const void *bytes, size_t count)
{
    size_t found;
    char *content = folder_read(name, &found);
    cr_expect_eq(found, count, "%s has %zu bytes, expected %zu", name, found, count);
    cr_expect(found == count && memcmp(content, bytes, count) == 0, "%s has other bytes", name);
    free(content);
}
