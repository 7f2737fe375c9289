/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writing a file whole or not at all. Until the rename everything happens to a temporary file
 * beside it, so a crash at any moment leaves the old file or the new one. */
#define _POSIX_C_SOURCE 200809L
#include "base/file_calls.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/philox.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define BUFFER ((int64_t)1 << 16)
/* A name is taken by chance once in 2^64; more means that somebody else makes them. */
#define ATTEMPTS 16
/* Short, so that a name as long as the file system allows can be written too. */
#define TEMPORARY_FORMAT ".cupel-%08" PRIx32 "%08" PRIx32
#define TEMPORARY_TEXT 32

struct cupel_writer {
    int fd;
    char *path;      /* as the caller gave it, for sentences */
    char *target;    /* what the rename replaces: path behind its links */
    char *temporary; /* the file being written, in the folder of target */
    bool exists;     /* whether the temporary file does */
    bool failed;
    int64_t used; /* bytes in the buffer */
    char buffer[BUFFER];
};

/* The length of the folder's part of a path, with its slash; 0 for the current folder. */
static size_t folder_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* A name that nobody else has. It is not seeded by anything that repeats: O_EXCL refuses a name in
 * use, and what cannot be foreseen cannot be put in the way. */
static void random_name(char name[TEMPORARY_TEXT])
{
    static atomic_uint calls;
    struct timespec now = {0};
    clock_gettime(CLOCK_REALTIME, &now);
    const uint64_t place = (uint64_t)(uintptr_t)name;
    const uint32_t counter[4] = {(uint32_t)now.tv_nsec, (uint32_t)now.tv_sec, (uint32_t)getpid(),
                                 atomic_fetch_add(&calls, 1)};
    const uint32_t key[2] = {(uint32_t)place, (uint32_t)(place >> 32)};
    uint32_t words[4];
    cupel_philox(counter, key, words);
    snprintf(name, TEMPORARY_TEXT, TEMPORARY_FORMAT, words[0], words[1]);
}

static cupel_status open_temporary(cupel_writer *writer, unsigned mode)
{
    const size_t folder = folder_length(writer->target);
    writer->temporary = cupel_alloc_raw((int64_t)folder + TEMPORARY_TEXT, 1);
    if (writer->temporary == NULL) return CUPEL_ERROR_MEMORY;
    memcpy(writer->temporary, writer->target, folder);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        random_name(writer->temporary + folder);
        writer->fd =
            cupel_file_open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode);
        if (writer->fd >= 0) {
            writer->exists = true;
            return CUPEL_OK;
        }
        if (errno != EEXIST) break;
    }
    return cupel_file_fail("write", writer->path);
}

/* Finds what is to be replaced, and the permissions it has. */
static cupel_status find_target(cupel_writer *writer, unsigned *mode)
{
    char resolved[CUPEL_PATH_TEXT];
    unsigned found;
    if (cupel_files.resolve(writer->path, resolved, &found) == 0) {
        if (S_ISDIR(found)) errno = EISDIR;
        if (S_ISDIR(found)) return cupel_file_fail("write", writer->path);
        CUPEL_FAIL_IF(
            !S_ISREG(found), CUPEL_ERROR_IO,
            "cannot write \"%.250s\": it is a device, a pipe or a socket, expected a file",
            writer->path);
        *mode = found & 0777U;
        writer->target = cupel_strdup(resolved);
    } else if (errno == ENOENT) {
        *mode = CUPEL_FILE_MODE;
        writer->target = cupel_strdup(writer->path);
    } else {
        return cupel_file_fail("write", writer->path);
    }
    return writer->target == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
}

cupel_status cupel_writer_open(const char *path, cupel_writer **writer)
{
    *writer = NULL;
    cupel_writer *made = cupel_alloc_raw(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    memset(made, 0, offsetof(cupel_writer, buffer));
    made->fd = -1;
    made->path = cupel_strdup(path);
    unsigned mode = CUPEL_FILE_MODE;
    cupel_status status = made->path == NULL ? CUPEL_ERROR_MEMORY : find_target(made, &mode);
    if (status == CUPEL_OK) status = open_temporary(made, mode);
    if (status != CUPEL_OK) {
        cupel_writer_abandon(made);
        return status;
    }
    *writer = made;
    return CUPEL_OK;
}

static cupel_status write_out(cupel_writer *writer, const char *bytes, int64_t count)
{
    const cupel_status status = cupel_file_write(writer->fd, writer->path, bytes, count);
    writer->failed = status != CUPEL_OK;
    return status;
}

cupel_status cupel_writer_write(cupel_writer *writer, const void *bytes, int64_t count)
{
    CUPEL_FAIL_IF(writer->failed, CUPEL_ERROR_IO,
                  "cannot write \"%.250s\": an earlier part of it could not be written",
                  writer->path);
    if (count == 0) return CUPEL_OK;
    if (count > BUFFER - writer->used) {
        CUPEL_TRY(write_out(writer, writer->buffer, writer->used));
        writer->used = 0;
    }
    if (count >= BUFFER) return write_out(writer, bytes, count);
    memcpy(writer->buffer + writer->used, bytes, (size_t)count);
    writer->used += count;
    return CUPEL_OK;
}

/* Makes the rename last. It has happened, so what fails here can only be told. */
static void sync_folder(const cupel_writer *writer)
{
    char *folder = writer->temporary;
    const size_t length = folder_length(folder);
    folder[length] = '\0';
    const int fd = cupel_file_open(length > 0 ? folder : ".", O_RDONLY | O_DIRECTORY, 0);
    const bool synced = fd >= 0 && cupel_file_sync(fd) == 0;
    if (!synced) {
        cupel_log(CUPEL_LOG_WARNING,
                  "\"%s\" is written, but its folder could not be flushed: a power cut may bring "
                  "back the file before",
                  writer->path);
    }
    if (fd >= 0) (void)cupel_file_close(fd);
}

static cupel_status finish(cupel_writer *writer)
{
    CUPEL_FAIL_IF(writer->failed, CUPEL_ERROR_IO,
                  "cannot write \"%.250s\": an earlier part of it could not be written",
                  writer->path);
    CUPEL_TRY(write_out(writer, writer->buffer, writer->used));
    if (cupel_file_sync(writer->fd) != 0) return cupel_file_fail("write", writer->path);
    const int closed = cupel_file_close(writer->fd);
    writer->fd = -1;
    if (closed != 0) return cupel_file_fail("write", writer->path);
    if (cupel_files.rename(writer->temporary, writer->target) != 0) {
        return cupel_file_fail("replace", writer->path);
    }
    writer->exists = false;
    sync_folder(writer);
    return CUPEL_OK;
}

cupel_status cupel_writer_commit(cupel_writer *writer)
{
    const cupel_status status = finish(writer);
    cupel_writer_abandon(writer);
    return status;
}

void cupel_writer_abandon(cupel_writer *writer)
{
    if (writer == NULL) return;
    /* Nothing is left to be done about a failure here, and the last error must stay. */
    if (writer->fd >= 0) (void)cupel_file_close(writer->fd);
    if (writer->exists) (void)cupel_files.unlink(writer->temporary);
    cupel_free(writer->temporary);
    cupel_free(writer->target);
    cupel_free(writer->path);
    cupel_free(writer);
}
