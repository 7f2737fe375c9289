/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/report.h"

#include "core.h"
#include "tiny.h"

static cupel_device *device;

static void start(void)
{
    device = tiny_device();
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(memory_report, .init = start, .fini = end);

static cupel_model *open_model(void)
{
    return CORE_MODEL(device, CUPEL_SHAPE(100), 1, CUPEL_DENSE(70), CUPEL_DENSE(10));
}

static cupel_memory memory_of(const cupel_model *model, int64_t batch)
{
    cupel_memory memory;
    ASSERT_OK(cupel_model_memory(model, batch, &memory));
    return memory;
}

/* 100 x 70 + 70 and 70 x 10 + 10, each in slices of 128. */
enum { ELEMENTS = 7040 + 128 + 768 + 128 };

Test(memory_report, bytes_by_class)
{
    cupel_model *model = open_model();
    cupel_memory m = memory_of(model, 64);
    cr_expect_eq(m.weights, ELEMENTS * 4);
    cr_expect(m.gradients == 0 && m.moments == 0, "nothing of training");
    cr_expect_eq(m.input, 64 * 100 * 4);
    cr_expect_geq(m.activations, 64 * 70 * 4);
    cr_expect(model->program == NULL && device->bytes == 0, "nothing is drawn or taken");
    const struct {
        cupel_optimizer optimizer;
        int64_t moments;
    } cases[] = {{CUPEL_SGD(0), 0},
                 {CUPEL_SGD(.momentum = 0.9), 1},
                 {CUPEL_ADAM(0), 2},
                 {CUPEL_ADAMW(.amsgrad = true), 3}};
    for (int i = 0; i < 8; i++) {
        const bool wide = i >= 4;
        const int64_t size = wide ? 8 : 4;
        ASSERT_OK(cupel_model_compile(
            model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                           .optimizer = cases[i % 4].optimizer,
                                           .precision = wide ? CUPEL_PRECISION_FLOAT64
                                                             : CUPEL_PRECISION_FLOAT32}));
        m = memory_of(model, 64);
        cr_expect_eq(m.weights, ELEMENTS * size);
        cr_expect_eq(m.gradients, ELEMENTS * size);
        cr_expect_eq(m.moments, cases[i % 4].moments * ELEMENTS * size);
        cr_expect_eq(m.input, (64 * 100 + 64 * 10) * size);
        cr_expect_eq(m.total,
                     m.weights + m.gradients + m.moments + m.activations + m.input + m.workspace);
    }
    cupel_model_free(model);
}

/* What the batch takes grows with it, the rest does not. */
Test(memory_report, grows_with_the_batch)
{
    cupel_model *model = open_model();
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_ADAM(0)}));
    cupel_memory before = memory_of(model, 1);
    for (int64_t batch = 2; batch <= 1 << 20; batch *= 2) {
        const cupel_memory m = memory_of(model, batch);
        cr_expect(m.weights == before.weights && m.gradients == before.gradients &&
                  m.moments == before.moments);
        cr_expect(m.total >= before.total && m.input >= before.input);
        before = m;
    }
    cr_expect_eq(before.input, (INT64_C(1) << 20) * 110 * 4);
    cupel_model_free(model);
}

Test(memory_report, bad_arguments)
{
    cupel_model *model = open_model();
    cupel_memory memory = {.total = 5};
    EXPECT_ERROR(cupel_model_memory(NULL, 1, &memory), CUPEL_ERROR_ARGUMENT, "model is NULL");
    cr_expect_eq(memory.total, 0);
    EXPECT_ERROR(cupel_model_memory(model, 1, NULL), CUPEL_ERROR_ARGUMENT, "memory is NULL");
    const int64_t wrong[] = {0, -1, INT64_MIN};
    for (int i = 0; i < 3; i++)
        EXPECT_ERROR(cupel_model_memory(model, wrong[i], &memory), CUPEL_ERROR_ARGUMENT,
                     "cupel_model_memory: batch is");
    EXPECT_ERROR(cupel_model_memory(model, INT64_MAX, &memory), CUPEL_ERROR_ARGUMENT,
                 "too large for 64-bit sizes");
    cr_expect_eq(memory.total, 0);
    cupel_model_free(model);
    ASSERT_OK(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(4)}, &model));
    EXPECT_ERROR(cupel_model_memory(model, 1, &memory), CUPEL_ERROR_STATE, "no layers");
    cupel_model_free(model);
}
