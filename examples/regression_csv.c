/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Regression from a CSV file: regression_csv file.csv target-column. The last fifth of the rows is for
 * validation; training stops when that no longer improves. */
#include <cupel/cupel.h>
#include <stdio.h>

#define TRY(call)                                                                                  \
    do {                                                                                           \
        if ((call) != CUPEL_OK) {                                                                  \
            fprintf(stderr, "%s\n", cupel_last_error());                                           \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

int main(int argc, char **argv)
{
    if (argc != 3) {
        fprintf(stderr, "usage: %s file.csv target-column\n", argv[0]);
        return 2;
    }
    cupel_device *device;
    cupel_dataset *all;
    cupel_dataset *train;
    cupel_dataset *validation;
    cupel_model *model;
    cupel_history *history;
    cupel_shape features;
    double score[2];

    TRY(cupel_device_open("auto", &device));
    TRY(cupel_dataset_open_csv(argv[1], &(cupel_csv_config){.target = argv[2]}, &all));
    TRY(cupel_dataset_split(all, 0.2, &train, &validation));
    TRY(cupel_dataset_x_shape(all, &features));
    TRY(cupel_model_create(device, &(cupel_model_config){.input_shape = features, .seed = 1},
                           &model));
    TRY(cupel_model_add(model, CUPEL_DENSE(64, .activation = CUPEL_RELU, .kernel_l2 = 1e-5)));
    TRY(cupel_model_add(model, CUPEL_DENSE(64, .activation = CUPEL_RELU, .kernel_l2 = 1e-5)));
    TRY(cupel_model_add(model, CUPEL_DENSE(1)));
    TRY(cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                           .optimizer = CUPEL_ADAM(),
                                                           .metrics = {CUPEL_METRIC_MAE}}));
    TRY(cupel_model_fit(
        model, train,
        &(cupel_fit_config){
            .epochs = 200,
            .validation = validation,
            .callbacks = {CUPEL_EARLY_STOPPING(.patience = 10, .restore_best = true)}},
        &history));
    printf("%lld epochs: %s\n", (long long)cupel_history_epochs(history),
           cupel_history_reason(history));
    TRY(cupel_model_evaluate(model, validation, 256, score));
    printf("validation mean absolute error %.4f\n", score[1]);

    cupel_history_free(history);
    cupel_model_free(model);
    cupel_dataset_free(train);
    cupel_dataset_free(validation);
    cupel_dataset_free(all);
    cupel_device_close(device);
    return 0;
}
