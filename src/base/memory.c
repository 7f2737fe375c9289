/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Blocks with a hidden header of one alignment unit in front. The header remembers the size and who
 * gave the memory, so a block finds back to its allocator whatever has been set since. */
#include "base/memory.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define ALIGNMENT ((size_t)64)

typedef struct header {
    size_t bytes;                                             /* of the block, as asked */
    void *base;                                               /* what the allocator gave */
    size_t total;                                             /* what the allocator was asked for */
    void (*release)(void *user, void *pointer, size_t bytes); /* NULL: the C library's */
    void *user;
} header;

_Static_assert(sizeof(header) <= ALIGNMENT, "the header must fit in front of the block");

/* Written only while no handle is open; an allocate of NULL stands for the C library's. */
static cupel_allocator current;
static atomic_llong open_handles;

static header *header_of(void *block)
{
    return (header *)(void *)((char *)block - ALIGNMENT);
}

/* The C library gives zeroed pages without touching them, but aligned to less than asked: the block
 * takes one unit more and aligns itself. */
static header *take_from_library(size_t bytes, bool zeroed)
{
    const size_t total = bytes + 2 * ALIGNMENT;
    char *base = zeroed ? calloc(1, total) : malloc(total);
    if (base == NULL) return NULL;
    const size_t skip = (ALIGNMENT - (size_t)((uintptr_t)base % ALIGNMENT)) % ALIGNMENT;
    header *head = (header *)(void *)(base + skip);
    *head = (header){.bytes = bytes, .base = base, .total = total};
    return head;
}

static header *take_from_user(size_t bytes, bool zeroed)
{
    const size_t total = bytes + ALIGNMENT;
    void *base = current.allocate(current.user, total, ALIGNMENT);
    if (base == NULL) return NULL;
    header *head = base;
    *head = (header){.bytes = bytes,
                     .base = base,
                     .total = total,
                     .release = current.release,
                     .user = current.user};
    if (zeroed) memset((char *)base + ALIGNMENT, 0, bytes);
    return head;
}

static void *take(int64_t count, size_t size, bool zeroed)
{
    const size_t most = (size_t)PTRDIFF_MAX - 2 * ALIGNMENT;
    if (count < 0 || (size != 0 && (uint64_t)count > most / size)) {
        cupel_fail(CUPEL_ERROR_MEMORY, "no memory: %" PRId64 " elements of %zu bytes are too many",
                   count, size);
        return NULL;
    }
    const size_t bytes = (size_t)count * size;
    header *head =
        current.allocate != NULL ? take_from_user(bytes, zeroed) : take_from_library(bytes, zeroed);
    if (head == NULL) {
        cupel_fail(CUPEL_ERROR_MEMORY, "no memory: %zu bytes were asked for", bytes);
        return NULL;
    }
    return (char *)head + ALIGNMENT;
}

void *cupel_alloc(int64_t count, size_t size)
{
    return take(count, size, true);
}

void *cupel_alloc_raw(int64_t count, size_t size)
{
    return take(count, size, false);
}

void *cupel_realloc(void *block, int64_t count, size_t size)
{
    if (block == NULL) return cupel_alloc(count, size);
    char *grown = cupel_alloc_raw(count, size);
    if (grown == NULL) return NULL;
    const size_t bytes = header_of(grown)->bytes;
    const size_t kept = bytes < header_of(block)->bytes ? bytes : header_of(block)->bytes;
    memcpy(grown, block, kept);
    memset(grown + kept, 0, bytes - kept);
    cupel_free(block);
    return grown;
}

void cupel_free(void *block)
{
    if (block == NULL) return;
    const header head = *header_of(block);
    if (head.release != NULL) {
        head.release(head.user, head.base, head.total);
    } else {
        free(head.base);
    }
}

char *cupel_strdup(const char *text)
{
    const size_t bytes = strlen(text) + 1;
    char *copy = cupel_alloc_raw((int64_t)bytes, 1);
    if (copy != NULL) memcpy(copy, text, bytes);
    return copy;
}

void cupel_handle_opened(void)
{
    atomic_fetch_add(&open_handles, 1);
}

void cupel_handle_closed(void)
{
    atomic_fetch_sub(&open_handles, 1);
}

cupel_status cupel_set_allocator(const cupel_allocator *allocator)
{
    const long long handles = atomic_load(&open_handles);
    CUPEL_FAIL_IF(handles != 0, CUPEL_ERROR_STATE,
                  "cupel_set_allocator: %lld handles are open, expected none", handles);
    if (allocator == NULL) {
        current = (cupel_allocator){0};
        return CUPEL_OK;
    }
    CUPEL_REQUIRE(allocator->allocate);
    CUPEL_REQUIRE(allocator->release);
    current = *allocator;
    return CUPEL_OK;
}
