/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"

#include "random_model.h"

#include <stdlib.h>

cupel_model *core_model(cupel_device *device, cupel_shape input, uint64_t seed,
                        const cupel_layer *layers, int64_t count)
{
    cupel_model *model;
    const cupel_model_config config = {.input_shape = input, .seed = seed};
    ASSERT_OK(cupel_model_create(device, &config, &model));
    for (int64_t i = 0; i < count; i++)
        ASSERT_OK(cupel_model_add(model, layers[i]));
    return model;
}

void core_numbers(float *values, int64_t count, uint64_t seed)
{
    rng r = {seed};
    for (int64_t i = 0; i < count; i++)
        values[i] = (float)rng_uniform(&r, -1, 1);
}

float *core_read(cupel_model *model, cupel_slot slot, int64_t *count)
{
    *count = random_model_elements(model);
    float *values = malloc((size_t)*count * sizeof *values);
    cr_assert_not_null(values);
    int64_t done = 0;
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++) {
        cupel_parameter parameter;
        ASSERT_OK(cupel_model_parameter(model, i, &parameter));
        ASSERT_OK(cupel_parameter_read(model, i, slot, values + done));
        done += parameter.count;
    }
    return values;
}

bool core_same(cupel_model *a, cupel_model *b, cupel_slot slot)
{
    int64_t a_count, b_count;
    float *a_values = core_read(a, slot, &a_count);
    float *b_values = core_read(b, slot, &b_count);
    const bool same =
        a_count == b_count && memcmp(a_values, b_values, (size_t)a_count * sizeof(float)) == 0;
    free(a_values);
    free(b_values);
    return same;
}
