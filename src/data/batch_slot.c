/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One batch: its rows are named, gathered, checked and weighted. */
#include "data/batch_slot.h"

#include "base/memory.h"
#include "base/shape.h"
#include "data/check.h"

#include <inttypes.h>
#include <math.h>

/* Rows of count elements of a type. */
static cupel_status take(int64_t rows, int64_t count, cupel_type type, void **block)
{
    int64_t elements = 0;
    CUPEL_FAIL_IF(!cupel_mul(rows, count, &elements), CUPEL_ERROR_MEMORY,
                  "no memory: a batch of %" PRId64 " rows of %" PRId64 " elements", rows, count);
    *block = cupel_alloc_raw(elements, (size_t)cupel_type_size(type));
    return *block != NULL ? CUPEL_OK : CUPEL_ERROR_MEMORY;
}

cupel_status cupel_batch_slot_make(cupel_batch_slot *slot, const cupel_batch_plan *plan)
{
    const cupel_batches_config *config = &plan->config;
    const cupel_dataset *data = config->data;
    slot->names = cupel_alloc_raw(config->batch, sizeof *slot->names);
    if (slot->names == NULL) return CUPEL_ERROR_MEMORY;
    if (plan->in_place) return CUPEL_OK;
    CUPEL_TRY(take(config->batch, config->x_count, data->x_type, &slot->x));
    if (config->with_y) {
        CUPEL_TRY(take(config->batch, cupel_dataset_y_count(data), data->y_type, &slot->y));
    }
    if (!plan->weighted) return CUPEL_OK;
    slot->weights = cupel_alloc_raw(config->batch, sizeof *slot->weights);
    return slot->weights != NULL ? CUPEL_OK : CUPEL_ERROR_MEMORY;
}

void cupel_batch_slot_free(cupel_batch_slot *slot)
{
    cupel_free(slot->names);
    cupel_free(slot->x);
    cupel_free(slot->y);
    cupel_free(slot->weights);
    *slot = (cupel_batch_slot){0};
}

static void point_into(cupel_batch *batch, const cupel_batch_plan *plan, int64_t position)
{
    const cupel_dataset *data = plan->config.data;
    const cupel_dataset *root = data->parent != NULL ? data->parent : data;
    const int64_t first = data->first + position;
    const int64_t x_bytes = plan->config.x_count * cupel_type_size(data->x_type);
    const int64_t y_bytes = cupel_dataset_y_count(data) * cupel_type_size(data->y_type);
    batch->x = (const unsigned char *)root->x + first * x_bytes;
    batch->y = plan->config.with_y ? (const unsigned char *)root->y + first * y_bytes : NULL;
    batch->weights = plan->weighted ? root->weights + first : NULL;
}

static double value_at(const void *y, cupel_type type, int64_t i)
{
    switch (type) {
    case CUPEL_FLOAT32:
        return ((const float *)y)[i];
    case CUPEL_FLOAT64:
        return ((const double *)y)[i];
    case CUPEL_UINT8:
        return ((const uint8_t *)y)[i];
    case CUPEL_INT32:
        return ((const int32_t *)y)[i];
    default:
        return (double)((const int64_t *)y)[i];
    }
}

/* The class of a row: its one number, rounded, or the position of its largest. */
static double class_of(const void *y, cupel_type type, int64_t row, int64_t y_count)
{
    const int64_t first = row * y_count;
    if (y_count == 1) return round(value_at(y, type, first));
    int64_t best = 0;
    for (int64_t i = 1; i < y_count; i++) {
        if (value_at(y, type, first + i) > value_at(y, type, first + best)) best = i;
    }
    return (double)best;
}

static cupel_status weigh_by_class(cupel_batch_slot *slot, const cupel_batch_plan *plan)
{
    const cupel_batches_config *config = &plan->config;
    const int64_t y_count = cupel_dataset_y_count(config->data);
    for (int64_t i = 0; i < slot->batch.rows; i++) {
        const double number = class_of(slot->batch.y, config->data->y_type, i, y_count);
        /* Written so that NaN fails it too. */
        CUPEL_FAIL_IF(!(number >= 0 && number < (double)config->class_weights), CUPEL_ERROR_DATA,
                      "row %" PRId64 ": the class is %.0f, but class_weight has weights for 0 to "
                      "%" PRId64,
                      slot->names[i], number, config->class_weights - 1);
        slot->weights[i] *= config->class_weight[(int64_t)number];
    }
    return CUPEL_OK;
}

static cupel_status check(const cupel_batch_slot *slot, const cupel_batch_plan *plan)
{
    const cupel_batches_config *config = &plan->config;
    const cupel_dataset *data = config->data;
    const cupel_batch *batch = &slot->batch;
    const int64_t y_count = cupel_dataset_y_count(data);
    if (!data->allow_nan) {
        CUPEL_TRY(cupel_check_finite(batch->x, data->x_type, batch->rows, config->x_count,
                                     slot->names, "x"));
    }
    if (batch->y != NULL && config->labels) {
        CUPEL_TRY(cupel_check_labels(batch->y, data->y_type, batch->rows, y_count, config->classes,
                                     slot->names));
    } else if (batch->y != NULL && !data->allow_nan) {
        CUPEL_TRY(
            cupel_check_finite(batch->y, data->y_type, batch->rows, y_count, slot->names, "y"));
    }
    if (batch->weights == NULL) return CUPEL_OK;
    return cupel_check_weights(batch->weights, batch->rows, slot->names);
}

static cupel_status gather_and_check(cupel_batch_slot *slot, const cupel_batch_plan *plan)
{
    const cupel_batches_config *config = &plan->config;
    if (!plan->in_place) {
        CUPEL_TRY(cupel_dataset_gather(config->data, slot->names, slot->batch.rows, config->x_count,
                                       slot->x, slot->y, slot->weights));
    }
    cupel_status status = check(slot, plan);
    if (status == CUPEL_OK && config->class_weight != NULL) status = weigh_by_class(slot, plan);
    if (status == CUPEL_OK || config->data->first == 0) return status;
    char text[CUPEL_ERROR_TEXT];
    cupel_error_take(text);
    return cupel_fail(status,
                      "%s (row 0 of this view is row %" PRId64 " of the data set that was split)",
                      text, config->data->first);
}

cupel_status cupel_batch_slot_fill(cupel_batch_slot *slot, const cupel_batch_plan *plan,
                                   const cupel_order *order, int64_t position)
{
    const cupel_batches_config *config = &plan->config;
    const int64_t left = config->data->rows - position;
    cupel_batch *batch = &slot->batch;
    batch->rows = left < config->batch ? left : config->batch;
    for (int64_t i = 0; i < batch->rows; i++) {
        slot->names[i] = config->shuffle ? cupel_order_row(order, position + i) : position + i;
    }
    if (plan->in_place) {
        point_into(batch, plan, position);
    } else {
        batch->x = slot->x;
        batch->y = slot->y;
        batch->weights = slot->weights;
    }
    slot->status = gather_and_check(slot, plan);
    return slot->status;
}
