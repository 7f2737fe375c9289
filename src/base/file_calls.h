/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What reader, writer and appender share: whole calls of the table, and their errors. */
#ifndef CUPEL_BASE_FILE_CALLS_H
#define CUPEL_BASE_FILE_CALLS_H

#include "base/file.h"

/* The permissions of a new file, before the process's mask. */
#define CUPEL_FILE_MODE 0666U

/* Raises IO: 'cannot <verb> "<path>": <the reason in errno>'. */
cupel_status cupel_file_fail(const char *verb, const char *path);

/* Opens with O_CLOEXEC and O_NOCTTY; -1 and errno. Retries EINTR. */
int cupel_file_open(const char *path, int flags, unsigned mode);

/* Writes all bytes. Retries EINTR, goes on after short writes. */
cupel_status cupel_file_write(int fd, const char *path, const char *bytes, int64_t count);

/* Reads once, 0 at the end of the file; -1 and errno. Retries EINTR. */
ssize_t cupel_file_read(int fd, void *bytes, int64_t count);

/* Flushes to the disk; -1 and errno. A file system that cannot flush has nothing to flush. */
int cupel_file_sync(int fd);

/* Closes, once; -1 and errno. */
int cupel_file_close(int fd);

#endif
