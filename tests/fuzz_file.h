/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * For fuzzers: a file that lies in memory, opened by any path. */
#ifndef CUPEL_TESTS_FUZZ_FILE_H
#define CUPEL_TESTS_FUZZ_FILE_H

#include "base/file.h"

#include <string.h>

static const uint8_t *fuzz_bytes;
static size_t fuzz_count;
static size_t fuzz_at;

static int fuzz_open(const char *path, int flags, unsigned mode)
{
    (void)path;
    (void)flags;
    (void)mode;
    fuzz_at = 0;
    return 1000;
}

static ssize_t fuzz_read(int fd, void *bytes, size_t count)
{
    (void)fd;
    const size_t left = fuzz_count - fuzz_at;
    const size_t part = count < left ? count : left;
    if (part > 0) memcpy(bytes, fuzz_bytes + fuzz_at, part);
    fuzz_at += part;
    return (ssize_t)part;
}

static int fuzz_size(int fd, int64_t *bytes)
{
    (void)fd;
    *bytes = (int64_t)fuzz_count;
    return 0;
}

static int fuzz_close(int fd)
{
    (void)fd;
    return 0;
}

static void fuzz_file(const uint8_t *bytes, size_t count)
{
    fuzz_bytes = bytes;
    fuzz_count = count;
    cupel_files.open = fuzz_open;
    cupel_files.read = fuzz_read;
    cupel_files.size = fuzz_size;
    cupel_files.close = fuzz_close;
}

#endif
