/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * All file operations of the library, by way of one table that a test can make fail. */
#ifndef CUPEL_BASE_FILE_H
#define CUPEL_BASE_FILE_H

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Room for the path of a file with all its links resolved. */
#define CUPEL_PATH_TEXT 4096

/* Writes a path to text, for a sentence, and returns it. Of a long one it is the end, which tells
 * more than the beginning, so that the rest of the sentence has room. */
#define CUPEL_PATH_SHOWN 200
char *cupel_path_shown(const char *path, char text[CUPEL_PATH_SHOWN]);

/* The system calls, with the signatures and results of POSIX (-1 and errno). */
typedef struct cupel_file_table {
    int (*open)(const char *path, int flags, unsigned mode);
    ssize_t (*read)(int fd, void *bytes, size_t count);
    ssize_t (*write)(int fd, const void *bytes, size_t count);
    off_t (*seek)(int fd, off_t offset, int whence);
    int (*size)(int fd, int64_t *bytes); /* fstat: -1 with EISDIR for a folder */
    int (*sync)(int fd);
    int (*close)(int fd);
    int (*rename)(const char *from, const char *to);
    int (*unlink)(const char *path);
    /* realpath and stat: the file behind all links, and its st_mode */
    int (*resolve)(const char *path, char resolved[CUPEL_PATH_TEXT], unsigned *mode);
} cupel_file_table;

/* The table in use. Tests replace its entries; nothing else writes it. */
extern cupel_file_table cupel_files;

/* A file being read through a buffer of its own. */
typedef struct cupel_reader cupel_reader;

/* Opens path for reading. IO, with the path and the system's reason. */
cupel_status cupel_reader_open(const char *path, cupel_reader **reader);
/* The file's size in bytes when it was opened. */
int64_t cupel_reader_size(const cupel_reader *reader);
/* Reads up to count bytes; *got is smaller only at the end of the file. Retries EINTR. */
cupel_status cupel_reader_read(cupel_reader *reader, void *bytes, int64_t count, int64_t *got);
/* Takes NULL. */
void cupel_reader_close(cupel_reader *reader);

/* A file being written whole or not at all: to a temporary name in the same folder (O_EXCL,
 * O_NOFOLLOW), renamed over path by commit. A link is followed to its file, whose permissions the
 * new file gets; a link to nothing is replaced; what is no regular file, as a device, is refused. */
typedef struct cupel_writer cupel_writer;

cupel_status cupel_writer_open(const char *path, cupel_writer **writer);
cupel_status cupel_writer_write(cupel_writer *writer, const void *bytes, int64_t count);
/* fsync, close, rename, fsync of the folder; frees the writer. On failure path is untouched and the
 * temporary file is gone. The rename decides: a folder that cannot be flushed after it is logged. */
cupel_status cupel_writer_commit(cupel_writer *writer);
/* Gives up: removes the temporary file, frees the writer. Takes NULL. */
void cupel_writer_abandon(cupel_writer *writer);

/* A file that grows line by line and is readable at any time (the CSV logger). truncate starts it
 * anew; else writing goes on at its end. */
typedef struct cupel_appender cupel_appender;
cupel_status cupel_appender_open(const char *path, bool truncate, cupel_appender **appender);
bool cupel_appender_was_empty(const cupel_appender *appender);
cupel_status cupel_appender_write(cupel_appender *appender, const char *text, int64_t count);
/* Closes; an error that only closing shows is returned. Takes NULL. */
cupel_status cupel_appender_close(cupel_appender *appender);

#endif
