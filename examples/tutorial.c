/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest whole program: two sigmoid layers learn to tell small pairs from large ones. */
#include <cupel/cupel.h>
#include <stdio.h>

#define TRY(call)                                                                                  \
    do {                                                                                           \
        if ((call) != CUPEL_OK) {                                                                  \
            fprintf(stderr, "%s\n", cupel_last_error());                                           \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

int main(void)
{
    const float x[4][2] = {{1, 2}, {2, 3}, {3, 4}, {4, 5}};
    const float y[4][1] = {{0}, {0}, {1}, {1}};
    const float fresh[1][2] = {{5, 6}};
    float prediction[1][1];
    cupel_device *device;
    cupel_model *model;
    cupel_dataset *data;

    TRY(cupel_device_open("auto", &device)); /* the first GPU where there is one, else the CPU */
    TRY(cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(2), .seed = 1},
                           &model));
    TRY(cupel_model_add(model, CUPEL_DENSE(1, .activation = CUPEL_SIGMOID)));
    TRY(cupel_model_add(model, CUPEL_DENSE(1, .activation = CUPEL_SIGMOID)));
    TRY(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer = CUPEL_ADAM(.learning_rate = 0.001f)}));
    TRY(cupel_dataset_from_arrays(
        &(cupel_arrays){
            .x = x, .y = y, .rows = 4, .x_shape = CUPEL_SHAPE(2), .y_shape = CUPEL_SHAPE(1)},
        &data));
    TRY(cupel_model_fit(model, data, &(cupel_fit_config){.epochs = 100, .batch_size = 10}, NULL));
    TRY(cupel_model_predict(model, fresh, 1, prediction));
    printf("%f\n", (double)prediction[0][0]);

    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
    return 0;
}
