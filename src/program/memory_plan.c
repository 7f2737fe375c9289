/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/memory_plan.h"

#include "base/memory.h"
#include "program/bind.h"
#include "program/plan.h"
#include "program/stream.h"

int64_t cupel_memory_home(const cupel_program *program, cupel_home home)
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

int64_t cupel_memory_rates(const cupel_program *program)
{
    if (program->settings.loss == NULL) return 0;
    return cupel_align(CUPEL_RATES * (int64_t)sizeof(cupel_rate));
}

int64_t cupel_memory_control(void)
{
    return cupel_align((int64_t)sizeof(cupel_control));
}

/* Adds a graph's needs for rows samples to a plan; offsets[tensor_count] get the places. */
static cupel_status plan_graph(const cupel_program *program, const cupel_graph *graph, int64_t rows,
                               int64_t *offsets, cupel_batch_plan *plan)
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

cupel_status cupel_memory_plan(const cupel_program *program, int64_t train_rows,
                               int64_t infer_rows, bool keep, cupel_batch_plan *plan)
{
    *plan = (cupel_batch_plan){0};
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
    cupel_batch_plan plan;
    CUPEL_TRY(cupel_memory_plan(program, batch, batch, false, &plan));
    cupel_memory m = {
        .weights =
            cupel_memory_home(program, CUPEL_HOME_WEIGHTS) + cupel_memory_home(program, CUPEL_HOME_MIRROR),
        .gradients = cupel_memory_home(program, CUPEL_HOME_GRADIENTS),
        .activations = plan.arena - plan.input,
        .input = plan.input + cupel_stream_bytes(program, batch),
        .workspace = program->device->backend->workspace + plan.scratch + cupel_memory_control() +
                     cupel_memory_rates(program) +
                     cupel_memory_home(program, CUPEL_HOME_SCALES) +
                     cupel_memory_home(program, CUPEL_HOME_TENSORS) +
                     cupel_memory_home(program, CUPEL_HOME_RULES),
    };
    for (int home = CUPEL_HOME_MOMENT_1; home <= CUPEL_HOME_MOMENT_3; home++)
        m.moments += cupel_memory_home(program, (cupel_home)home);
    m.total = m.weights + m.gradients + m.moments + m.activations + m.input + m.workspace;
    *memory = m;
    return CUPEL_OK;
}
