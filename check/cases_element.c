/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Activations, softmax, dropout and add. An element-wise function may be off by 4 units in the last
 * place, 8 halves of one, and by what 4 units of its argument make of it. The CPU device computes
 * GELU by 1 + erf, whose small values in the negative tail are as far off as 1 is. */
#include "op_cases.h"

#define FUNCTION .gate.measure = CHECK_SMOOTH, .gate.tau = 8 * CHECK_ULP, .gate.plus_cpu = 1
/* A sum over the row. In softmax x - max, of up to 64, is rounded before exp makes a factor of it.
 */
#define ROW .gate.measure = CHECK_SMOOTH, .gate.tau = 1e-6
#define EXP_ROW .gate.measure = CHECK_SMOOTH, .gate.tau = 3e-6
/* The factor 1 / (1 - rate) is rounded, then the product. */
#define SCALED .gate.measure = CHECK_RELATIVE, .gate.tau = 2 * CHECK_ULP

/* The first number of a row need not be a multiple of 4 among the counters, nor below 2^32. */
#define DROPOUTS                                                                                 \
    CHECK_WORDS("rate=0.25", "rate=0.5 step=1 row_offset=1", "rate=0.1 step=4294967297 seed=-5", \
                "rate=0.75 row_offset=12345678901 seed=1099511627776", "rate=0", "rate=1",       \
                "rate=0.3 step=77 row_offset=3 stream=65535", "rate=0.5 special=1")

const check_op check_element_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_activation] = {.tensors = CHECK_TENSORS({"x", "count", .fill = CHECK_NORMAL},
                                                      {"y", "count", FUNCTION}),
                             .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                             .variants = CHECK_WORDS(
                                 "activation=gelu", "activation=linear", "activation=relu",
                                 "activation=sigmoid", "activation=tanh", "activation=leaky_relu",
                                 "activation=elu", "activation=selu", "activation=silu",
                                 "activation=softplus", "activation=tanh y=x",
                                 "activation=gelu special=1", "activation=linear special=1",
                                 "activation=relu special=1", "activation=sigmoid special=1",
                                 "activation=tanh special=1", "activation=leaky_relu special=1",
                                 "activation=elu special=1", "activation=selu special=1",
                                 "activation=silu special=1", "activation=softplus special=1"),
                             .common = "slope=0.2"},
    [CUPEL_OP_activation_backward] =
        {.tensors = CHECK_TENSORS({"dy", "count", .fill = CHECK_NORMAL},
                                  {"y", "count", .fill = CHECK_NORMAL},
                                  {"x", "count", .fill = CHECK_NORMAL}, {"dx", "count", FUNCTION}),
         .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
         .variants =
             CHECK_WORDS("activation=gelu", "activation=linear x=null", "activation=relu x=null",
                         "activation=sigmoid x=null", "activation=tanh x=null",
                         "activation=leaky_relu x=null", "activation=elu x=null",
                         "activation=selu x=null", "activation=silu", "activation=softplus x=null",
                         "activation=relu x=null dx=dy", "activation=relu x=null special=1",
                         "activation=gelu special=1", "activation=tanh x=null special=1"),
         .common = "slope=0.2"},
    [CUPEL_OP_softmax] = {.tensors = CHECK_TENSORS({"x", "rows n", .fill = CHECK_LOGITS},
                                                   {"y", "rows n", EXP_ROW}),
                          .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n")),
                          .variants = CHECK_WORDS("", "special=1")},
    [CUPEL_OP_softmax_backward] = {.tensors =
                                       CHECK_TENSORS({"dy", "rows n", .fill = CHECK_NORMAL},
                                                     {"y", "rows n", .fill = CHECK_DISTRIBUTION},
                                                     {"dx", "rows n", ROW}),
                                   .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n")),
                                   .variants = CHECK_WORDS("", "special=1")},
    [CUPEL_OP_dropout] = {.tensors = CHECK_TENSORS({"x", "rows features", .fill = CHECK_NORMAL},
                                                   {"y", "rows features", SCALED}),
                          .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                          .variants = DROPOUTS,
                          .common = "stream=4097"},
    [CUPEL_OP_dropout_backward] = {.tensors =
                                       CHECK_TENSORS({"dy", "rows features", .fill = CHECK_NORMAL},
                                                     {"dx", "rows features", SCALED}),
                                   .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("features")),
                                   .variants = DROPOUTS,
                                   .common = "stream=4097"},
    [CUPEL_OP_widen] = {.tensors = CHECK_TENSORS({"x", "count", .fill = CHECK_NORMAL},
                                                 {"y", "count", .gate.measure = CHECK_EXACT}),
                        .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                        .variants = CHECK_WORDS("", "special=1")},
    [CUPEL_OP_add] = {.tensors = CHECK_TENSORS(
                          {"a", "count", .fill = CHECK_NORMAL},
                          {"b", "count", .fill = CHECK_NORMAL},
                          {"y", "count", .gate.measure = CHECK_RELATIVE, .gate.tau = CHECK_ULP}),
                      .shapes = CHECK_WORDS(CHECK_COUNTS("count")),
                      .variants = CHECK_WORDS("", "y=a", "special=1")},
};
