/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Binding relies on what ops.def promises: every field is 8 bytes, tensors are indices, ROWS fields
 * hold what one sample needs. */
#include "program/bind.h"

#include "base/memory.h"
#include "program/fields.h"
#include <string.h>

#define FORWARD                                                                                    \
    (CUPEL_PART_INPUT | CUPEL_PART_FORWARD | CUPEL_PART_LOSS | CUPEL_PART_PENALTY)
#define STEP (FORWARD | CUPEL_PART_BACKWARD)
#define SUMS (CUPEL_PART_METRICS | CUPEL_PART_REPORT | CUPEL_PART_COUNT)

static const unsigned parts[CUPEL_SEGMENT_COUNT] = {
    [CUPEL_SEGMENT_STEP] = STEP | CUPEL_PART_UPDATE | CUPEL_PART_STEP,
    [CUPEL_SEGMENT_STEP_LOSS] = STEP | CUPEL_PART_REPORT | CUPEL_PART_UPDATE | CUPEL_PART_STEP,
    [CUPEL_SEGMENT_STEP_REPORT] = STEP | SUMS | CUPEL_PART_UPDATE,
    [CUPEL_SEGMENT_GRADIENTS] = STEP | CUPEL_PART_REPORT,
    [CUPEL_SEGMENT_UPDATE] = CUPEL_PART_UPDATE | CUPEL_PART_UPDATED,
    [CUPEL_SEGMENT_LOSS] = FORWARD | CUPEL_PART_REPORT,
    [CUPEL_SEGMENT_EVAL] = FORWARD | SUMS,
    [CUPEL_SEGMENT_PREDICT] = CUPEL_PART_INPUT_X | CUPEL_PART_FORWARD,
    [CUPEL_SEGMENT_MIRROR] = CUPEL_PART_MIRROR,
};

bool cupel_segment_trains(cupel_segment segment)
{
    return segment < CUPEL_SEGMENT_EVAL;
}

const cupel_graph *cupel_segment_graph(const cupel_program *program, cupel_segment segment)
{
    return cupel_segment_trains(segment) ? &program->train : &program->infer;
}

static void *address(const cupel_program *program, const cupel_tensor_plan *tensor)
{
    int64_t size = 1;
    switch (tensor->home) {
    case CUPEL_HOME_ACTIVATION:
        break;
    case CUPEL_HOME_TENSORS:
        size = (int64_t)sizeof(int32_t);
        break;
    case CUPEL_HOME_RULES:
        size = (int64_t)sizeof(cupel_rule);
        break;
    case CUPEL_HOME_MIRROR:
        size = program->real_size;
        break;
    default:
        size = program->acc_size;
        break;
    }
    return (unsigned char *)program->base[tensor->home] + tensor->offset * size;
}

/* Copies the argument words of one instruction and counts rows into them. */
static int64_t copy_words(const cupel_graph *graph, const cupel_instruction *instruction,
                          int64_t rows, uint64_t *words)
{
    const uint8_t *fields = cupel_op_fields[instruction->op];
    const uint64_t *from = graph->words + instruction->args;
    int64_t count = 0;
    for (; fields[count] != CUPEL_ARG_END; count++) {
        words[count] = from[count];
        if (fields[count] == CUPEL_ARG_ROWS) words[count] = from[count] * (uint64_t)rows;
    }
    return count;
}

int64_t cupel_bind_scratch(const cupel_program *program, const cupel_graph *graph, int64_t rows)
{
    int64_t bytes = 0;
    for (int64_t i = 0; i < graph->instruction_count; i++) {
        const cupel_instruction *instruction = &graph->instructions[i];
        const cupel_op_entry *entry = &program->ops[instruction->op];
        if (entry->needs == NULL) continue;
        uint64_t words[CUPEL_MOST_FIELDS];
        copy_words(graph, instruction, rows, words);
        const int64_t need = entry->needs(words);
        if (need > bytes) bytes = need;
    }
    return bytes;
}

void cupel_bind_segment(const cupel_program *program, cupel_segment segment, int64_t rows,
                        cupel_executable *executable)
{
    const cupel_graph *graph = cupel_segment_graph(program, segment);
    uint64_t *words = executable->words;
    executable->segment = segment;
    executable->rows = rows;
    executable->call_count = 0;
    for (int64_t i = 0; i < graph->instruction_count; i++) {
        const cupel_instruction *instruction = &graph->instructions[i];
        if ((instruction->part & parts[segment]) == 0) continue;
        const int64_t count = copy_words(graph, instruction, rows, words);
        const uint8_t *fields = cupel_op_fields[instruction->op];
        for (int64_t j = 0; j < count; j++) {
            if (fields[j] != CUPEL_ARG_IN && fields[j] != CUPEL_ARG_OUT &&
                fields[j] != CUPEL_ARG_INOUT)
                continue;
            if (words[j] == 0) continue;
            words[j] = (uint64_t)(uintptr_t)address(program, &graph->tensors[words[j]]);
        }
        executable->calls[executable->call_count++] =
            (cupel_call){.entry = &program->ops[instruction->op], .args = words};
        words += count;
    }
}
