/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "tiny.h"

#include <criterion/criterion.h>

cupel_device *tiny_device(void)
{
    cupel_device *device;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK, "%s", cupel_last_error());
    return device;
}

cupel_model *tiny_line(cupel_device *device, float weight, cupel_compile_config config)
{
    cupel_model *model;
    if (config.loss == CUPEL_LOSS_NONE) config.loss = CUPEL_LOSS_MSE;
    if (config.optimizer.kind == CUPEL_OPTIMIZER_NONE) {
        config.optimizer = (cupel_optimizer){.kind = CUPEL_OPTIMIZER_SGD};
    }
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(1)};
    cr_assert_eq(cupel_model_create(device, &shape, &model), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(1, .no_bias = true)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(model, &config), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(cupel_parameter_write(model, 0, &weight), CUPEL_OK);
    return model;
}

float tiny_weight(cupel_model *model)
{
    float weight = 0;
    cr_assert_eq(cupel_parameter_read(model, 0, CUPEL_VALUE, &weight), CUPEL_OK, "%s",
                 cupel_last_error());
    return weight;
}

cupel_dataset *tiny_data(const float *x, const float *y, int64_t rows)
{
    cupel_dataset *data;
    const cupel_arrays arrays = {.x = x, .y = y, .rows = rows};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK, "%s", cupel_last_error());
    return data;
}
