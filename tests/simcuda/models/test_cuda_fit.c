/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model trained on the simulated card takes the steps that it takes on the CPU. */
#include "cuda_pair.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <math.h>

TestSuite(cuda_fit);

static const float tutorial_x[4][2] = {{1, 2}, {2, 3}, {3, 4}, {4, 5}};
static const float tutorial_y[4][1] = {{0}, {0}, {1}, {1}};

Test(cuda_fit, tutorial_model)
{
    const size_t bytes = simcuda_live_bytes();
    const int64_t objects = simcuda_live_objects();
    cuda_pair pair = CUDA_PAIR(
        CUPEL_SHAPE(2), 1,
        (&(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                 .optimizer = CUPEL_ADAM(.learning_rate = 0.001F)}),
        CUPEL_DENSE(1, .activation = CUPEL_SIGMOID), CUPEL_DENSE(1, .activation = CUPEL_SIGMOID));
    cr_expect_str_eq(cupel_device_name(pair.cuda_device), "cuda:0, Simulated H100");
    cr_expect_eq(cuda_pair_distance(&pair, CUPEL_VALUE), 0, "the weights are drawn on the host");
    for (int step = 0; step < 20; step++) {
        double cpu = 0, cuda = 0;
        ASSERT_OK(cupel_model_train_batch(pair.cpu, tutorial_x, tutorial_y, 4, &cpu));
        ASSERT_OK(cupel_model_train_batch(pair.cuda, tutorial_x, tutorial_y, 4, &cuda));
        EXPECT_CLOSE(cuda, cpu, 2e-6);
    }
    cr_expect_leq(cuda_pair_distance(&pair, CUPEL_VALUE), 1e-5);
    cupel_dataset *data;
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = tutorial_x,
                                                        .y = tutorial_y,
                                                        .rows = 4,
                                                        .x_shape = CUPEL_SHAPE(2),
                                                        .y_shape = CUPEL_SHAPE(1)},
                                        &data));
    cupel_model *models[2] = {pair.cpu, pair.cuda};
    float prediction[2][4];
    double score[2];
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(cupel_model_fit(models[i], data,
                                  &(cupel_fit_config){.epochs = 10, .batch_size = 3}, NULL));
        ASSERT_OK(cupel_model_predict(models[i], tutorial_x, 4, prediction[i]));
        ASSERT_OK(cupel_model_evaluate(models[i], data, 3, &score[i]));
    }
    for (int i = 0; i < 4; i++) EXPECT_CLOSE(prediction[1][i], prediction[0][i], 1e-5);
    EXPECT_CLOSE(score[1], score[0], 1e-5);
    cupel_dataset_free(data);
    cuda_pair_free(&pair);
    cr_expect_eq(simcuda_live_bytes(), bytes);
    cr_expect_eq(simcuda_live_objects(), objects);
}

/* Without a driver, and without a card, "auto" is the CPU and "cuda" says why it is not there. */
Test(cuda_fit, no_card)
{
    for (int i = 0; i < 2; i++) {
        simcuda_configuration()->driver = i > 0;
        simcuda_configuration()->devices = 0;
        cupel_device *device;
        int64_t count = -1;
        ASSERT_OK(cupel_device_count("cuda", &count));
        cr_expect_eq(count, 0);
        ASSERT_OK(cupel_device_open("auto", &device));
        cr_expect_eq(strncmp(cupel_device_name(device), "cpu", 3), 0);
        cupel_device_close(device);
        EXPECT_ERROR(cupel_device_open("cuda", &device), CUPEL_ERROR_NO_DEVICE,
                     i == 0 ? "driver" : "no CUDA device");
        cr_expect_null(device);
    }
    simcuda_configuration()->devices = 1;
    cupel_device *device;
    ASSERT_OK(cupel_device_open("auto", &device));
    cr_expect_str_eq(cupel_device_name(device), "cuda:0, Simulated H100");
    cupel_device_close(device);
    EXPECT_ERROR(cupel_device_open("cuda:1", &device), CUPEL_ERROR_NO_DEVICE,
                 "this machine has 1");
}

enum { PIXELS = 784, CLASSES = 10, IMAGES = 96 };

static uint8_t images[IMAGES * PIXELS];
static uint8_t labels[IMAGES];

/* Bright bars, one place for each class, in noise. */
static void draw_images(void)
{
    static float noise[IMAGES * PIXELS];
    core_numbers(noise, IMAGES * PIXELS, 3);
    for (int i = 0; i < IMAGES; i++) {
        labels[i] = (uint8_t)(i * 7 % CLASSES);
        for (int j = 0; j < PIXELS; j++) {
            const float bar = j / 28 / 2 == labels[i] ? 120 : 0;
            images[i * PIXELS + j] = (uint8_t)(bar + 60 * (1 + noise[i * PIXELS + j]));
        }
    }
}

Test(cuda_fit, classifier)
{
    draw_images();
    cuda_pair pair = CUDA_PAIR(
        CUPEL_SHAPE(28, 28), 7,
        (&(cupel_compile_config){.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                 .from_logits = true,
                                 .optimizer = CUPEL_ADAMW(.learning_rate = 1e-3F),
                                 .metrics = {CUPEL_METRIC_ACCURACY}}),
        CUPEL_FLATTEN(), CUPEL_DENSE(64, .activation = CUPEL_RELU), CUPEL_DROPOUT(0.2F),
        CUPEL_DENSE(CLASSES));
    cupel_dataset *data;
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = images,
                                                        .y = labels,
                                                        .rows = IMAGES,
                                                        .x_type = CUPEL_UINT8,
                                                        .y_type = CUPEL_UINT8,
                                                        .x_shape = CUPEL_SHAPE(28, 28)},
                                        &data));
    cupel_model *models[2] = {pair.cpu, pair.cuda};
    const double *losses[2];
    cupel_history *histories[2];
    double score[2][2];
    float output[2][IMAGES * CLASSES];
    static float x[IMAGES * PIXELS];
    for (int i = 0; i < IMAGES * PIXELS; i++) x[i] = (float)images[i] / 255;
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(cupel_model_fit(models[i], data,
                                  &(cupel_fit_config){.epochs = 3, .batch_size = 40},
                                  &histories[i]));
        ASSERT_OK(cupel_history_series(histories[i], "loss", &losses[i]));
        ASSERT_OK(cupel_model_evaluate(models[i], data, 50, score[i]));
        ASSERT_OK(cupel_model_predict(models[i], x, IMAGES, output[i]));
    }
    for (int epoch = 0; epoch < 3; epoch++) EXPECT_CLOSE(losses[1][epoch], losses[0][epoch], 1e-4);
    EXPECT_CLOSE(score[1][0], score[0][0], 1e-4);
    cr_expect_eq(score[1][1], score[0][1]);
    for (int i = 0; i < IMAGES * CLASSES; i++)
        cr_expect_float_eq(output[1][i], output[0][i], 1e-4F);
    for (int i = 0; i < 2; i++) cupel_history_free(histories[i]);
    cupel_dataset_free(data);
    cuda_pair_free(&pair);
}
