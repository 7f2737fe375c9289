/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Files that are no model, or another one: they are refused, and nothing has changed. */
#define _POSIX_C_SOURCE 200809L
#include "folder.h"
#include "model_files.h"

#include <criterion/criterion.h>
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

TestSuite(model_file_bad, .init = enter, .fini = leave);

static void save(const cupel_model *model, const char *path)
{
    cr_assert_eq(cupel_model_save(model, path), CUPEL_OK, "%s", cupel_last_error());
}

#define KERNEL "\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]}"
#define BIAS(begin, end) \
    "\"0.bias\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[" #begin "," #end "]}"

Test(model_file_bad, a_failed_load_changes_nothing)
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

Test(model_file_bad, float_and_double_are_not_mixed)
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
Test(model_file_bad, damage_is_found_or_changes_nothing)
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
