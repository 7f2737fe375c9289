/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Making a program and running its segments. */
#include "program/program.h"

#include "base/memory.h"
#include "program/bind.h"
#include "program/build.h"
#include "program/storage.h"
#include "program/stream.h"
#include "schedules/schedule.h"
#include <math.h>
#include <stddef.h>
#include <string.h>

/* Room for any segment in every executable, so that binding one anew takes no memory. */
static cupel_status make_executables(cupel_program *program)
{
    int64_t calls = program->infer.instruction_count;
    int64_t words = program->infer.word_count;
    if (program->train.instruction_count > calls) calls = program->train.instruction_count;
    if (program->train.word_count > words) words = program->train.word_count;
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        cupel_executable *executable = &program->executables[i];
        executable->calls = cupel_alloc(calls, sizeof *executable->calls);
        executable->words = cupel_alloc(words, sizeof *executable->words);
        if (executable->calls == NULL || executable->words == NULL) return CUPEL_ERROR_MEMORY;
    }
    return CUPEL_OK;
}

/* A queue has a device if it is open. */
static cupel_status open_queue(cupel_program *program)
{
    program->queue.device = program->device;
    const cupel_status status = program->device->backend->queue_open(&program->queue);
    if (status != CUPEL_OK) program->queue.device = NULL;
    return status;
}

cupel_status cupel_program_create(const cupel_network *network, cupel_device *device,
                                  const cupel_settings *settings, uint64_t seed,
                                  cupel_program **program)
{
    *program = NULL;
    cupel_program *p = cupel_alloc(1, sizeof *p);
    if (p == NULL) return CUPEL_ERROR_MEMORY;
    p->device = device;
    cupel_device_retain(device);
    cupel_status status = open_queue(p);
    p->network = network;
    p->settings = *settings;
    p->ops = device->backend->ops(settings->precision);
    p->seed = seed;
    p->acc_size = settings->precision == CUPEL_PRECISION_FLOAT64 ? 8 : 4;
    p->mirrored = settings->precision == CUPEL_PRECISION_BFLOAT16;
    p->real_size = p->mirrored ? 2 : p->acc_size;
    p->learning_rate = settings->optimizer.learning_rate;
    if (status == CUPEL_OK) status = cupel_program_build(p);
    if (status == CUPEL_OK) status = make_executables(p);
    if (status != CUPEL_OK) {
        cupel_program_free(p);
        return status;
    }
    *program = p;
    return CUPEL_OK;
}

void cupel_program_free(cupel_program *program)
{
    if (program == NULL) return;
    if (program->queue.device != NULL) {
        cupel_storage_free(program);
        program->device->backend->queue_close(&program->queue);
    }
    cupel_graph_free(&program->train);
    cupel_graph_free(&program->infer);
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        cupel_free(program->executables[i].calls);
        cupel_free(program->executables[i].words);
    }
    cupel_device_release(program->device);
    cupel_free(program);
}

/* Gives up what the device made of an executable, which it may be running. */
static void forget(cupel_program *program, cupel_executable *executable)
{
    const cupel_backend *backend = program->device->backend;
    if (executable->replay.state != NULL) cupel_queue_settle(&program->queue);
    backend->forget(&program->queue, &executable->replay);
}

void cupel_program_forget(cupel_program *program)
{
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        forget(program, &program->executables[i]);
        program->executables[i].rows = 0;
    }
}

/* The executable of so many steps of a segment for a number of rows: a cached one, or the least
 * recently used bound anew. */
static cupel_executable *executable_for(cupel_program *program, cupel_segment segment, int64_t rows,
                                        int64_t steps)
{
    cupel_executable *oldest = &program->executables[0];
    program->clock++;
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        cupel_executable *executable = &program->executables[i];
        if (executable->rows == rows && executable->segment == segment &&
            executable->steps == steps) {
            executable->used = program->clock;
            return executable;
        }
        if (executable->used < oldest->used) oldest = executable;
    }
    forget(program, oldest);
    cupel_bind_segment(program, segment, rows, oldest);
    oldest->steps = steps;
    oldest->used = program->clock;
    return oldest;
}

/* Fills the ring with the rates of the next CUPEL_RATES steps. */
static cupel_status refill_rates(cupel_program *program)
{
    const cupel_optimizer *optimizer = &program->settings.optimizer;
    cupel_rate ring[CUPEL_RATES];
    for (int64_t i = 0; i < CUPEL_RATES; i++) {
        const int64_t step = program->step + i;
        const double t = (double)(step + 1);
        ring[step % CUPEL_RATES] = (cupel_rate){
            .rate = program->learning_rate * cupel_schedule_factor(&optimizer->schedule, step),
            .correction_1 = 1 - pow(optimizer->beta_1, t),
            .correction_2 = 1 - pow(optimizer->beta_2, t),
        };
    }
    CUPEL_TRY(program->device->backend->post(&program->queue, program->rates, ring, sizeof ring));
    program->rates_until = program->step + CUPEL_RATES;
    return CUPEL_OK;
}

/* Tells the device where the batch lies, and brings it there where the device cannot read the
 * host's memory. */
static cupel_status bring(cupel_program *program, cupel_segment segment, const cupel_feed *feed,
                          cupel_parcel *slot, cupel_launch *launch)
{
    const cupel_backend *backend = program->device->backend;
    const size_t from = offsetof(cupel_control, row_offset);
    const int64_t bytes = (int64_t)(offsetof(cupel_control, seen) - from);
    cupel_feed there = *feed;
    program->feeds++;
    if (backend->slots_set != NULL && !feed->on_device) {
        CUPEL_TRY(cupel_stream_need(program));
        CUPEL_TRY(backend->slot_take(&program->queue, slot));
        launch->slot = slot;
        launch->slot_bytes = cupel_stream_pack(program, segment, feed, slot, &there);
    }
    const cupel_control batch = {
        .rows = there.rows,
        .x = there.x,
        .y = there.y,
        .weights = there.weights,
        .x_scale = there.x_scale,
        .x_type = there.x_type,
        .y_type = there.y_type,
        .route = there.route,
        .data_rows = there.data_rows,
        .epoch = there.epoch,
        .position = there.position,
    };
    const unsigned char *described = (const unsigned char *)&batch + from;
    unsigned char *to = (unsigned char *)program->control + from;
    if (launch->slot == NULL) return backend->post(&program->queue, to, described, bytes);
    memcpy(slot->head, described, (size_t)bytes);
    launch->head_to = to;
    launch->head_bytes = bytes;
    return CUPEL_OK;
}

static bool updates(cupel_segment segment)
{
    return segment == CUPEL_SEGMENT_STEP || segment == CUPEL_SEGMENT_STEP_LOSS ||
           segment == CUPEL_SEGMENT_STEP_REPORT || segment == CUPEL_SEGMENT_UPDATE;
}

/* Makes the mirror anew where the host has written weights. */
static cupel_status refresh_mirror(cupel_program *program, cupel_segment segment)
{
    if (!program->mirror_stale || segment == CUPEL_SEGMENT_MIRROR) return CUPEL_OK;
    CUPEL_TRY(cupel_program_run(program, CUPEL_SEGMENT_MIRROR, NULL));
    program->mirror_stale = false;
    return CUPEL_OK;
}

/* After a run that failed the device says how many steps it has done. */
static cupel_status recount(cupel_program *program, cupel_status status)
{
    int64_t step = 0;
    char text[CUPEL_ERROR_TEXT];
    if (status == CUPEL_ERROR_DEVICE_LOST) return status;
    cupel_error_take(text);
    if (program->device->backend->download(&program->queue, &step, &program->control->step,
                                           sizeof step) == CUPEL_OK)
        program->step = step;
    program->rates_until = program->step;
    return cupel_fail(status, "%s", text);
}

/* Runs steps of a segment; feed is NULL where the device knows where the batch lies or needs none. */
static cupel_status run(cupel_program *program, cupel_segment segment, const cupel_feed *feed,
                        int64_t rows, int64_t steps)
{
    const cupel_backend *backend = program->device->backend;
    if (feed != NULL && !feed->on_device) program->streams = true;
    CUPEL_TRY(cupel_storage_need(program, segment, rows));
    CUPEL_TRY(refresh_mirror(program, segment));
    if (updates(segment) && program->step + steps > program->rates_until)
        CUPEL_TRY(refill_rates(program));
    cupel_executable *executable = executable_for(program, segment, rows, steps);
    cupel_exec exec = {
        .device = program->device,
        .queue = &program->queue,
        .control = program->control,
        .rates = program->rates,
        .scratch = program->scratch,
        .workspace = program->workspace,
        .workspace_bytes = backend->workspace,
        .precision = program->settings.precision,
        .branches = program->branches,
    };
    cupel_launch launch = {
        .calls = executable->calls,
        .count = executable->call_count,
        .times = executable->steps,
        .replay = &executable->replay,
    };
    cupel_parcel slot;
    if (feed != NULL) CUPEL_TRY(bring(program, segment, feed, &slot, &launch));
    const cupel_status status = backend->launch(&exec, &launch);
    if (status != CUPEL_OK) return recount(program, status);
    if (updates(segment)) program->step += steps;
    if (cupel_segment_trains(segment) && segment != CUPEL_SEGMENT_LOSS)
        program->have_gradients = true;
    return CUPEL_OK;
}

cupel_status cupel_program_reserve(cupel_program *program, cupel_segment segment, int64_t rows)
{
    return cupel_storage_need(program, segment, rows);
}

cupel_status cupel_program_run(cupel_program *program, cupel_segment segment, const cupel_feed *feed)
{
    return run(program, segment, feed, feed != NULL ? feed->rows : 1, 1);
}

cupel_status cupel_program_place(cupel_program *program, const cupel_feed *feed)
{
    CUPEL_TRY(cupel_program_need_weights(program));
    return bring(program, CUPEL_SEGMENT_STEP, feed, NULL, &(cupel_launch){0});
}

cupel_status cupel_program_repeat(cupel_program *program, cupel_segment segment, int64_t rows,
                                  int64_t steps)
{
    return run(program, segment, NULL, rows, steps);
}

void cupel_program_set_learning_rate(cupel_program *program, double learning_rate)
{
    program->learning_rate = learning_rate;
    program->rates_until = program->step;
}

double cupel_program_learning_rate(const cupel_program *program)
{
    return program->learning_rate *
           cupel_schedule_factor(&program->settings.optimizer.schedule, program->step);
}
