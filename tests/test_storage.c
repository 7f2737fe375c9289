/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/storage.h"

#include "core.h"
#include "fault.h"
#include "program/model.h"
#include "random_model.h"
#include "tiny.h"

#include <stdlib.h>

static const cupel_optimizer optimizers[] = {
    {.kind = CUPEL_OPTIMIZER_SGD},
    {.kind = CUPEL_OPTIMIZER_SGD, .momentum = 0.9, .clipvalue = 1},
    {.kind = CUPEL_OPTIMIZER_SGD, .clipnorm = 1},
    {.kind = CUPEL_OPTIMIZER_ADAM},
    {.kind = CUPEL_OPTIMIZER_ADAM, .amsgrad = true, .global_clipnorm = 1},
    {.kind = CUPEL_OPTIMIZER_ADAMW, .clipnorm = 0.5},
};

enum { OPTIMIZERS = sizeof optimizers / sizeof *optimizers };

/* Zeros are samples and targets of every kind. */
static void *zeros_for(const random_model *network, int64_t rows)
{
    const int64_t most = network->x_count > network->y_count ? network->x_count : network->y_count;
    void *zeros = calloc((size_t)(most * rows), sizeof(double));
    cr_assert_not_null(zeros);
    return zeros;
}

static void expect_plan(const cupel_model *model, int64_t batch, uint64_t seed)
{
    cupel_memory memory;
    ASSERT_OK(cupel_model_memory(model, batch, &memory));
    cr_expect_eq(memory.total, model->device->bytes,
                 "seed %d, batch %lld: %lld bytes planned, %lld taken", (int)seed, (long long)batch,
                 (long long)memory.total, (long long)model->device->bytes);
    cr_expect_eq(memory.total, memory.weights + memory.gradients + memory.moments +
                                   memory.activations + memory.input + memory.workspace);
}

/* The plan's bytes are the bytes taken, whatever the network, optimizer, clip and precision. */
Test(storage, what_is_planned_is_taken)
{
    for (uint64_t seed = 1; seed <= 96; seed++) {
        random_model network;
        random_model_draw(
            &(random_wish){.seed = seed * 1001,
                           .loss = &random_losses[seed % RANDOM_LOSSES],
                           .activation = (cupel_activation)(seed % (CUPEL_SOFTPLUS + 1)),
                           .dropout = true},
            &network);
        cupel_compile_config config = {
            .optimizer = optimizers[seed % OPTIMIZERS],
            .precision = seed / 6 % 2 ? CUPEL_PRECISION_FLOAT64 : CUPEL_PRECISION_FLOAT32,
            .flavour = seed / 12 % 2 ? CUPEL_TORCH : CUPEL_KERAS,
            .metrics = {seed / 24 % 2 ? CUPEL_METRIC_ACCURACY : CUPEL_METRIC_NONE},
        };
        cupel_device *device = tiny_device();
        cupel_model *model = random_model_open(&network, device, &config);
        const int64_t batches[] = {network.rows, 40, 1, 7, 41};
        void *zeros = zeros_for(&network, 41);
        int64_t most = 0;
        for (int i = 0; i < 5; i++) {
            if (batches[i] > most) most = batches[i];
            ASSERT_OK(cupel_model_train_batch(model, zeros, zeros, batches[i], NULL));
            expect_plan(model, most, seed);
        }
        /* Nothing else that is done with as many rows takes more. */
        double loss;
        void *out = calloc((size_t)(network.y_count * 40 + network.x_count) * 41, sizeof(double));
        cr_assert_not_null(out);
        ASSERT_OK(cupel_model_gradients(model, zeros, zeros, most, &loss));
        ASSERT_OK(cupel_model_apply_gradients(model));
        ASSERT_OK(cupel_model_predict(model, zeros, most, out));
        expect_plan(model, most, seed);
        free(out);
        free(zeros);
        cupel_model_free(model);
        cr_expect_eq(device->bytes, 0, "freeing a model gives all back");
        cupel_device_close(device);
        random_model_free(&network);
    }
}

Test(storage, an_inference_model_takes_its_own_plan)
{
    cupel_device *device = tiny_device();
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(20), 1, CUPEL_DENSE(30, .activation = CUPEL_RELU),
                   CUPEL_DROPOUT(0.5), CUPEL_DENSE(10, .activation = CUPEL_SOFTMAX));
    static float x[20 * 64], out[10 * 64];
    cr_expect_eq(device->bytes, 0, "a model that is not used has nothing");
    cupel_memory memory;
    ASSERT_OK(cupel_model_memory(model, 64, &memory));
    cr_expect_eq(device->bytes, 0);
    ASSERT_OK(cupel_model_predict(model, x, 64, out));
    expect_plan(model, 64, 0);
    cupel_model_free(model);
    cupel_device_close(device);
}

enum { IN = 13, OUT = 5, ROWS = 64 };

static float x[ROWS * IN], y[ROWS * OUT], out[ROWS * OUT];

static cupel_model *open_model(cupel_device *device)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(IN), 1,
                                    CUPEL_DENSE(37, .activation = CUPEL_GELU, .kernel_l2 = 1e-3),
                                    CUPEL_DROPOUT(0.25), CUPEL_DENSE(OUT));
    const cupel_compile_config config = {.loss = CUPEL_LOSS_MSE,
                                         .optimizer = CUPEL_ADAM(.global_clipnorm = 1),
                                         .metrics = {CUPEL_METRIC_MAE}};
    ASSERT_OK(cupel_model_compile(model, &config));
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * OUT, 2);
    return model;
}

/* All that may happen in a loop of the user's own. */
static void take_steps(cupel_model *model, int64_t rows)
{
    double loss;
    ASSERT_OK(cupel_model_train_batch(model, x, y, rows, NULL));
    ASSERT_OK(cupel_model_train_batch(model, x, y, rows, &loss));
    ASSERT_OK(cupel_model_gradients(model, x, y, rows, &loss));
    ASSERT_OK(cupel_model_apply_gradients(model));
    ASSERT_OK(cupel_model_predict(model, x, rows, out));
    ASSERT_OK(cupel_model_set_learning_rate(model, 1e-3 / (double)rows));
}

Test(storage, a_step_allocates_nothing)
{
    fault_memory_install();
    cupel_device *device = tiny_device();
    cupel_model *model = open_model(device);
    ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, NULL));
    fault_memory_arm(0, false);
    for (int64_t rows = ROWS; rows > ROWS - 50; rows--)
        take_steps(model, rows);
    for (int64_t rows = 1; rows <= ROWS; rows++)
        take_steps(model, rows);
    cr_expect_eq(fault_memory_calls(), 0, "%lld allocations", (long long)fault_memory_calls());
    /* A prediction of more rows than any step has. */
    cupel_model *other = open_model(device);
    ASSERT_OK(cupel_model_predict(other, x, ROWS, out));
    ASSERT_OK(cupel_model_train_batch(other, x, y, 9, NULL));
    fault_memory_arm(0, false);
    ASSERT_OK(cupel_model_predict(other, x, ROWS, out));
    ASSERT_OK(cupel_model_train_batch(other, x, y, 9, NULL));
    cr_expect_eq(fault_memory_calls(), 0, "%lld allocations", (long long)fault_memory_calls());
    cupel_model_free(other);
    cupel_model_free(model);
    cupel_device_close(device);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}

/* The arena's size leaves no trace in the numbers: growing and shrinking batches against a model
 * that had room for all from the start. */
Test(storage, growing_and_shrinking_batches)
{
    const int64_t batches[] = {3, 64, 5, 1, 63, 64, 2, 33, 64, 7};
    cupel_device *device = tiny_device();
    cupel_model *grown = open_model(device), *roomy = open_model(device);
    ASSERT_OK(cupel_model_gradients(roomy, x, y, ROWS, NULL));
    for (int i = 0; i < 10; i++) {
        double losses[2];
        ASSERT_OK(cupel_model_train_batch(grown, x, y, batches[i], &losses[0]));
        ASSERT_OK(cupel_model_train_batch(roomy, x, y, batches[i], &losses[1]));
        cr_expect_eq(losses[0], losses[1], "batch %d", i);
        cr_expect(core_same(grown, roomy, CUPEL_VALUE), "batch %d", i);
        if (i % 3 == 0) ASSERT_OK(cupel_model_predict(grown, x, batches[i], out));
    }
    cr_expect(core_same(grown, roomy, CUPEL_MOMENT_2));
    cupel_model_free(grown);
    cupel_model_free(roomy);
    cupel_device_close(device);
}

static cupel_status live(cupel_model **model, cupel_device **device)
{
    double loss;
    CUPEL_TRY(cupel_device_open("cpu", device));
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(IN), .seed = 1};
    CUPEL_TRY(cupel_model_create(*device, &config, model));
    CUPEL_TRY(cupel_model_add(*model, CUPEL_DENSE(37, .activation = CUPEL_GELU, .kernel_l2 = 1)));
    CUPEL_TRY(cupel_model_add(*model, CUPEL_DROPOUT(0.25)));
    CUPEL_TRY(cupel_model_add(*model, CUPEL_DENSE(OUT)));
    const cupel_compile_config compile = {.loss = CUPEL_LOSS_MSE,
                                          .optimizer = CUPEL_ADAM(.global_clipnorm = 1)};
    CUPEL_TRY(cupel_model_compile(*model, &compile));
    CUPEL_TRY(cupel_model_train_batch(*model, x, y, 5, &loss));
    CUPEL_TRY(cupel_model_predict(*model, x, 9, out));
    CUPEL_TRY(cupel_model_train_batch(*model, x, y, 20, NULL));
    const cupel_compile_config wide = {.precision = CUPEL_PRECISION_FLOAT64};
    return cupel_model_compile(*model, &wide);
}

/* The whole life of a model with each allocation failing once, and with all behind it. */
Test(storage, every_allocation_may_fail)
{
    fault_memory_install();
    for (int persistent = 0; persistent < 2; persistent++) {
        for (int64_t n = 1;; n++) {
            cupel_device *device = NULL;
            cupel_model *model = NULL;
            fault_memory_arm(n, persistent != 0);
            const cupel_status status = live(&model, &device);
            const int64_t failed = fault_memory_disarm();
            cr_expect_eq(status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK, "allocation %lld: %s",
                         (long long)n, cupel_last_error());
            cupel_model_free(model);
            cupel_device_close(device);
            cr_assert_eq(fault_memory_blocks(), 0, "allocation %lld leaks", (long long)n);
            if (failed == 0) break;
            cr_assert_lt(n, 2000);
        }
    }
    fault_memory_remove();
}

/* A call that fails for memory has changed nothing, and works when it is repeated. */
Test(storage, a_call_without_memory_can_be_repeated)
{
    fault_memory_install();
    cupel_device *device = tiny_device();
    cupel_model *always = open_model(device);
    for (int step = 0; step < 3; step++)
        ASSERT_OK(cupel_model_train_batch(always, x, y, 4 << step, NULL));
    for (int64_t n = 1;; n++) {
        const int64_t before = device->bytes;
        cupel_model *model = open_model(device);
        bool failed = false;
        for (int step = 0; step < 3; step++) {
            const int64_t rows = 4 << step;
            double loss;
            fault_memory_arm(n, false);
            cupel_status status = cupel_model_train_batch(model, x, y, rows, &loss);
            if (fault_memory_disarm() > 0) {
                failed = true;
                cr_expect_eq(status, CUPEL_ERROR_MEMORY);
                status = cupel_model_train_batch(model, x, y, rows, &loss);
            }
            cr_assert_eq(status, CUPEL_OK);
        }
        fault_memory_arm(n, false);
        cupel_status status = cupel_model_compile(
            model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_SGD(0)});
        if (fault_memory_disarm() > 0) {
            failed = true;
            cr_expect_eq(status, CUPEL_ERROR_MEMORY);
            cr_expect(core_same(model, always, CUPEL_MOMENT_2), "the old program is still there");
        }
        cr_expect(core_same(model, always, CUPEL_VALUE), "allocation %lld", (long long)n);
        cupel_model_free(model);
        cr_expect_eq(device->bytes, before);
        if (!failed) break;
        cr_assert_lt(n, 2000);
    }
    cupel_model_free(always);
    cr_expect_eq(device->bytes, 0);
    cupel_device_close(device);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
}
