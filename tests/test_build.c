/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops that networks become. */
#include "program/build.h"

#include "core.h"
#include "program/fields.h"
#include "program/model.h"
#include "random_model.h"
#include "tiny.h"

#include <stdlib.h>

static cupel_device *device;

static void open_device(void)
{
    device = tiny_device();
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(build, .init = open_device, .fini = close_device);

static int64_t count_op(const cupel_graph *graph, cupel_op op)
{
    int64_t count = 0;
    for (int64_t i = 0; i < graph->instruction_count; i++)
        count += graph->instructions[i].op == op;
    return count;
}

/* The ops of a graph in order, as "batch dense ...". */
static void expect_ops(const cupel_graph *graph, const char *expected)
{
    static const char *const names[] = {
#define CUPEL_OP(name, scratch, ...) #name,
#include "ops.def"
#undef CUPEL_OP
    };
    char text[1000] = "";
    for (int64_t i = 0; i < graph->instruction_count; i++) {
        if (i > 0) strcat(text, " ");
        strcat(text, names[graph->instructions[i].op]);
    }
    cr_expect_str_eq(text, expected);
}

static void compile(cupel_model *model, cupel_loss loss, bool from_logits)
{
    const cupel_compile_config config = {
        .loss = loss, .from_logits = from_logits, .optimizer = CUPEL_SGD(0)};
    ASSERT_OK(cupel_model_compile(model, &config));
}

/* Dense with its bias and activation is one op each way, softmax with cross-entropy another, and
 * the first layer's gradient by its input is no op at all. */
Test(build, ops_of_a_usual_network)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(2, 4), 1, CUPEL_FLATTEN(),
                                    CUPEL_DENSE(6, .activation = CUPEL_RELU, .kernel_l2 = 0.1),
                                    CUPEL_DROPOUT(0.2), CUPEL_DENSE(3));
    const cupel_compile_config config = {
        .loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
        .from_logits = true,
        .optimizer = CUPEL_ADAMW(.global_clipnorm = 1),
        .metrics = {CUPEL_METRIC_ACCURACY},
    };
    ASSERT_OK(cupel_model_compile(model, &config));
    expect_ops(&model->program->train,
               "batch dense dropout dense softmax_xent_sparse accuracy_sparse mean "
               "dense_delta dense_kernel_gradient dense_input_gradient dropout_backward "
               "dense_delta dense_kernel_gradient penalty mean clip_norm adam "
               "advance advance advance");
    expect_ops(&model->program->infer,
               "batch batch dense dense softmax_xent_sparse accuracy_sparse mean penalty mean "
               "advance");
    cupel_model_free(model);
}

Test(build, inference_is_the_forward_pass)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(4), 1, CUPEL_DENSE(6, .activation = CUPEL_GELU),
                   CUPEL_DROPOUT(0.5), CUPEL_DENSE(3, .activation = CUPEL_SOFTMAX));
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){0}));
    cr_expect_eq(model->program->train.instruction_count, 0);
    expect_ops(&model->program->infer, "batch dense dense softmax");
    cupel_model_free(model);
}

/* The argument struct of the index-th use of an op. */
static const void *args_of(const cupel_graph *graph, cupel_op op, int64_t index)
{
    for (int64_t i = 0; i < graph->instruction_count; i++) {
        if (graph->instructions[i].op == op && index-- == 0)
            return graph->words + graph->instructions[i].args;
    }
    cr_assert_fail("the op is not there");
    return NULL;
}

Test(build, every_activation_is_part_of_dense)
{
    for (int kind = CUPEL_LINEAR; kind <= CUPEL_SOFTPLUS; kind++) {
        cupel_model *model =
            CORE_MODEL(device, CUPEL_SHAPE(4), 1,
                       CUPEL_DENSE(6, .activation = (cupel_activation)kind), CUPEL_DENSE(3));
        compile(model, CUPEL_LOSS_MSE, false);
        const cupel_graph *train = &model->program->train;
        const cupel_dense_args *dense = args_of(train, CUPEL_OP_dense, 0);
        const bool softmax = kind == CUPEL_SOFTMAX;
        cr_expect_eq(count_op(train, CUPEL_OP_dense), 2);
        cr_expect_eq(count_op(train, CUPEL_OP_activation), 0);
        cr_expect_eq(count_op(train, CUPEL_OP_softmax), softmax);
        cr_expect_eq(dense->activation, softmax ? CUPEL_LINEAR : kind);
        cr_expect(dense->b != NULL);
        /* Only these two need what was before them, and only in training. */
        const bool needs = kind == CUPEL_GELU || kind == CUPEL_SILU;
        cr_expect_eq(dense->z != NULL, needs, "activation %d", kind);
        const cupel_dense_args *infer = args_of(&model->program->infer, CUPEL_OP_dense, 0);
        cr_expect_null(infer->z);
        const cupel_dense_delta_args *delta = args_of(train, CUPEL_OP_dense_delta, 1);
        cr_expect_eq(delta->activation, dense->activation);
        cr_expect(delta->z == dense->z);
        cupel_model_free(model);
    }
}

Test(build, losses_from_logits_are_one_op)
{
    const struct {
        cupel_loss loss;
        bool from_logits;
        cupel_op op;
    } cases[] = {
        {CUPEL_LOSS_MSE, false, CUPEL_OP_mse},
        {CUPEL_LOSS_BINARY_CROSSENTROPY, true, CUPEL_OP_binary_xent},
        {CUPEL_LOSS_BINARY_CROSSENTROPY, false, CUPEL_OP_binary_xent},
        {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, true, CUPEL_OP_softmax_xent},
        {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, false, CUPEL_OP_xent},
        {CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, true, CUPEL_OP_softmax_xent_sparse},
        {CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, false, CUPEL_OP_xent_sparse},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(4), 1, CUPEL_DENSE(3));
        compile(model, cases[i].loss, cases[i].from_logits);
        const cupel_graph *train = &model->program->train;
        cr_expect_eq(count_op(train, cases[i].op), 1);
        cr_expect_eq(count_op(train, CUPEL_OP_softmax), 0);
        /* batch, dense, loss, delta, kernel gradient, mean, sgd, the counters of three segments */
        cr_expect_eq(train->instruction_count, 10, "case %zu: %lld ops", i,
                     (long long)train->instruction_count);
        const cupel_mse_args *loss = args_of(train, cases[i].op, 0);
        const cupel_mse_args *eval = args_of(&model->program->infer, cases[i].op, 0);
        cr_expect(loss->dp != NULL && eval->dp == NULL, "no gradient in an evaluation");
        cupel_model_free(model);
    }
}

/* Whatever lies before the first layer with parameters has no backward op. */
Test(build, the_gradient_of_the_input_is_never_computed)
{
    const cupel_layer before[][2] = {
        {CUPEL_DENSE(5), CUPEL_DENSE(5)},
        {CUPEL_FLATTEN(), CUPEL_RESHAPE(CUPEL_SHAPE(2, 3))},
        {CUPEL_DROPOUT(0.5), CUPEL_DROPOUT(0.25)},
        {CUPEL_ACTIVATION(CUPEL_GELU), CUPEL_ACTIVATION(CUPEL_SOFTMAX)},
        {CUPEL_ACTIVATION(CUPEL_TANH), CUPEL_DROPOUT(0.5)},
    };
    for (int i = 0; i < 5; i++) {
        cupel_model *model =
            CORE_MODEL(device, CUPEL_SHAPE(6), 1, before[i][0], before[i][1],
                       CUPEL_DENSE(4, .activation = CUPEL_RELU, .no_bias = true), CUPEL_DENSE(3));
        compile(model, CUPEL_LOSS_MSE, false);
        const cupel_graph *train = &model->program->train;
        const int64_t dense = i == 0 ? 4 : 2;
        cr_expect_eq(count_op(train, CUPEL_OP_dense), dense);
        cr_expect_eq(count_op(train, CUPEL_OP_dense_kernel_gradient), dense);
        cr_expect_eq(count_op(train, CUPEL_OP_dense_input_gradient), dense - 1, "network %d", i);
        cr_expect_eq(count_op(train, CUPEL_OP_activation_backward), 0);
        cr_expect_eq(count_op(train, CUPEL_OP_softmax_backward), 0);
        cr_expect_eq(count_op(train, CUPEL_OP_dropout_backward), 0);
        cupel_model_free(model);
    }
}

/* The same for random networks: one fewer than dense layers. */
Test(build, the_gradient_of_the_input_in_random_networks)
{
    const cupel_compile_config config = {.optimizer = {.kind = CUPEL_OPTIMIZER_SGD}};
    for (uint64_t seed = 1; seed <= 100; seed++) {
        random_model network;
        random_model_draw(
            &(random_wish){.seed = seed,
                           .loss = &random_losses[seed % RANDOM_LOSSES],
                           .activation = (cupel_activation)(seed % (CUPEL_SOFTPLUS + 1)),
                           .dropout = true},
            &network);
        cupel_model *model = random_model_open(&network, device, &config);
        const cupel_graph *train = &model->program->train;
        const int64_t dense = count_op(train, CUPEL_OP_dense);
        cr_expect_eq(count_op(train, CUPEL_OP_dense_kernel_gradient), dense);
        cr_expect_eq(count_op(train, CUPEL_OP_dense_input_gradient), dense - 1, "seed %d",
                     (int)seed);
        cr_expect_eq(count_op(train, CUPEL_OP_add), 0, "a chain adds no gradients");
        cupel_model_free(model);
        random_model_free(&network);
    }
}

/* A linear dense layer without a bias has no delta at all. */
Test(build, no_op_without_a_use)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(4), 1, CUPEL_DENSE(3, .no_bias = true),
                                    CUPEL_DROPOUT(0), CUPEL_ACTIVATION(CUPEL_LINEAR));
    compile(model, CUPEL_LOSS_MSE, false);
    expect_ops(&model->program->train,
               "batch dense mse dense_kernel_gradient mean sgd advance advance advance");
    cupel_model_free(model);
}

/* Every tensor that an op reads was written by an op before it or lies in an array of the model. */
Test(build, nothing_is_read_before_it_is_written)
{
    const cupel_compile_config config = {.optimizer = CUPEL_ADAM(.clipnorm = 1)};
    for (uint64_t seed = 1; seed <= 60; seed++) {
        random_model network;
        random_model_draw(
            &(random_wish){.seed = seed * 77,
                           .loss = &random_losses[seed % RANDOM_LOSSES],
                           .activation = (cupel_activation)(seed % (CUPEL_SOFTPLUS + 1)),
                           .dropout = true},
            &network);
        cupel_model *model = random_model_open(&network, device, &config);
        const cupel_graph *graphs[] = {&model->program->train, &model->program->infer};
        for (int g = 0; g < 2; g++) {
            bool *written = calloc((size_t)graphs[g]->tensor_count, sizeof *written);
            cr_assert_not_null(written);
            for (int64_t i = 0; i < graphs[g]->instruction_count; i++) {
                const cupel_instruction *instruction = &graphs[g]->instructions[i];
                const uint8_t *fields = cupel_op_fields[instruction->op];
                const uint64_t *words = graphs[g]->words + instruction->args;
                /* The penalty op writes one element of its tensor. */
                for (int64_t j = 0; fields[j] != CUPEL_ARG_END; j++) {
                    if (fields[j] > CUPEL_ARG_INOUT || words[j] == 0) continue;
                    const bool first_write =
                        fields[j] == CUPEL_ARG_OUT || instruction->op == CUPEL_OP_penalty;
                    cr_assert(graphs[g]->tensors[words[j]].home != CUPEL_HOME_ACTIVATION ||
                                  first_write || written[words[j]],
                              "seed %d, graph %d, instruction %lld", (int)seed, g, (long long)i);
                    if (fields[j] != CUPEL_ARG_IN) written[words[j]] = true;
                }
            }
            free(written);
        }
        cupel_model_free(model);
        random_model_free(&network);
    }
}
