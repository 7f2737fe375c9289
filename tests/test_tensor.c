/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "device.h"
#include "fault.h"
#include "tiny.h"

#include <math.h>

enum { IN = 6, OUT = 3, ROWS = 8 };

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

TestSuite(tensor, .init = start, .fini = end);

static cupel_tensor *make(cupel_type type, cupel_shape shape, const void *values)
{
    cupel_tensor *tensor;
    ASSERT_OK(cupel_tensor_create(device, type, shape, &tensor));
    if (values != NULL) ASSERT_OK(cupel_tensor_upload(tensor, values));
    return tensor;
}

Test(tensor, starts_with_zeros_and_keeps_what_it_gets)
{
    float back[ROWS * IN] = {1};
    cupel_tensor *tensor = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN), NULL);
    ASSERT_OK(cupel_tensor_download(tensor, back));
    for (int i = 0; i < ROWS * IN; i++)
        cr_expect_eq(back[i], 0);
    ASSERT_OK(cupel_tensor_upload(tensor, x));
    ASSERT_OK(cupel_tensor_download(tensor, back));
    cr_expect_arr_eq(back, x, sizeof x);
    cr_expect_not_null(cupel_tensor_data(tensor));
    cr_expect_eq((uintptr_t)cupel_tensor_data(tensor) % 256, 0);
    cupel_tensor_free(tensor);
}

Test(tensor, every_type_has_its_size)
{
    const int64_t sizes[] = {4, 8, 2, 1, 4, 8};
    for (int type = CUPEL_FLOAT32; type <= CUPEL_INT64; type++) {
        const int64_t before = device->bytes;
        cupel_tensor *tensor = make((cupel_type)type, CUPEL_SHAPE(3, 5, 7), NULL);
        cr_expect_eq(device->bytes - before, 105 * sizes[type], "type %d", type);
        cupel_tensor_free(tensor);
        cr_expect_eq(device->bytes, before);
    }
}

Test(tensor, one_number)
{
    cupel_tensor *tensor = make(CUPEL_FLOAT64, (cupel_shape){0}, &(double){2.5});
    double value = 0;
    ASSERT_OK(cupel_tensor_download(tensor, &value));
    cr_expect_eq(value, 2.5);
    cupel_tensor_free(tensor);
}

/* Memory of the caller's is used where it lies and left to the caller. */
Test(tensor, wrap_borrows)
{
    float mine[ROWS * IN], back[ROWS * IN];
    const int64_t before = device->bytes;
    cupel_tensor *tensor;
    ASSERT_OK(cupel_tensor_wrap(device, CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN), mine, &tensor));
    cr_expect_eq(cupel_tensor_data(tensor), (void *)mine);
    cr_expect_eq(device->bytes, before);
    ASSERT_OK(cupel_tensor_upload(tensor, x));
    cr_expect_arr_eq(mine, x, sizeof x);
    mine[3] = 7;
    ASSERT_OK(cupel_tensor_download(tensor, back));
    cr_expect_eq(back[3], 7);
    cupel_tensor_free(tensor);
    cr_expect_eq(mine[3], 7);
}

Test(tensor, bad_arguments)
{
    cupel_tensor *tensor = (cupel_tensor *)device;
    const cupel_shape shape = CUPEL_SHAPE(2);
    EXPECT_ERROR(cupel_tensor_create(NULL, CUPEL_FLOAT32, shape, &tensor), CUPEL_ERROR_ARGUMENT,
                 "device is NULL");
    cr_expect_null(tensor);
    EXPECT_ERROR(cupel_tensor_create(device, CUPEL_FLOAT32, shape, NULL), CUPEL_ERROR_ARGUMENT,
                 "tensor is NULL");
    tensor = (cupel_tensor *)device;
    EXPECT_ERROR(cupel_tensor_wrap(NULL, CUPEL_FLOAT32, shape, x, &tensor), CUPEL_ERROR_ARGUMENT,
                 "device is NULL");
    cr_expect_null(tensor);
    EXPECT_ERROR(cupel_tensor_wrap(device, CUPEL_FLOAT32, shape, NULL, &tensor),
                 CUPEL_ERROR_ARGUMENT, "pointer is NULL");
    EXPECT_ERROR(cupel_tensor_wrap(device, CUPEL_FLOAT32, shape, x, NULL), CUPEL_ERROR_ARGUMENT,
                 "tensor is NULL");
    const int types[] = {-1, 6, 99};
    for (int i = 0; i < 3; i++) {
        tensor = (cupel_tensor *)device;
        EXPECT_ERROR(cupel_tensor_create(device, (cupel_type)types[i], shape, &tensor),
                     CUPEL_ERROR_ARGUMENT, "is none of cupel_type");
        cr_expect_null(tensor);
    }
    EXPECT_ERROR(cupel_tensor_create(device, CUPEL_UINT8, CUPEL_SHAPE(3, 0), &tensor),
                 CUPEL_ERROR_ARGUMENT, "dimension 1 of (3, 0)");
    EXPECT_ERROR(cupel_tensor_create(device, CUPEL_INT64, CUPEL_SHAPE(INT64_MAX / 2), &tensor),
                 CUPEL_ERROR_ARGUMENT, "64 bits");
    EXPECT_ERROR(cupel_tensor_create(device, CUPEL_UINT8, CUPEL_SHAPE(INT64_MAX), &tensor),
                 CUPEL_ERROR_MEMORY, "no memory");
    cr_expect_null(tensor);
    tensor = make(CUPEL_FLOAT32, shape, NULL);
    EXPECT_ERROR(cupel_tensor_upload(NULL, x), CUPEL_ERROR_ARGUMENT, "tensor is NULL");
    EXPECT_ERROR(cupel_tensor_upload(tensor, NULL), CUPEL_ERROR_ARGUMENT, "values is NULL");
    EXPECT_ERROR(cupel_tensor_download(NULL, x), CUPEL_ERROR_ARGUMENT, "tensor is NULL");
    EXPECT_ERROR(cupel_tensor_download(tensor, NULL), CUPEL_ERROR_ARGUMENT, "values is NULL");
    cr_expect_null(cupel_tensor_data(NULL));
    cupel_tensor_free(NULL);
    cupel_tensor_free(tensor);
}

Test(tensor, without_memory)
{
    end();
    fault_memory_install();
    device = tiny_device();
    for (int64_t n = 1;; n++) {
        cupel_tensor *tensor = NULL;
        const int64_t before = fault_memory_blocks(), users = device->users;
        fault_memory_arm(n, false);
        const cupel_status status =
            cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(2), &tensor);
        const int64_t failed = fault_memory_disarm();
        cr_expect_eq(status, failed > 0 ? CUPEL_ERROR_MEMORY : CUPEL_OK);
        cr_expect_eq(tensor == NULL, failed > 0);
        cupel_tensor_free(tensor);
        cr_expect_eq(fault_memory_blocks(), before);
        cr_expect_eq(device->users, users);
        if (failed == 0) break;
    }
    cupel_device_close(device);
    fault_memory_remove();
    device = NULL;
}

static cupel_model *open_model(bool labels)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(2, 3), 5, CUPEL_FLATTEN(),
                                    CUPEL_DENSE(10, .activation = CUPEL_TANH), CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = labels ? CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY
                                                      : CUPEL_LOSS_MSE,
                                       .from_logits = labels,
                                       .optimizer = CUPEL_ADAM(0)}));
    return model;
}

/* The same steps as from host memory, bit for bit. */
Test(tensor, training_is_that_of_train_batch)
{
    cupel_model *a = open_model(false), *b = open_model(false);
    cupel_tensor *tx = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN), x);
    cupel_tensor *ty = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, OUT), y);
    for (int step = 0; step < 5; step++) {
        double losses[2];
        ASSERT_OK(cupel_model_train_batch(a, x, y, ROWS, &losses[0]));
        ASSERT_OK(cupel_model_train_tensors(b, tx, ty, &losses[1]));
        cr_expect_eq(losses[0], losses[1]);
        ASSERT_OK(cupel_model_train_batch(a, x, y, ROWS, NULL));
        ASSERT_OK(cupel_model_train_tensors(b, tx, ty, NULL));
    }
    cr_expect(core_same(a, b, CUPEL_VALUE));
    cupel_tensor_free(tx);
    cupel_tensor_free(ty);
    cupel_model_free(a);
    cupel_model_free(b);
}

/* Inputs and targets of other types give what their numbers give. */
Test(tensor, types_are_cast)
{
    uint8_t bytes[ROWS * IN], small[ROWS];
    double wide[ROWS * IN], wide_y[ROWS * OUT];
    int32_t labels[ROWS];
    int64_t long_labels[ROWS];
    float narrow[ROWS * IN];
    for (int i = 0; i < ROWS * IN; i++)
        wide[i] = narrow[i] = bytes[i] = (uint8_t)(i * 5);
    for (int i = 0; i < ROWS * OUT; i++)
        wide_y[i] = (double)y[i];
    for (int i = 0; i < ROWS; i++)
        long_labels[i] = labels[i] = small[i] = (uint8_t)(i % OUT);
    cupel_tensor *xs[] = {make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, 2, 3), narrow),
                          make(CUPEL_FLOAT64, CUPEL_SHAPE(ROWS, 2, 3), wide),
                          make(CUPEL_UINT8, CUPEL_SHAPE(ROWS, 2, 3), bytes)};
    cupel_tensor *ls[] = {make(CUPEL_INT32, CUPEL_SHAPE(ROWS), labels),
                          make(CUPEL_INT64, CUPEL_SHAPE(ROWS), long_labels),
                          make(CUPEL_UINT8, CUPEL_SHAPE(ROWS, 1), small)};
    cupel_model *first = open_model(true);
    ASSERT_OK(cupel_model_train_batch(first, narrow, labels, ROWS, NULL));
    for (int i = 0; i < 3; i++) {
        cupel_model *model = open_model(true);
        ASSERT_OK(cupel_model_train_tensors(model, xs[i], ls[i], NULL));
        cr_expect(core_same(model, first, CUPEL_VALUE), "way %d", i);
        cupel_model_free(model);
    }
    cupel_model_free(first);
    first = open_model(false);
    cupel_model *model = open_model(false);
    cupel_tensor *ty = make(CUPEL_FLOAT64, CUPEL_SHAPE(ROWS, OUT), wide_y);
    ASSERT_OK(cupel_model_train_batch(first, narrow, y, ROWS, NULL));
    ASSERT_OK(cupel_model_train_tensors(model, xs[1], ty, NULL));
    cr_expect(core_same(model, first, CUPEL_VALUE));
    cupel_tensor_free(ty);
    cupel_model_free(model);
    cupel_model_free(first);
    for (int i = 0; i < 3; i++) {
        cupel_tensor_free(xs[i]);
        cupel_tensor_free(ls[i]);
    }
}

Test(tensor, tensors_that_do_not_fit_the_model)
{
    cupel_model *model = open_model(false), *labelled = open_model(true);
    int32_t labels[ROWS] = {0, 1, 2, 0, 1, 3, 0, 1};
    cupel_tensor *tx = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN), x);
    cupel_tensor *ty = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, OUT), y);
    cupel_tensor *few = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS - 1, OUT), NULL);
    cupel_tensor *narrow = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, IN - 1), NULL);
    cupel_tensor *number = make(CUPEL_FLOAT32, (cupel_shape){0}, NULL);
    cupel_tensor *brain = make(CUPEL_BFLOAT16, CUPEL_SHAPE(ROWS, OUT), NULL);
    cupel_tensor *whole = make(CUPEL_INT32, CUPEL_SHAPE(ROWS, IN), NULL);
    cupel_tensor *bad = make(CUPEL_INT32, CUPEL_SHAPE(ROWS), labels);
    cupel_tensor *floats = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS), NULL);
    double loss = 7;
    EXPECT_ERROR(cupel_model_train_tensors(NULL, tx, ty, &loss), CUPEL_ERROR_ARGUMENT, "is NULL");
    EXPECT_ERROR(cupel_model_train_tensors(model, NULL, ty, &loss), CUPEL_ERROR_ARGUMENT,
                 "x is NULL");
    EXPECT_ERROR(cupel_model_train_tensors(model, tx, NULL, &loss), CUPEL_ERROR_ARGUMENT,
                 "y is NULL");
    EXPECT_ERROR(cupel_model_train_tensors(model, tx, few, &loss), CUPEL_ERROR_SHAPE,
                 "x has 8 rows, y has 7");
    EXPECT_ERROR(cupel_model_train_tensors(model, narrow, ty, &loss), CUPEL_ERROR_SHAPE,
                 "x has shape (8, 5), expected rows of 6 elements");
    EXPECT_ERROR(cupel_model_train_tensors(model, number, ty, &loss), CUPEL_ERROR_SHAPE,
                 "x has shape ()");
    EXPECT_ERROR(cupel_model_train_tensors(model, tx, tx, &loss), CUPEL_ERROR_SHAPE,
                 "y has shape (8, 6), expected rows of 3 elements");
    EXPECT_ERROR(cupel_model_train_tensors(model, whole, ty, &loss), CUPEL_ERROR_SHAPE,
                 "x is int32");
    EXPECT_ERROR(cupel_model_train_tensors(model, tx, brain, &loss), CUPEL_ERROR_SHAPE,
                 "y is bfloat16");
    EXPECT_ERROR(cupel_model_train_tensors(labelled, tx, floats, &loss), CUPEL_ERROR_SHAPE,
                 "y is float32, but the loss takes class numbers");
    EXPECT_ERROR(cupel_model_train_tensors(labelled, tx, bad, &loss), CUPEL_ERROR_DATA,
                 "row 5: the label is 3");
    cupel_model *inference = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(OUT));
    EXPECT_ERROR(cupel_model_train_tensors(inference, tx, ty, &loss), CUPEL_ERROR_STATE,
                 "cupel_model_train_tensors: the model is not compiled");
    cupel_model_free(inference);
    cr_expect_eq(loss, 7);
    cupel_device *second = tiny_device(), *first = device;
    device = second;
    cupel_tensor *elsewhere = make(CUPEL_FLOAT32, CUPEL_SHAPE(ROWS, OUT), NULL);
    device = first;
    EXPECT_ERROR(cupel_model_train_tensors(model, tx, elsewhere, &loss), CUPEL_ERROR_ARGUMENT,
                 "on another device");
    cupel_device_close(second);
    cupel_tensor *all[] = {tx, ty, few, narrow, number, brain, whole, bad, floats, elsewhere};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cupel_tensor_free(all[i]);
    cupel_model_free(model);
    cupel_model_free(labelled);
}

/* A tensor keeps its device open. */
Test(tensor, outlives_its_device)
{
    cupel_device *mine = tiny_device();
    cupel_tensor *tensor;
    float back[2];
    ASSERT_OK(cupel_tensor_create(mine, CUPEL_FLOAT32, CUPEL_SHAPE(2), &tensor));
    cupel_device_close(mine);
    ASSERT_OK(cupel_tensor_upload(tensor, x));
    ASSERT_OK(cupel_tensor_download(tensor, back));
    cr_expect_eq(back[1], x[1]);
    cupel_tensor_free(tensor);
}
