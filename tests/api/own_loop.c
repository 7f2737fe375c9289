/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The steps of an own training loop, on data of one row. */
#include <cupel/cupel.h>
#include <stdio.h>

#define TRY(call)                                        \
    do {                                                 \
        if ((call) != CUPEL_OK) {                        \
            fprintf(stderr, "%s\n", cupel_last_error()); \
            return 1;                                    \
        }                                                \
    } while (0)

int main(void)
{
    const float x[1][2] = {{1, 2}}, y[1][1] = {{1}};
    const int64_t rows = 1, index = 0;
    float values[2];
    double loss;
    cupel_device *device;
    cupel_model *model;
    cupel_parameter parameter;
    cupel_gradcheck_report report;
    TRY(cupel_device_open("cpu", &device));
    TRY(cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(2)}, &model));
    TRY(cupel_model_add(model, CUPEL_DENSE(1)));
    TRY(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_SGD()}));
    TRY(cupel_model_train_batch(
        model, x, y, rows,
        &loss)); /* one step; loss may be NULL: then nothing waits for the device */
    TRY(cupel_model_gradients(model, x, y, rows, &loss)); /* forward and backward, no update */
    TRY(cupel_model_apply_gradients(
        model)); /* one optimizer step with the gradients that are there */
    TRY(cupel_model_parameter(model, index,
                              &parameter)); /* .name "0.kernel", .shape, .count, .trainable */
    TRY(cupel_parameter_read(
        model, index, CUPEL_VALUE,
        values)); /* or CUPEL_GRADIENT, CUPEL_MOMENT_1, CUPEL_MOMENT_2; waits for the device */
    TRY(cupel_parameter_write(model, index, values));
    TRY(cupel_model_gradcheck(
        model, x, y, rows,
        &report)); /* central differences in float64 on the CPU, whatever device the model is on */
    TRY(cupel_device_synchronize(device));
    if (parameter.count != 2 || !parameter.trainable || report.checked < 1) {
        return 1;
    }
    printf("%s %f %g\n", parameter.name, loss, report.worst);
    cupel_model_free(model);
    cupel_device_close(device);
    return 0;
}
