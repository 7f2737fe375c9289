/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A slot holds x, y and the weights of a batch, one behind the other. Numbers that are wider than
 * those of the program are narrowed on the way as the device would, so that a slot's size depends on
 * the model and not on where its data come from. */
#include "program/stream.h"

#include "base/shape.h"
#include "program/plan.h"
#include <string.h>

/* Elements of a sample's x, and of its y: class numbers have one in the place of a row of outputs. */
static int64_t x_count(const cupel_program *program)
{
    return cupel_shape_count(cupel_network_input(program->network));
}

static int64_t y_count(const cupel_program *program)
{
    const cupel_shape *output = cupel_network_output(program->network);
    const cupel_loss_type *loss = program->settings.loss;
    if (loss == NULL) return 0;
    return cupel_shape_count(output) / (loss->labels ? cupel_shape_last(output) : 1);
}

static int64_t slot_bytes(const cupel_program *program, int64_t rows)
{
    const int64_t weights = program->settings.loss != NULL ? (int64_t)sizeof(float) : 0;
    return cupel_align(rows * x_count(program) * program->acc_size) +
           cupel_align(rows * y_count(program) * program->acc_size) + cupel_align(rows * weights);
}

int64_t cupel_stream_bytes(const cupel_program *program, int64_t rows)
{
    if (program->device->backend->slots_set == NULL) return 0;
    return CUPEL_SLOTS * slot_bytes(program, rows);
}

cupel_status cupel_stream_need(cupel_program *program)
{
    cupel_device *device = program->device;
    if (program->slots != NULL) return CUPEL_OK;
    const int64_t rows = program->train_rows > program->infer_rows ? program->train_rows
                                                                   : program->infer_rows;
    const int64_t bytes = slot_bytes(program, rows);
    void *slots = NULL;
    CUPEL_TRY(cupel_device_alloc(device, CUPEL_SLOTS * bytes, &slots));
    const cupel_status status = device->backend->slots_set(&program->queue, slots, bytes);
    if (status != CUPEL_OK) {
        cupel_device_free(device, slots, CUPEL_SLOTS * bytes);
        return status;
    }
    program->slots = slots;
    program->slot_bytes = bytes;
    return CUPEL_OK;
}

void cupel_stream_free(cupel_program *program)
{
    if (program->slots == NULL) return;
    program->device->backend->slots_set(&program->queue, NULL, 0);
    cupel_device_free(program->device, program->slots, CUPEL_SLOTS * program->slot_bytes);
    program->slots = NULL;
    program->slot_bytes = 0;
}

/* One part of a batch in the slot; *type becomes that of its elements there. */
static int64_t pack(const cupel_program *program, const void *from, int64_t count, bool labels,
                    double scale, cupel_type *type, void *to)
{
    const int64_t size = cupel_type_size(*type);
    if (size <= program->acc_size) {
        memcpy(to, from, (size_t)(count * size));
        return cupel_align(count * size);
    }
    if (labels) {
        const int64_t *wide = from;
        int32_t *narrow = to;
        for (int64_t i = 0; i < count; i++) narrow[i] = (int32_t)wide[i];
        *type = CUPEL_INT32;
    } else {
        const double *wide = from;
        const int64_t *whole = from;
        float *narrow = to;
        for (int64_t i = 0; i < count; i++)
            narrow[i] =
                (float)(scale * (*type == CUPEL_FLOAT64 ? wide[i] : (double)whole[i]));
        *type = CUPEL_FLOAT32;
    }
    return cupel_align(count * program->acc_size);
}

int64_t cupel_stream_pack(const cupel_program *program, cupel_segment segment,
                          const cupel_feed *feed, const cupel_parcel *slot, cupel_feed *there)
{
    const cupel_loss_type *loss = program->settings.loss;
    *there = *feed;
    there->on_device = true;
    there->x = slot->device;
    int64_t at = pack(program, feed->x, feed->rows * x_count(program), false, feed->x_scale,
                      &there->x_type, slot->host);
    /* The scale of numbers that have been narrowed is in them. */
    if (there->x_type != feed->x_type) there->x_scale = 1;
    if (segment == CUPEL_SEGMENT_PREDICT || feed->y == NULL || loss == NULL) {
        there->y = NULL;
        there->weights = NULL;
        return at;
    }
    there->y = slot->device + at;
    at += pack(program, feed->y, feed->rows * y_count(program), loss->labels, 1, &there->y_type,
               slot->host + at);
    if (feed->weights == NULL) return at;
    const int64_t bytes = feed->rows * (int64_t)sizeof *feed->weights;
    memcpy(slot->host + at, feed->weights, (size_t)bytes);
    there->weights = (const float *)(const void *)(slot->device + at);
    return at + cupel_align(bytes);
}
