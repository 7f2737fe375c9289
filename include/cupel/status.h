/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How a call says what went wrong, and what the library asks of its host: memory and a log. */
#ifndef CUPEL_STATUS_H
#define CUPEL_STATUS_H

#include <cupel/types.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every call that can fail returns one of these; the values never change. */
typedef enum cupel_status {
    CUPEL_OK = 0,
    CUPEL_ERROR_ARGUMENT = 1,      /* an argument or a config field is not legal */
    CUPEL_ERROR_SHAPE = 2,         /* shapes or element types do not fit together */
    CUPEL_ERROR_STATE = 3,         /* not now: not compiled, in use by another call, ... */
    CUPEL_ERROR_MEMORY = 4,        /* no host memory */
    CUPEL_ERROR_DEVICE_MEMORY = 5, /* no device memory, or a plan larger than the device */
    CUPEL_ERROR_NO_DEVICE = 6,     /* no such device, driver or toolkit */
    CUPEL_ERROR_CUDA = 7,          /* a CUDA library reported an error */
    CUPEL_ERROR_DEVICE_LOST = 8,   /* the device failed for good: only freeing still works */
    CUPEL_ERROR_IO = 9,            /* a file could not be opened, read or written */
    CUPEL_ERROR_FORMAT = 10,       /* a file is malformed */
    CUPEL_ERROR_DATA = 11,         /* a sample is invalid: a label out of range, NaN */
    CUPEL_ERROR_UNSUPPORTED = 12,  /* this build or device cannot do it */
    CUPEL_ERROR_STOPPED = 13       /* a callback or cupel_request_stop ended the work */
} cupel_status;

/* The name of a status, as "CUPEL_ERROR_SHAPE"; "unknown status" for any other number. Static. */
CUPEL_API const char *cupel_status_name(cupel_status status);

/* One sentence on the calling thread's last failure, naming the object, layer, row or line, what was
 * found and what was expected. Empty before the first failure. Valid until the thread's next call. */
CUPEL_API const char *cupel_last_error(void);

/* The library's version, as "0.1.0". Static. */
CUPEL_API const char *cupel_version(void);

/* Where the library's host memory comes from. */
typedef struct cupel_allocator {
    /* Gives bytes (never 0) of memory aligned to alignment (a power of two, at most 4096), or NULL. */
    void *(*allocate)(void *user, size_t bytes, size_t alignment);
    /* Takes back a pointer that allocate gave (never NULL), with the size that it was asked for. */
    void (*release)(void *user, void *pointer, size_t bytes);
    void *user;
} cupel_allocator;

/* Replaces the allocator of host memory; NULL restores the C library's. The struct is copied. Both
 * functions are called from any thread. CUPEL_ERROR_STATE while any handle is open. */
CUPEL_API cupel_status cupel_set_allocator(const cupel_allocator *allocator);

/* The weight of a log line. */
#define CUPEL_LOG_WARNING 1
#define CUPEL_LOG_INFO 2

/* Sends the library's remarks to function, one line without a newline at a time, from any thread.
 * NULL, the default, keeps it silent. */
CUPEL_API void cupel_set_log(void (*function)(void *user, int level, const char *text), void *user);

#ifdef __cplusplus
}
#endif
#endif
