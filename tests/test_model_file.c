/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Saving, loading and opening models: what comes back. */
#include "comma_locale.h"
#include "folder.h"
#include "model_files.h"
#include "program/model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static cupel_device *device;

static void enter(void)
{
    folder_enter();
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
}

static void leave(void)
{
    cupel_device_close(device);
    folder_leave();
}

TestSuite(model_file, .init = enter, .fini = leave);

static void expect_same_file(const char *a, const char *b)
{
    size_t count;
    char *bytes = folder_read(a, &count);
    folder_expect(b, bytes, count);
    free(bytes);
}

static void save(const cupel_model *model, const char *path)
{
    cr_assert_eq(cupel_model_save(model, path), CUPEL_OK, "%s", cupel_last_error());
}

static cupel_model *open_model(const char *path)
{
    cupel_model *model;
    cr_assert_eq(cupel_model_open(device, path, &model), CUPEL_OK, "%s", cupel_last_error());
    return model;
}

/* Values that a conversion would not keep: signs of 0, subnormal numbers, infinity, NaN. */
static void put_special_values(cupel_model *model, bool wide)
{
    double doubles[30];
    float floats[30];
    for (int i = 0; i < 30; i++) {
        const double values[] = {-0.0, 4.9e-324, -INFINITY, NAN, 1.0 / 3, 1.7976931348623157e308};
        doubles[i] = values[i % 6];
        const float narrow[] = {-0.0F, 1.4e-45F, -INFINITY, NAN, 1.0F / 3, 3.4028235e38F};
        floats[i] = narrow[i % 6];
    }
    const void *values = wide ? (const void *)doubles : (const void *)floats;
    cr_assert_eq(cupel_parameter_write(model, 0, values), CUPEL_OK);
}

/* Saved, loaded and opened, the weights are the same bits, and a model that was opened writes the
 * same file again, so its layers and its seed are the same too. */
static void round_trip(cupel_precision precision, cupel_flavour flavour, uint64_t seed)
{
    cupel_model *model = files_model(device, seed);
    files_compile(model, precision, flavour);
    put_special_values(model, precision == CUPEL_PRECISION_FLOAT64);
    size_t count;
    char *weights = files_weights(model, &count);
    save(model, "a.safetensors");

    cupel_model *loaded = files_model(device, seed + 1);
    files_compile(loaded, precision, flavour);
    cr_assert_eq(cupel_model_load(loaded, "a.safetensors"), CUPEL_OK, "%s", cupel_last_error());
    files_expect_weights(loaded, weights, count);

    cupel_model *opened = open_model("a.safetensors");
    files_expect_weights(opened, weights, count);
    save(opened, "b.safetensors");
    expect_same_file("a.safetensors", "b.safetensors");

    /* Over the very file that it came from. */
    save(opened, "a.safetensors");
    expect_same_file("a.safetensors", "b.safetensors");
    cr_expect_eq(folder_entries(), 2);
    free(weights);
    cupel_model_free(model);
    cupel_model_free(loaded);
    cupel_model_free(opened);
}

Test(model_file, a_float_model_comes_back)
{
    round_trip(CUPEL_PRECISION_FLOAT32, CUPEL_KERAS, 7);
    round_trip(CUPEL_PRECISION_FLOAT32, CUPEL_TORCH, UINT64_MAX - 1);
}

Test(model_file, a_double_model_comes_back)
{
    round_trip(CUPEL_PRECISION_FLOAT64, CUPEL_KERAS, 0);
    round_trip(CUPEL_PRECISION_FLOAT64, CUPEL_TORCH, (uint64_t)1 << 63);
}

Test(model_file, the_locale_changes_nothing)
{
    cupel_model *model = files_model(device, 3);
    save(model, "a.safetensors");
    if (!comma_locale_set("de_DE")) cr_skip("no locale with a decimal comma can be had");
    save(model, "b.safetensors");
    expect_same_file("a.safetensors", "b.safetensors");
    cupel_model *opened = open_model("b.safetensors");
    save(opened, "c.safetensors");
    expect_same_file("a.safetensors", "c.safetensors");
    cupel_model_free(model);
    cupel_model_free(opened);
}

/* The slope of leaky ReLU depends on the flavour, so the file must know it. */
Test(model_file, an_opened_model_predicts_the_same)
{
    for (int flavour = 0; flavour < 2; flavour++) {
        cupel_model *model;
        const cupel_model_config config = {.input_shape = CUPEL_SHAPE(3), .seed = 5};
        cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK);
        cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(4, .activation = CUPEL_LEAKY_RELU)),
                     CUPEL_OK);
        files_compile(model, CUPEL_PRECISION_FLOAT32, (cupel_flavour)flavour);
        save(model, "model");
        cupel_model *opened = open_model("model");
        const float x[2][3] = {{1, -2, 3}, {-1, 2, -3}};
        float expected[2][4], found[2][4];
        cr_assert_eq(cupel_model_predict(model, x, 2, expected), CUPEL_OK);
        cr_assert_eq(cupel_model_predict(opened, x, 2, found), CUPEL_OK);
        cr_assert_eq(memcmp(expected, found, sizeof found), 0);
        cupel_model_free(model);
        cupel_model_free(opened);
    }
}

Test(model_file, neither_save_nor_load_needs_a_compile)
{
    cupel_model *first = files_model(device, 1), *second = files_model(device, 2);
    save(first, "model");
    cr_assert_eq(cupel_model_load(second, "model"), CUPEL_OK, "%s", cupel_last_error());
    size_t count;
    char *weights = files_weights(first, &count);
    files_expect_weights(second, weights, count);
    /* A later compile keeps what was loaded. */
    files_compile(second, CUPEL_PRECISION_FLOAT32, CUPEL_TORCH);
    files_expect_weights(second, weights, count);
    free(weights);
    cupel_model_free(first);
    cupel_model_free(second);
}

Test(model_file, a_model_trains_on_after_loading)
{
    const float x[4][2] = {{1, 2}, {2, 3}, {3, 4}, {4, 5}}, y[4][1] = {{0}, {0}, {1}, {1}};
    const cupel_compile_config config = {.loss = CUPEL_LOSS_MSE,
                                         .optimizer = CUPEL_SGD(.learning_rate = 0.01)};
    cupel_model *trained = files_small_model(device, 1);
    cr_assert_eq(cupel_model_compile(trained, &config), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_model_train_batch(trained, x, y, 4, NULL), CUPEL_OK);
    save(trained, "model");
    cupel_model *loaded = files_small_model(device, 2);
    cr_assert_eq(cupel_model_compile(loaded, &config), CUPEL_OK);
    cr_assert_eq(cupel_model_load(loaded, "model"), CUPEL_OK);
    cupel_model *opened = open_model("model");
    cr_assert_eq(cupel_model_train_batch(opened, x, y, 4, NULL), CUPEL_ERROR_STATE);
    cr_assert_eq(cupel_model_compile(opened, &config), CUPEL_OK);
    /* SGD keeps nothing beside the weights, so all three go the same way. */
    double losses[3];
    cr_assert_eq(cupel_model_train_batch(trained, x, y, 4, &losses[0]), CUPEL_OK);
    cr_assert_eq(cupel_model_train_batch(loaded, x, y, 4, &losses[1]), CUPEL_OK);
    cr_assert_eq(cupel_model_train_batch(opened, x, y, 4, &losses[2]), CUPEL_OK);
    cr_assert_eq(losses[0], losses[1]);
    cr_assert_eq(losses[0], losses[2]);
    size_t count;
    char *weights = files_weights(trained, &count);
    files_expect_weights(loaded, weights, count);
    files_expect_weights(opened, weights, count);
    free(weights);
    cupel_model_free(trained);
    cupel_model_free(loaded);
    cupel_model_free(opened);
}

Test(model_file, a_model_without_parameters_comes_back)
{
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2, 2)};
    cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK);
    cr_assert_eq(cupel_model_save(model, "model"), CUPEL_ERROR_STATE, "no layers yet");
    cr_assert_eq(folder_entries(), 0);
    cr_assert_eq(cupel_model_add(model, CUPEL_FLATTEN()), CUPEL_OK);
    save(model, "model");
    cr_assert_eq(cupel_model_load(model, "model"), CUPEL_OK, "%s", cupel_last_error());
    cupel_model *opened = open_model("model");
    cupel_shape shape;
    cr_assert_eq(cupel_model_output_shape(opened, &shape), CUPEL_OK);
    cr_assert_eq(shape.dims[0], 4);
    cupel_model_free(model);
    cupel_model_free(opened);
}

#define KERNEL "\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}"
#define BIAS(begin, end) \
    "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" #begin "," #end "]}"

/* Files of others, without cupel's metadata. */
Test(model_file, a_plain_safetensors_file_is_loaded)
{
    static const char *const headers[] = {
        "{" KERNEL "," BIAS(8, 12) "}",
        "{" BIAS(8, 12) "," KERNEL "}",
        "{\"__metadata__\":{\"format\":\"pt\"}," KERNEL "," BIAS(8, 12) "}   ",
        "{\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}," BIAS(0, 4) "}",
    };
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        cupel_model *model = files_small_model(device, 1);
        files_write("plain", headers[i], 12);
        cr_assert_eq(cupel_model_load(model, "plain"), CUPEL_OK, "%s", cupel_last_error());
        const char zero[24] = {0};
        files_expect_weights(model, zero, sizeof zero);
        cupel_model_free(model);
        cr_assert_eq(cupel_model_open(device, "plain", &model), CUPEL_ERROR_FORMAT);
        cr_assert_null(model);
        cr_assert_not_null(strstr(cupel_last_error(), "plain: the file has no layers"));
    }
}

/* The order of the bytes in the file need not be the order of the parameters. */
Test(model_file, tensors_find_their_places_by_name)
{
    static const char header[] = "{" BIAS(
        0, 4) ",\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[4,12]}} ";
    const float values[] = {1, 2, 3};
    char file[8 + sizeof header - 1 + sizeof values] = {(char)(sizeof header - 1)};
    memcpy(file + 8, header, sizeof header - 1);
    memcpy(file + 8 + sizeof header - 1, values, sizeof values);
    folder_write("plain", file, sizeof file);
    cupel_model *model = files_small_model(device, 1);
    cr_assert_eq(cupel_model_load(model, "plain"), CUPEL_OK, "%s", cupel_last_error());
    float kernel[2], bias[1];
    cr_assert_eq(cupel_parameter_read(model, 0, CUPEL_VALUE, kernel), CUPEL_OK);
    cr_assert_eq(cupel_parameter_read(model, 1, CUPEL_VALUE, bias), CUPEL_OK);
    cr_assert(kernel[0] == 2 && kernel[1] == 3 && bias[0] == 1);
    cupel_model_free(model);
}

Test(model_file, a_model_with_very_many_layers)
{
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2)};
    cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK);
    for (int i = 0; i < 300; i++)
        cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(2)), CUPEL_OK);
    save(model, "a");
    cupel_model *opened = open_model("a");
    save(opened, "b");
    expect_same_file("a", "b");
    cupel_model_free(model);
    cupel_model_free(opened);
}

Test(model_file, null_and_busy)
{
    cupel_model *model = files_small_model(device, 1), *opened = model;
    cr_expect_eq(cupel_model_save(NULL, "model"), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_save(model, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_load(NULL, "model"), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_load(model, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_open(NULL, "model", &opened), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(opened);
    opened = model;
    cr_expect_eq(cupel_model_open(device, NULL, &opened), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(opened);
    cr_expect_eq(cupel_model_open(device, "model", NULL), CUPEL_ERROR_ARGUMENT);
    opened = model;
    cr_expect_eq(cupel_model_open(device, "absent", &opened), CUPEL_ERROR_IO);
    cr_expect_null(opened);
    cr_assert_eq(cupel_model_enter(model, "a test"), CUPEL_OK);
    cr_expect_eq(cupel_model_save(model, "model"), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_load(model, "model"), CUPEL_ERROR_STATE);
    cupel_model_leave(model);
    cr_expect_eq(folder_entries(), 0);
    save(model, "model");
    cupel_model_free(model);
}
