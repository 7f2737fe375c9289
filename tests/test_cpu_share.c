/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How the blocks of parameters are shared among threads. */
#include "cpu/team.h"

#include <criterion/criterion.h>

#define TENSORS 6
#define MOST 4096

/* Different calls get different blocks, and the counts are looked at when all have ended. */
static void visit(void *context, int64_t begin, int64_t end)
{
    int *visits = context;
    for (int64_t b = begin; b < end; b++)
        visits[b]++;
}

static int64_t fill(const int64_t blocks[TENSORS], int32_t *tensor)
{
    int64_t count = 0;
    for (int32_t t = 0; t < TENSORS; t++) {
        for (int64_t b = 0; b < blocks[t]; b++)
            tensor[count++] = t;
    }
    return count;
}

Test(cpu_share, every_block_once)
{
    static const int64_t sizes[][TENSORS] = {{1568, 4, 1024, 4, 40, 1}, {1, 1, 1, 1, 1, 1},
                                             {0, 0, 1, 0, 0, 0},        {1, 2, 3, 4, 5, 6},
                                             {4000, 0, 0, 0, 0, 0},     {63, 64, 65, 66, 127, 1}};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        int32_t tensor[MOST];
        const int64_t blocks = fill(sizes[i], tensor);
        for (int64_t threads = 1; threads <= 5; threads++) {
            int visits[MOST] = {0};
            cupel_cpu_share_tensors(threads, tensor, blocks, visit, visits);
            for (int64_t b = 0; b < MOST; b++)
                cr_assert_eq(visits[b], b < blocks ? 1 : 0, "block %lld of %lld, %lld threads",
                             (long long)b, (long long)blocks, (long long)threads);
        }
    }
}

/* Who updates what does not show in a result: the ranges say it. */
typedef struct ranges {
    int64_t begin[64], end[64];
    _Atomic int64_t count;
} ranges;

static void note(void *context, int64_t begin, int64_t end)
{
    ranges *r = context;
    const int64_t i = r->count++;
    r->begin[i] = begin;
    r->end[i] = end;
}

Test(cpu_share, every_tensor_is_cut_in_equal_parts)
{
    static const int64_t sizes[TENSORS] = {1568, 4, 1024, 4, 40, 2};
    int32_t tensor[MOST];
    const int64_t blocks = fill(sizes, tensor);
    ranges r = {.count = 0};
    cupel_cpu_share_tensors(2, tensor, blocks, note, &r);
    if (r.count == 1) cr_skip("one thread");
    cr_assert_eq(r.count, 2 * TENSORS);
    for (int64_t i = 0; i < r.count; i++) {
        const int32_t t = tensor[r.begin[i]];
        cr_assert_eq(tensor[r.end[i] - 1], t);
        cr_assert_eq(2 * (r.end[i] - r.begin[i]), sizes[t]);
    }
}
