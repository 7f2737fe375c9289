/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The losses and their gradients. Each is a sum over a row, in float: 1e-6 of the numbers on the
 * way, as for all sums. The bounds of clipped probabilities are numbers that float holds exactly,
 * so that both sides clip the same elements. */
#include "op_cases.h"

#define ROW                                  \
    {                                        \
        .measure = CHECK_SMOOTH, .tau = 1e-6 \
    }
/* log(sum) of a sum of exponentials of which one is 1: what is lost beside that 1 is lost. */
#define LOG_SUM                                         \
    {                                                   \
        .measure = CHECK_SMOOTH, .tau = 1e-6, .plus = 1 \
    }

#define SHAPES                                                                          \
    CHECK_WORDS(CHECK_ROW_SHAPES("n"), "rows=63 n=17 group=3", "rows=258 n=48 group=2", \
                "rows=10010 n=3 group=70")

const check_op check_loss_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_mse] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_NORMAL},
                                               {"t", "rows n", .fill = CHECK_NORMAL},
                                               {"dp", "rows n", .gate = ROW},
                                               {"loss", "rows", .gate = ROW}),
                      .shapes = SHAPES,
                      .variants = CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null"),
                      .common = "group=1"},
    [CUPEL_OP_binary_xent] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_SCORES},
                                                       {"t", "rows n", .fill = CHECK_EDGES},
                                                       {"dp", "rows n", .gate = ROW},
                                                       {"loss", "rows", .gate = ROW}),
                              .shapes = SHAPES,
                              .variants = CHECK_WORDS(
                                  "from_logits=1", "from_logits=0", "from_logits=1 weights=1",
                                  "from_logits=0 weights=1 smoothing=0.1",
                                  "from_logits=1 smoothing=0.25", "from_logits=1 dp=null",
                                  "from_logits=0 weights=1 dp=null"),
                              .common = "group=1 smoothing=0 epsilon=0.0009765625"},
    [CUPEL_OP_xent] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_EDGES},
                                                {"t", "rows n", .fill = CHECK_DISTRIBUTION},
                                                {"dp", "rows n", .gate = ROW},
                                                {"loss", "rows", .gate = ROW}),
                       .shapes = SHAPES,
                       .variants = CHECK_WORDS("weights=1", "smoothing=0.1", "dp=null",
                                               "weights=1 smoothing=0.25", "weights=1 dp=null"),
                       .common = "group=1 smoothing=0 epsilon=9.5367431640625e-07"},
    [CUPEL_OP_xent_sparse] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_EDGES},
                                                       {"label", "rows", .fill = CHECK_LABELS},
                                                       {"dp", "rows n", .gate = ROW},
                                                       {"loss", "rows", .gate = ROW}),
                              .shapes = SHAPES,
                              .variants =
                                  CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null"),
                              .common = "group=1 epsilon=9.5367431640625e-07"},
    [CUPEL_OP_softmax_xent] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_LOGITS},
                                                        {"t", "rows n", .fill = CHECK_DISTRIBUTION},
                                                        {"dp", "rows n", .gate = ROW},
                                                        {"loss", "rows", .gate = LOG_SUM}),
                               .shapes = SHAPES,
                               .variants =
                                   CHECK_WORDS("weights=1", "smoothing=0.1", "dp=null",
                                               "weights=1 smoothing=0.25", "weights=1 dp=null"),
                               .common = "group=1 smoothing=0"},
    [CUPEL_OP_softmax_xent_sparse] =
        {.tensors = CHECK_TENSORS(
             {"p", "rows n", .fill = CHECK_LOGITS}, {"label", "rows", .fill = CHECK_LABELS},
             {"dp", "rows n", .gate = {.measure = CHECK_SMOOTH, .tau = 1e-6, .at_label = true}},
             {"loss", "rows", .gate = LOG_SUM}),
         .shapes = SHAPES,
         .variants = CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null"),
         .common = "group=1"},
};
