/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data set whose rows a function makes. Several models and views may use it at once, so that the
 * function is called under the data set's lock. */
#include "data/source.h"

#include "base/memory.h"
#include "base/shape.h"

#include <inttypes.h>

cupel_status cupel_dataset_from_source(const cupel_source *source, cupel_dataset **dataset)
{
    CUPEL_REQUIRE(dataset);
    *dataset = NULL;
    CUPEL_REQUIRE(source);
    CUPEL_REQUIRE(source->fill);
    cupel_dataset *made = NULL;
    CUPEL_TRY(cupel_dataset_make(&made));
    made->rows = source->rows;
    made->x_shape = source->x_shape;
    made->y_shape = source->y_shape;
    made->x_type = source->x_type;
    made->y_type = source->y_type;
    made->has_y = true;
    made->scale = source->scale;
    made->allow_nan = source->allow_nan;
    made->source = *source;
    const cupel_status status = cupel_dataset_describe(made, "cupel_source");
    if (status != CUPEL_OK) {
        cupel_dataset_release(made);
        return status;
    }
    *dataset = made;
    return CUPEL_OK;
}

/* Calls the function. It makes x and y together, so that y is never NULL for it. */
static cupel_status call_fill(const cupel_dataset *root, const int64_t *rows, int64_t count,
                              void *x, void *y)
{
    pthread_mutex_t *lock = &((cupel_dataset *)root)->source_lock;
    pthread_mutex_lock(lock);
    const cupel_status status = root->source.fill(root->source.user, rows, count, x, y);
    pthread_mutex_unlock(lock);
    if (status == CUPEL_OK) return CUPEL_OK;
    return cupel_fail(status,
                      "the source function returned %s (%d) when asked for %" PRId64
                      " rows, the first of them row %" PRId64,
                      cupel_status_name(status), (int)status, count, rows[0]);
}

cupel_status cupel_source_gather(const cupel_dataset *dataset, const int64_t *rows, int64_t count,
                                 void *x, void *y)
{
    const cupel_dataset *root = dataset->parent != NULL ? dataset->parent : dataset;
    int64_t *shifted = NULL;
    void *unused_y = NULL;
    cupel_status status = CUPEL_OK;
    if (dataset->first != 0) {
        shifted = cupel_alloc_raw(count, sizeof *shifted);
        if (shifted == NULL) return CUPEL_ERROR_MEMORY;
        for (int64_t i = 0; i < count; i++)
            shifted[i] = dataset->first + rows[i];
        rows = shifted;
    }
    if (y == NULL) {
        const int64_t row_bytes = cupel_dataset_y_count(root) * cupel_type_size(root->y_type);
        unused_y = cupel_alloc_raw(count, (size_t)row_bytes);
        y = unused_y;
    }
    status = y != NULL ? call_fill(root, rows, count, x, y) : CUPEL_ERROR_MEMORY;
    cupel_free(unused_y);
    cupel_free(shifted);
    return status;
}
