/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Copies named rows, in the order of their names, out of a data set. */
#include "base/memory.h"
#include "base/shape.h"
#include "data/dataset.h"
#include "data/source.h"

#include <string.h>

/* A shuffled row is a cache miss; asking for a few rows ahead lets the misses overlap. */
#define AHEAD 8
#if defined(__GNUC__)
#define PREFETCH(address) __builtin_prefetch(address)
#else
#define PREFETCH(address) ((void)(address))
#endif

static void copy_rows(const void *from, int64_t first, const int64_t *rows, int64_t count,
                      size_t row_bytes, void *to)
{
    const unsigned char *base = (const unsigned char *)from + (size_t)first * row_bytes;
    unsigned char *out = to;
    for (int64_t i = 0; i < count; i++) {
        if (i + AHEAD < count) PREFETCH(base + (size_t)rows[i + AHEAD] * row_bytes);
        const unsigned char *row = base + (size_t)rows[i] * row_bytes;
        /* A constant size is one load and one store instead of a call. */
        if (row_bytes == 1) {
            *out = *row;
        } else if (row_bytes == 4) {
            memcpy(out, row, 4);
        } else {
            memcpy(out, row, row_bytes);
        }
        out += row_bytes;
    }
}

cupel_status cupel_dataset_gather(const cupel_dataset *dataset, const int64_t *rows, int64_t count,
                                  int64_t x_count, void *x, void *y, float *weights)
{
    const cupel_dataset *root = dataset->parent != NULL ? dataset->parent : dataset;
    if (root->source.fill != NULL) {
        CUPEL_TRY(cupel_source_gather(dataset, rows, count, x, y));
    } else {
        const int64_t first = dataset->first;
        const size_t x_bytes = (size_t)(x_count * cupel_type_size(root->x_type));
        const size_t y_bytes =
            (size_t)(cupel_dataset_y_count(root) * cupel_type_size(root->y_type));
        copy_rows(root->x, first, rows, count, x_bytes, x);
        if (y != NULL) copy_rows(root->y, first, rows, count, y_bytes, y);
    }
    if (weights != NULL && root->weights != NULL) {
        copy_rows(root->weights, dataset->first, rows, count, sizeof *weights, weights);
    } else if (weights != NULL) {
        for (int64_t i = 0; i < count; i++)
            weights[i] = 1;
    }
    return CUPEL_OK;
}
