/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Activations, softmax, dropout and add. An element-wise function may be off by 4 units in the last
 * place, 8 halves of one, and by what 4 units of its argument make of it. Softmax adds up a row
 * before it divides. */
#include "op_cases.h"

#define FUNCTION                                      \
    {                                                 \
        .measure = CHECK_SMOOTH, .tau = 8 * CHECK_ULP \
    }
#define ROW                                  \
    {                                        \
        .measure = CHECK_SMOOTH, .tau = 1e-6 \
    }
/* The factor 1 / (1 - rate) is rounded, then the product. */
#define SCALED                                          \
    {                                                   \
        .measure = CHECK_RELATIVE, .tau = 2 * CHECK_ULP \
    }

/* The first number of a row need not be a multiple of 4 among the counters, nor below 2^32. */
#define DROPOUTS                                                                                 \
    CHECK_WORDS("rate=0.25", "rate=0.5 step=1 row_offset=1", "rate=0.1 step=4294967297 seed=-5", \
                "rate=0.75 row_offset=12345678901 seed=1099511627776", "rate=0", "rate=1",       \
                "rate=0.3 step=77 row_offset=3 stream=65535")

const check_op check_element_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_activation] = {.tensors = CHECK_TENSORS({"x", "count", .fill = CHECK_NORMAL},
                                                      {"y", "count", .gate = FUNCTION}),
                             .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                             .variants = CHECK_WORDS(
                                 "activation=gelu", "activation=linear", "activation=relu",
                                 "activation=sigmoid", "activation=tanh", "activation=leaky_relu",
                                 "activation=elu", "activation=selu", "activation=silu",
                                 "activation=softplus", "activation=tanh y=x"),
                             .common = "slope=0.2"},
    [CUPEL_OP_activation_backward] =
        {.tensors = CHECK_TENSORS(
             {"dy", "count", .fill = CHECK_NORMAL}, {"y", "count", .fill = CHECK_NORMAL},
             {"x", "count", .fill = CHECK_NORMAL}, {"dx", "count", .gate = FUNCTION}),
         .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
         .variants = CHECK_WORDS(
             "activation=gelu", "activation=linear x=null", "activation=relu x=null",
             "activation=sigmoid x=null", "activation=tanh x=null", "activation=leaky_relu x=null",
             "activation=elu x=null", "activation=selu x=null", "activation=silu",
             "activation=softplus x=null", "activation=relu x=null dx=dy"),
         .common = "slope=0.2"},
    [CUPEL_OP_softmax] = {.tensors = CHECK_TENSORS({"x", "rows n", .fill = CHECK_LOGITS},
                                                   {"y", "rows n", .gate = ROW}),
                          .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    [CUPEL_OP_softmax_backward] = {.tensors =
                                       CHECK_TENSORS({"dy", "rows n", .fill = CHECK_NORMAL},
                                                     {"y", "rows n", .fill = CHECK_DISTRIBUTION},
                                                     {"dx", "rows n", .gate = ROW}),
                                   .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n"))},
    [CUPEL_OP_dropout] = {.tensors = CHECK_TENSORS({"x", "rows features", .fill = CHECK_NORMAL},
                                                   {"y", "rows features", .gate = SCALED}),
                          .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                          .variants = DROPOUTS,
                          .common = "stream=4097"},
    [CUPEL_OP_dropout_backward] = {.tensors =
                                       CHECK_TENSORS({"dy", "rows features", .fill = CHECK_NORMAL},
                                                     {"dx", "rows features", .gate = SCALED}),
                                   .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                                   .variants = DROPOUTS,
                                   .common = "stream=4097"},
    [CUPEL_OP_add] = {.tensors = CHECK_TENSORS(
                          {"a", "count", .fill = CHECK_NORMAL},
                          {"b", "count", .fill = CHECK_NORMAL},
                          {"y", "count", .gate = {.measure = CHECK_RELATIVE, .tau = CHECK_ULP}}),
                      .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                      .variants = CHECK_WORDS("", "y=a")},
};
