/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows are gathered and checked by the batches that would otherwise be fed, and sent as they
 * come. */
#include "program/resident.h"

#include "base/memory.h"
#include "base/shape.h"
#include <inttypes.h>

/* Bytes of x that are sent at a time: enough for a copy to reach its speed. */
#define SENT_BYTES (INT64_C(8) << 20)

/* A part of the rows in the device's memory. */
typedef struct part {
    void *memory;
    int64_t row_bytes; /* 0: there is none */
} part;

struct cupel_resident {
    cupel_program *program;
    part x, y, weights;
    cupel_feed feed;
};

bool cupel_resident_sensible(const cupel_program *program)
{
    return !program->device->backend->host_memory;
}

/* The part of the device's memory that is to be left for others, and for what CUDA itself takes. */
#define SPARE 16

/* Taken last, of what the plan of the program leaves. */
static cupel_status take(const cupel_resident *r, part *p)
{
    if (p->row_bytes == 0) return CUPEL_OK;
    return cupel_device_alloc(r->program->device, r->feed.data_rows * p->row_bytes, &p->memory);
}

static cupel_status send(const cupel_resident *r, const part *p, const void *from, int64_t first,
                         int64_t rows)
{
    if (p->row_bytes == 0) return CUPEL_OK;
    return r->program->device->backend->upload(&r->program->queue,
                                               (unsigned char *)p->memory + first * p->row_bytes,
                                               from, rows * p->row_bytes);
}

static cupel_status send_all(const cupel_resident *r, cupel_batches *batches)
{
    CUPEL_TRY(cupel_batches_start(batches, 0));
    for (int64_t done = 0;;) {
        cupel_batch batch;
        CUPEL_TRY(cupel_batches_next(batches, &batch));
        if (batch.rows == 0) return CUPEL_OK;
        CUPEL_TRY(send(r, &r->x, batch.x, done, batch.rows));
        CUPEL_TRY(send(r, &r->y, batch.y, done, batch.rows));
        CUPEL_TRY(send(r, &r->weights, batch.weights, done, batch.rows));
        done += batch.rows;
    }
}

/* The rows in their order, however the batches of a step will be. */
static cupel_status bring(const cupel_resident *r, const cupel_batches_config *config)
{
    cupel_batches_config in_order = *config;
    cupel_batches *batches = NULL;
    in_order.shuffle = false;
    in_order.batch = SENT_BYTES / r->x.row_bytes > 1 ? SENT_BYTES / r->x.row_bytes : 1;
    CUPEL_TRY(cupel_batches_open(&in_order, &batches));
    const cupel_status status = send_all(r, batches);
    cupel_batches_close(batches);
    return status;
}

static cupel_status check_spare(const cupel_resident *r)
{
    cupel_device *device = r->program->device;
    const int64_t bytes =
        r->feed.data_rows * (r->x.row_bytes + r->y.row_bytes + r->weights.row_bytes);
    int64_t free_bytes = 0;
    int64_t all_bytes = 0;
    if (device->backend->free_bytes == NULL) return CUPEL_OK;
    CUPEL_TRY(device->backend->free_bytes(device, &free_bytes, &all_bytes));
    CUPEL_FAIL_IF(bytes > free_bytes - all_bytes / SPARE, CUPEL_ERROR_DEVICE_MEMORY,
                  "%s: the rows have %" PRId64 " bytes, %" PRId64 " of %" PRId64 " are free",
                  device->name, bytes, free_bytes, all_bytes);
    return CUPEL_OK;
}

static cupel_status fill(cupel_resident *r, const cupel_batches_config *config, bool spare)
{
    if (spare) CUPEL_TRY(check_spare(r));
    CUPEL_TRY(take(r, &r->x));
    CUPEL_TRY(take(r, &r->y));
    CUPEL_TRY(take(r, &r->weights));
    CUPEL_TRY(bring(r, config));
    r->feed.x = r->x.memory;
    r->feed.y = r->y.memory;
    r->feed.weights = r->weights.memory;
    return CUPEL_OK;
}

cupel_status cupel_resident_open(cupel_program *program, const cupel_batches_config *config,
                                 bool spare, cupel_resident **resident)
{
    const cupel_dataset *data = config->data;
    *resident = NULL;
    cupel_resident *r = cupel_alloc(1, sizeof *r);
    if (r == NULL) return CUPEL_ERROR_MEMORY;
    r->program = program;
    r->x.row_bytes = config->x_count * cupel_type_size(data->x_type);
    if (config->with_y)
        r->y.row_bytes = cupel_dataset_y_count(data) * cupel_type_size(data->y_type);
    if (config->with_y && (config->class_weight != NULL || cupel_dataset_weighted(data)))
        r->weights.row_bytes = (int64_t)sizeof(float);
    r->feed = (cupel_feed){.on_device = true,
                           .route = config->shuffle ? CUPEL_ROUTE_SHUFFLED : CUPEL_ROUTE_ORDERED,
                           .data_rows = data->rows,
                           .x_type = data->x_type,
                           .y_type = data->y_type,
                           .x_scale = data->scale};
    const cupel_status status = fill(r, config, spare);
    if (status != CUPEL_OK) {
        cupel_resident_close(r);
        return status;
    }
    *resident = r;
    return CUPEL_OK;
}

cupel_feed cupel_resident_feed(const cupel_resident *resident, uint64_t epoch, int64_t position)
{
    cupel_feed feed = resident->feed;
    feed.epoch = (int64_t)epoch;
    feed.position = position;
    return feed;
}

static void give_back(const cupel_resident *r, const part *p)
{
    cupel_device_free(r->program->device, p->memory, r->feed.data_rows * p->row_bytes);
}

void cupel_resident_close(cupel_resident *resident)
{
    if (resident == NULL) return;
    cupel_queue_settle(&resident->program->queue);
    give_back(resident, &resident->x);
    give_back(resident, &resident->y);
    give_back(resident, &resident->weights);
    cupel_free(resident);
}
