/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * With inputs of 1, a dense layer of one unit behind a dropout layer and a loss whose gradient by
 * the output is known, the kernel's gradient shows the mask. */
#include "base/philox.h"
#include "core.h"
#include "layers/layer_type.h"
#include "tiny.h"

#include <math.h>
#include <stdlib.h>

enum { FEATURES = 2000 };

static cupel_device *device;

static void open_device(void)
{
    device = tiny_device();
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(layer_dropout, .init = open_device, .fini = close_device);

static cupel_model *open_model(double rate, uint64_t seed)
{
    cupel_model *model = CORE_MODEL(
        device, CUPEL_SHAPE(FEATURES), seed, CUPEL_ACTIVATION(CUPEL_LINEAR), CUPEL_DROPOUT(rate),
        CUPEL_DENSE(1, .no_bias = true, .kernel_initializer = CUPEL_INIT_ZEROS));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer = CUPEL_SGD(.learning_rate = CUPEL_ZERO)}));
    return model;
}

/* masks[FEATURES] of the next step: 0, or 1 / (1 - rate). The output is 0, so that with a target of
 * -1/2 the loss's gradient by it is 1. */
static void read_mask(cupel_model *model, float *mask)
{
    static float ones[FEATURES];
    const float target = -0.5F;
    for (int i = 0; i < FEATURES; i++)
        ones[i] = 1;
    ASSERT_OK(cupel_model_train_batch(model, ones, &target, 1, NULL));
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_GRADIENT, mask));
}

static float masks[4][FEATURES];

/* Element e is dropped when word e % 4 of Philox(seed, {e / 4, stream, step}) is below rate 2^32.
 */
Test(layer_dropout, the_mask_is_the_counters)
{
    const uint64_t seed = UINT64_C(0xfedcba9876543210);
    cupel_model *model = open_model(0.3, seed);
    for (uint32_t step = 0; step < 3; step++) {
        read_mask(model, masks[0]);
        const float kept = 1 / (1 - 0.3F);
        for (uint32_t i = 0; i < FEATURES; i++) {
            const uint32_t counter[4] = {i / 4, (0x1000U + 1) << 16, step, 0};
            const uint32_t key[2] = {0x76543210U, 0xfedcba98U};
            uint32_t words[4];
            cupel_philox(counter, key, words);
            const bool dropped = words[i % 4] < (uint32_t)floor(0.3 * 4294967296.0);
            cr_assert_float_eq(masks[0][i], dropped ? 0 : kept, 1e-6F, "step %u, element %u", step,
                               i);
        }
    }
    cupel_model_free(model);
}

static int64_t kept_in(const float *mask)
{
    int64_t kept = 0;
    for (int i = 0; i < FEATURES; i++)
        kept += mask[i] != 0;
    return kept;
}

Test(layer_dropout, the_share_is_the_rate)
{
    const double rates[] = {0.01, 0.25, 0.5, 0.9};
    for (int i = 0; i < 4; i++) {
        cupel_model *model = open_model(rates[i], 5);
        int64_t kept = 0;
        for (int step = 0; step < 10; step++) {
            read_mask(model, masks[0]);
            kept += kept_in(masks[0]);
        }
        const double n = 10.0 * FEATURES;
        cr_expect(fabs((double)kept - n * (1 - rates[i])) < 5 * sqrt(n * rates[i] * (1 - rates[i])),
                  "rate %g: %lld kept", rates[i], (long long)kept);
        cupel_model_free(model);
    }
}

Test(layer_dropout, rates_0_and_1)
{
    cupel_model *model = open_model(0, 5);
    read_mask(model, masks[0]);
    for (int i = 0; i < FEATURES; i++)
        cr_assert_eq(masks[0][i], 1);
    cupel_model_free(model);
    model = open_model(1, 5);
    read_mask(model, masks[0]);
    cr_expect_eq(kept_in(masks[0]), 0);
    cupel_model_free(model);
}

static int64_t differences(const float *a, const float *b)
{
    int64_t count = 0;
    for (int i = 0; i < FEATURES; i++)
        count += a[i] != b[i];
    return count;
}

Test(layer_dropout, masks_differ_by_step_and_seed_and_return)
{
    cupel_model *model = open_model(0.5, 5), *other = open_model(0.5, 6);
    read_mask(model, masks[0]);
    read_mask(model, masks[1]);
    read_mask(other, masks[2]);
    cr_expect_gt(differences(masks[0], masks[1]), FEATURES / 3);
    cr_expect_gt(differences(masks[0], masks[2]), FEATURES / 3);
    cupel_model_free(model);
    model = open_model(0.5, 5);
    read_mask(model, masks[3]);
    cr_expect_eq(differences(masks[0], masks[3]), 0);
    cupel_model_free(model);
    cupel_model_free(other);
}

/* Two layers of one model draw from streams of their own. */
Test(layer_dropout, layers_draw_apart)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(FEATURES), 5, CUPEL_DROPOUT(0.5), CUPEL_DROPOUT(0.5),
                   CUPEL_DENSE(1, .no_bias = true, .kernel_initializer = CUPEL_INIT_ZEROS));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_SGD(0)}));
    read_mask(model, masks[0]);
    cr_expect(abs((int)kept_in(masks[0]) - FEATURES / 4) < FEATURES / 20);
    cupel_model_free(model);
}

Test(layer_dropout, nothing_is_dropped_in_prediction)
{
    cupel_model *model = open_model(0.9, 5);
    static float x[FEATURES], kernel[FEATURES];
    float out;
    for (int i = 0; i < FEATURES; i++)
        x[i] = kernel[i] = 1;
    ASSERT_OK(cupel_parameter_write(model, 0, kernel));
    ASSERT_OK(cupel_model_predict(model, x, 1, &out));
    cr_expect_eq(out, FEATURES);
    cupel_model_free(model);
}

Test(layer_dropout, bad_values)
{
    cupel_layer_shapes out = {0};
    const cupel_shape input = CUPEL_SHAPE(3, 4);
    const double wrong[] = {-1, -1e-9, 1.0000001, (double)NAN, (double)INFINITY};
    for (int i = 0; i < 5; i++)
        EXPECT_ERROR(cupel_layer_dropout.shapes(&CUPEL_DROPOUT(wrong[i]), 2, &input, &out),
                     CUPEL_ERROR_ARGUMENT, "layer 2 (dropout): .rate is");
    ASSERT_OK(cupel_layer_dropout.shapes(&CUPEL_DROPOUT(0.5), 0xefff, &input, &out));
    cr_expect(out.outputs[0].rank == 2 && out.parameter_count == 0);
    EXPECT_ERROR(cupel_layer_dropout.shapes(&CUPEL_DROPOUT(0.5), 0xf000, &input, &out),
                 CUPEL_ERROR_UNSUPPORTED, "dropout layers end at position 61439");
}
