/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The dense layer. A product of float numbers is off by at most 1e-6 of the sum of its terms'
 * absolute values, by the measurements for sums of up to 16,384 terms; the activation that follows
 * has a slope of at most 1.76, and its own error is small beside that. In bf16 the product may be
 * rounded before the bias is added, by 2^-8, and the slope of the activation follows. The slopes
 * are those of cases_element.c. */
#include "op_cases.h"

#define PRODUCT .gate.measure = CHECK_SUMS, .gate.tau = 1e-6
#define ACTIVATED .gate.measure = CHECK_SUMS, .gate.tau = 2e-6, .gate.tau_bf16 = 0x1p-7
/* Logits are not rounded to bf16 on the way. */
#define EXACT_SUMS .gate.measure = CHECK_SUMS, .gate.tau = 2e-6

/* Both multiples of the tiles and not, long sums, and matrices that are vectors. One batch of
 * 65,537 has tall matrices of one column and of three; a second one would cost seconds. */
#define SHAPES                                                                                   \
    CHECK_WORDS(                                                                                 \
        "rows=48 n_in=64 n_out=32", "rows=528 n_in=16 n_out=144", "rows=1 n_in=1 n_out=1",       \
        "rows=2 n_in=2 n_out=2", "rows=31 n_in=31 n_out=31", "rows=257 n_in=33 n_out=65",        \
        "rows=1 n_in=257 n_out=1", "rows=1 n_in=31 n_out=257", "rows=31 n_in=1 n_out=257",       \
        "rows=64 n_in=64 n_out=64", "rows=65 n_in=63 n_out=66", "rows=128 n_in=784 n_out=10",    \
        "rows=7 n_in=10007 n_out=3", "rows=10007 n_in=3 n_out=5", "rows=3 n_in=5 n_out=10007",   \
        "rows=65537 n_in=3 n_out=1", "rows=50 n_in=130 n_out=1000", "rows=17 n_in=100 n_out=50", \
        "rows=5 n_in=1030 n_out=6", "rows=63 n_in=16 n_out=257", "rows=129 n_in=65 n_out=129",   \
        "rows=1024 n_in=24 n_out=40")

const check_op check_dense_ops[CUPEL_OP_COUNT] = {
    [CUPEL_OP_dense] =
        {.tensors = CHECK_TENSORS(
             {"x", "rows n_in", .fill = CHECK_NORMAL}, {"w", "n_out n_in", .fill = CHECK_NORMAL},
             {"b", "n_out", .fill = CHECK_NORMAL}, {"y", "rows n_out", ACTIVATED},
             {"z", "rows n_out", ACTIVATED}, {"logits", "rows n_out", EXACT_SUMS}),
         .shapes = SHAPES,
         .variants = CHECK_WORDS(
             "activation=gelu logits=null", "activation=linear z=null logits=null",
             "activation=relu z=null logits=null", "activation=sigmoid b=null z=null logits=null",
             "activation=tanh z=null logits=null", "activation=leaky_relu z=null logits=null",
             "activation=elu z=null logits=null", "activation=selu z=null logits=null",
             "activation=silu logits=null", "activation=softplus z=null logits=null",
             "activation=linear b=null z=null logits=null", "activation=gelu b=null logits=null",
             "activation=linear logits=null", "activation=relu b=null z=null logits=null",
             "activation=linear y=null z=null", "activation=sigmoid z=null",
             "activation=relu b=null y=null z=null", "activation=gelu y=null"),
         .common = "slope=0.2",
         .products = true},
    [CUPEL_OP_dense_delta] =
        {.tensors = CHECK_TENSORS(
             {"dy", "rows n_out", .fill = CHECK_NORMAL, .gate.measure = CHECK_SMOOTH,
              .gate.tau = 8 * CHECK_ULP, .gate.plus_cpu = 1},
             {"y", "rows n_out", .fill = CHECK_NORMAL}, {"z", "rows n_out", .fill = CHECK_NORMAL},
             {"db", "n_out", .gate.measure = CHECK_COLUMNS, .gate.tau = 1e-6, .gate.plus_cpu = 1}),
         .shapes = CHECK_WORDS(CHECK_ROW_SHAPES("n_out")),
         .variants = CHECK_WORDS(
             "activation=gelu", "activation=relu z=null", "activation=linear y=null z=null",
             "activation=sigmoid z=null", "activation=tanh z=null", "activation=leaky_relu z=null",
             "activation=elu z=null", "activation=selu z=null", "activation=silu",
             "activation=softplus z=null", "activation=relu z=null db=null",
             "activation=gelu db=null", "activation=linear y=null z=null db=null"),
         .common = "slope=0.2"},
    [CUPEL_OP_dense_kernel_gradient] = {.tensors = CHECK_TENSORS(
                                            {"dy", "rows n_out", .fill = CHECK_NORMAL},
                                            {"x", "rows n_in", .fill = CHECK_NORMAL},
                                            {"dw", "n_out n_in", PRODUCT}),
                                        .shapes = SHAPES,
                                        .products = true},
    [CUPEL_OP_dense_input_gradient] = {.tensors =
                                           CHECK_TENSORS({"dy", "rows n_out", .fill = CHECK_NORMAL},
                                                         {"w", "n_out n_in", .fill = CHECK_NORMAL},
                                                         {"dx", "rows n_in", PRODUCT}),
                                       .shapes = SHAPES,
                                       .products = true},
};
