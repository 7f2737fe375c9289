/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/graph.h"

#include "core.h"
#include "fault.h"
#include "program/fields.h"

static cupel_graph graph;

Test(graph, tensors_are_numbered_from_1)
{
    cr_expect_eq(cupel_graph_tensor(&graph, CUPEL_ELEMENT_I32, 3, 4), 1);
    cr_expect_eq(cupel_graph_slice(&graph, CUPEL_HOME_GRADIENTS, 256), 2);
    cr_expect_eq(graph.tensor_count, 3);
    const cupel_tensor_plan *tensor = &graph.tensors[1];
    cr_expect(tensor->home == CUPEL_HOME_ACTIVATION && tensor->element == CUPEL_ELEMENT_I32 &&
              tensor->per_row == 3 && tensor->fixed == 4);
    cr_expect(tensor->first == -1 && tensor->last == -1, "no op has touched it");
    cr_expect(graph.tensors[2].home == CUPEL_HOME_GRADIENTS && graph.tensors[2].offset == 256);
    cr_expect_null(cupel_ref(0));
    cupel_graph_free(&graph);
    cr_expect_eq(graph.tensor_count, 0);
}

Test(graph, ops_give_tensors_their_lives)
{
    cupel_value t[6];
    for (int i = 1; i < 6; i++)
        t[i] = cupel_graph_tensor(&graph, CUPEL_ELEMENT_REAL, 1, 0);
    graph.part = CUPEL_PART_FORWARD;
    /* The number of the activation and of the inputs are no tensors, though they look like some. */
    cupel_emit_dense(&graph, (cupel_dense_args){.x = cupel_ref(t[1]),
                                                .w = cupel_ref(t[2]),
                                                .y = cupel_ref(t[3]),
                                                .rows = 1,
                                                .n_in = t[5],
                                                .n_out = 7,
                                                .activation = t[4]});
    graph.part = CUPEL_PART_BACKWARD;
    cupel_emit_add(&graph, (cupel_add_args){.a = cupel_ref(t[3]),
                                            .b = cupel_ref(t[4]),
                                            .y = cupel_ref(t[3]),
                                            .count = t[5]});
    cupel_emit_advance(&graph, (cupel_advance_args){.rows = 1});
    const int64_t lives[6][2] = {{0}, {0, 0}, {0, 0}, {0, 1}, {1, 1}, {-1, -1}};
    for (int i = 1; i < 6; i++) {
        cr_expect_eq(graph.tensors[t[i]].first, lives[i][0], "tensor %d", i);
        cr_expect_eq(graph.tensors[t[i]].last, lives[i][1], "tensor %d", i);
    }
    cr_assert_eq(graph.instruction_count, 3);
    cr_expect_eq(graph.instructions[0].op, CUPEL_OP_dense);
    cr_expect_eq(graph.instructions[0].part, (unsigned)CUPEL_PART_FORWARD);
    cr_expect_eq(graph.instructions[1].op, CUPEL_OP_add);
    cr_expect_eq(graph.instructions[1].part, (unsigned)CUPEL_PART_BACKWARD);
    cupel_add_args args;
    memcpy(&args, graph.words + graph.instructions[1].args, sizeof args);
    cr_expect(args.a == cupel_ref(t[3]) && args.b == cupel_ref(t[4]) && args.count == t[5]);
    cr_expect_eq(graph.word_count,
                 (int64_t)(sizeof(cupel_dense_args) + sizeof args + sizeof(cupel_advance_args)) /
                     8);
    cupel_graph_free(&graph);
}

Test(graph, a_long_one_keeps_what_it_has)
{
    for (int64_t i = 0; i < 3000; i++) {
        const cupel_value x = cupel_graph_tensor(&graph, CUPEL_ELEMENT_REAL, i + 1, 0);
        cupel_emit_activation(&graph,
                              (cupel_activation_args){.x = cupel_ref(x), .count = i, .slope = 0.5});
    }
    cr_assert_eq(graph.status, CUPEL_OK);
    for (int64_t i = 0; i < 3000; i++) {
        cupel_activation_args args;
        memcpy(&args, graph.words + graph.instructions[i].args, sizeof args);
        cr_assert(args.x == cupel_ref(i + 1) && args.count == i && args.slope == 0.5);
        cr_assert_eq(graph.tensors[i + 1].per_row, i + 1);
        cr_assert(graph.tensors[i + 1].first == i && graph.tensors[i + 1].last == i);
    }
    cupel_graph_free(&graph);
}

/* After the first failure nothing is added, and nothing is lost. */
Test(graph, the_first_failure_stays)
{
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        fault_memory_arm(n, false);
        for (int i = 0; i < 100; i++) {
            const cupel_value x = cupel_graph_tensor(&graph, CUPEL_ELEMENT_REAL, 1, 0);
            cr_expect(x != 0 || graph.status == CUPEL_ERROR_MEMORY);
            cupel_emit_add(&graph, (cupel_add_args){.a = cupel_ref(x), .count = 1});
        }
        const int64_t failed = fault_memory_disarm();
        cr_expect_eq(graph.status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK);
        cr_expect_eq(graph.instruction_count<100, failed> 0);
        cupel_graph_free(&graph);
        cr_assert_eq(fault_memory_blocks(), 0);
        if (failed == 0) break;
    }
    fault_memory_remove();
}

/* The fields of some ops, as their rows in ops.def have them. */
Test(graph, fields_of_the_ops)
{
    const uint8_t dense[] = {CUPEL_ARG_IN,    CUPEL_ARG_IN,    CUPEL_ARG_IN,    CUPEL_ARG_OUT,
                             CUPEL_ARG_OUT,   CUPEL_ARG_OUT,   CUPEL_ARG_ROWS,  CUPEL_ARG_OTHER,
                             CUPEL_ARG_OTHER, CUPEL_ARG_OTHER, CUPEL_ARG_OTHER, CUPEL_ARG_END};
    cr_expect_arr_eq(cupel_op_fields[CUPEL_OP_dense], dense, sizeof dense);
    const uint8_t penalty[] = {CUPEL_ARG_IN,    CUPEL_ARG_INOUT, CUPEL_ARG_INOUT, CUPEL_ARG_OTHER,
                               CUPEL_ARG_OTHER, CUPEL_ARG_OTHER, CUPEL_ARG_OTHER, CUPEL_ARG_END};
    cr_expect_arr_eq(cupel_op_fields[CUPEL_OP_penalty], penalty, sizeof penalty);
    for (int op = 0; op < CUPEL_OP_COUNT; op++) {
        int fields = 0;
        while (cupel_op_fields[op][fields] != CUPEL_ARG_END)
            fields++;
        cr_expect(fields > 0 && fields < CUPEL_MOST_FIELDS, "op %d", op);
    }
}
