/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A file that grows: unbuffered, so that every line is there when its write returns. */
#include "base/file_calls.h"
#include "base/memory.h"

#include <fcntl.h>

struct cupel_appender {
    int fd;
    char *path;
    bool was_empty;
};

cupel_status cupel_appender_open(const char *path, bool truncate, cupel_appender **appender)
{
    *appender = NULL;
    cupel_appender *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    made->fd = -1;
    made->path = cupel_strdup(path);
    /* The file is emptied last: by open, once nothing else can fail. */
    const int flags = O_WRONLY | O_CREAT | O_APPEND | (truncate ? O_TRUNC : 0);
    int64_t size = 0;
    cupel_status status = CUPEL_OK;
    if (made->path == NULL) {
        status = CUPEL_ERROR_MEMORY;
    } else if ((made->fd = cupel_file_open(path, flags, CUPEL_FILE_MODE)) < 0) {
        status = cupel_file_fail("write", path);
    } else if (!truncate && cupel_files.size(made->fd, &size) != 0) {
        status = cupel_file_fail("write", path);
    }
    if (status != CUPEL_OK) {
        (void)cupel_appender_close(made);
        return status;
    }
    made->was_empty = size == 0;
    *appender = made;
    return CUPEL_OK;
}

bool cupel_appender_was_empty(const cupel_appender *appender)
{
    return appender->was_empty;
}

cupel_status cupel_appender_write(cupel_appender *appender, const char *text, int64_t count)
{
    return cupel_file_write(appender->fd, appender->path, text, count);
}

cupel_status cupel_appender_close(cupel_appender *appender)
{
    if (appender == NULL) return CUPEL_OK;
    cupel_status status = CUPEL_OK;
    if (appender->fd >= 0 && cupel_file_close(appender->fd) != 0) {
        status = cupel_file_fail("write", appender->path);
    }
    cupel_free(appender->path);
    cupel_free(appender);
    return status;
}
