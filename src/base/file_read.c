/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading a file through a buffer. */
#include "base/file_calls.h"
#include "base/memory.h"

#include <fcntl.h>
#include <string.h>

#define BUFFER ((int64_t)1 << 16)

struct cupel_reader {
    int fd;
    char *path;
    int64_t size;
    int64_t at;   /* the next byte of the buffer */
    int64_t have; /* bytes in the buffer */
    char buffer[BUFFER];
};

cupel_status cupel_reader_open(const char *path, cupel_reader **reader)
{
    *reader = NULL;
    cupel_reader *made = cupel_alloc_raw(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    made->fd = -1;
    made->size = made->at = made->have = 0;
    made->path = cupel_strdup(path);
    cupel_status status = CUPEL_OK;
    if (made->path == NULL) {
        status = CUPEL_ERROR_MEMORY;
    } else if ((made->fd = cupel_file_open(path, O_RDONLY, 0)) < 0) {
        status = cupel_file_fail("open", path);
    } else if (cupel_files.size(made->fd, &made->size) != 0) {
        status = cupel_file_fail("read", path);
    }
    if (status != CUPEL_OK) {
        cupel_reader_close(made);
        return status;
    }
    *reader = made;
    return CUPEL_OK;
}

int64_t cupel_reader_size(const cupel_reader *reader)
{
    return reader->size;
}

cupel_status cupel_reader_read(cupel_reader *reader, void *bytes, int64_t count, int64_t *got)
{
    char *to = bytes;
    *got = 0;
    while (*got < count) {
        const int64_t wanted = count - *got;
        if (reader->at < reader->have) {
            const int64_t held = reader->have - reader->at;
            const int64_t part = held < wanted ? held : wanted;
            memcpy(to + *got, reader->buffer + reader->at, (size_t)part);
            reader->at += part;
            *got += part;
            continue;
        }
        /* What fills the buffer anyway goes straight to its place. */
        const bool direct = wanted >= BUFFER;
        const ssize_t read = direct ? cupel_file_read(reader->fd, to + *got, wanted)
                                    : cupel_file_read(reader->fd, reader->buffer, BUFFER);
        if (read < 0) return cupel_file_fail("read", reader->path);
        if (read == 0) return CUPEL_OK;
        if (direct) {
            *got += read;
        } else {
            reader->at = 0;
            reader->have = read;
        }
    }
    return CUPEL_OK;
}

void cupel_reader_close(cupel_reader *reader)
{
    if (reader == NULL) return;
    /* Closing what was only read loses nothing. */
    if (reader->fd >= 0) (void)cupel_file_close(reader->fd);
    cupel_free(reader->path);
    cupel_free(reader);
}
