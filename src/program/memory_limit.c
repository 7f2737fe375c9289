/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A plan is compared with what the device has free before any of it is taken, so that a batch that is
 * too large costs the model nothing. */
#include "program/bind.h"
#include "program/memory_plan.h"
#include "program/plan.h"
#include "program/stream.h"
#include <inttypes.h>

/* What a run wants beside what the program has: of the arrays, and of the batch, whose present memory
 * is given up first. */
typedef struct want {
    int64_t fixed;
    int64_t batch;
} want;

static int64_t fixed_bytes(const cupel_program *program, bool trains)
{
    int64_t bytes = program->control == NULL ? cupel_memory_control() : 0;
    if (program->workspace == NULL) bytes += program->device->backend->workspace;
    if (trains && program->rates == NULL) bytes += cupel_memory_rates(program);
    for (int home = 0; home < CUPEL_HOME_COUNT; home++) {
        const bool now = trains || home == CUPEL_HOME_WEIGHTS || home == CUPEL_HOME_MIRROR;
        if (now && program->base[home] == NULL)
            bytes += cupel_memory_home(program, (cupel_home)home);
    }
    return bytes;
}

static cupel_status batch_bytes(const cupel_program *program, int64_t train_rows,
                                int64_t infer_rows, int64_t *bytes)
{
    cupel_batch_plan plan;
    CUPEL_TRY(cupel_memory_plan(program, train_rows, infer_rows, false, &plan));
    const int64_t rows = train_rows > infer_rows ? train_rows : infer_rows;
    *bytes = plan.arena + plan.scratch;
    if (program->streams) *bytes += cupel_stream_bytes(program, rows);
    return CUPEL_OK;
}

/* The largest batch for which the batch's memory fits; 0 if none does. */
static cupel_status largest_batch(const cupel_program *program, bool trains, int64_t rows,
                                  int64_t room, int64_t *largest)
{
    int64_t too_large = rows;
    *largest = 0;
    while (too_large - *largest > 1) {
        const int64_t middle = *largest + (too_large - *largest) / 2;
        int64_t bytes = 0;
        CUPEL_TRY(batch_bytes(program, trains ? middle : program->train_rows, middle, &bytes));
        if (bytes <= room)
            *largest = middle;
        else
            too_large = middle;
    }
    return CUPEL_OK;
}

cupel_status cupel_memory_check(const cupel_program *program, cupel_segment segment,
                                int64_t train_rows, int64_t infer_rows)
{
    cupel_device *device = program->device;
    const bool trains = cupel_segment_trains(segment);
    const int64_t rows = trains ? train_rows : infer_rows;
    int64_t free_bytes = 0;
    int64_t all_bytes = 0;
    int64_t largest = 0;
    if (device->backend->free_bytes == NULL) return CUPEL_OK;
    want w = {.fixed = fixed_bytes(program, trains)};
    CUPEL_TRY(batch_bytes(program, train_rows, infer_rows, &w.batch));
    CUPEL_TRY(device->backend->free_bytes(device, &free_bytes, &all_bytes));
    const int64_t given_up = program->bytes[CUPEL_HOME_ACTIVATION] + program->scratch_bytes +
                             CUPEL_SLOTS * program->slot_bytes;
    const int64_t room = free_bytes + given_up - w.fixed;
    if (w.batch <= room) return CUPEL_OK;
    CUPEL_TRY(largest_batch(program, trains, rows, room, &largest));
    if (largest == 0) {
        return cupel_fail(CUPEL_ERROR_DEVICE_MEMORY,
                          "%s: the model does not fit: it wants %" PRId64 " bytes and %" PRId64
                          " for a batch of %" PRId64 ", %" PRId64 " of %" PRId64
                          " are free, which is too little for a batch of 1",
                          device->name, w.fixed, w.batch, rows, free_bytes + given_up, all_bytes);
    }
    return cupel_fail(CUPEL_ERROR_DEVICE_MEMORY,
                      "%s: a batch of %" PRId64 " wants %" PRId64 " bytes and %" PRId64
                      " beside it, %" PRId64 " of %" PRId64
                      " are free; the largest batch that fits is %" PRId64,
                      device->name, rows, w.batch, w.fixed, free_bytes + given_up, all_bytes,
                      largest);
}
