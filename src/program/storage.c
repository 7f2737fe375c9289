/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arrays come in three steps: the weights and the control block, the arrays of training, and the arena
 * and scratch that a batch needs. A larger batch plans again; a smaller one uses what is there. */
#include "program/storage.h"

#include "base/memory.h"
#include "program/bind.h"
#include "program/memory_plan.h"
#include "program/stream.h"

/* Takes bytes where the pointer is still NULL. */
static cupel_status take(cupel_program *program, int64_t bytes, void **pointer)
{
    if (*pointer != NULL || bytes == 0) return CUPEL_OK;
    return cupel_device_alloc(program->device, bytes, pointer);
}

static cupel_status take_home(cupel_program *program, cupel_home home)
{
    program->bytes[home] = cupel_memory_home(program, home);
    return take(program, program->bytes[home], &program->base[home]);
}

cupel_status cupel_program_need_weights(cupel_program *program)
{
    CUPEL_TRY(take_home(program, CUPEL_HOME_WEIGHTS));
    CUPEL_TRY(take_home(program, CUPEL_HOME_MIRROR));
    if (program->control != NULL) return CUPEL_OK;
    void *control = NULL;
    CUPEL_TRY(take(program, cupel_memory_control(), &control));
    const cupel_control first = {.seed = (int64_t)program->seed, .x_scale = 1};
    const cupel_status status =
        program->device->backend->upload(&program->queue, control, &first, sizeof first);
    if (status != CUPEL_OK) {
        cupel_device_free(program->device, control, cupel_memory_control());
        return status;
    }
    program->control = control;
    return CUPEL_OK;
}

/* Which tensor each block of the flat arrays is of, and how the update treats it. */
static cupel_status upload_tables(cupel_program *program)
{
    const cupel_network *network = program->network;
    int32_t *tensors = cupel_alloc(network->elements / CUPEL_SLICE, sizeof *tensors);
    cupel_rule *rules = cupel_alloc(network->parameter_count, sizeof *rules);
    cupel_status status = tensors == NULL || rules == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
    for (int64_t i = 0; status == CUPEL_OK && i < network->parameter_count; i++) {
        const cupel_parameter_plan *parameter = &network->parameters[i];
        rules[i].decay = program->settings.optimizer.weight_decay;
        const int64_t first = parameter->offset / CUPEL_SLICE;
        const int64_t blocks = (parameter->count + CUPEL_SLICE - 1) / CUPEL_SLICE;
        for (int64_t j = 0; j < blocks; j++) tensors[first + j] = (int32_t)i;
    }
    const cupel_backend *backend = program->device->backend;
    if (status == CUPEL_OK)
        status = backend->upload(&program->queue, program->base[CUPEL_HOME_TENSORS], tensors,
                                 network->elements / CUPEL_SLICE * (int64_t)sizeof *tensors);
    if (status == CUPEL_OK)
        status = backend->upload(&program->queue, program->base[CUPEL_HOME_RULES], rules,
                                 network->parameter_count * (int64_t)sizeof *rules);
    cupel_free(tensors);
    cupel_free(rules);
    return status;
}

cupel_status cupel_storage_need_training(cupel_program *program)
{
    if (program->rates != NULL) return CUPEL_OK;
    for (int home = CUPEL_HOME_GRADIENTS; home < CUPEL_HOME_COUNT; home++)
        CUPEL_TRY(take_home(program, (cupel_home)home));
    CUPEL_TRY(upload_tables(program));
    void *rates = NULL;
    CUPEL_TRY(take(program, cupel_memory_rates(program), &rates));
    program->rates = rates;
    return CUPEL_OK;
}

static void free_batch(cupel_program *program)
{
    /* Runs that use the memory may be on their way; on a device that is lost nothing is. */
    cupel_queue_settle(&program->queue);
    cupel_program_forget(program);
    cupel_stream_free(program);
    cupel_device_free(program->device, program->base[CUPEL_HOME_ACTIVATION],
                      program->bytes[CUPEL_HOME_ACTIVATION]);
    cupel_device_free(program->device, program->scratch, program->scratch_bytes);
    program->base[CUPEL_HOME_ACTIVATION] = NULL;
    program->scratch = NULL;
    program->bytes[CUPEL_HOME_ACTIVATION] = 0;
    program->scratch_bytes = 0;
    program->train_rows = 0;
    program->infer_rows = 0;
}

/* Plans for larger batches and takes that memory in the place of the old, which holds nothing that
 * outlives a run. */
static cupel_status grow(cupel_program *program, int64_t train_rows, int64_t infer_rows)
{
    cupel_batch_plan plan;
    CUPEL_TRY(cupel_memory_plan(program, train_rows, infer_rows, false, &plan));
    /* What fails on the way is told before anything is given up. */
    CUPEL_TRY(program->device->backend->synchronize(&program->queue));
    free_batch(program);
    CUPEL_TRY(cupel_memory_plan(program, train_rows, infer_rows, true, &plan));
    cupel_status status = take(program, plan.arena, &program->base[CUPEL_HOME_ACTIVATION]);
    if (status == CUPEL_OK) {
        program->bytes[CUPEL_HOME_ACTIVATION] = plan.arena;
        status = take(program, plan.scratch, &program->scratch);
    }
    if (status != CUPEL_OK) {
        free_batch(program);
        return status;
    }
    program->scratch_bytes = plan.scratch;
    program->train_rows = train_rows;
    program->infer_rows = infer_rows;
    return CUPEL_OK;
}

cupel_status cupel_storage_need(cupel_program *program, cupel_segment segment, int64_t rows)
{
    const bool trains = cupel_segment_trains(segment);
    const bool grows = rows > (trains ? program->train_rows : program->infer_rows);
    /* The plan that a user sees is that of both graphs for one batch size, so training plans both. */
    const int64_t train_rows = trains && grows ? rows : program->train_rows;
    const int64_t infer_rows = rows > program->infer_rows ? rows : program->infer_rows;
    if (grows) CUPEL_TRY(cupel_memory_check(program, segment, train_rows, infer_rows));
    CUPEL_TRY(cupel_program_need_weights(program));
    CUPEL_TRY(take(program, program->device->backend->workspace, &program->workspace));
    if (trains) CUPEL_TRY(cupel_storage_need_training(program));
    return grows ? grow(program, train_rows, infer_rows) : CUPEL_OK;
}

void cupel_storage_free(cupel_program *program)
{
    free_batch(program);
    for (int home = 0; home < CUPEL_HOME_COUNT; home++) {
        cupel_device_free(program->device, program->base[home], program->bytes[home]);
        program->base[home] = NULL;
    }
    cupel_device_free(program->device, program->control, cupel_memory_control());
    cupel_device_free(program->device, program->rates, cupel_memory_rates(program));
    cupel_device_free(program->device, program->workspace, program->device->backend->workspace);
    program->control = NULL;
    program->rates = NULL;
    program->workspace = NULL;
}
