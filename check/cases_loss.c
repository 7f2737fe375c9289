/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The losses and their gradients. Each is a sum over a row, in float: 1e-6 of the numbers on the
 * way, as for all sums. The bounds of clipped probabilities are numbers that float holds exactly,
 * so that both sides clip the same elements. */
#include "op_cases.h"

#define ROW .gate.measure = CHECK_SMOOTH, .gate.tau = 1e-6
/* A logarithm of what may be close to 1: beside that 1 the rest of the argument is rounded. */
#define LOG ROW, .gate.plus = 1
/* p - max, of up to 64, is rounded before exp makes a factor of it. */
#define EXP_ROW .gate.measure = CHECK_SMOOTH, .gate.tau = 3e-6

#define SHAPES                                                              \
    CHECK_ROW_SHAPES("n"), "rows=63 n=17 group=3", "rows=258 n=48 group=2", \
        "rows=10010 n=3 group=70"
/* What is taken for a target beyond the end of a long row shows where targets are smoothed. */
#define SMOOTHED SHAPES, "rows=3 n=16389 smoothing=0.1"

const check_op check_loss_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_mse] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_NORMAL},
                                               {"t", "rows n", .fill = CHECK_NORMAL},
                                               {"dp", "rows n", ROW}, {"loss", "rows", ROW}),
                      .shapes = CHECK_WORDS(SHAPES),
                      .variants = CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null"),
                      .common = "group=1"},
    [CUPEL_OP_binary_xent] = {.tensors =
                                  CHECK_TENSORS({"p", "rows n", .fill = CHECK_SCORES},
                                                {"t", "rows n", .fill = CHECK_EDGES},
                                                {"dp", "rows n", ROW}, {"loss", "rows", LOG}),
                              .shapes = CHECK_WORDS(SHAPES),
                              .variants = CHECK_WORDS(
                                  "from_logits=1", "from_logits=0", "from_logits=1 weights=1",
                                  "from_logits=0 weights=1 smoothing=0.1",
                                  "from_logits=1 smoothing=0.25", "from_logits=1 dp=null",
                                  "from_logits=0 weights=1 dp=null"),
                              .common = "group=1 smoothing=0 epsilon=0.0009765625"},
    [CUPEL_OP_xent] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_EDGES},
                                                {"t", "rows n", .fill = CHECK_DISTRIBUTION},
                                                {"dp", "rows n", ROW}, {"loss", "rows", LOG}),
                       .shapes = CHECK_WORDS(SMOOTHED),
                       .variants = CHECK_WORDS("weights=1", "smoothing=0.1", "dp=null",
                                               "weights=1 smoothing=0.25", "weights=1 dp=null"),
                       .common = "group=1 smoothing=0 epsilon=9.5367431640625e-07"},
    [CUPEL_OP_xent_sparse] = {.tensors = CHECK_TENSORS({"p", "rows n", .fill = CHECK_EDGES},
                                                       {"label", "rows", .fill = CHECK_LABELS},
                                                       {"dp", "rows n", ROW, .gate.at_label = true},
                                                       {"loss", "rows", LOG}),
                              .shapes = CHECK_WORDS(SHAPES),
                              .variants =
                                  CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null"),
                              .common = "group=1 epsilon=9.5367431640625e-07"},
    [CUPEL_OP_softmax_xent] = {.tensors =
                                   CHECK_TENSORS({"p", "rows n", .fill = CHECK_LOGITS},
                                                 {"t", "rows n", .fill = CHECK_DISTRIBUTION},
                                                 {"dp", "rows n", EXP_ROW}, {"loss", "rows", LOG}),
                               .shapes = CHECK_WORDS(SMOOTHED),
                               .variants = CHECK_WORDS("weights=1", "smoothing=0.1", "dp=null",
                                                       "weights=1 smoothing=0.25",
                                                       "weights=1 dp=null", "special=1"),
                               .common = "group=1 smoothing=0"},
    [CUPEL_OP_softmax_xent_sparse] =
        {.tensors = CHECK_TENSORS(
             {"p", "rows n", .fill = CHECK_LOGITS}, {"label", "rows", .fill = CHECK_LABELS},
             {"dp", "rows n", EXP_ROW, .gate.at_label = true}, {"loss", "rows", LOG}),
         .shapes = CHECK_WORDS(SHAPES),
         .variants = CHECK_WORDS("weights=1", "", "dp=null", "weights=1 dp=null", "special=1"),
         .common = "group=1"},
};
