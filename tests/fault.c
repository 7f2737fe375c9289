/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Faults made on purpose. The counters are atomic, as the library allocates in any thread. */
#include "fault.h"

#include "base/file.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

typedef struct counter {
    atomic_llong calls;
    atomic_llong failed;
    atomic_llong at; /* 0: nothing fails */
    atomic_bool persistent;
} counter;

static void arm(counter *count, int64_t at, bool persistent)
{
    atomic_store(&count->calls, 0);
    atomic_store(&count->failed, 0);
    atomic_store(&count->persistent, persistent);
    atomic_store(&count->at, at);
}

static int64_t disarm(counter *count)
{
    atomic_store(&count->at, 0);
    return atomic_load(&count->failed);
}

/* Counts a call; true if it is to fail. */
static bool fails(counter *count)
{
    const long long call = atomic_fetch_add(&count->calls, 1) + 1;
    const long long at = atomic_load(&count->at);
    if (at == 0 || call < at || (call > at && !atomic_load(&count->persistent))) return false;
    atomic_fetch_add(&count->failed, 1);
    return true;
}

static counter memory;
static atomic_llong blocks;
static atomic_llong largest;

/* What the library asks for. It is also the room in front of every block for its size, to be
 * compared with what the library gives back. */
#define ALIGNMENT ((size_t)64)

static void *allocate(void *user, size_t bytes, size_t alignment)
{
    cr_assert_eq(user, (void *)&memory);
    cr_assert_gt(bytes, 0);
    cr_assert_eq(alignment, ALIGNMENT);
    if (fails(&memory)) return NULL;
    if (atomic_load(&largest) != 0 && bytes > (size_t)atomic_load(&largest)) return NULL;
    const size_t total = (2 * ALIGNMENT + bytes - 1) / ALIGNMENT * ALIGNMENT;
    unsigned char *base = aligned_alloc(ALIGNMENT, total);
    if (base == NULL) return NULL;
    *(size_t *)(void *)base = bytes;
    /* Memory that nobody has cleared shows what relies on zeros. */
    memset(base + ALIGNMENT, 0xa5, bytes);
    atomic_fetch_add(&blocks, 1);
    return base + ALIGNMENT;
}

static void release(void *user, void *pointer, size_t bytes)
{
    cr_assert_eq(user, (void *)&memory);
    cr_assert_not_null(pointer);
    unsigned char *base = (unsigned char *)pointer - ALIGNMENT;
    cr_assert_eq(*(size_t *)(void *)base, bytes, "a block is given back with another size");
    atomic_fetch_sub(&blocks, 1);
    free(base);
}

void fault_memory_install(void)
{
    const cupel_allocator allocator = {allocate, release, &memory};
    cr_assert_eq(cupel_set_allocator(&allocator), CUPEL_OK);
}

void fault_memory_arm(int64_t at, bool persistent)
{
    arm(&memory, at, persistent);
}

int64_t fault_memory_disarm(void)
{
    return disarm(&memory);
}

int64_t fault_memory_calls(void)
{
    return atomic_load(&memory.calls);
}

int64_t fault_memory_blocks(void)
{
    return atomic_load(&blocks);
}

void fault_memory_limit(int64_t bytes)
{
    atomic_store(&largest, bytes);
}

void fault_memory_remove(void)
{
    disarm(&memory);
    fault_memory_limit(0);
    cr_assert_eq(cupel_set_allocator(NULL), CUPEL_OK);
}

static counter files;
static cupel_file_table real;
static atomic_llong descriptors;
static atomic_int error_number;
static atomic_bool hampered;
static atomic_bool interrupted;
static const char *_Atomic last_failed = "";

/* Whether the operation is to fail, with errno set. */
static bool file_fails(const char *name)
{
    if (fails(&files)) {
        errno = atomic_load(&error_number);
        atomic_store(&last_failed, name);
        return true;
    }
    return false;
}

/* Every other operation that may be interrupted is. */
static bool interrupts(void)
{
    if (!atomic_load(&hampered)) return false;
    const bool now = !atomic_load(&interrupted);
    atomic_store(&interrupted, now);
    if (now) errno = EINTR;
    return now;
}

static int file_open(const char *path, int flags, unsigned mode)
{
    if (file_fails("open") || interrupts()) return -1;
    const int fd = real.open(path, flags, mode);
    if (fd >= 0) atomic_fetch_add(&descriptors, 1);
    return fd;
}

static ssize_t file_read(int fd, void *bytes, size_t count)
{
    if (file_fails("read") || interrupts()) return -1;
    return real.read(fd, bytes, atomic_load(&hampered) && count > 1 ? 1 : count);
}

static ssize_t file_write(int fd, const void *bytes, size_t count)
{
    if (file_fails("write") || interrupts()) return -1;
    return real.write(fd, bytes, atomic_load(&hampered) && count > 1 ? 1 : count);
}

static off_t file_seek(int fd, off_t offset, int whence)
{
    return file_fails("seek") ? -1 : real.seek(fd, offset, whence);
}

static int file_size(int fd, int64_t *bytes)
{
    return file_fails("size") ? -1 : real.size(fd, bytes);
}

static int file_sync(int fd)
{
    return file_fails("sync") || interrupts() ? -1 : real.sync(fd);
}

static int file_close(int fd)
{
    const bool broken = file_fails("close");
    const int error = errno;
    const int result = real.close(fd);
    if (result == 0) atomic_fetch_sub(&descriptors, 1);
    if (!broken) return result;
    errno = error;
    return -1;
}

static int file_rename(const char *from, const char *to)
{
    return file_fails("rename") ? -1 : real.rename(from, to);
}

static int file_unlink(const char *path)
{
    return real.unlink(path);
}

static int file_resolve(const char *path, char resolved[CUPEL_PATH_TEXT], unsigned *mode)
{
    return file_fails("resolve") ? -1 : real.resolve(path, resolved, mode);
}

void fault_files_install(void)
{
    real = cupel_files;
    cupel_files = (cupel_file_table){
        .open = file_open,
        .read = file_read,
        .write = file_write,
        .seek = file_seek,
        .size = file_size,
        .sync = file_sync,
        .close = file_close,
        .rename = file_rename,
        .unlink = file_unlink,
        .resolve = file_resolve,
    };
}

void fault_files_arm(int64_t at, bool persistent, int error)
{
    atomic_store(&error_number, error);
    arm(&files, at, persistent);
}

int64_t fault_files_disarm(void)
{
    return disarm(&files);
}

int64_t fault_files_calls(void)
{
    return atomic_load(&files.calls);
}

int64_t fault_files_descriptors(void)
{
    return atomic_load(&descriptors);
}

void fault_files_hamper(bool hamper)
{
    atomic_store(&hampered, hamper);
}

const char *fault_files_failed(void)
{
    return atomic_load(&last_failed);
}

void fault_files_remove(void)
{
    disarm(&files);
    fault_files_hamper(false);
    cupel_files = real;
}
