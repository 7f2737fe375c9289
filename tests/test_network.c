/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/network.h"

#include "core.h"
#include "fault.h"
#include "program/model.h"
#include "random_model.h"
#include "tiny.h"

#include <stdlib.h>

static cupel_network network;

static void start(cupel_shape input)
{
    ASSERT_OK(cupel_network_init(&network, &input));
}

static void add(cupel_layer layer)
{
    ASSERT_OK(cupel_network_add(&network, &layer));
}

/* The number in a name is the layer's position, layers without parameters counted. */
Test(network, names_shapes_and_places)
{
    start(CUPEL_SHAPE(4, 5));
    add(CUPEL_FLATTEN());
    add(CUPEL_DENSE(7));
    add(CUPEL_DROPOUT(0.5));
    add(CUPEL_DENSE(130, .no_bias = true));
    add(CUPEL_ACTIVATION(CUPEL_TANH));
    add(CUPEL_DENSE(1));
    const struct {
        const char *name;
        cupel_shape shape;
        int64_t count;
        int64_t offset;
    } expected[] = {
        {"1.kernel", CUPEL_SHAPE(7, 20), 140, 0},    {"1.bias", CUPEL_SHAPE(7), 7, 256},
        {"3.kernel", CUPEL_SHAPE(130, 7), 910, 384}, {"5.kernel", CUPEL_SHAPE(1, 130), 130, 1408},
        {"5.bias", CUPEL_SHAPE(1), 1, 1664},
    };
    cr_assert_eq(network.parameter_count, 5);
    for (int i = 0; i < 5; i++) {
        const cupel_parameter_plan *plan = &network.parameters[i];
        cr_expect_str_eq(plan->name, expected[i].name);
        cr_expect(memcmp(&plan->spec.shape, &expected[i].shape, sizeof(cupel_shape)) == 0);
        cr_expect_eq(plan->count, expected[i].count);
        cr_expect_eq(plan->offset, expected[i].offset, "%s at %lld", plan->name,
                     (long long)plan->offset);
    }
    cr_expect_eq(network.elements, 1792);
    cr_expect_eq(cupel_network_input(&network)->rank, 2);
    cr_expect_eq(cupel_network_output(&network)->dims[0], 1);
    const int64_t firsts[] = {0, 0, 2, 2, 3, 3}, counts[] = {0, 2, 0, 1, 0, 2};
    const bool gradients[] = {false, false, true, true, true, true, true};
    for (int i = 0; i < 6; i++) {
        cr_expect_eq(network.nodes[i].position, i);
        cr_expect_eq(network.nodes[i].first_parameter, firsts[i]);
        cr_expect_eq(network.nodes[i].parameters, counts[i]);
    }
    for (int i = 0; i < 7; i++)
        cr_expect_eq(network.edges[i].needs_gradient, gradients[i], "edge %d", i);
    cupel_network_free(&network);
}

/* Slices begin at multiples of 128 elements and follow each other. */
Test(network, slices_are_aligned)
{
    rng r = {5};
    start(CUPEL_SHAPE(3));
    for (int i = 0; i < 60; i++)
        add(CUPEL_DENSE(1 + rng_below(&r, 300), .no_bias = rng_below(&r, 3) == 0));
    int64_t end = 0;
    for (int64_t i = 0; i < network.parameter_count; i++) {
        const cupel_parameter_plan *plan = &network.parameters[i];
        cr_expect_eq(plan->offset, end);
        cr_expect_eq(plan->offset % 128, 0);
        end = plan->offset + (plan->count + 127) / 128 * 128;
    }
    cr_expect_eq(network.elements, end);
    cupel_network_free(&network);
}

static void expect_unchanged(const cupel_network *before)
{
    cr_expect_eq(network.node_count, before->node_count);
    cr_expect_eq(network.parameter_count, before->parameter_count);
    cr_expect_eq(network.elements, before->elements);
    cr_expect_eq(cupel_network_output(&network)->dims[0], 6);
}

Test(network, a_failed_add_changes_nothing)
{
    start(CUPEL_SHAPE(5));
    add(CUPEL_DENSE(6));
    const cupel_network before = network;
    EXPECT_ERROR(cupel_network_add(&network, &CUPEL_DENSE(0)), CUPEL_ERROR_ARGUMENT,
                 "layer 1 (dense): .units is 0");
    EXPECT_ERROR(cupel_network_add(&network, &CUPEL_RESHAPE(CUPEL_SHAPE(4))), CUPEL_ERROR_SHAPE,
                 "layer 1 (reshape): an input of shape (6) does not fit .shape (4)");
    EXPECT_ERROR(cupel_network_add(&network, &CUPEL_DROPOUT(2)), CUPEL_ERROR_ARGUMENT, "layer 1");
    expect_unchanged(&before);
    add(CUPEL_DENSE(2));
    cr_expect_str_eq(network.parameters[2].name, "1.kernel");
    cupel_network_free(&network);
}

/* Layers whose parameters fit 64-bit sizes one by one and not together. */
Test(network, sizes_beyond_64_bits_are_refused)
{
    start(CUPEL_SHAPE(INT64_C(300000000)));
    int64_t layers = 0;
    cupel_status status = CUPEL_OK;
    for (; layers < 300 && status == CUPEL_OK; layers++)
        status = cupel_network_add(&network, &CUPEL_DENSE(INT64_C(300000000)));
    cr_expect_eq(status, CUPEL_ERROR_SHAPE);
    cr_expect(strstr(cupel_last_error(), "too many") != NULL, "%s", cupel_last_error());
    cr_expect_eq(network.node_count, layers - 1);
    cr_expect_leq(network.elements, INT64_MAX / 64);
    cupel_network_free(&network);
    start(CUPEL_SHAPE(INT64_C(1) << 40, 2));
    EXPECT_ERROR(cupel_network_add(&network, &CUPEL_DENSE(INT64_C(1) << 40)), CUPEL_ERROR_ARGUMENT,
                 "a layer's output");
    EXPECT_ERROR(cupel_network_add(&network, &CUPEL_DENSE(INT64_MAX)), CUPEL_ERROR_SHAPE,
                 "too many");
    cupel_network_free(&network);
}

Test(network, without_memory)
{
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        const cupel_shape input = CUPEL_SHAPE(3);
        fault_memory_arm(n, false);
        cupel_status status = cupel_network_init(&network, &input);
        if (status == CUPEL_OK) status = cupel_network_add(&network, &CUPEL_DENSE(6));
        if (status == CUPEL_OK) {
            const cupel_network before = network;
            status = cupel_network_add(&network, &CUPEL_DENSE(4));
            if (status != CUPEL_OK) {
                expect_unchanged(&before);
                add(CUPEL_DENSE(4));
            }
        }
        const int64_t failed = fault_memory_disarm();
        cr_expect_eq(status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK);
        cupel_network_free(&network);
        cr_assert_eq(fault_memory_blocks(), 0);
        if (failed == 0) break;
    }
    fault_memory_remove();
}

static bool is_zero(const void *array, int64_t from, int64_t to, bool wide)
{
    for (int64_t i = from; i < to; i++)
        if (wide ? ((const double *)array)[i] != 0 : ((const float *)array)[i] != 0) return false;
    return true;
}

/* Whether all that lies between the parameters of an array is 0, and something in them is not. */
static void check_padding(cupel_program *program, cupel_home home, const char *what)
{
    const cupel_network *net = program->network;
    const bool wide = program->acc_size == 8;
    if (program->base[home] == NULL) return;
    void *array = malloc((size_t)(net->elements * program->acc_size));
    cr_assert_not_null(array);
    ASSERT_OK(cupel_program_read_all(program, home, array));
    for (int64_t i = 0; i < net->parameter_count; i++) {
        const cupel_parameter_plan *plan = &net->parameters[i];
        const int64_t end = plan->offset + plan->count;
        cr_expect(is_zero(array, end, (end + 127) / 128 * 128, wide),
                  "%s, home %d: padding behind %s", what, (int)home, plan->name);
        cr_expect(!is_zero(array, plan->offset, end, wide), "%s, home %d: %s is 0", what, (int)home,
                  plan->name);
    }
    free(array);
}

static const struct {
    const char *name;
    cupel_optimizer optimizer;
} optimizers[] = {
    {"sgd", {.kind = CUPEL_OPTIMIZER_SGD, .clipnorm = 0.01}},
    {"nesterov",
     {.kind = CUPEL_OPTIMIZER_SGD, .momentum = 0.9, .nesterov = true, .weight_decay = 0.1}},
    {"adam", {.kind = CUPEL_OPTIMIZER_ADAM, .amsgrad = true, .weight_decay = 0.1}},
    {"adamw", {.kind = CUPEL_OPTIMIZER_ADAMW, .global_clipnorm = 0.5}},
    {"adam, clipvalue", {.kind = CUPEL_OPTIMIZER_ADAM, .clipvalue = 0.1}},
};

Test(network, padding_stays_zero)
{
    cupel_device *device = tiny_device();
    double x[5 * 7], y[5 * 3];
    for (int way = 0; way < 20; way++) {
        const cupel_optimizer optimizer = optimizers[way % 5].optimizer;
        const bool wide = way / 5 % 2 != 0;
        cupel_model *model = CORE_MODEL(
            device, CUPEL_SHAPE(7), 3, CUPEL_DENSE(11, .activation = CUPEL_TANH, .kernel_l1 = 0.1),
            CUPEL_DENSE(3, .kernel_l2 = 0.1, .bias_initializer = CUPEL_INIT_ONES));
        ASSERT_OK(cupel_model_compile(
            model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                           .optimizer = optimizer,
                                           .flavour = way / 10 ? CUPEL_TORCH : CUPEL_KERAS,
                                           .precision = wide ? CUPEL_PRECISION_FLOAT64
                                                             : CUPEL_PRECISION_FLOAT32}));
        rng r = {(uint64_t)way};
        for (int i = 0; i < 5 * 7; i++)
            wide ? (void)(x[i] = rng_uniform(&r, -1, 1))
                 : (void)(((float *)(void *)x)[i] = (float)rng_uniform(&r, -1, 1));
        for (int i = 0; i < 5 * 3; i++)
            wide ? (void)(y[i] = rng_uniform(&r, -1, 1))
                 : (void)(((float *)(void *)y)[i] = (float)rng_uniform(&r, -1, 1));
        for (int step = 0; step < 10; step++)
            ASSERT_OK(cupel_model_train_batch(model, x, y, 5, NULL));
        for (int home = CUPEL_HOME_WEIGHTS; home <= CUPEL_HOME_MOMENT_3; home++)
            check_padding(model->program, (cupel_home)home, optimizers[way % 5].name);
        cupel_model_free(model);
    }
    cupel_device_close(device);
}
