/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"

#include "fault.h"

#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool all_are(const void *block, unsigned char value, size_t bytes)
{
    const unsigned char *at = block;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != value) return false;
    }
    return true;
}

/* The sizes at which a block may change its kind, with both allocators. */
static void check_blocks(void)
{
    static const int64_t sizes[] = {0, 1, 7, 63, 64, 65, 1000, 4096, 100000, 5000000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        const size_t bytes = (size_t)sizes[i] * 3;
        unsigned char *block = cupel_alloc(sizes[i], 3);
        cr_assert_not_null(block);
        cr_expect_eq((uintptr_t)block % 64, 0);
        cr_expect(all_are(block, 0, bytes), "%zu bytes are not all 0", bytes);
        memset(block, 0xff, bytes);
        unsigned char *raw = cupel_alloc_raw(sizes[i], 3);
        cr_assert_not_null(raw);
        cr_expect_eq((uintptr_t)raw % 64, 0);
        memset(raw, 0xee, bytes);
        cr_expect(all_are(block, 0xff, bytes));
        cupel_free(raw);
        cupel_free(block);
    }
}

Test(memory, blocks_are_aligned_zeroed_and_apart)
{
    check_blocks();
    fault_memory_install();
    check_blocks();
    cr_assert_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

static void check_realloc(void)
{
    static const int64_t steps[] = {10, 11, 5000, 4999, 3, 0, 2000000, 1};
    unsigned char *block = NULL;
    size_t before = 0;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const size_t bytes = (size_t)steps[i] * 2, kept = bytes < before ? bytes : before;
        block = cupel_realloc(block, steps[i], 2);
        cr_assert_not_null(block);
        cr_expect_eq((uintptr_t)block % 64, 0);
        cr_expect(all_are(block, 0x5a, kept));
        cr_expect(all_are(block + kept, 0, bytes - kept));
        memset(block, 0x5a, bytes);
        before = bytes;
    }
    cupel_free(block);
}

Test(memory, realloc_keeps_the_content_and_zeroes_the_rest)
{
    check_realloc();
    fault_memory_install();
    check_realloc();
    cr_assert_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

Test(memory, free_takes_null)
{
    cupel_free(NULL);
}

Test(memory, strdup_copies)
{
    char text[] = "text";
    char *copy = cupel_strdup(text);
    text[0] = 'n';
    cr_assert_str_eq(copy, "text");
    cupel_free(copy);
    char *empty = cupel_strdup("");
    cr_assert_str_eq(empty, "");
    cupel_free(empty);
}

Test(memory, sizes_that_overflow_are_refused)
{
    static const struct {
        int64_t count;
        size_t size;
    } cases[] = {{INT64_MAX, 2},        {INT64_MAX, 1}, {INT64_MAX / 2, 4}, {1, SIZE_MAX},
                 {2, SIZE_MAX / 2 + 1}, {-1, 1},        {INT64_MIN, 8},     {1, (size_t)INT64_MAX}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cupel_fail(CUPEL_ERROR_STATE, "before");
        cr_expect_null(cupel_alloc(cases[i].count, cases[i].size));
        cr_expect_not_null(strstr(cupel_last_error(), "no memory"), "%s", cupel_last_error());
        cr_expect_null(cupel_alloc_raw(cases[i].count, cases[i].size));
        cr_expect_null(cupel_realloc(NULL, cases[i].count, cases[i].size));
    }
}

Test(memory, a_failing_realloc_leaves_the_block)
{
    fault_memory_install();
    char *block = cupel_strdup("content");
    fault_memory_arm(1, true);
    cr_expect_null(cupel_realloc(block, 100, 1));
    cr_expect_null(cupel_realloc(block, 1, 1));
    cr_expect_eq(fault_memory_disarm(), 2);
    cr_expect_str_eq(block, "content");
    cupel_free(block);
    cr_assert_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

Test(memory, the_sentence_names_the_bytes)
{
    fault_memory_install();
    fault_memory_arm(1, true);
    cr_expect_null(cupel_alloc(10, 100));
    cr_expect_str_eq(cupel_last_error(), "no memory: 1000 bytes were asked for");
    cr_expect_null(cupel_alloc_raw(1, 1));
    cr_expect_null(cupel_strdup("x"));
    cr_expect_eq(fault_memory_disarm(), 3);
    fault_memory_remove();
}

static void *refuse(void *user, size_t bytes, size_t alignment)
{
    (void)user, (void)bytes, (void)alignment;
    return NULL;
}

static void ignore(void *user, void *pointer, size_t bytes)
{
    (void)user, (void)pointer, (void)bytes;
}

Test(memory, set_allocator_checks_its_argument)
{
    fault_memory_install();
    cr_expect_eq(cupel_set_allocator(&(cupel_allocator){NULL, ignore, NULL}), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "allocate"));
    cr_expect_eq(cupel_set_allocator(&(cupel_allocator){refuse, NULL, NULL}), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "release"));
    /* The one before still holds. */
    void *block = cupel_alloc(1, 1);
    cr_expect_eq(fault_memory_blocks(), 1);
    cupel_free(block);
    fault_memory_remove();
}

Test(memory, set_allocator_waits_for_open_handles)
{
    const cupel_allocator other = {refuse, ignore, NULL};
    cupel_handle_opened();
    cupel_handle_opened();
    cr_expect_eq(cupel_set_allocator(&other), CUPEL_ERROR_STATE);
    cr_expect_not_null(strstr(cupel_last_error(), "2 handles"));
    cupel_handle_closed();
    cr_expect_eq(cupel_set_allocator(&other), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_set_allocator(NULL), CUPEL_ERROR_STATE);
    void *block = cupel_alloc(1, 1);
    cr_expect_not_null(block);
    cupel_free(block);
    cupel_handle_closed();
    cr_expect_eq(cupel_set_allocator(&other), CUPEL_OK);
    cr_expect_null(cupel_alloc(1, 1));
    cr_expect_eq(cupel_set_allocator(NULL), CUPEL_OK);
    block = cupel_alloc(1, 1);
    cr_expect_not_null(block);
    cupel_free(block);
}

Test(memory, a_block_goes_back_to_its_own_allocator)
{
    void *plain = cupel_alloc(1, 100);
    fault_memory_install();
    void *theirs = cupel_alloc(1, 100);
    cupel_free(plain);
    cr_expect_eq(fault_memory_blocks(), 1);
    fault_memory_remove();
    cupel_free(theirs);
    cr_expect_eq(fault_memory_blocks(), 0);
}

/* The resident memory of this process in kB. */
static int64_t resident(void)
{
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) cr_skip("no /proc here");
    char line[256];
    long long kilobytes = -1;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "VmRSS: %lld", &kilobytes) == 1) break;
    }
    fclose(file);
    return kilobytes;
}

Test(memory, a_large_block_of_zeros_is_not_touched)
{
    const int64_t before = resident();
    char *block = cupel_alloc(512, 1 << 20);
    cr_assert_not_null(block);
    const int64_t after = resident();
    cr_expect_lt(after - before, 128 * 1024, "%" PRId64 " kB became resident", after - before);
    cr_expect_eq(block[300 << 20], 0);
    cupel_free(block);
}

Test(memory, checked_arithmetic)
{
    int64_t out = 7;
    cr_expect(cupel_mul(0, INT64_MAX, &out) && out == 0);
    cr_expect(cupel_mul(INT64_MAX, 1, &out) && out == INT64_MAX);
    cr_expect(cupel_mul(INT64_C(3037000499), INT64_C(3037000499), &out));
    cr_expect_not(cupel_mul(INT64_C(3037000500), INT64_C(3037000500), &out));
    cr_expect_not(cupel_mul(2, INT64_MAX / 2 + 1, &out));
    cr_expect(cupel_add(INT64_MAX - 1, 1, &out) && out == INT64_MAX);
    cr_expect_not(cupel_add(INT64_MAX, 1, &out));
}
