/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The metrics. Whether the place of a maximum is right is a yes or no; what is a mean over a row is
 * a sum in float. */
#include "op_cases.h"

#define YES_OR_NO .gate.measure = CHECK_EXACT
#define MEAN .gate.measure = CHECK_SMOOTH, .gate.tau = 1e-6

const check_op check_metric_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_accuracy_sparse] = {.tensors =
                                      CHECK_TENSORS({"p", "rows n", .fill = CHECK_TIES},
                                                    {"label", "rows", .fill = CHECK_BEST_LABELS},
                                                    {"value", "rows", YES_OR_NO}),
                                  .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    [CUPEL_OP_accuracy_categorical] = {.tensors = CHECK_TENSORS(
                                           {"p", "rows n", .fill = CHECK_TIES},
                                           {"t", "rows n", .fill = CHECK_BEST_TARGETS},
                                           {"value", "rows", YES_OR_NO}),
                                       .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    /* A count over n: one division, or a product with a rounded 1 / n. */
    [CUPEL_OP_accuracy_binary] =
        {.tensors = CHECK_TENSORS(
             {"p", "rows n", .fill = CHECK_TIES}, {"t", "rows n", .fill = CHECK_BITS},
             {"value", "rows", .gate.measure = CHECK_RELATIVE, .gate.tau = 2 * CHECK_ULP}),
         .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n")),
         .variants = CHECK_WORDS("threshold=0.5", "threshold=0", "threshold=0.25")},
    [CUPEL_OP_absolute_error] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_NORMAL},
                                                          {"t", "rows n", .fill = CHECK_NORMAL},
                                                          {"value", "rows", MEAN}),
                                 .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    [CUPEL_OP_squared_error] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_NORMAL},
                                                         {"t", "rows n", .fill = CHECK_NORMAL},
                                                         {"value", "rows", MEAN}),
                                .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    /* Its results stand in the control block. */
    [CUPEL_OP_mean] = {.tensors = CHECK_TENSORS({"value", "count", .fill = CHECK_NORMAL},
                                                {"penalty", "penalties", .fill = CHECK_UNIFORM}),
                       .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                       .variants =
                           CHECK_WORDS("penalties=3 index=0", "penalty=null penalties=0 index=16",
                                       "penalties=1 index=2")},
};
