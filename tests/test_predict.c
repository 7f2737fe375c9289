/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "program/model.h"
#include "tiny.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

enum { IN = 20, OUT = 5, ROWS = 3000 };

static cupel_device *device;
static float x[ROWS * IN], out[ROWS * OUT];

static void start(void)
{
    device = tiny_device();
    core_numbers(x, ROWS * IN, 1);
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(predict, .init = start, .fini = end);

static cupel_model *open_model(void)
{
    return CORE_MODEL(device, CUPEL_SHAPE(IN), 5, CUPEL_DENSE(30, .activation = CUPEL_RELU),
                      CUPEL_DROPOUT(0.5), CUPEL_DENSE(OUT, .activation = CUPEL_SOFTMAX));
}

/* More rows than are taken at a time, against one row at a time: within the rounding of sums whose
 * order the BLAS chooses. */
Test(predict, many_rows_are_the_rows_one_by_one)
{
    cupel_model *model = open_model();
    ASSERT_OK(cupel_model_predict(model, x, ROWS, out));
    for (int row = 0; row < ROWS; row++) {
        float one[OUT], sum = 0;
        ASSERT_OK(cupel_model_predict(model, x + row * IN, 1, one));
        for (int i = 0; i < OUT; i++) {
            sum += one[i];
            cr_assert_float_eq(one[i], out[row * OUT + i], 64 * FLT_EPSILON, "row %d", row);
        }
        cr_assert_float_eq(sum, 1, 8 * FLT_EPSILON);
    }
    /* A whole data set does not take memory for all of it. */
    cr_expect_eq(model->program->infer_rows, 1024);
    cupel_model_free(model);
}

/* Around the number that is taken at a time, and with a model that has seen larger batches. */
Test(predict, any_number_of_rows)
{
    static float y[2000 * OUT];
    cupel_model *models[2] = {open_model(), open_model()};
    ASSERT_OK(cupel_model_compile(
        models[1], &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                           .optimizer = CUPEL_SGD(.learning_rate = CUPEL_ZERO)}));
    ASSERT_OK(cupel_model_train_batch(models[1], x, y, 2000, NULL));
    const int64_t rows[] = {1, 2, 1023, 1024, 1025, 2048, 2049, ROWS};
    for (int m = 0; m < 2; m++) {
        ASSERT_OK(cupel_model_predict(models[0], x, ROWS, out));
        for (int i = 0; i < 8; i++) {
            float *some = malloc((size_t)(rows[i] * OUT + 1) * sizeof *some);
            cr_assert_not_null(some);
            some[rows[i] * OUT] = 77;
            ASSERT_OK(cupel_model_predict(models[m], x, rows[i], some));
            for (int64_t j = 0; j < rows[i] * OUT; j++)
                cr_assert_float_eq(some[j], out[j], 64 * FLT_EPSILON, "%lld rows",
                                   (long long)rows[i]);
            cr_expect_eq(some[rows[i] * OUT], 77, "nothing is written behind the end");
            free(some);
        }
    }
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
}

Test(predict, no_rows_are_nothing)
{
    cupel_model *model = open_model();
    ASSERT_OK(cupel_model_predict(model, x, 0, out));
    ASSERT_OK(cupel_model_predict(model, NULL, 0, NULL));
    cr_expect_null(model->program, "not even the weights are drawn");
    EXPECT_ERROR(cupel_model_predict(model, x, -1, out), CUPEL_ERROR_ARGUMENT,
                 "cupel_model_predict: rows is -1");
    EXPECT_ERROR(cupel_model_predict(model, x, INT64_MIN, out), CUPEL_ERROR_ARGUMENT, "rows is");
    cupel_model_free(model);
}

Test(predict, bad_samples_write_nothing)
{
    cupel_model *model = open_model();
    const float bad[] = {NAN, INFINITY, -INFINITY};
    const char *const parts[] = {"x: row 2500, column 13 is NaN", "row 2500, column 13 is infinity",
                                 "row 2500, column 13 is -infinity"};
    for (int i = 0; i < 3; i++) {
        x[2500 * IN + 13] = bad[i];
        out[0] = 5;
        EXPECT_ERROR(cupel_model_predict(model, x, ROWS, out), CUPEL_ERROR_DATA, parts[i]);
        cr_expect_eq(out[0], 5);
        ASSERT_OK(cupel_model_predict(model, x, 2500, out));
    }
    cupel_model_free(model);
}

Test(predict, a_model_without_layers)
{
    cupel_model *model;
    ASSERT_OK(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(IN)}, &model));
    EXPECT_ERROR(cupel_model_predict(model, x, 1, out), CUPEL_ERROR_STATE, "no layers");
    cupel_model_free(model);
}

/* On a float64 model x and the output are double. */
Test(predict, in_double)
{
    cupel_model *model = open_model();
    static double wide_x[ROWS * IN], wide_out[ROWS * OUT];
    ASSERT_OK(cupel_model_predict(model, x, ROWS, out));
    ASSERT_OK(
        cupel_model_compile(model, &(cupel_compile_config){.precision = CUPEL_PRECISION_FLOAT64}));
    for (int i = 0; i < ROWS * IN; i++)
        wide_x[i] = (double)x[i];
    ASSERT_OK(cupel_model_predict(model, wide_x, ROWS, wide_out));
    for (int i = 0; i < ROWS * OUT; i++)
        cr_assert_float_eq(wide_out[i], (double)out[i], 1e-5);
    wide_x[IN] = (double)NAN;
    EXPECT_ERROR(cupel_model_predict(model, wide_x, ROWS, wide_out), CUPEL_ERROR_DATA,
                 "x: row 1, column 0 is NaN");
    cupel_model_free(model);
}

/* A prediction between steps is no part of the training. */
Test(predict, between_steps)
{
    static float y[64 * OUT];
    cupel_model *models[2] = {open_model(), open_model()};
    for (int m = 0; m < 2; m++) {
        ASSERT_OK(
            cupel_model_compile(models[m], &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                                   .optimizer = CUPEL_ADAM(0)}));
        for (int step = 0; step < 5; step++) {
            ASSERT_OK(cupel_model_gradients(models[m], x, y, 64, NULL));
            if (m == 1) ASSERT_OK(cupel_model_predict(models[m], x, 100 + 400 * step, out));
            ASSERT_OK(cupel_model_apply_gradients(models[m]));
        }
    }
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
}
