/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Building a graph. The first failure is kept in graph->status, so that those who emit need not look
 * after every op. */
#include "program/graph.h"

#include "base/memory.h"
#include "program/fields.h"
#include <string.h>

/* Makes room for count more elements in a growing array. */
static bool grow(cupel_graph *graph, void **array, int64_t used, int64_t count, int64_t *room,
                 size_t size)
{
    if (graph->status != CUPEL_OK) return false;
    if (used + count <= *room) return true;
    const int64_t wanted = 2 * (used + count) + 16;
    void *grown = cupel_realloc(*array, wanted, size);
    if (grown == NULL) {
        graph->status = CUPEL_ERROR_MEMORY;
        return false;
    }
    *array = grown;
    *room = wanted;
    return true;
}

static cupel_value new_tensor(cupel_graph *graph, cupel_tensor_plan tensor)
{
    /* Tensor 0 stands for none. */
    if (graph->tensor_count == 0) graph->tensor_count = 1;
    void *array = graph->tensors;
    if (!grow(graph, &array, graph->tensor_count, 1, &graph->tensor_room, sizeof tensor)) return 0;
    graph->tensors = array;
    tensor.first = -1;
    tensor.last = -1;
    graph->tensors[graph->tensor_count] = tensor;
    return graph->tensor_count++;
}

cupel_value cupel_graph_tensor(cupel_graph *graph, cupel_element element, int64_t per_row,
                               int64_t fixed)
{
    return new_tensor(graph, (cupel_tensor_plan){.home = CUPEL_HOME_ACTIVATION,
                                                 .element = element,
                                                 .per_row = per_row,
                                                 .fixed = fixed});
}

cupel_value cupel_graph_slice(cupel_graph *graph, cupel_home home, int64_t offset)
{
    return new_tensor(graph, (cupel_tensor_plan){.home = home, .offset = offset});
}

/* The tensor that an argument word names; 0 for none and for fields that are no tensors. */
static cupel_value tensor_of(uint8_t field, uint64_t word)
{
    return field == CUPEL_ARG_IN || field == CUPEL_ARG_OUT || field == CUPEL_ARG_INOUT
               ? (cupel_value)word
               : 0;
}

void cupel_graph_emit(cupel_graph *graph, cupel_op op, const void *args, int64_t bytes)
{
    const int64_t words = bytes / 8;
    void *array = graph->instructions;
    if (!grow(graph, &array, graph->instruction_count, 1, &graph->instruction_room,
              sizeof *graph->instructions))
        return;
    graph->instructions = array;
    array = graph->words;
    if (!grow(graph, &array, graph->word_count, words, &graph->word_room, sizeof(uint64_t))) return;
    graph->words = array;

    uint64_t *target = graph->words + graph->word_count;
    memcpy(target, args, (size_t)bytes);
    const int64_t number = graph->instruction_count;
    for (int64_t i = 0; i < words; i++) {
        const cupel_value value = tensor_of(cupel_op_fields[op][i], target[i]);
        if (value == 0) continue;
        cupel_tensor_plan *tensor = &graph->tensors[value];
        if (tensor->first < 0) tensor->first = number;
        tensor->last = number;
    }
    graph->instructions[number] =
        (cupel_instruction){.op = op, .part = graph->part, .args = graph->word_count};
    graph->instruction_count++;
    graph->word_count += words;
}

void cupel_graph_free(cupel_graph *graph)
{
    cupel_free(graph->tensors);
    cupel_free(graph->instructions);
    cupel_free(graph->words);
    *graph = (cupel_graph){0};
}
