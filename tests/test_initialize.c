/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/network.h"

#include "base/philox.h"
#include "core.h"
#include "tiny.h"

#include <math.h>
#include <stdlib.h>

enum { INPUTS = 300, UNITS = 200, ELEMENTS = INPUTS * UNITS };

static double values[ELEMENTS];

/* Draws a dense layer's kernel (0) or bias (1). */
static void draw(int64_t units, cupel_initializer kernel, cupel_initializer bias, int64_t index,
                 uint64_t seed, cupel_flavour flavour)
{
    cupel_network network;
    const cupel_shape input = CUPEL_SHAPE(INPUTS);
    ASSERT_OK(cupel_network_init(&network, &input));
    const cupel_layer layer =
        CUPEL_DENSE(units, .kernel_initializer = kernel, .bias_initializer = bias);
    ASSERT_OK(cupel_network_add(&network, &layer));
    cupel_network_draw(&network, index, seed, flavour, values);
    cupel_network_free(&network);
}

typedef struct moments {
    double most; /* |v| */
    double mean;
    double variance;
    double fourth;
} moments;

static moments moments_of(int64_t count)
{
    moments m = {0};
    for (int64_t i = 0; i < count; i++) {
        m.most = fmax(m.most, fabs(values[i]));
        m.mean += values[i] / (double)count;
    }
    for (int64_t i = 0; i < count; i++) {
        const double d = values[i] - m.mean;
        m.variance += d * d / (double)count;
        m.fourth += d * d * d * d / (double)count;
    }
    return m;
}

/* U(-limit, limit). The gates are five standard deviations of what is measured. */
static void check_uniform(const char *what, double limit, int64_t count)
{
    const moments m = moments_of(count);
    const double n = (double)count, variance = limit * limit / 3;
    cr_expect(m.most < limit && m.most > limit * (1 - 20 / n), "%s: |v| to %g, limit %g", what,
              m.most, limit);
    cr_expect(fabs(m.mean) < 5 * sqrt(variance / n), "%s: mean %g", what, m.mean);
    cr_expect(fabs(m.variance / variance - 1) < 5 * sqrt(0.8 / n), "%s: variance %g, expected %g",
              what, m.variance, variance);
    cr_expect(fabs(m.fourth / (variance * variance) - 1.8) < 0.05, "%s: fourth moment", what);
}

/* A normal truncated at two of its own deviations has 0.7737 of its variance, which is made up for;
 * its kurtosis is 2.3654. */
static void check_normal(const char *what, double variance, int64_t count)
{
    const moments m = moments_of(count);
    const double n = (double)count, limit = 2 * sqrt(variance) / 0.87962566103423978;
    cr_expect(m.most <= limit && m.most > limit * 0.98, "%s: |v| to %g, limit %g", what, m.most,
              limit);
    cr_expect(fabs(m.mean) < 5 * sqrt(variance / n), "%s: mean %g", what, m.mean);
    cr_expect(fabs(m.variance / variance - 1) < 5 * sqrt(1.37 / n), "%s: variance %g, expected %g",
              what, m.variance, variance);
    cr_expect(fabs(m.fourth / (variance * variance) - 2.3654) < 0.08, "%s: fourth moment %g", what,
              m.fourth / (variance * variance));
}

static void check_all(const char *what, cupel_initializer kind, double fan_in, double fan_out,
                      int64_t count)
{
    switch (kind) {
    case CUPEL_INIT_GLOROT_UNIFORM:
        check_uniform(what, sqrt(6 / (fan_in + fan_out)), count);
        break;
    case CUPEL_INIT_HE_UNIFORM:
        check_uniform(what, sqrt(6 / fan_in), count);
        break;
    case CUPEL_INIT_LECUN_UNIFORM:
        check_uniform(what, sqrt(3 / fan_in), count);
        break;
    case CUPEL_INIT_GLOROT_NORMAL:
        check_normal(what, 2 / (fan_in + fan_out), count);
        break;
    case CUPEL_INIT_HE_NORMAL:
        check_normal(what, 2 / fan_in, count);
        break;
    case CUPEL_INIT_LECUN_NORMAL:
        check_normal(what, 1 / fan_in, count);
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            cr_assert_eq(values[i], kind == CUPEL_INIT_ONES ? 1 : 0, "%s", what);
    }
}

/* Kernels by their inputs and outputs, in both flavours; vectors by their length, as Keras. */
Test(initialize, every_kind_has_its_distribution)
{
    for (int kind = CUPEL_INIT_GLOROT_UNIFORM; kind <= CUPEL_INIT_ONES; kind++) {
        const cupel_initializer initializer = (cupel_initializer)kind;
        for (int flavour = 0; flavour < 2; flavour++) {
            char what[40];
            snprintf(what, sizeof what, "kind %d, flavour %d", kind, flavour);
            draw(UNITS, initializer, CUPEL_INIT_ZEROS, 0, 11, (cupel_flavour)flavour);
            check_all(what, initializer, INPUTS, UNITS, ELEMENTS);
            draw(20000, CUPEL_INIT_ZEROS, initializer, 1, 11, (cupel_flavour)flavour);
            check_all(what, initializer, 20000, 20000, 20000);
        }
    }
}

Test(initialize, defaults_are_the_flavours)
{
    draw(UNITS, CUPEL_INIT_DEFAULT, CUPEL_INIT_DEFAULT, 0, 4, CUPEL_KERAS);
    check_uniform("Keras kernel", sqrt(6.0 / (INPUTS + UNITS)), ELEMENTS);
    draw(UNITS, CUPEL_INIT_DEFAULT, CUPEL_INIT_DEFAULT, 1, 4, CUPEL_KERAS);
    for (int i = 0; i < UNITS; i++)
        cr_assert_eq(values[i], 0);
    draw(UNITS, CUPEL_INIT_DEFAULT, CUPEL_INIT_DEFAULT, 0, 4, CUPEL_TORCH);
    check_uniform("PyTorch kernel", 1 / sqrt(INPUTS), ELEMENTS);
    draw(20000, CUPEL_INIT_DEFAULT, CUPEL_INIT_DEFAULT, 1, 4, CUPEL_TORCH);
    check_uniform("PyTorch bias", 1 / sqrt(INPUTS), 20000);
}

/* Element e of parameter i comes from word e % 4 of the block e / 4 of stream 2 at step i. */
Test(initialize, numbers_are_those_of_the_counter)
{
    const uint64_t seed = UINT64_C(0x123456789abcdef0);
    for (uint32_t index = 0; index < 2; index++) {
        draw(UNITS, CUPEL_INIT_HE_UNIFORM, CUPEL_INIT_HE_UNIFORM, index, seed, CUPEL_KERAS);
        const double limit = sqrt(6.0 / (index == 0 ? INPUTS : UNITS));
        for (uint32_t i = 0; i < 100; i++) {
            const uint32_t counter[4] = {i / 4, 2U << 16, index, 0};
            const uint32_t key[2] = {0x9abcdef0U, 0x12345678U};
            uint32_t words[4];
            cupel_philox(counter, key, words);
            const double expected = (words[i % 4] + 0.5) / 2147483648.0 - 1;
            cr_expect_float_eq(values[i], expected * limit, 1e-15);
        }
    }
}

/* A normal number takes two words of the block e / 2, of the next attempt while it lies outside. */
Test(initialize, normal_numbers_are_those_of_the_counter)
{
    draw(UNITS, CUPEL_INIT_LECUN_NORMAL, CUPEL_INIT_DEFAULT, 0, 7, CUPEL_KERAS);
    int again = 0;
    for (uint32_t i = 0; i < 400; i++) {
        double z = 3;
        for (uint32_t attempt = 0; fabs(z) > 2; attempt++) {
            const uint32_t counter[4] = {i / 2, 2U << 16, 0, attempt}, key[2] = {7, 0};
            uint32_t words[4];
            cupel_philox(counter, key, words);
            const double u = (words[i % 2 * 2] + 0.5) / 4294967296.0;
            const double v = (words[i % 2 * 2 + 1] + 0.5) / 4294967296.0;
            z = sqrt(-2 * log(u)) * cos(2 * acos(-1) * v);
            again += attempt > 0;
        }
        cr_expect_float_eq(values[i], z / sqrt(INPUTS) / 0.87962566103423978, 1e-15);
    }
    cr_expect(again > 5 && again < 50, "%d of 400 are drawn again", again);
}

static int64_t equal_values(const double *others, int64_t count)
{
    int64_t equal = 0;
    for (int64_t i = 0; i < count; i++)
        equal += values[i] == others[i];
    return equal;
}

Test(initialize, seeds_and_tensors_differ)
{
    static double first[ELEMENTS];
    const cupel_initializer kinds[] = {CUPEL_INIT_GLOROT_UNIFORM, CUPEL_INIT_HE_NORMAL};
    for (int k = 0; k < 2; k++) {
        draw(UNITS, kinds[k], kinds[k], 0, 1, CUPEL_KERAS);
        memcpy(first, values, sizeof first);
        draw(UNITS, kinds[k], kinds[k], 0, 1, CUPEL_KERAS);
        cr_expect_eq(equal_values(first, ELEMENTS), ELEMENTS, "the same seed gives the same");
        const uint64_t seeds[] = {0, 2, UINT64_C(1) << 32, UINT64_C(1) << 63 | 1};
        for (int i = 0; i < 4; i++) {
            draw(UNITS, kinds[k], kinds[k], 0, seeds[i], CUPEL_KERAS);
            cr_expect_lt(equal_values(first, ELEMENTS), 20, "seed %d", i);
        }
        draw(UNITS, kinds[k], kinds[k], 1, 1, CUPEL_KERAS);
        cr_expect_lt(equal_values(first, UNITS), 3, "kernel and bias");
    }
}

static cupel_model *make(cupel_device *device)
{
    return CORE_MODEL(device, CUPEL_SHAPE(17), 99, CUPEL_DENSE(9, .activation = CUPEL_RELU),
                      CUPEL_DENSE(33, .kernel_initializer = CUPEL_INIT_HE_NORMAL),
                      CUPEL_DENSE(2, .bias_initializer = CUPEL_INIT_LECUN_UNIFORM));
}

static void compile(cupel_model *model, cupel_precision precision)
{
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                                 .optimizer = CUPEL_SGD(0),
                                                                 .precision = precision}));
}

/* The weights do not depend on what drew them: a compile, a prediction or a look. */
Test(initialize, independent_of_precision_and_of_who_draws)
{
    cupel_device *device = tiny_device();
    cupel_model *single = make(device), *wide = make(device), *used = make(device),
                *read = make(device), *late = make(device);
    compile(single, CUPEL_PRECISION_FLOAT32);
    compile(wide, CUPEL_PRECISION_FLOAT64);
    const float x[17] = {0};
    float out[2];
    ASSERT_OK(cupel_model_predict(used, x, 1, out));
    compile(used, CUPEL_PRECISION_FLOAT32);
    compile(late, CUPEL_PRECISION_FLOAT64);
    compile(late, CUPEL_PRECISION_FLOAT32);
    cr_expect(core_same(single, used, CUPEL_VALUE));
    cr_expect(core_same(single, read, CUPEL_VALUE));
    cr_expect(core_same(single, late, CUPEL_VALUE));
    static double doubles[600];
    static float floats[600];
    for (int64_t i = 0; i < cupel_model_parameter_count(single); i++) {
        cupel_parameter parameter;
        ASSERT_OK(cupel_model_parameter(single, i, &parameter));
        ASSERT_OK(cupel_parameter_read(single, i, CUPEL_VALUE, floats));
        ASSERT_OK(cupel_parameter_read(wide, i, CUPEL_VALUE, doubles));
        for (int64_t j = 0; j < parameter.count; j++)
            cr_assert_eq(floats[j], (float)doubles[j], "%s", parameter.name);
    }
    cupel_model *models[] = {single, wide, used, read, late};
    for (int i = 0; i < 5; i++)
        cupel_model_free(models[i]);
    cupel_device_close(device);
}
