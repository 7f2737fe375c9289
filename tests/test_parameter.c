/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "tiny.h"

#include <stdlib.h>

enum { IN = 6, OUT = 3, ROWS = 8, KERNEL = 60 };

static cupel_device *device;
static float x[ROWS * IN], y[ROWS * OUT];

static void start(void)
{
    device = tiny_device();
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * OUT, 2);
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(parameter, .init = start, .fini = end);

static cupel_model *open_model(uint64_t seed)
{
    return CORE_MODEL(device, CUPEL_SHAPE(IN), seed, CUPEL_DENSE(10, .activation = CUPEL_TANH),
                      CUPEL_DROPOUT(0.5), CUPEL_DENSE(OUT));
}

static void compile(cupel_model *model, cupel_optimizer optimizer)
{
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = optimizer}));
}

Test(parameter, descriptions)
{
    cupel_model *model = open_model(1);
    cupel_parameter parameter;
    cr_assert_eq(cupel_model_parameter_count(model), 4);
    const char *const names[] = {"0.kernel", "0.bias", "2.kernel", "2.bias"};
    const int64_t counts[] = {KERNEL, 10, 30, 3}, ranks[] = {2, 1, 2, 1};
    for (int i = 0; i < 4; i++) {
        ASSERT_OK(cupel_model_parameter(model, i, &parameter));
        cr_expect_str_eq(parameter.name, names[i]);
        cr_expect_eq(parameter.count, counts[i]);
        cr_expect_eq(parameter.shape.rank, ranks[i]);
        cr_expect(parameter.trainable);
    }
    cr_expect(parameter.shape.dims[0] == 3 && parameter.shape.dims[1] == 0);
    cupel_model_free(model);
}

Test(parameter, indexes_out_of_range)
{
    cupel_model *model = open_model(1);
    float values[KERNEL];
    const int64_t wrong[] = {-1, 4, INT64_MAX, INT64_MIN};
    for (int i = 0; i < 4; i++) {
        cupel_parameter parameter = {.count = 5};
        EXPECT_ERROR(cupel_model_parameter(model, wrong[i], &parameter), CUPEL_ERROR_ARGUMENT,
                     "the model has 4 parameter tensors");
        cr_expect(parameter.name == NULL && parameter.count == 0);
        EXPECT_ERROR(cupel_parameter_read(model, wrong[i], CUPEL_VALUE, values),
                     CUPEL_ERROR_ARGUMENT, "cupel_parameter_read: index is");
        EXPECT_ERROR(cupel_parameter_write(model, wrong[i], values), CUPEL_ERROR_ARGUMENT,
                     "cupel_parameter_write: index is");
    }
    cupel_model_free(model);
}

Test(parameter, null_for_every_pointer)
{
    cupel_model *model = open_model(1);
    cupel_parameter parameter = {.count = 5};
    float values[KERNEL];
    const char *part = "is NULL";
    EXPECT_ERROR(cupel_model_parameter(NULL, 0, &parameter), CUPEL_ERROR_ARGUMENT, part);
    cr_expect_eq(parameter.count, 0);
    EXPECT_ERROR(cupel_model_parameter(model, 0, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_parameter_read(NULL, 0, CUPEL_VALUE, values), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_parameter_read(model, 0, CUPEL_VALUE, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_parameter_write(NULL, 0, values), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_parameter_write(model, 0, NULL), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_copy_weights(NULL, model), CUPEL_ERROR_ARGUMENT, part);
    EXPECT_ERROR(cupel_model_copy_weights(model, NULL), CUPEL_ERROR_ARGUMENT, part);
    cupel_model_free(model);
}

Test(parameter, what_is_written_is_read)
{
    cupel_model *model = open_model(1);
    float written[4][KERNEL], read[KERNEL];
    const int64_t counts[] = {KERNEL, 10, 30, 3};
    for (int i = 0; i < 4; i++) {
        core_numbers(written[i], counts[i], (uint64_t)i);
        ASSERT_OK(cupel_parameter_write(model, i, written[i]));
    }
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 4; i++) {
            ASSERT_OK(cupel_parameter_read(model, i, CUPEL_VALUE, read));
            cr_expect_arr_eq(read, written[i], (size_t)counts[i] * sizeof(float));
        }
        compile(model, CUPEL_ADAM(0));
    }
    cupel_model_free(model);
}

Test(parameter, in_double)
{
    cupel_model *model = open_model(1);
    ASSERT_OK(
        cupel_model_compile(model, &(cupel_compile_config){.precision = CUPEL_PRECISION_FLOAT64}));
    double written[KERNEL], read[KERNEL];
    for (int i = 0; i < KERNEL; i++)
        written[i] = 1.0 / (i + 3);
    ASSERT_OK(cupel_parameter_write(model, 0, written));
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_VALUE, read));
    cr_expect_arr_eq(read, written, sizeof read);
    cupel_model_free(model);
}

/* Which slots a model has: value, gradient, first and second moment. O is CUPEL_OK. */
static void expect_slots(cupel_model *model, const char *expected, const char *what)
{
    static const char *const parts[] = {"", "no gradient yet", "no first moment",
                                        "no second moment"};
    float values[KERNEL];
    for (int slot = 0; slot < 4; slot++) {
        const cupel_status status = cupel_parameter_read(model, 0, (cupel_slot)slot, values);
        const bool has = expected[slot] == 'O';
        cr_expect_eq(status, has ? CUPEL_OK : CUPEL_ERROR_STATE, "%s, slot %d", what, slot);
        cr_expect(has || strstr(cupel_last_error(), parts[slot]), "%s, slot %d: %s", what, slot,
                  cupel_last_error());
    }
}

Test(parameter, slots_that_a_model_has)
{
    const struct {
        cupel_optimizer optimizer;
        const char *before;
        const char *after;
        const char *what;
    } cases[] = {
        {CUPEL_SGD(0), "OSSS", "OOSS", "sgd"},
        {CUPEL_SGD(.momentum = 0.5), "OSOS", "OOOS", "momentum"},
        {CUPEL_ADAM(0), "OSOO", "OOOO", "adam"},
        {CUPEL_ADAMW(.amsgrad = true), "OSOO", "OOOO", "adamw"},
    };
    float values[KERNEL];
    cupel_model *model = open_model(1);
    expect_slots(model, "OSSS", "not compiled");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        compile(model, cases[i].optimizer);
        expect_slots(model, cases[i].before, cases[i].what);
        ASSERT_OK(cupel_model_gradients(model, x, y, ROWS, NULL));
        expect_slots(model, cases[i].after, cases[i].what);
    }
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){0}));
    expect_slots(model, "OSSS", "inference");
    const int wrong[] = {-1, 4, 99};
    for (int i = 0; i < 3; i++)
        EXPECT_ERROR(cupel_parameter_read(model, 0, (cupel_slot)wrong[i], values),
                     CUPEL_ERROR_ARGUMENT, "is none of cupel_slot");
    cupel_model_free(model);
}

/* Adam's first moments after one step are (1 - beta) of the gradient and of its square. */
Test(parameter, moments_after_a_step)
{
    cupel_model *model = open_model(1);
    compile(model, CUPEL_ADAM(.beta_1 = 0.75, .beta_2 = 0.5));
    ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, NULL));
    float g[KERNEL], m[KERNEL], v[KERNEL];
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_GRADIENT, g));
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_MOMENT_1, m));
    ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_MOMENT_2, v));
    for (int i = 0; i < KERNEL; i++) {
        cr_expect_float_eq(m[i], g[i] * 0.25F, 1e-7F);
        cr_expect_float_eq(v[i], g[i] * g[i] * 0.5F, 1e-7F);
    }
    cupel_model_free(model);
}

static void compile_inference(cupel_model *model, cupel_precision precision)
{
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){.precision = precision}));
}

/* From float and from double, to float and to double, between models compiled or not. */
Test(parameter, copies_between_precisions)
{
    for (int way = 0; way < 9; way++) {
        cupel_model *from = open_model(1), *to = open_model(2);
        if (way % 3 > 0)
            compile_inference(from,
                              way % 3 == 1 ? CUPEL_PRECISION_FLOAT32 : CUPEL_PRECISION_FLOAT64);
        if (way / 3 > 0)
            compile_inference(to, way / 3 == 1 ? CUPEL_PRECISION_FLOAT32 : CUPEL_PRECISION_FLOAT64);
        ASSERT_OK(cupel_model_copy_weights(to, from));
        compile_inference(from, CUPEL_PRECISION_FLOAT32);
        compile_inference(to, CUPEL_PRECISION_FLOAT32);
        cr_expect(core_same(from, to, CUPEL_VALUE), "way %d", way);
        cupel_model_free(from);
        cupel_model_free(to);
    }
}

/* A copy leaves the optimizer's state alone. */
Test(parameter, a_copy_is_of_the_weights_alone)
{
    cupel_model *model = open_model(1), *other = open_model(2), *third = open_model(2);
    compile(model, CUPEL_ADAM(0));
    compile(third, CUPEL_ADAM(0));
    ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, NULL));
    ASSERT_OK(cupel_model_copy_weights(third, model));
    ASSERT_OK(cupel_model_copy_weights(model, other));
    int64_t count;
    float *moments = core_read(model, CUPEL_MOMENT_1, &count);
    cr_expect_neq(moments[0], 0);
    free(moments);
    cr_expect(core_same(model, other, CUPEL_VALUE));
    ASSERT_OK(cupel_model_copy_weights(model, model));
    cr_expect(core_same(model, other, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(other);
    cupel_model_free(third);
}

Test(parameter, copies_of_other_layers_are_refused)
{
    cupel_model *model = open_model(1);
    cupel_model *wider = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(10), CUPEL_DROPOUT(0),
                                    CUPEL_DENSE(OUT + 1));
    cupel_model *moved = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(10), CUPEL_DENSE(OUT));
    cupel_model *shorter = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(10));
    cupel_model *without = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(10, .no_bias = true));
    int64_t count;
    float *before = core_read(model, CUPEL_VALUE, &count);
    EXPECT_ERROR(cupel_model_copy_weights(model, wider), CUPEL_ERROR_SHAPE,
                 "tensor 2 is 2.kernel (4, 10) in the one model, 2.kernel (3, 10) in the other");
    EXPECT_ERROR(cupel_model_copy_weights(model, moved), CUPEL_ERROR_SHAPE,
                 "1.kernel (3, 10) in the one model, 2.kernel (3, 10) in the other");
    EXPECT_ERROR(cupel_model_copy_weights(model, shorter), CUPEL_ERROR_SHAPE,
                 "the one model has 2 tensors, the other 4");
    EXPECT_ERROR(cupel_model_copy_weights(without, model), CUPEL_ERROR_SHAPE,
                 "the one model has 4 tensors, the other 1");
    float *after = core_read(model, CUPEL_VALUE, &count);
    cr_expect_arr_eq(before, after, (size_t)count * sizeof *after);
    free(before);
    free(after);
    cupel_model *models[] = {model, wider, moved, shorter, without};
    for (int i = 0; i < 5; i++)
        cupel_model_free(models[i]);
}

Test(parameter, a_model_without_tensors)
{
    cupel_model *a = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_FLATTEN());
    cupel_model *b = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_FLATTEN());
    float value;
    cr_expect_eq(cupel_model_parameter_count(a), 0);
    EXPECT_ERROR(cupel_parameter_read(a, 0, CUPEL_VALUE, &value), CUPEL_ERROR_ARGUMENT,
                 "the model has 0 parameter tensors");
    ASSERT_OK(cupel_model_copy_weights(a, b));
    compile_inference(a, CUPEL_PRECISION_FLOAT64);
    ASSERT_OK(cupel_model_copy_weights(a, b));
    cupel_model_free(a);
    cupel_model_free(b);
}
