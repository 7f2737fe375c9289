/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arrays come in three steps: the weights and the control block, the arrays of training, and the arena
 * and scratch that a batch needs. A larger batch plans again; a smaller one uses what is there. */
#include "program/storage.h"

#include "base/memory.h"
#include "program/bind.h"
#include "program/plan.h"
#include "program/stream.h"

/* The bytes of an array that does not depend on the batch. */
static int64_t home_bytes(const cupel_program *program, cupel_home home)
{
    const cupel_network *network = program->network;
    const cupel_settings *settings = &program->settings;
    const int64_t array = network->elements * program->acc_size;
    if (home == CUPEL_HOME_WEIGHTS) return array;
    if (home == CUPEL_HOME_MIRROR)
        return program->mirrored ? network->elements * program->real_size : 0;
    if (settings->loss == NULL) return 0;
    const cupel_optimizer *optimizer = &settings->optimizer;
    const int64_t moments = settings->optimizer_type->moments(optimizer);
    switch (home) {
    case CUPEL_HOME_GRADIENTS:
        return array;
    case CUPEL_HOME_MOMENT_1:
    case CUPEL_HOME_MOMENT_2:
    case CUPEL_HOME_MOMENT_3:
        return home - CUPEL_HOME_MOMENT_1 < moments ? array : 0;
    case CUPEL_HOME_SCALES:
        return optimizer->clipnorm != 0 || optimizer->global_clipnorm != 0
                   ? cupel_align(network->parameter_count * program->acc_size)
                   : 0;
    case CUPEL_HOME_TENSORS:
        return cupel_align(network->elements / CUPEL_SLICE * (int64_t)sizeof(int32_t));
    case CUPEL_HOME_RULES:
        return cupel_align(network->parameter_count * (int64_t)sizeof(cupel_rule));
    default:
        return 0;
    }
}

static int64_t rates_bytes(const cupel_program *program)
{
    if (program->settings.loss == NULL) return 0;
    return cupel_align(CUPEL_RATES * (int64_t)sizeof(cupel_rate));
}

static int64_t control_bytes(void)
{
    return cupel_align((int64_t)sizeof(cupel_control));
}

/* What a batch needs: the arena for both graphs, and scratch. */
typedef struct batch_plan {
    int64_t arena;
    int64_t input;
    int64_t scratch;
} batch_plan;

/* Adds a graph's needs for rows samples to a plan; offsets[tensor_count] get the places. */
static cupel_status plan_graph(const cupel_program *program, const cupel_graph *graph, int64_t rows,
                               int64_t *offsets, batch_plan *plan)
{
    int64_t bytes = 0;
    int64_t input = 0;
    CUPEL_TRY(cupel_plan_graph(graph, rows, program->real_size, program->acc_size, offsets,
                               &bytes, &input));
    const int64_t scratch = cupel_align(cupel_bind_scratch(program, graph, rows));
    if (bytes > plan->arena) {
        plan->arena = bytes;
        plan->input = input;
    }
    if (scratch > plan->scratch) plan->scratch = scratch;
    return CUPEL_OK;
}

/* Plans both graphs; the offsets go to the tensors where keep is set. */
static cupel_status plan_batch(const cupel_program *program, int64_t train_rows, int64_t infer_rows,
                               bool keep, batch_plan *plan)
{
    *plan = (batch_plan){0};
    const cupel_graph *graphs[2] = {&program->train, &program->infer};
    const int64_t rows[2] = {train_rows, infer_rows};
    for (int i = 0; i < 2; i++) {
        const cupel_graph *graph = graphs[i];
        if (graph->instruction_count == 0 || rows[i] == 0) continue;
        int64_t *offsets = cupel_alloc(graph->tensor_count, sizeof *offsets);
        if (offsets == NULL) return CUPEL_ERROR_MEMORY;
        const cupel_status status = plan_graph(program, graph, rows[i], offsets, plan);
        for (int64_t j = 1; keep && status == CUPEL_OK && j < graph->tensor_count; j++) {
            if (graph->tensors[j].home == CUPEL_HOME_ACTIVATION)
                graph->tensors[j].offset = offsets[j];
        }
        cupel_free(offsets);
        CUPEL_TRY(status);
    }
    return CUPEL_OK;
}

cupel_status cupel_program_memory(const cupel_program *program, int64_t batch, cupel_memory *memory)
{
    *memory = (cupel_memory){0};
    batch_plan plan;
    CUPEL_TRY(plan_batch(program, batch, batch, false, &plan));
    cupel_memory m = {
        .weights =
            home_bytes(program, CUPEL_HOME_WEIGHTS) + home_bytes(program, CUPEL_HOME_MIRROR),
        .gradients = home_bytes(program, CUPEL_HOME_GRADIENTS),
        .activations = plan.arena - plan.input,
        .input = plan.input + cupel_stream_bytes(program, batch),
        .workspace = program->device->backend->workspace + plan.scratch + control_bytes() +
                     rates_bytes(program) +
                     home_bytes(program, CUPEL_HOME_SCALES) +
                     home_bytes(program, CUPEL_HOME_TENSORS) +
                     home_bytes(program, CUPEL_HOME_RULES),
    };
    for (int home = CUPEL_HOME_MOMENT_1; home <= CUPEL_HOME_MOMENT_3; home++)
        m.moments += home_bytes(program, (cupel_home)home);
    m.total = m.weights + m.gradients + m.moments + m.activations + m.input + m.workspace;
    *memory = m;
    return CUPEL_OK;
}

/* Takes bytes where the pointer is still NULL. */
static cupel_status take(cupel_program *program, int64_t bytes, void **pointer)
{
    if (*pointer != NULL || bytes == 0) return CUPEL_OK;
    return cupel_device_alloc(program->device, bytes, pointer);
}

static cupel_status take_home(cupel_program *program, cupel_home home)
{
    program->bytes[home] = home_bytes(program, home);
    return take(program, program->bytes[home], &program->base[home]);
}

cupel_status cupel_program_need_weights(cupel_program *program)
{
    CUPEL_TRY(take_home(program, CUPEL_HOME_WEIGHTS));
    CUPEL_TRY(take_home(program, CUPEL_HOME_MIRROR));
    if (program->control != NULL) return CUPEL_OK;
    void *control = NULL;
    CUPEL_TRY(take(program, control_bytes(), &control));
    const cupel_control first = {.seed = (int64_t)program->seed, .x_scale = 1};
    const cupel_status status =
        program->device->backend->upload(&program->queue, control, &first, sizeof first);
    if (status != CUPEL_OK) {
        cupel_device_free(program->device, control, control_bytes());
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
    CUPEL_TRY(take(program, rates_bytes(program), &rates));
    program->rates = rates;
    return CUPEL_OK;
}

static void free_batch(cupel_program *program)
{
    /* Runs that use the memory may be on their way; on a device that is lost nothing is. */
    program->device->backend->synchronize(&program->queue);
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
    batch_plan plan;
    CUPEL_TRY(plan_batch(program, train_rows, infer_rows, false, &plan));
    free_batch(program);
    CUPEL_TRY(plan_batch(program, train_rows, infer_rows, true, &plan));
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
    CUPEL_TRY(cupel_program_need_weights(program));
    CUPEL_TRY(take(program, program->device->backend->workspace, &program->workspace));
    const bool trains = cupel_segment_trains(segment);
    if (trains) CUPEL_TRY(cupel_storage_need_training(program));
    if (rows <= (trains ? program->train_rows : program->infer_rows)) return CUPEL_OK;
    /* The plan that a user sees is that of both graphs for one batch size, so training plans both. */
    const int64_t train_rows = trains ? rows : program->train_rows;
    const int64_t infer_rows = rows > program->infer_rows ? rows : program->infer_rows;
    return grow(program, train_rows, infer_rows);
}

void cupel_storage_free(cupel_program *program)
{
    free_batch(program);
    for (int home = 0; home < CUPEL_HOME_COUNT; home++) {
        cupel_device_free(program->device, program->base[home], program->bytes[home]);
        program->base[home] = NULL;
    }
    cupel_device_free(program->device, program->control, control_bytes());
    cupel_device_free(program->device, program->rates, rates_bytes(program));
    cupel_device_free(program->device, program->workspace, program->device->backend->workspace);
    program->control = NULL;
    program->rates = NULL;
    program->workspace = NULL;
}
