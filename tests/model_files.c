/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "model_files.h"

#include "base/text.h"
#include "folder.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

cupel_model *files_model(cupel_device *device, uint64_t seed)
{
    const cupel_layer layers[] = {
        CUPEL_FLATTEN(),
        CUPEL_DENSE(5, .activation = CUPEL_TANH, .kernel_l1 = 1e-7 / 3, .kernel_l2 = 0.1,
                    .kernel_initializer = CUPEL_INIT_HE_NORMAL,
                    .bias_initializer = CUPEL_INIT_ONES),
        CUPEL_DROPOUT(1.0 / 3),
        CUPEL_RESHAPE(CUPEL_SHAPE(5, -1)),
        CUPEL_FLATTEN(),
        CUPEL_ACTIVATION(CUPEL_LEAKY_RELU),
        CUPEL_DENSE(2, .no_bias = true),
        CUPEL_DENSE(2, .activation = CUPEL_SOFTMAX),
    };
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2, 3), .seed = seed};
    cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK, "%s", cupel_last_error());
    for (size_t i = 0; i < sizeof layers / sizeof layers[0]; i++) {
        cr_assert_eq(cupel_model_add(model, layers[i]), CUPEL_OK, "%s", cupel_last_error());
    }
    return model;
}

void files_compile(cupel_model *model, cupel_precision precision, cupel_flavour flavour)
{
    const cupel_compile_config config = {.precision = precision, .flavour = flavour};
    cr_assert_eq(cupel_model_compile(model, &config), CUPEL_OK, "%s", cupel_last_error());
}

char *files_weights(cupel_model *model, size_t *count)
{
    const int64_t tensors = cupel_model_parameter_count(model);
    int64_t elements = 0;
    for (int64_t i = 0; i < tensors; i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(model, i, &parameter), CUPEL_OK);
        elements += parameter.count;
    }
    /* Room for doubles; what a float32 model leaves of it stays 0. */
    *count = (size_t)elements * sizeof(double);
    char *weights = calloc(1, *count + 1);
    cr_assert_not_null(weights);
    int64_t at = 0;
    for (int64_t i = 0; i < tensors; i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(model, i, &parameter), CUPEL_OK);
        cr_assert_eq(
            cupel_parameter_read(model, i, CUPEL_VALUE, weights + at * (int64_t)sizeof(double)),
            CUPEL_OK, "%s", cupel_last_error());
        at += parameter.count;
    }
    return weights;
}

void files_expect_weights(cupel_model *model, const char *weights, size_t count)
{
    size_t found_count;
    char *found = files_weights(model, &found_count);
    cr_assert_eq(found_count, count);
    cr_assert_eq(memcmp(found, weights, count), 0, "the weights differ");
    free(found);
}

cupel_model *files_small_model(cupel_device *device, uint64_t seed)
{
    cupel_model *model;
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(2), .seed = seed};
    cr_assert_eq(cupel_model_create(device, &config, &model), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(1)), CUPEL_OK, "%s", cupel_last_error());
    return model;
}

void files_write(const char *name, const char *header, int64_t data_bytes)
{
    const size_t length = strlen(header);
    char *bytes = calloc(1, 8 + length + (size_t)data_bytes);
    cr_assert_not_null(bytes);
    for (int i = 0; i < 8; i++)
        bytes[i] = (char)(length >> (8 * i) & 0xFF);
    memcpy(bytes + 8, header, length);
    folder_write(name, bytes, 8 + length + (size_t)data_bytes);
    free(bytes);
}

void files_write_outline(const char *name, const char *outline)
{
    cupel_text header = {0};
    cupel_text_add(&header, "{\"__metadata__\":{\"cupel.model\":");
    cupel_text_json(&header, outline);
    cupel_text_add(&header, "},\"0.kernel\":{\"dtype\":\"F32\",\"shape\":[1,2],"
                            "\"data_offsets\":[0,8]},\"0.bias\":{\"dtype\":\"F32\","
                            "\"shape\":[1],\"data_offsets\":[8,12]}}");
    cr_assert_eq(header.status, CUPEL_OK);
    files_write(name, header.bytes, 12);
    cupel_text_free(&header);
}
