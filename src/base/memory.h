/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * All host memory of the library, by way of the allocator that cupel_set_allocator gave. */
#ifndef CUPEL_BASE_MEMORY_H
#define CUPEL_BASE_MEMORY_H

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory for count elements of size bytes, aligned to 64. NULL, with the last error set to
 * CUPEL_ERROR_MEMORY's sentence, when there is none or count * size overflows. A count of 0 gives a
 * pointer that may be freed. The block knows its size. */
void *cupel_alloc(int64_t count, size_t size);

/* The same without zeroing, for large buffers that are overwritten at once. */
void *cupel_alloc_raw(int64_t count, size_t size);

/* Grows or shrinks a block to count elements of size bytes, keeping its content; new bytes are 0.
 * NULL and the old block untouched on failure. Takes NULL as an empty block. */
void *cupel_realloc(void *block, int64_t count, size_t size);

/* Frees a block. Takes NULL. */
void cupel_free(void *block);

/* A copy of a string. */
char *cupel_strdup(const char *text);

/* Counts open handles: cupel_set_allocator refuses while any is open. */
void cupel_handle_opened(void);
void cupel_handle_closed(void);

/* a * b, and a + b, into *out; false on overflow of int64_t. Operands are at least 0. */
static inline bool cupel_mul(int64_t a, int64_t b, int64_t *out)
{
    if (a != 0 && b > INT64_MAX / a) return false;
    *out = a * b;
    return true;
}
static inline bool cupel_add(int64_t a, int64_t b, int64_t *out)
{
    if (b > INT64_MAX - a) return false;
    *out = a + b;
    return true;
}

#endif
