/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of system calls and the loops around single calls. */
#define _XOPEN_SOURCE 700
#include "base/file_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Some systems refuse a larger count instead of transferring less. */
#define MOST_AT_ONCE (INT64_C(1) << 30)

static int call_open(const char *path, int flags, unsigned mode)
{
    return open(path, flags, (mode_t)mode);
}

static int call_size(int fd, int64_t *bytes)
{
    struct stat status;
    if (fstat(fd, &status) != 0) return -1;
    if (S_ISDIR(status.st_mode)) {
        errno = EISDIR;
        return -1;
    }
    *bytes = (int64_t)status.st_size;
    return 0;
}

static int call_resolve(const char *path, char resolved[CUPEL_PATH_TEXT], unsigned *mode)
{
#if defined(PATH_MAX)
    _Static_assert(PATH_MAX <= CUPEL_PATH_TEXT, "realpath writes up to PATH_MAX bytes");
#endif
    struct stat status;
    if (realpath(path, resolved) == NULL || stat(resolved, &status) != 0) return -1;
    *mode = (unsigned)status.st_mode;
    return 0;
}

cupel_file_table cupel_files = {
    .open = call_open,
    .read = read,
    .write = write,
    .seek = lseek,
    .size = call_size,
    .sync = fsync,
    .close = close,
    .rename = rename,
    .unlink = unlink,
    .resolve = call_resolve,
};

char *cupel_path_shown(const char *path, char text[CUPEL_PATH_SHOWN])
{
    static const char dots[] = "...";
    const size_t length = strlen(path);
    if (length < CUPEL_PATH_SHOWN) return memcpy(text, path, length + 1);
    const size_t most = CUPEL_PATH_SHOWN - sizeof dots;
    memcpy(text, dots, sizeof dots - 1);
    memcpy(text + sizeof dots - 1, path + length - most, most + 1);
    return text;
}

cupel_status cupel_file_fail(const char *verb, const char *path)
{
    const int number = errno;
    char shown[CUPEL_PATH_SHOWN];
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0) {
        snprintf(reason, sizeof reason, "system error %d", number);
    }
    return cupel_fail(CUPEL_ERROR_IO, "cannot %s \"%s\": %s", verb, cupel_path_shown(path, shown),
                      reason);
}

int cupel_file_open(const char *path, int flags, unsigned mode)
{
    int fd;
    do {
        fd = cupel_files.open(path, flags | O_CLOEXEC | O_NOCTTY, mode);
    } while (fd < 0 && errno == EINTR);
    return fd;
}

cupel_status cupel_file_write(int fd, const char *path, const char *bytes, int64_t count)
{
    while (count > 0) {
        const size_t part = (size_t)(count < MOST_AT_ONCE ? count : MOST_AT_ONCE);
        const ssize_t written = cupel_files.write(fd, bytes, part);
        if (written < 0 && errno == EINTR) continue;
        if (written == 0) errno = EIO; /* nothing promises that the next call gets further */
        if (written <= 0) return cupel_file_fail("write", path);
        bytes += written;
        count -= written;
    }
    return CUPEL_OK;
}

ssize_t cupel_file_read(int fd, void *bytes, int64_t count)
{
    const size_t part = (size_t)(count < MOST_AT_ONCE ? count : MOST_AT_ONCE);
    ssize_t got;
    do {
        got = cupel_files.read(fd, bytes, part);
    } while (got < 0 && errno == EINTR);
    return got;
}

int cupel_file_sync(int fd)
{
    int result;
    do {
        result = cupel_files.sync(fd);
    } while (result != 0 && errno == EINTR);
    if (result != 0 && (errno == EINVAL || errno == ENOTSUP || errno == ENOSYS)) return 0;
    return result;
}

int cupel_file_close(int fd)
{
    /* After EINTR the descriptor may belong to another thread's file already. */
    const int result = cupel_files.close(fd);
    return result != 0 && errno == EINTR ? 0 : result;
}
