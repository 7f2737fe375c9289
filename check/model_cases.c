/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "model_cases.h"

/* Products large enough for every path of the matrix products, and ten classes. Not by ReLU: among
 * so many of them some change sides with the rounding of TF32 and bf16, and a whole sample with
 * each. */
static void classifier(check_model *m)
{
    *m = (check_model){
        .name = "model_classifier",
        .input = CUPEL_SHAPE(200),
        .layers = {CUPEL_DENSE(192, .activation = CUPEL_TANH),
                   CUPEL_DENSE(160, .activation = CUPEL_GELU), CUPEL_DENSE(10)},
        .compile = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                    .from_logits = true,
                    .optimizer = CUPEL_ADAM(.learning_rate = 1e-3)},
        .targets = CHECK_CLASSES,
        .rows = 130,
    };
}

static void dropped(check_model *m)
{
    *m = (check_model){
        .name = "model_dropout",
        .input = CUPEL_SHAPE(33),
        .layers = {CUPEL_DENSE(48, .activation = CUPEL_TANH), CUPEL_DROPOUT(0.25),
                   CUPEL_DENSE(7, .activation = CUPEL_SOFTMAX)},
        .compile = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                    .optimizer = CUPEL_ADAM(.learning_rate = 1e-3, .amsgrad = true),
                    .flavour = CUPEL_TORCH},
        .targets = CHECK_CLASSES,
        .rows = 37,
    };
}

static void smoothed(check_model *m)
{
    *m = (check_model){
        .name = "model_smoothed",
        .input = CUPEL_SHAPE(20),
        .layers = {CUPEL_DENSE(31, .activation = CUPEL_GELU), CUPEL_DENSE(6)},
        .compile = {.loss = CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                    .from_logits = true,
                    .label_smoothing = 0.1,
                    .optimizer = CUPEL_ADAMW(.learning_rate = 1e-3, .weight_decay = 0.02),
                    .flavour = CUPEL_TORCH},
        .targets = CHECK_ONE_OF,
        .rows = 64,
    };
}

static void binary(check_model *m)
{
    *m = (check_model){
        .name = "model_binary",
        .input = CUPEL_SHAPE(17),
        .layers = {CUPEL_DENSE(32, .activation = CUPEL_SILU),
                   CUPEL_DENSE(3, .activation = CUPEL_SIGMOID)},
        .compile = {.loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
                    .optimizer =
                        CUPEL_SGD(.learning_rate = 0.01, .momentum = 0.9, .nesterov = true)},
        .targets = CHECK_YES_NO,
        .rows = 50,
    };
}

static void regression(check_model *m)
{
    *m = (check_model){
        .name = "model_regression",
        .input = CUPEL_SHAPE(13),
        .layers = {CUPEL_DENSE(40, .activation = CUPEL_SOFTPLUS, .kernel_l2 = 1e-3,
                               .kernel_l1 = 1e-4),
                   CUPEL_DENSE(3, .no_bias = true)},
        .compile = {.loss = CUPEL_LOSS_MSE,
                    .optimizer = CUPEL_ADAM(.learning_rate = 1e-3, .global_clipnorm = 0.5)},
        .targets = CHECK_REALS,
        .rows = 45,
    };
}

static void activations(check_model *m)
{
    *m = (check_model){
        .name = "model_activations",
        .input = CUPEL_SHAPE(16),
        .layers = {CUPEL_DENSE(24), CUPEL_ACTIVATION(CUPEL_ELU), CUPEL_DENSE(24),
                   CUPEL_ACTIVATION(CUPEL_SELU), CUPEL_DENSE(24, .activation = CUPEL_LEAKY_RELU),
                   CUPEL_DENSE(5), CUPEL_ACTIVATION(CUPEL_SOFTMAX)},
        .compile = {.loss = CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                    .optimizer = CUPEL_ADAM(.learning_rate = 1e-3, .clipnorm = 0.1)},
        .targets = CHECK_ONE_OF,
        .rows = 41,
        .kinks = true,
    };
}

static void shapes(check_model *m)
{
    *m = (check_model){
        .name = "model_shapes",
        .input = CUPEL_SHAPE(4, 6),
        .layers = {CUPEL_DENSE(8, .activation = CUPEL_TANH), CUPEL_FLATTEN(),
                   CUPEL_RESHAPE(CUPEL_SHAPE(8, 4)), CUPEL_DENSE(5, .activation = CUPEL_SIGMOID),
                   CUPEL_FLATTEN()},
        .compile = {.loss = CUPEL_LOSS_MSE,
                    .optimizer = CUPEL_SGD(.learning_rate = 0.05, .clipvalue = 0.01),
                    .flavour = CUPEL_TORCH},
        .targets = CHECK_REALS,
        .rows = 29,
    };
}

static void scheduled(check_model *m)
{
    *m = (check_model){
        .name = "model_scheduled",
        .input = CUPEL_SHAPE(9),
        .layers = {CUPEL_DENSE(16, .activation = CUPEL_RELU), CUPEL_DENSE(2)},
        .compile = {.loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
                    .from_logits = true,
                    .optimizer = CUPEL_SGD(.learning_rate = 0.1, .momentum = 0.5,
                                           .schedule = CUPEL_COSINE(20, .warmup_steps = 5))},
        .targets = CHECK_YES_NO,
        .rows = 1,
    };
}

void check_write_model(int number, check_model *model)
{
    static void (*const write[CHECK_MODELS])(check_model *) = {
        classifier, dropped, smoothed, binary, regression, activations, shapes, scheduled};
    write[number](model);
}
