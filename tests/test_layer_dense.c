/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "layers/layer_type.h"
#include "tiny.h"

#include <math.h>

static cupel_device *device;

static void open_device(void)
{
    device = tiny_device();
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(layer_dense, .init = open_device, .fini = close_device);

static cupel_status shapes(cupel_layer layer, cupel_shape input, cupel_layer_shapes *out)
{
    *out = (cupel_layer_shapes){0};
    return cupel_layer_dense.shapes(&layer, 3, &input, out);
}

/* The last axis is contracted, the others stay. */
Test(layer_dense, shapes_of_any_rank)
{
    cupel_layer_shapes out;
    ASSERT_OK(shapes(CUPEL_DENSE(5), CUPEL_SHAPE(2, 3, 7), &out));
    cr_expect(out.outputs[0].rank == 3 && out.outputs[0].dims[0] == 2 &&
              out.outputs[0].dims[1] == 3 && out.outputs[0].dims[2] == 5);
    cr_assert_eq(out.parameter_count, 2);
    const cupel_parameter_spec *kernel = &out.parameters[0], *bias = &out.parameters[1];
    cr_expect(kernel->shape.rank == 2 && kernel->shape.dims[0] == 5 && kernel->shape.dims[1] == 7);
    cr_expect(bias->shape.rank == 1 && bias->shape.dims[0] == 5);
    cr_expect(kernel->fan_in == 7 && kernel->fan_out == 5 && !kernel->bias && bias->bias);
    cr_expect_str_eq(kernel->role, "kernel");
    cr_expect_str_eq(bias->role, "bias");
    ASSERT_OK(shapes(CUPEL_DENSE(1, .no_bias = true, .kernel_l1 = 0.25, .kernel_l2 = 2),
                     CUPEL_SHAPE(1, 1, 1, 1, 1, 1, 1, 4), &out));
    cr_expect(out.parameter_count == 1 && out.outputs[0].rank == 8);
    cr_expect(out.parameters[0].l1 == 0.25 && out.parameters[0].l2 == 2);
}

Test(layer_dense, bad_values)
{
    cupel_layer_shapes out;
    const int64_t units[] = {0, -1, INT64_MIN};
    for (int i = 0; i < 3; i++)
        EXPECT_ERROR(shapes(CUPEL_DENSE(units[i]), CUPEL_SHAPE(4), &out), CUPEL_ERROR_ARGUMENT,
                     "layer 3 (dense): .units is");
    const double wrong[] = {-1, -1e-300, (double)NAN, (double)INFINITY, -(double)INFINITY};
    for (int i = 0; i < 5; i++) {
        EXPECT_ERROR(shapes(CUPEL_DENSE(2, .kernel_l1 = wrong[i]), CUPEL_SHAPE(4), &out),
                     CUPEL_ERROR_ARGUMENT, "layer 3 (dense): .kernel_l1 is");
        EXPECT_ERROR(shapes(CUPEL_DENSE(2, .kernel_l2 = wrong[i]), CUPEL_SHAPE(4), &out),
                     CUPEL_ERROR_ARGUMENT, "layer 3 (dense): .kernel_l2 is");
    }
    EXPECT_ERROR(shapes(CUPEL_DENSE(2, .no_bias = true, .bias_initializer = CUPEL_INIT_ONES),
                        CUPEL_SHAPE(4), &out),
                 CUPEL_ERROR_ARGUMENT, ".bias_initializer is set together with .no_bias");
    EXPECT_ERROR(shapes(CUPEL_DENSE(INT64_MAX / 2), CUPEL_SHAPE(4), &out), CUPEL_ERROR_SHAPE,
                 "units with 4 inputs are too many");
    EXPECT_ERROR(shapes(CUPEL_DENSE(2), (cupel_shape){0}, &out), CUPEL_ERROR_SHAPE,
                 "its input has no axis");
}

/* A sample of two rows goes through the same weights row by row. */
Test(layer_dense, two_axes_by_hand)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(2, 3), 1, CUPEL_DENSE(2, .activation = CUPEL_RELU));
    const float kernel[] = {1, 2, 3, -1, 0, 1}, bias[] = {0.5F, -1};
    const float x[] = {1, 0, 0, 0, 1, 2, -1, -1, -1, 2, 2, 2};
    const float expected[] = {1.5F, 0, 8.5F, 1, 0, 0, 12.5F, 0};
    float out[8];
    ASSERT_OK(cupel_parameter_write(model, 0, kernel));
    ASSERT_OK(cupel_parameter_write(model, 1, bias));
    ASSERT_OK(cupel_model_predict(model, x, 2, out));
    for (int i = 0; i < 8; i++)
        cr_expect_eq(out[i], expected[i], "[%d] is %g", i, (double)out[i]);
    cupel_shape shape;
    ASSERT_OK(cupel_model_output_shape(model, &shape));
    cr_expect(shape.rank == 2 && shape.dims[0] == 2 && shape.dims[1] == 2);
    cupel_model_free(model);
}

/* An activation inside the layer, fused or not, is the same as a layer of its own behind it. */
Test(layer_dense, an_activation_inside_is_one_behind)
{
    float x[6 * 5], out[2][6 * 4];
    core_numbers(x, 6 * 5, 8);
    for (int kind = CUPEL_LINEAR; kind <= CUPEL_SOFTPLUS; kind++) {
        const cupel_activation activation = (cupel_activation)kind;
        cupel_model *models[2] = {
            CORE_MODEL(device, CUPEL_SHAPE(5), 2, CUPEL_DENSE(4, .activation = activation)),
            CORE_MODEL(device, CUPEL_SHAPE(5), 2, CUPEL_DENSE(4), CUPEL_ACTIVATION(activation))};
        for (int i = 0; i < 2; i++) {
            ASSERT_OK(cupel_model_predict(models[i], x, 6, out[i]));
            cupel_model_free(models[i]);
        }
        for (int i = 0; i < 24; i++)
            cr_expect_float_eq(out[0][i], out[1][i], 1e-6F, "kind %d", kind);
    }
}

/* The slope of LEAKY_RELU is the flavour's. */
Test(layer_dense, leaky_slopes)
{
    const float x = -1, one = 1;
    for (int flavour = 0; flavour < 2; flavour++) {
        cupel_model *model =
            CORE_MODEL(device, CUPEL_SHAPE(1), 1,
                       CUPEL_DENSE(1, .no_bias = true, .activation = CUPEL_LEAKY_RELU));
        ASSERT_OK(cupel_model_compile(
            model, &(cupel_compile_config){.flavour = flavour ? CUPEL_TORCH : CUPEL_KERAS}));
        ASSERT_OK(cupel_parameter_write(model, 0, &one));
        float out;
        ASSERT_OK(cupel_model_predict(model, &x, 1, &out));
        cr_expect_eq(out, flavour ? -0.01F : -0.2F);
        cupel_model_free(model);
    }
}
