/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Saving, loading and opening models: what comes back, and what is refused. */
#define _POSIX_C_SOURCE 200809L
#include "comma_locale.h"
#include "folder.h"
#include "model_files.h"
#include "program/model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

Test(model_file, a_failed_load_changes_nothing)
{
    static const struct {
        const char *header;
        int64_t data_bytes;
        cupel_status status;
        const char *says;
    } cases[] = {
        {"{" KERNEL "}", 8, CUPEL_ERROR_SHAPE, "the model's tensor \"0.bias\" is not in the file"},
        {"{}", 0, CUPEL_ERROR_SHAPE, "the model's tensor \"0.kernel\" is not in the file"},
        {"{" KERNEL "," BIAS(8, 12) ",\"1.kernel\":{\"dtype\":\"F32\",\"shape\":[0],"
                                    "\"data_offsets\":[12,12]}}",
         12, CUPEL_ERROR_SHAPE, "tensor \"1.kernel\" is none of the model's 2"},
        {"{" KERNEL ",\"0.Bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12,
         CUPEL_ERROR_SHAPE, "tensor \"0.Bias\" is none of the model's 2"},
        {"{\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":[0,8]}," BIAS(8,
                                                                                          12) "}",
         12, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" has the shape (2, 1), expected (1, 2)"},
        {"{\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}," BIAS(8, 12) "}",
         12, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" has the shape (2), expected (1, 2)"},
        {"{\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,3],\"data_offsets\":[0,12]}," BIAS(12,
                                                                                           16) "}",
         16, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" has the shape (1, 3), expected (1, 2)"},
        {"{\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,0],\"data_offsets\":[0,0]}," BIAS(0, 4) "}",
         4, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" has the shape (1, 0), expected (1, 2)"},
        {"{" KERNEL ",\"0.bias\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[8,12]}}", 12,
         CUPEL_ERROR_SHAPE, "tensor \"0.bias\" has the shape (), expected (1)"},
        {"{\"0.kernel\":{\"dtype\":\"F64\",\"shape\":[1,2],\"data_offsets\":[0,16]}," BIAS(16,
                                                                                           20) "}",
         20, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" is of the type F64, expected F32"},
        {"{\"0.kernel\":{\"dtype\":\"BF16\",\"shape\":[1,2],\"data_offsets\":[0,4]}," BIAS(4,
                                                                                           8) "}",
         8, CUPEL_ERROR_SHAPE, "tensor \"0.kernel\" is of the type BF16, expected F32"},
        {"{" KERNEL ",\"0.bias\":{\"dtype\":\"I32\",\"shape\":[1],\"data_offsets\":[8,12]}}", 12,
         CUPEL_ERROR_SHAPE, "tensor \"0.bias\" is of the type I32, expected F32"},
        {"{" KERNEL "," BIAS(8, 12) "}", 11, CUPEL_ERROR_FORMAT, "12 bytes, but 11 follow"},
        {"{" KERNEL "," BIAS(8, 12) "}", 13, CUPEL_ERROR_FORMAT, "12 bytes, but 13 follow"},
        {"{" KERNEL "," KERNEL "}", 8, CUPEL_ERROR_FORMAT, "twice"},
        {"", 0, CUPEL_ERROR_FORMAT, "does not begin with '{'"},
    };
    cupel_model *model = files_small_model(device, 1), *unused = files_small_model(device, 2);
    size_t count;
    char *weights = files_weights(model, &count);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        files_write("model", cases[i].header, cases[i].data_bytes);
        cr_expect_eq(cupel_model_load(model, "model"), cases[i].status, "%s: %s", cases[i].header,
                     cupel_last_error());
        cr_expect_not_null(strstr(cupel_last_error(), cases[i].says), "%s", cupel_last_error());
        cr_expect_eq(strncmp(cupel_last_error(), "model: ", 7), 0);
        files_expect_weights(model, weights, count);
        cr_expect_eq(cupel_model_load(unused, "model"), cases[i].status);
    }
    cr_expect_eq(cupel_model_load(model, "absent"), CUPEL_ERROR_IO);
    cr_expect_not_null(strstr(cupel_last_error(), "\"absent\""));
    cr_expect_eq(cupel_model_load(model, "."), CUPEL_ERROR_IO);
    cr_expect_eq(cupel_model_load(model, ""), CUPEL_ERROR_IO);
    folder_write("empty", "", 0);
    cr_expect_eq(cupel_model_load(model, "empty"), CUPEL_ERROR_FORMAT);
    files_expect_weights(model, weights, count);
    /* Not even the weights of a new model were drawn: layers can still be added. */
    cr_expect_eq(cupel_model_add(unused, CUPEL_DENSE(3)), CUPEL_OK, "%s", cupel_last_error());
    free(weights);
    cupel_model_free(model);
    cupel_model_free(unused);
}

Test(model_file, float_and_double_are_not_mixed)
{
    cupel_model *narrow = files_model(device, 1), *wide = files_model(device, 2);
    files_compile(narrow, CUPEL_PRECISION_FLOAT32, CUPEL_KERAS);
    files_compile(wide, CUPEL_PRECISION_FLOAT64, CUPEL_KERAS);
    save(narrow, "narrow");
    save(wide, "wide");
    cr_assert_eq(cupel_model_load(narrow, "wide"), CUPEL_ERROR_SHAPE);
    cr_assert_str_eq(cupel_last_error(),
                     "wide: tensor \"1.kernel\" is of the type F64, expected F32");
    cr_assert_eq(cupel_model_load(wide, "narrow"), CUPEL_ERROR_SHAPE);
    cr_assert_str_eq(cupel_last_error(),
                     "narrow: tensor \"1.kernel\" is of the type F32, expected F64");
    cupel_model_free(narrow);
    cupel_model_free(wide);
}

/* A file that is changed in place: to replace it thousands of times would flush each to the disk.
 */
static void put_byte(FILE *file, size_t at, int byte)
{
    cr_assert_eq(fseek(file, (long)at, SEEK_SET), 0);
    cr_assert_neq(fputc(byte, file), EOF);
    cr_assert_eq(fflush(file), 0);
}

/* No prefix is loaded, and where a flipped bit of the header is not found it changes no weight. */
Test(model_file, damage_is_found_or_changes_nothing)
{
    cupel_model *saved = files_model(device, 1), *model = files_model(device, 2);
    save(saved, "model");
    size_t saved_count, count, size;
    char *saved_weights = files_weights(saved, &saved_count);
    char *weights = files_weights(model, &count);
    unsigned char *bytes = (unsigned char *)folder_read("model", &size);
    const size_t header = 8 + ((size_t)bytes[0] | (size_t)bytes[1] << 8);
    cr_assert_lt(header, size);
    FILE *file = fopen("model", "r+b");
    cr_assert_not_null(file);
    for (size_t bit = 0; bit < 8 * header; bit++) {
        put_byte(file, bit / 8, bytes[bit / 8] ^ 1 << bit % 8);
        if (cupel_model_load(model, "model") == CUPEL_OK) {
            files_expect_weights(model, saved_weights, saved_count);
        }
        cupel_model *opened;
        if (cupel_model_open(device, "model", &opened) == CUPEL_OK) {
            files_expect_weights(opened, saved_weights, saved_count);
            cupel_model_free(opened);
        }
        put_byte(file, bit / 8, bytes[bit / 8]);
    }
    cupel_model *other = files_model(device, 2);
    for (size_t prefix = size; prefix-- > 0;) {
        cr_assert_eq(truncate("model", (off_t)prefix), 0);
        cr_assert_eq(cupel_model_load(other, "model"), CUPEL_ERROR_FORMAT, "%zu bytes", prefix);
    }
    files_expect_weights(other, weights, count);
    fclose(file);
    free(bytes);
    free(weights);
    free(saved_weights);
    cupel_model_free(saved);
    cupel_model_free(model);
    cupel_model_free(other);
}

#define OUTLINE(layers) \
    "{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":" layers "}"
#define LAYER(fields) OUTLINE("[{" fields "}]")

Test(model_file, wrong_layers_are_refused)
{
    static const struct {
        const char *outline;
        const char *says;
    } cases[] = {
        {"", "cupel.model is not valid JSON"},
        {"[]", "\"input_shape\" is not there"},
        {"{}", "\"input_shape\" is not there"},
        {"null", "cupel.model is not valid JSON"},
        {OUTLINE("[{\"kind\":\"dense\",\"units\":1}]") "x", "cupel.model is not valid JSON"},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[],\"x\":1}",
         "5 members"},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "duplicate"},
        {"{\"input_shape\":[2],\"seed\":1,\"flavour\":\"keras\",\"layers\":[]}",
         "\"seed\" is not a string of digits"},
        {"{\"input_shape\":[2],\"seed\":\"\",\"flavour\":\"keras\",\"layers\":[]}", "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"-1\",\"flavour\":\"keras\",\"layers\":[]}", "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"18446744073709551616\",\"flavour\":\"keras\","
         "\"layers\":[]}",
         "\"seed\""},
        {"{\"input_shape\":[2],\"seed\":\"1\",\"flavour\":\"jax\",\"layers\":[]}",
         "\"flavour\" is \"jax\", which cupel"},
        {"{\"input_shape\":2,\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array"},
        {"{\"input_shape\":[2.5],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array of integers"},
        {"{\"input_shape\":[1,1,1,1,1,1,1,1,2],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "\"input_shape\" is not an array of at most 8"},
        {"{\"input_shape\":[],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}", "input_shape"},
        {"{\"input_shape\":[0],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[]}",
         "expected at least 1"},
        {"{\"input_shape\":[4294967296,4294967296],\"seed\":\"1\",\"flavour\":\"keras\","
         "\"layers\":[]}",
         "more elements than 64 bits"},
        {OUTLINE("{}"), "\"layers\" is not an array"},
        {OUTLINE("[]"), "is none of the model's 0"},
        {OUTLINE("[null]"), "layer 0: \"kind\" is not there"},
        {OUTLINE("[[]]"), "layer 0: \"kind\" is not there"},
        {LAYER("\"units\":1"), "layer 0: \"kind\" is not there"},
        {LAYER("\"kind\":1"), "layer 0: \"kind\" is not a string"},
        {LAYER("\"kind\":\"conv2d\""), "layer 0: \"kind\" is \"conv2d\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"x\":0"), "layer 0: \"x\" is not a field"},
        {LAYER("\"kind\":\"dense\",\"units\":1.0"), "layer 0: \"units\" is not an integer"},
        {LAYER("\"kind\":\"dense\",\"units\":\"1\""), "layer 0: \"units\" is not an integer"},
        {LAYER("\"kind\":\"dense\""), "layer 0 (dense): .units is 0"},
        {LAYER("\"kind\":\"dense\",\"units\":-1"), "layer 0 (dense): .units is -1"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"rate\":0.5"), ".rate is set"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":-1"), "kernel_l2"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":1e999"), "overflow"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_l2\":\"1\""), "is not a number"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"no_bias\":1"), "is not true or false"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"activation\":\"swish\""),
         "\"swish\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"activation\":1"), "is not a string"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"kernel_initializer\":\"x\""),
         "\"x\", which cupel"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"bias_initializer\":null"), "is not a string"},
        {LAYER("\"kind\":\"dropout\",\"rate\":1.5"), "layer 0 (dropout)"},
        {LAYER("\"kind\":\"reshape\",\"shape\":[3]"), "layer 0 (reshape)"},
        {LAYER("\"kind\":\"reshape\",\"shape\":[\"2\"]"), "\"shape\" is not an array of integers"},
        /* A model, but not the one of the tensors. */
        {LAYER("\"kind\":\"dense\",\"units\":2"), "\"0.kernel\" does not fit"},
        {LAYER("\"kind\":\"dense\",\"units\":1,\"no_bias\":true"),
         "\"0.bias\" is none of the model's"},
        {LAYER("\"kind\":\"flatten\""), "\"0.kernel\" is none of the model's 0"},
        {OUTLINE("[{\"kind\":\"flatten\"},{\"kind\":\"dense\",\"units\":1}]"),
         "\"0.kernel\" is none of the model's 2"},
        {LAYER("\"kind\":\"dense\",\"units\":4611686018427387904"), "layer 0 (dense)"},
        {LAYER("\"kind\":\"dense\",\"units\":72057594037927935"), "\"0.kernel\" does not fit"},
        {LAYER("\"kind\":\"dense\",\"units\":1000000000"), "\"0.kernel\" does not fit"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cupel_model *model = NULL;
        files_write_outline("model", cases[i].outline);
        cr_expect_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT, "%s: %s",
                     cases[i].outline, cupel_last_error());
        cr_expect_null(model);
        cr_expect_not_null(strstr(cupel_last_error(), cases[i].says), "%s: %s", cases[i].outline,
                           cupel_last_error());
        cr_expect_eq(strncmp(cupel_last_error(), "model: ", 7), 0, "%s", cupel_last_error());
    }
    /* The same file with the right layers is a model. */
    files_write_outline("model", LAYER("\"kind\":\"dense\",\"units\":1"));
    cupel_model_free(open_model("model"));
}

/* A text that would be a deep or a large tree. */
Test(model_file, hostile_layers_are_refused)
{
    const size_t lengths[] = {3000, 1 << 20, (1 << 20) + 1};
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char *outline = malloc(lengths[i] + 1);
        cr_assert_not_null(outline);
        memset(outline, '[', lengths[i]);
        outline[lengths[i]] = '\0';
        files_write_outline("model", outline);
        cupel_model *model;
        cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT);
        cr_assert_null(model);
        free(outline);
    }
    cr_assert_not_null(strstr(cupel_last_error(), "expected at most 1048576"));
}

/* Layers whose sizes only their sum makes too large. */
Test(model_file, many_large_layers_are_refused)
{
    const char layer[] = "{\"kind\":\"dense\",\"units\":300000000},";
    const size_t count = 100, each = sizeof layer - 1;
    const char begin[] =
        "{\"input_shape\":[300000000],\"seed\":\"1\",\"flavour\":\"keras\",\"layers\":[";
    char *outline = malloc(sizeof begin + count * each + 3);
    cr_assert_not_null(outline);
    strcpy(outline, begin);
    for (size_t i = 0; i < count; i++)
        memcpy(outline + sizeof begin - 1 + i * each, layer, each);
    strcpy(outline + sizeof begin - 1 + count * each - 1, "]}");
    files_write_outline("model", outline);
    cupel_model *model;
    cr_assert_eq(cupel_model_open(device, "model", &model), CUPEL_ERROR_FORMAT);
    cr_assert_not_null(strstr(cupel_last_error(), "\"0.kernel\" does not fit"), "%s",
                       cupel_last_error());
    free(outline);
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
