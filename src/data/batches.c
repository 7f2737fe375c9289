/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data set cut into batches. Handing a batch from thread to thread costs more than filling a
 * small one, so that a thread is used only where it pays. */
#include "data/batches.h"

#include "base/log.h"
#include "base/memory.h"
#include "base/shape.h"
#include "data/batch_slot.h"
#include "data/prefetch.h"

#include <float.h>
#include <inttypes.h>

/* Below this a batch is gathered faster than a thread wakes up. */
#define SMALL_BYTES 65536

struct cupel_batches {
    cupel_batch_plan plan;
    cupel_prefetch *prefetch; /* NULL: batches are filled in the calling thread, in the slot */
    cupel_batch_slot slot;
    cupel_order order;
    int64_t position; /* rows handed out in this epoch */
};

static cupel_status check_config(const cupel_batches_config *config)
{
    const cupel_dataset *data = config->data;
    CUPEL_FAIL_IF(config->batch < 1, CUPEL_ERROR_ARGUMENT,
                  "the batch size is %" PRId64 ", expected at least 1", config->batch);
    CUPEL_FAIL_IF(config->with_y && !data->has_y, CUPEL_ERROR_ARGUMENT,
                  "the data set has no targets (y), which training and evaluation need");
    CUPEL_FAIL_IF(config->x_count < 1 || (data->x_shape.rank > 0 &&
                                          config->x_count != cupel_shape_count(&data->x_shape)),
                  CUPEL_ERROR_SHAPE,
                  "a row of the data set has %" PRId64 " elements, but the model takes %" PRId64,
                  cupel_shape_count(&data->x_shape), config->x_count);
    if (config->class_weight == NULL) return CUPEL_OK;
    CUPEL_FAIL_IF(config->class_weights < 1, CUPEL_ERROR_ARGUMENT,
                  "class_weight is given, but the number of classes is %" PRId64
                  ", expected at least 1",
                  config->class_weights);
    CUPEL_FAIL_IF(!config->with_y, CUPEL_ERROR_ARGUMENT, "class_weight is given without targets");
    for (int64_t i = 0; i < config->class_weights; i++) {
        const float weight = config->class_weight[i];
        CUPEL_FAIL_IF(!(weight >= 0 && weight <= FLT_MAX), CUPEL_ERROR_ARGUMENT,
                      "class_weight: the weight of class %" PRId64
                      " is negative or not finite, expected a finite number of at least 0",
                      i);
    }
    return CUPEL_OK;
}

/* Whether filling a batch beside a step pays. */
static bool wants_thread(const cupel_batch_plan *plan)
{
    const cupel_batches_config *config = &plan->config;
    const cupel_dataset *data = config->data;
    const cupel_dataset *root = data->parent != NULL ? data->parent : data;
    if (plan->in_place || config->batch == data->rows) return false;
    if (root->source.fill != NULL) return true;
    int64_t bytes = 0;
    if (!cupel_mul(config->batch, config->x_count, &bytes)) return true;
    return bytes >= SMALL_BYTES / cupel_type_size(data->x_type);
}

static void make_plan(const cupel_batches_config *config, cupel_batch_plan *plan)
{
    const cupel_dataset *data = config->data;
    const cupel_dataset *root = data->parent != NULL ? data->parent : data;
    plan->config = *config;
    if (config->batch > data->rows) plan->config.batch = data->rows;
    plan->weighted = config->class_weight != NULL || cupel_dataset_weighted(data);
    plan->in_place = !config->shuffle && root->source.fill == NULL && config->class_weight == NULL;
}

/* A system without a thread to give makes batches slower, not impossible. */
static cupel_status take_memory(cupel_batches *batches)
{
    if (wants_thread(&batches->plan)) {
        const cupel_status status = cupel_prefetch_open(&batches->plan, &batches->prefetch);
        if (status != CUPEL_ERROR_STATE) return status;
        cupel_log(CUPEL_LOG_WARNING, "%s; the calling thread does it", cupel_last_error());
    }
    return cupel_batch_slot_make(&batches->slot, &batches->plan);
}

cupel_status cupel_batches_open(const cupel_batches_config *config, cupel_batches **batches)
{
    *batches = NULL;
    CUPEL_TRY(check_config(config));
    cupel_batches *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    cupel_dataset_retain(config->data);
    make_plan(config, &made->plan);
    made->position = config->data->rows;
    const cupel_status status = take_memory(made);
    if (status != CUPEL_OK) {
        cupel_batches_close(made);
        return status;
    }
    *batches = made;
    return CUPEL_OK;
}

cupel_status cupel_batches_start(cupel_batches *batches, uint64_t epoch)
{
    const cupel_batches_config *config = &batches->plan.config;
    batches->order = cupel_order_make(config->seed, epoch, config->data->rows);
    batches->position = 0;
    if (batches->prefetch != NULL) cupel_prefetch_start(batches->prefetch, &batches->order);
    return CUPEL_OK;
}

cupel_status cupel_batches_next(cupel_batches *batches, cupel_batch *batch)
{
    *batch = (cupel_batch){0};
    if (batches->position == batches->plan.config.data->rows) return CUPEL_OK;
    if (batches->prefetch != NULL) {
        CUPEL_TRY(cupel_prefetch_next(batches->prefetch, batch));
    } else {
        CUPEL_TRY(cupel_batch_slot_fill(&batches->slot, &batches->plan, &batches->order,
                                        batches->position));
        *batch = batches->slot.batch;
    }
    batches->position += batch->rows;
    return CUPEL_OK;
}

void cupel_batches_close(cupel_batches *batches)
{
    if (batches == NULL) return;
    cupel_prefetch_close(batches->prefetch);
    cupel_batch_slot_free(&batches->slot);
    cupel_dataset_release(batches->plan.config.data);
    cupel_free(batches);
}
