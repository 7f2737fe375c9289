/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which op with which arguments a metric emits. */
#include "metrics/metric_type.h"

#include "core.h"

static cupel_graph graph;

static void release(void)
{
    cupel_graph_free(&graph);
}

TestSuite(metric_type, .fini = release);

/* What a metric emits for samples of 3 rows: its only instruction's arguments. */
static const void *emit(cupel_metric metric, bool labels, bool from_logits, int64_t n,
                        cupel_op expected)
{
    cupel_graph_free(&graph);
    cupel_metric_place place = {
        .graph = &graph, .labels = labels, .from_logits = from_logits, .n = n, .group = 3};
    cupel_value *const values[] = {&place.p, &place.t, &place.value};
    for (int i = 0; i < 3; i++)
        *values[i] = cupel_graph_tensor(&graph, CUPEL_ELEMENT_REAL, 1, 0);
    cupel_metric_type_of(metric)->emit(&place);
    cr_assert_eq(graph.instruction_count, 1);
    cr_assert_eq(graph.instructions[0].op, expected, "n %lld: op %d", (long long)n,
                 (int)graph.instructions[0].op);
    return graph.words + graph.instructions[0].args;
}

#define EXPECT_PLACES(args, target, width)                                   \
    cr_expect((args)->p == cupel_ref(1) && (args)->target == cupel_ref(2) && \
              (args)->value == cupel_ref(3) && (args)->rows == 3 && (args)->n == (width))

/* Keras: one output is binary, class numbers are sparse, the rest is categorical. */
Test(metric_type, accuracy_is_what_the_shapes_say)
{
    for (int64_t n = 2; n < 5; n++) {
        const cupel_accuracy_categorical_args *args =
            emit(CUPEL_METRIC_ACCURACY, false, n == 3, n, CUPEL_OP_accuracy_categorical);
        EXPECT_PLACES(args, t, n);
        const cupel_accuracy_sparse_args *sparse =
            emit(CUPEL_METRIC_ACCURACY, true, n == 3, n, CUPEL_OP_accuracy_sparse);
        EXPECT_PLACES(sparse, label, n);
    }
    /* Probability 0.5 is logit 0. */
    for (int logits = 0; logits < 2; logits++) {
        const cupel_accuracy_binary_args *args =
            emit(CUPEL_METRIC_ACCURACY, false, logits != 0, 1, CUPEL_OP_accuracy_binary);
        EXPECT_PLACES(args, t, 1);
        cr_expect_eq(args->threshold, logits ? 0 : 0.5);
    }
}

Test(metric_type, errors)
{
    const cupel_absolute_error_args *mae =
        emit(CUPEL_METRIC_MAE, false, false, 4, CUPEL_OP_absolute_error);
    EXPECT_PLACES(mae, t, 4);
    const cupel_squared_error_args *mse =
        emit(CUPEL_METRIC_MSE, false, false, 4, CUPEL_OP_squared_error);
    EXPECT_PLACES(mse, t, 4);
}

Test(metric_type, what_each_is)
{
    const struct {
        cupel_metric metric;
        const char *name;
        bool labels, higher;
    } rows[] = {{CUPEL_METRIC_ACCURACY, "accuracy", true, true},
                {CUPEL_METRIC_MAE, "mae", false, false},
                {CUPEL_METRIC_MSE, "mse", false, false}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const cupel_metric_type *type = cupel_metric_type_of(rows[i].metric);
        cr_expect_str_eq(type->name, rows[i].name);
        cr_expect(type->takes_labels == rows[i].labels && type->higher_better == rows[i].higher);
    }
    cr_expect_null(cupel_metric_type_of(CUPEL_METRIC_NONE));
    cr_expect_null(cupel_metric_type_of((cupel_metric)2));
}
