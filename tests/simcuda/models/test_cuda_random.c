/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is drawn is the same on both devices bit for bit: first weights, the order of the samples
 * and the masks of dropout. */
#include "cuda_pair.h"

#include <stdlib.h>

TestSuite(cuda_random);

static const cupel_compile_config regress = {.loss = CUPEL_LOSS_MSE,
                                             .optimizer = {.kind = CUPEL_OPTIMIZER_SGD}};

Test(cuda_random, first_weights)
{
    for (int flavour = 0; flavour < 2; flavour++) {
        cupel_compile_config config = regress;
        config.flavour = (cupel_flavour)flavour;
        cuda_pair pair =
            CUDA_PAIR(CUPEL_SHAPE(19), 11, &config, CUPEL_DENSE(33, .activation = CUPEL_RELU),
                      CUPEL_DENSE(17, .kernel_initializer = CUPEL_INIT_HE_NORMAL,
                                  .bias_initializer = CUPEL_INIT_ONES),
                      CUPEL_DENSE(29, .kernel_initializer = CUPEL_INIT_LECUN_UNIFORM,
                                  .bias_initializer = CUPEL_INIT_GLOROT_NORMAL),
                      CUPEL_DENSE(3));
        cr_expect(core_same(pair.cuda, pair.cpu, CUPEL_VALUE));
        cuda_pair_free(&pair);
    }
}

/* The mirror of bf16 is drawn from the same weights, which stay float. */
Test(cuda_random, first_weights_of_any_precision)
{
    cuda_pair pair = CUDA_PAIR(CUPEL_SHAPE(9), 4, &regress, CUPEL_DENSE(16), CUPEL_DENSE(8));
    for (int precision = 0; precision <= CUPEL_PRECISION_BFLOAT16; precision++) {
        cupel_model *model =
            CORE_MODEL(pair.cuda_device, CUPEL_SHAPE(9), 4, CUPEL_DENSE(16), CUPEL_DENSE(8));
        cupel_compile_config config = regress;
        config.precision = (cupel_precision)precision;
        ASSERT_OK(cupel_model_compile(model, &config));
        cr_expect(core_same(model, pair.cpu, CUPEL_VALUE), "precision %d", precision);
        cupel_model_free(model);
    }
    cuda_pair_free(&pair);
}

enum { SAMPLES = 37, EPOCHS = 2 };

/* The samples in the order in which they were trained on. Sample i is 1 at feature i alone, so that
 * its step moves no weight but that one. */
typedef struct journal {
    float before[SAMPLES];
    int64_t order[EPOCHS * SAMPLES];
    int64_t count;
} journal;

static cupel_status note(void *user, const cupel_event *event)
{
    journal *j = user;
    float now[SAMPLES];
    if (event->when != CUPEL_WHEN_STEP_END) return CUPEL_OK;
    ASSERT_OK(cupel_parameter_read(event->model, 0, CUPEL_VALUE, now));
    for (int64_t i = 0; i < SAMPLES; i++) {
        if (now[i] == j->before[i]) continue;
        cr_assert_lt(j->count, EPOCHS * SAMPLES);
        j->order[j->count++] = i;
    }
    memcpy(j->before, now, sizeof now);
    return CUPEL_OK;
}

static journal follow(cupel_model *model, cupel_dataset *data, int64_t batch)
{
    journal j = {.count = 0};
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_VALUE, j.before));
    const cupel_fit_config config = {
        .epochs = EPOCHS, .batch_size = batch, .callbacks = {CUPEL_CALLBACK(note, .user = &j)}};
    ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
    cr_assert_eq(j.count, EPOCHS * SAMPLES);
    return j;
}

Test(cuda_random, order_of_the_samples)
{
    static float x[SAMPLES * SAMPLES], y[SAMPLES];
    for (int i = 0; i < SAMPLES; i++) {
        x[i * SAMPLES + i] = 1;
        y[i] = 10;
    }
    cuda_pair pair = CUDA_PAIR(CUPEL_SHAPE(SAMPLES), 6, &regress, CUPEL_DENSE(1, .no_bias = true));
    cupel_dataset *data;
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x, .y = y, .rows = SAMPLES}, &data));
    const journal cpu = follow(pair.cpu, data, 1);
    const journal cuda = follow(pair.cuda, data, 1);
    int64_t in_place = 0;
    for (int64_t i = 0; i < EPOCHS * SAMPLES; i++) {
        cr_expect_eq(cuda.order[i], cpu.order[i], "step %lld", (long long)i);
        in_place += cpu.order[i] == i % SAMPLES;
    }
    cr_expect_lt(in_place, SAMPLES / 2, "they are shuffled");
    cupel_dataset_free(data);
    cuda_pair_free(&pair);
}

enum { ROWS = 24, WIDTH = 45 };

/* Without weights the output is 0, and with targets that are 1 for the unit of the row's number
 * alone the kernel's gradient has in that unit's row what dropout has left of the sample. */
Test(cuda_random, masks_of_dropout)
{
    static float x[ROWS * WIDTH], y[ROWS * ROWS];
    for (int i = 0; i < ROWS * WIDTH; i++)
        x[i] = 1;
    for (int i = 0; i < ROWS; i++)
        y[i * ROWS + i] = 1;
    const float rates[] = {0.5F, 0.1F, 0.875F};
    for (int k = 0; k < 3; k++) {
        cuda_pair pair =
            CUDA_PAIR(CUPEL_SHAPE(WIDTH), 21, &regress, CUPEL_DROPOUT(rates[k]),
                      CUPEL_DENSE(ROWS, .no_bias = true, .kernel_initializer = CUPEL_INIT_ZEROS));
        ASSERT_OK(cupel_model_set_learning_rate(pair.cpu, CUPEL_ZERO));
        ASSERT_OK(cupel_model_set_learning_rate(pair.cuda, CUPEL_ZERO));
        for (int step = 0; step < 4; step++) {
            int64_t count = 0, kept = 0;
            ASSERT_OK(cupel_model_train_batch(pair.cpu, x, y, ROWS, NULL));
            ASSERT_OK(cupel_model_train_batch(pair.cuda, x, y, ROWS, NULL));
            float *cpu = core_read(pair.cpu, CUPEL_GRADIENT, &count);
            float *cuda = core_read(pair.cuda, CUPEL_GRADIENT, &count);
            cr_assert_eq(count, ROWS * WIDTH);
            for (int64_t i = 0; i < count; i++) {
                cr_expect_eq(cuda[i] == 0, cpu[i] == 0, "rate %g, step %d, row %lld, feature %lld",
                             (double)rates[k], step, (long long)(i / WIDTH),
                             (long long)(i % WIDTH));
                kept += cpu[i] != 0;
            }
            const double share = (double)kept / (double)count;
            cr_expect_float_eq(share, 1 - (double)rates[k], 0.06);
            free(cpu);
            free(cuda);
        }
        cuda_pair_free(&pair);
    }
}
