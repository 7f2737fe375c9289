/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The layers that keep a sample's numbers: flatten and reshape, and what passes through all kinds.
 */
#include "core.h"
#include "layers/layer_type.h"
#include "tiny.h"

static cupel_status reshape(cupel_shape input, cupel_shape shape, cupel_shape *output)
{
    const cupel_layer layer = CUPEL_RESHAPE(shape);
    cupel_layer_shapes out = {0};
    const cupel_status status = cupel_layer_reshape.shapes(&layer, 5, &input, &out);
    *output = out.outputs[0];
    return status;
}

static void expect_shape(cupel_shape got, cupel_shape expected)
{
    cr_expect(memcmp(&got, &expected, sizeof got) == 0, "rank %lld: %lld, %lld, %lld",
              (long long)got.rank, (long long)got.dims[0], (long long)got.dims[1],
              (long long)got.dims[2]);
}

Test(layer_views, reshape_infers_one_dimension)
{
    cupel_shape out;
    ASSERT_OK(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(3, 4), &out));
    expect_shape(out, CUPEL_SHAPE(3, 4));
    ASSERT_OK(reshape(CUPEL_SHAPE(3, 4), CUPEL_SHAPE(-1), &out));
    expect_shape(out, CUPEL_SHAPE(12));
    ASSERT_OK(reshape(CUPEL_SHAPE(3, 4), CUPEL_SHAPE(2, -1, 3), &out));
    expect_shape(out, CUPEL_SHAPE(2, 2, 3));
    ASSERT_OK(reshape(CUPEL_SHAPE(1), CUPEL_SHAPE(1, 1, 1, 1, 1, 1, 1, -1), &out));
    cr_expect(out.rank == 8 && out.dims[7] == 1);
    ASSERT_OK(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(-1, 12), &out));
    expect_shape(out, CUPEL_SHAPE(1, 12));
}

Test(layer_views, reshape_refuses_the_rest)
{
    cupel_shape out;
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(3, 5), &out), CUPEL_ERROR_SHAPE,
                 "layer 5 (reshape): an input of shape (12) does not fit .shape (3, 5)");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(3, 4), CUPEL_SHAPE(5, -1), &out), CUPEL_ERROR_SHAPE,
                 "an input of shape (3, 4) does not fit .shape (5, -1)");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(24, -1), &out), CUPEL_ERROR_SHAPE,
                 "does not fit .shape (24, -1)");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(-1, 3, -1), &out), CUPEL_ERROR_ARGUMENT,
                 "layer 5 (reshape): dimensions 0 and 2 of .shape are both -1");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(0, 12), &out), CUPEL_ERROR_ARGUMENT,
                 "expected at least 1");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(-2, 6), &out), CUPEL_ERROR_ARGUMENT,
                 "layer 5 (reshape)");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), (cupel_shape){0}, &out), CUPEL_ERROR_ARGUMENT,
                 "layer 5 (reshape): .shape has rank 0");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), (cupel_shape){.rank = 9}, &out), CUPEL_ERROR_ARGUMENT,
                 "rank 9");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), (cupel_shape){.rank = -1}, &out), CUPEL_ERROR_ARGUMENT,
                 "rank -1");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), (cupel_shape){.rank = 1, .dims = {12, 1}}, &out),
                 CUPEL_ERROR_ARGUMENT, "dimension 1");
    EXPECT_ERROR(reshape(CUPEL_SHAPE(12), CUPEL_SHAPE(INT64_MAX, 3), &out), CUPEL_ERROR_ARGUMENT,
                 "more elements than 64 bits");
}

Test(layer_views, flatten_of_any_shape)
{
    const cupel_shape inputs[] = {CUPEL_SHAPE(7), CUPEL_SHAPE(2, 3), CUPEL_SHAPE(1, 2, 3, 4)};
    const int64_t expected[] = {7, 6, 24};
    const cupel_layer layer = CUPEL_FLATTEN();
    for (int i = 0; i < 3; i++) {
        cupel_layer_shapes out = {0};
        ASSERT_OK(cupel_layer_flatten.shapes(&layer, 0, &inputs[i], &out));
        expect_shape(out.outputs[0], CUPEL_SHAPE(expected[i]));
        cr_expect_eq(out.parameter_count, 0);
    }
}

/* A model of views alone, and of layers that do nothing in prediction, gives back its input. */
Test(layer_views, numbers_pass_unchanged)
{
    cupel_device *device = tiny_device();
    cupel_model *model = CORE_MODEL(
        device, CUPEL_SHAPE(2, 6), 1, CUPEL_RESHAPE(CUPEL_SHAPE(3, -1)), CUPEL_DROPOUT(1),
        CUPEL_FLATTEN(), CUPEL_ACTIVATION(CUPEL_LINEAR), CUPEL_RESHAPE(CUPEL_SHAPE(4, 3)));
    float x[5 * 12], out[5 * 12] = {0};
    core_numbers(x, 5 * 12, 1);
    ASSERT_OK(cupel_model_predict(model, x, 5, out));
    cr_expect_arr_eq(out, x, sizeof x);
    cupel_shape shape;
    ASSERT_OK(cupel_model_output_shape(model, &shape));
    expect_shape(shape, CUPEL_SHAPE(4, 3));
    cr_expect_eq(cupel_model_parameter_count(model), 0);
    cupel_model_free(model);
    cupel_device_close(device);
}

/* Layers that only rename a shape change no bit of the training. */
Test(layer_views, training_through_views)
{
    cupel_device *device = tiny_device();
    cupel_model *models[2] = {
        CORE_MODEL(device, CUPEL_SHAPE(12), 6, CUPEL_DENSE(8, .activation = CUPEL_TANH),
                   CUPEL_DENSE(4)),
        CORE_MODEL(device, CUPEL_SHAPE(3, 4), 6, CUPEL_RESHAPE(CUPEL_SHAPE(2, 3, 2)),
                   CUPEL_FLATTEN(), CUPEL_DENSE(8, .activation = CUPEL_TANH),
                   CUPEL_RESHAPE(CUPEL_SHAPE(4, -1)), CUPEL_DROPOUT(0), CUPEL_FLATTEN(),
                   CUPEL_DENSE(4), CUPEL_ACTIVATION(CUPEL_LINEAR))};
    float x[7 * 12], y[7 * 4];
    double loss[2];
    core_numbers(x, 7 * 12, 1);
    core_numbers(y, 7 * 4, 2);
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(
            cupel_model_compile(models[i], &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                                   .optimizer = CUPEL_ADAM(0)}));
        for (int step = 0; step < 5; step++)
            ASSERT_OK(cupel_model_train_batch(models[i], x, y, 7, &loss[i]));
    }
    cr_expect_eq(loss[0], loss[1]);
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
    cupel_device_close(device);
}
