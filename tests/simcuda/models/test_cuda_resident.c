/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Data in the memory of the simulated card: the same bits as batch by batch, and the steps of the CPU. */
#include "cuda_pair.h"
#include "device.h"
#include "program/model.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(cuda_resident);

enum { ROWS = 75, PIXELS = 36, CLASSES = 4 };

static uint8_t images[ROWS * PIXELS];
static int64_t labels[ROWS];
static double numbers[ROWS * PIXELS];
static float weights[ROWS];

static void draw_data(void)
{
    static float noise[ROWS * PIXELS];
    core_numbers(noise, ROWS * PIXELS, 3);
    for (int i = 0; i < ROWS; i++) {
        labels[i] = i * 7 % CLASSES;
        weights[i] = (float)(i % 5) / 2;
        for (int j = 0; j < PIXELS; j++) {
            const float bar = j / 9 == labels[i] ? 120 : 0;
            images[i * PIXELS + j] = (uint8_t)(bar + 60 * (1 + noise[i * PIXELS + j]));
            numbers[i * PIXELS + j] = (double)noise[i * PIXELS + j] / 3;
        }
    }
}

static const cupel_compile_config compiled = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                              .from_logits = true,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM,
                                                            .learning_rate = 0.003,
                                                            .beta_1 = 0.9,
                                                            .beta_2 = 0.999,
                                                            .epsilon = 1e-7},
                                              .metrics = {CUPEL_METRIC_ACCURACY}};

static cupel_model *make_model(cupel_device *device)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(PIXELS), 7, CUPEL_DENSE(24, .activation = CUPEL_RELU),
                   CUPEL_DROPOUT(0.2F), CUPEL_DENSE(CLASSES));
    ASSERT_OK(cupel_model_compile(model, &compiled));
    return model;
}

static cupel_dataset *make_data(bool wide)
{
    cupel_dataset *data = NULL;
    ASSERT_OK(cupel_dataset_from_arrays(
        &(cupel_arrays){.x = wide ? (const void *)numbers : images,
                        .y = labels,
                        .sample_weight = wide ? weights : NULL,
                        .rows = ROWS,
                        .x_type = wide ? CUPEL_FLOAT64 : CUPEL_UINT8,
                        .y_type = CUPEL_INT64,
                        .scale = wide ? 3 : 1.0 / 255,
                        .x_shape = CUPEL_SHAPE(PIXELS)},
        &data));
    return data;
}

/* Fits in both ways on the card, and on the CPU. */
static void compare(const cupel_dataset *data, cupel_fit_config config)
{
    cupel_device *cuda = cuda_device(), *cpu = NULL;
    cupel_model *models[3];
    cupel_history *histories[3];
    const double *losses[3];
    ASSERT_OK(cupel_device_open("cpu", &cpu));
    for (int i = 0; i < 3; i++) {
        config.input = i == 0 ? CUPEL_INPUT_STREAM : CUPEL_INPUT_RESIDENT;
        models[i] = make_model(i < 2 ? cuda : cpu);
        ASSERT_OK(cupel_model_fit(models[i], data, &config, &histories[i]));
        ASSERT_OK(cupel_history_series(histories[i], "loss", &losses[i]));
    }
    for (int64_t epoch = 0; epoch < cupel_history_epochs(histories[0]); epoch++) {
        cr_expect_eq(losses[0][epoch], losses[1][epoch], "epoch %lld: %.17g and %.17g",
                     (long long)epoch, losses[0][epoch], losses[1][epoch]);
        EXPECT_CLOSE(losses[1][epoch], losses[2][epoch], 1e-4);
    }
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    for (int i = 0; i < 3; i++) {
        cupel_history_free(histories[i]);
        cupel_model_free(models[i]);
    }
    cupel_device_close(cuda);
    cupel_device_close(cpu);
}

Test(cuda_resident, the_same_bits_as_streamed)
{
    const size_t bytes = simcuda_live_bytes();
    const int64_t objects = simcuda_live_objects();
    static const float class_weight[CLASSES] = {1, 2, 0.5F, 1};
    draw_data();
    cupel_dataset *bytes_data = make_data(false), *wide = make_data(true);
    compare(bytes_data, (cupel_fit_config){.epochs = 3, .batch_size = 16});
    compare(wide, (cupel_fit_config){.epochs = 3,
                                     .batch_size = 8,
                                     .steps_per_execution = 3,
                                     .validation_split = 0.2});
    compare(wide, (cupel_fit_config){.epochs = 2,
                                     .batch_size = 20,
                                     .steps_per_execution = 100,
                                     .class_weight = class_weight,
                                     .classes = CLASSES,
                                     .no_shuffle = true,
                                     .validation = bytes_data});
    cupel_dataset_free(bytes_data);
    cupel_dataset_free(wide);
    cr_expect_eq(simcuda_live_bytes(), bytes);
    cr_expect_eq(simcuda_live_objects(), objects);
}

/* Calls of the host for each step that an epoch has more, once the graphs are there. */
static double calls_of_step(int64_t every)
{
    cupel_device *cuda = cuda_device();
    cupel_dataset *data = make_data(false);
    cupel_model *model = make_model(cuda);
    cupel_fit_config config = {.epochs = 2, .batch_size = 1, .steps_per_execution = every};
    uint64_t calls[2];
    ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
    for (int i = 0; i < 2; i++) {
        config.batch_size = i == 0 ? 3 : 1;
        ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
        simcuda_configuration()->calls = 0;
        ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
        calls[i] = simcuda_configuration()->calls;
    }
    cupel_model_free(model);
    cupel_dataset_free(data);
    cupel_device_close(cuda);
    return (double)(calls[1] - calls[0]) / (2 * (ROWS - ROWS / 3));
}

/* A step is the launch of its graph, and the question which card is selected. */
Test(cuda_resident, host_calls)
{
    draw_data();
    const double one = calls_of_step(1), many = calls_of_step(25);
    printf("host calls a step with resident data: %.2f, %.2f at 25 steps an execution\n", one,
           many);
    cr_expect_leq(one, 2.1);
    cr_expect_leq(many, 0.3);
}

/* Little is free beside the workspace of the products: what fits without leaving room for others is
 * kept only if it has to be. */
Test(cuda_resident, what_fits)
{
    simcuda_configuration()->memory = (size_t)34 << 20;
    draw_data();
    cupel_device *cuda = cuda_device();
    cupel_dataset *data = make_data(true), *large = NULL;
    enum { MANY = 10000 };
    double *x = calloc(MANY * PIXELS, sizeof *x);
    int32_t *y = calloc(MANY, sizeof *y);
    cr_assert(x != NULL && y != NULL);
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x,
                                                        .y = y,
                                                        .rows = MANY,
                                                        .x_type = CUPEL_FLOAT64,
                                                        .y_type = CUPEL_INT32,
                                                        .x_shape = CUPEL_SHAPE(PIXELS)},
                                        &large));
    cupel_fit_config config = {.batch_size = 25};
    for (int i = 0; i < 2; i++) {
        config.input = i == 0 ? CUPEL_INPUT_AUTO : CUPEL_INPUT_RESIDENT;
        cupel_model *model = make_model(cuda);
        ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
        cr_expect_eq(model->program->slots != NULL, i == 0, "slots are for batches of the host");
        const int64_t bytes = cuda->bytes;
        config.input = CUPEL_INPUT_RESIDENT;
        EXPECT_ERROR(cupel_model_fit(model, large, &config, NULL), CUPEL_ERROR_DEVICE_MEMORY,
                     "the 10000 rows do not fit beside the model: ");
        cr_expect_eq(cuda->bytes, bytes);
        ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
        cupel_model_free(model);
    }
    cr_expect_eq(cuda->bytes, 0);
    cupel_dataset_free(data);
    cupel_dataset_free(large);
    cupel_device_close(cuda);
    free(x);
    free(y);
}
