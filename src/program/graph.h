/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list of ops in a valid serial order over tensors that have no addresses yet. Layers, losses,
 * metrics and optimizers emit into it; plan.h gives the tensors places, bind.h the ops their pointers. */
#ifndef CUPEL_PROGRAM_GRAPH_H
#define CUPEL_PROGRAM_GRAPH_H

#include "base/status.h"
#include "op.h"

/* A tensor of a graph: an index, 0 for none. */
typedef int64_t cupel_value;

/* Where a tensor lives. */
typedef enum cupel_home {
    CUPEL_HOME_ACTIVATION, /* in the activation arena, planned by its lifetime */
    CUPEL_HOME_WEIGHTS,    /* in a flat parameter array, at an element offset */
    CUPEL_HOME_MIRROR,     /* the weights as layers multiply with them, where that is bf16 */
    CUPEL_HOME_GRADIENTS,
    CUPEL_HOME_MOMENT_1,
    CUPEL_HOME_MOMENT_2,
    CUPEL_HOME_MOMENT_3,
    CUPEL_HOME_SCALES,  /* the clip factors, one a parameter */
    CUPEL_HOME_TENSORS, /* the block table: which parameter a block of CUPEL_SLICE elements is of */
    CUPEL_HOME_RULES,   /* cupel_rule, one a parameter */
    CUPEL_HOME_COUNT
} cupel_home;

/* What an activation tensor is, for the memory report. */
typedef enum cupel_use { CUPEL_USE_ACTIVATION, CUPEL_USE_INPUT } cupel_use;

/* Element types as the rows of ops.def have them; logit is as acc is, and weight as real. */
typedef enum cupel_element {
    CUPEL_ELEMENT_REAL,
    CUPEL_ELEMENT_ACC,
    CUPEL_ELEMENT_F32,
    CUPEL_ELEMENT_I32,
    CUPEL_ELEMENT_COUNT
} cupel_element;

typedef struct cupel_tensor_plan {
    cupel_home home;
    cupel_use use;
    cupel_element element;
    int64_t per_row; /* ACTIVATION: elements a sample */
    int64_t fixed;   /* ACTIVATION: elements beside those */
    int64_t offset;  /* parameter arrays: in elements. ACTIVATION: in bytes, set by the plan */
    int64_t first;   /* ACTIVATION: the first and last op that touches it */
    int64_t last;
} cupel_tensor_plan;

/* The parts of a graph; a segment (program.h) runs those of its mask, in order. */
enum {
    CUPEL_PART_INPUT = 1 << 0,   /* the batch: x, y and weights */
    CUPEL_PART_FORWARD = 1 << 1,
    CUPEL_PART_LOSS = 1 << 2,    /* the loss of each row and its gradient */
    CUPEL_PART_METRICS = 1 << 3, /* values of the metrics, into the sums */
    CUPEL_PART_BACKWARD = 1 << 4,
    CUPEL_PART_PENALTY = 1 << 5, /* regularisers: into the loss and the gradients */
    CUPEL_PART_REPORT = 1 << 6,  /* the batch's loss */
    CUPEL_PART_UPDATE = 1 << 7,
    CUPEL_PART_INPUT_X = 1 << 8, /* the batch: x alone */
    /* The counters; a segment has one of these. */
    CUPEL_PART_COUNT = 1 << 9,   /* rows have come into the sums */
    CUPEL_PART_STEP = 1 << 10,   /* rows were trained on, and are not in the sums */
    CUPEL_PART_UPDATED = 1 << 11, /* an update alone */
    CUPEL_PART_MIRROR = 1 << 12   /* the mirror, from weights that the host has written */
};

typedef struct cupel_instruction {
    cupel_op op;
    unsigned part;
    int64_t args; /* where its argument words begin in the graph's words */
} cupel_instruction;

typedef struct cupel_graph {
    cupel_status status; /* the first failure; after it emitting does nothing */
    unsigned part;       /* of what is emitted from now on */
    cupel_tensor_plan *tensors; /* [tensor_count]; 0 is not used */
    int64_t tensor_count;
    int64_t tensor_room;
    cupel_instruction *instructions;
    int64_t instruction_count;
    int64_t instruction_room;
    uint64_t *words; /* argument structs with cupel_ref in place of pointers */
    int64_t word_count;
    int64_t word_room;
} cupel_graph;

/* A new tensor of the activation arena: per_row elements a sample and fixed ones. */
cupel_value cupel_graph_tensor(cupel_graph *graph, cupel_element element, int64_t per_row,
                               int64_t fixed);
/* A slice of a parameter array or table, by its element offset. */
cupel_value cupel_graph_slice(cupel_graph *graph, cupel_home home, int64_t offset);
/* Appends an op; args is its argument struct with cupel_ref for tensors. */
void cupel_graph_emit(cupel_graph *graph, cupel_op op, const void *args, int64_t bytes);
void cupel_graph_free(cupel_graph *graph);

/* A tensor as an argument: NULL for 0. */
static inline void *cupel_ref(cupel_value value)
{
    return (void *)(uintptr_t)value;
}

/* cupel_emit_<name>(graph, (cupel_<name>_args){...}). */
#define CUPEL_OP(name, scratch, ...)                                                               \
    static inline void cupel_emit_##name(cupel_graph *graph, cupel_##name##_args args)            \
    {                                                                                              \
        cupel_graph_emit(graph, CUPEL_OP_##name, &args, (int64_t)sizeof args);                     \
    }
#include "ops.def"
#undef CUPEL_OP

#endif
