/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Greedy placement by size: the largest tensor first, each at the lowest offset where it meets no
 * placed tensor whose lifetime overlaps its own (Pisarchyk and Lee, "Efficient Memory Management for
 * Deep Neural Net Inference", 2020, section 5). Usual networks come within 2 % of the largest sum of
 * what lives at once; chains whose widths jump wildly can take up to half as much again. Both are
 * tested. */
#include "program/plan.h"

#include "base/memory.h"

typedef struct block {
    int64_t tensor;
    int64_t bytes;
} block;

/* The bytes of a tensor. *total, those of all so far, keeps every sum of offsets and sizes below in
 * 64 bits. */
static cupel_status size_of(const cupel_tensor_plan *tensor, int64_t rows,
                            const int64_t sizes[CUPEL_ELEMENT_COUNT], int64_t *bytes, int64_t *total)
{
    const int64_t most = INT64_MAX / 64;
    const int64_t size = sizes[tensor->element];
    int64_t elements = 0;
    const bool fits = cupel_mul(tensor->per_row, rows, &elements) &&
                      cupel_add(elements, tensor->fixed, &elements) &&
                      cupel_mul(elements, size, bytes) && *bytes <= most &&
                      cupel_add(*total, cupel_align(*bytes), total) && *total <= most;
    CUPEL_FAIL_IF(!fits, CUPEL_ERROR_ARGUMENT,
                  "memory plan: a batch of %lld rows is too large for 64-bit sizes", (long long)rows);
    *bytes = cupel_align(*bytes);
    return CUPEL_OK;
}

static bool overlap(const cupel_tensor_plan *a, const cupel_tensor_plan *b)
{
    return a->first <= b->last && b->first <= a->last;
}

/* The lowest offset for blocks[index] beside the placed blocks before it, which are in no order. */
static int64_t lowest_offset(const cupel_graph *graph, const block *blocks, int64_t index,
                             const int64_t *offsets)
{
    const cupel_tensor_plan *tensor = &graph->tensors[blocks[index].tensor];
    int64_t offset = 0;
    for (bool moved = true; moved;) {
        moved = false;
        for (int64_t i = 0; i < index; i++) {
            const int64_t begin = offsets[blocks[i].tensor];
            const int64_t end = begin + blocks[i].bytes;
            if (!overlap(tensor, &graph->tensors[blocks[i].tensor])) continue;
            if (offset < end && begin < offset + blocks[index].bytes) {
                offset = end;
                moved = true;
            }
        }
    }
    return offset;
}

/* Largest first; equal ones in the order of their numbers, so that a plan is always the same. */
static void sort_blocks(block *blocks, int64_t count)
{
    for (int64_t i = 1; i < count; i++) {
        const block moving = blocks[i];
        int64_t at = i;
        for (; at > 0 && blocks[at - 1].bytes < moving.bytes; at--) blocks[at] = blocks[at - 1];
        blocks[at] = moving;
    }
}

cupel_status cupel_plan_graph(const cupel_graph *graph, int64_t rows, int64_t real_size,
                              int64_t acc_size, int64_t *offsets, int64_t *bytes, int64_t *input_bytes)
{
    const int64_t sizes[CUPEL_ELEMENT_COUNT] = {
        [CUPEL_ELEMENT_REAL] = real_size,
        [CUPEL_ELEMENT_ACC] = acc_size,
        [CUPEL_ELEMENT_F32] = sizeof(float),
        [CUPEL_ELEMENT_I32] = sizeof(int32_t),
    };
    *bytes = 0;
    *input_bytes = 0;
    block *blocks = cupel_alloc(graph->tensor_count, sizeof *blocks);
    if (blocks == NULL) return CUPEL_ERROR_MEMORY;
    int64_t count = 0;
    int64_t total = 0;
    cupel_status status = CUPEL_OK;
    for (int64_t i = 1; i < graph->tensor_count && status == CUPEL_OK; i++) {
        const cupel_tensor_plan *tensor = &graph->tensors[i];
        if (tensor->home != CUPEL_HOME_ACTIVATION || tensor->first < 0) continue;
        blocks[count].tensor = i;
        status = size_of(tensor, rows, sizes, &blocks[count].bytes, &total);
        if (tensor->use == CUPEL_USE_INPUT) *input_bytes += blocks[count].bytes;
        count++;
    }
    if (status == CUPEL_OK) {
        sort_blocks(blocks, count);
        for (int64_t i = 0; i < count; i++) {
            const int64_t offset = lowest_offset(graph, blocks, i, offsets);
            offsets[blocks[i].tensor] = offset;
            if (offset + blocks[i].bytes > *bytes) *bytes = offset + blocks[i].bytes;
        }
    }
    cupel_free(blocks);
    return status;
}
