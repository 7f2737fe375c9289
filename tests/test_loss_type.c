/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which op with which arguments a loss emits. */
#include "losses/loss_type.h"

#include "core.h"

static cupel_graph graph;

/* What a loss emits for samples of 3 rows of 4 elements: its only instruction's arguments. */
static const void *emit(cupel_loss loss, bool from_logits, double smoothing, cupel_op expected)
{
    cupel_graph_free(&graph);
    cupel_loss_place place = {
        .graph = &graph, .from_logits = from_logits, .smoothing = smoothing, .n = 4, .group = 3};
    cupel_value *const values[] = {&place.p, &place.t, &place.dp, &place.loss};
    for (int i = 0; i < 4; i++)
        *values[i] = cupel_graph_tensor(&graph, CUPEL_ELEMENT_REAL, 1, 0);
    cupel_loss_type_of(loss)->emit(&place);
    cr_assert_eq(graph.instruction_count, 1);
    cr_assert_eq(graph.instructions[0].op, expected);
    return graph.words + graph.instructions[0].args;
}

static void release(void)
{
    cupel_graph_free(&graph);
}

TestSuite(loss_type, .fini = release);

/* The fields that all losses begin with. */
#define EXPECT_PLACES(args, target)                                                              \
    cr_expect((args)->p == cupel_ref(1) && (args)->target == cupel_ref(2) &&                     \
              (args)->dp == cupel_ref(3) && (args)->loss == cupel_ref(4) && (args)->rows == 3 && \
              (args)->n == 4 && (args)->group == 3)

Test(loss_type, mse)
{
    const cupel_mse_args *args = emit(CUPEL_LOSS_MSE, false, 0, CUPEL_OP_mse);
    EXPECT_PLACES(args, t);
}

Test(loss_type, binary)
{
    for (int logits = 0; logits < 2; logits++) {
        const cupel_binary_xent_args *args =
            emit(CUPEL_LOSS_BINARY_CROSSENTROPY, logits != 0, 0.25, CUPEL_OP_binary_xent);
        EXPECT_PLACES(args, t);
        cr_expect(args->from_logits == logits && args->smoothing == 0.25 && args->epsilon == 1e-7);
    }
}

Test(loss_type, categorical)
{
    const cupel_xent_args *args =
        emit(CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, false, 0.25, CUPEL_OP_xent);
    EXPECT_PLACES(args, t);
    cr_expect(args->smoothing == 0.25 && args->epsilon == 1e-7);
    const cupel_softmax_xent_args *logits =
        emit(CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, true, 0.125, CUPEL_OP_softmax_xent);
    EXPECT_PLACES(logits, t);
    cr_expect_eq(logits->smoothing, 0.125);
}

Test(loss_type, sparse)
{
    const cupel_xent_sparse_args *args =
        emit(CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, false, 0, CUPEL_OP_xent_sparse);
    EXPECT_PLACES(args, label);
    cr_expect_eq(args->epsilon, 1e-7);
    const cupel_softmax_xent_sparse_args *logits =
        emit(CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, true, 0, CUPEL_OP_softmax_xent_sparse);
    EXPECT_PLACES(logits, label);
}

Test(loss_type, what_each_takes)
{
    const struct {
        cupel_loss loss;
        bool logits, smoothing, labels;
        int64_t least;
    } rows[] = {{CUPEL_LOSS_MSE, false, false, false, 1},
                {CUPEL_LOSS_BINARY_CROSSENTROPY, true, true, false, 1},
                {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, true, true, false, 2},
                {CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, true, false, true, 2}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cupel_loss_type *type = cupel_loss_type_of(rows[i].loss);
        cr_expect(type->takes_logits == rows[i].logits &&
                  type->takes_smoothing == rows[i].smoothing && type->labels == rows[i].labels &&
                  type->least == rows[i].least);
    }
    cr_expect_null(cupel_loss_type_of(CUPEL_LOSS_NONE));
    cr_expect_null(cupel_loss_type_of((cupel_loss)2));
}
