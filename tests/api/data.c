/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Every way in for data, and every way out for results: signatures and field names. */
#include <cupel/cupel.h>
#include <stddef.h>

static cupel_status fill(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    const float *all = user;
    for (int64_t i = 0; i < count; i++) {
        ((float *)x)[i] = all[rows[i]];
        ((float *)y)[i] = 2 * all[rows[i]];
    }
    return CUPEL_OK;
}

static cupel_status watch(void *user, const cupel_event *event)
{
    int64_t *steps = user;
    *steps = event->step;
    return event->epoch > 100 ? CUPEL_ERROR_STOPPED : CUPEL_OK;
}

static void on_log(void *user, int level, const char *text)
{
    (void)user;
    (void)level;
    (void)text;
}

static cupel_status datasets(float *values, cupel_dataset **all)
{
    cupel_dataset *d, *first, *last;
    cupel_shape shape;
    cupel_status status = cupel_dataset_open_idx("images", "labels", NULL, &d);
    if (status == CUPEL_OK) {
        cupel_dataset_free(d);
    }
    status = cupel_dataset_open_csv("table.csv", &(cupel_csv_config){.target = "y"}, &d);
    if (status == CUPEL_OK) {
        cupel_dataset_free(d);
    }
    status = cupel_dataset_from_arrays(&(cupel_arrays){.x = values,
                                                       .y = values,
                                                       .x_type = CUPEL_FLOAT32,
                                                       .y_type = CUPEL_FLOAT32,
                                                       .rows = 4,
                                                       .sample_weight = values},
                                       &d);
    if (status == CUPEL_OK) {
        cupel_dataset_free(d);
    }
    status = cupel_dataset_from_source(&(cupel_source){.fill = fill,
                                                       .user = values,
                                                       .rows = 4,
                                                       .x_shape = CUPEL_SHAPE(1),
                                                       .y_shape = CUPEL_SHAPE(1)},
                                       all);
    if (status != CUPEL_OK) {
        return status;
    }
    status = cupel_dataset_split(*all, 0.2, &first, &last);
    if (status == CUPEL_OK && cupel_dataset_rows(first) + cupel_dataset_rows(last) != 4) {
        status = CUPEL_ERROR_STATE;
    }
    if (status == CUPEL_OK) {
        status = cupel_dataset_x_shape(first, &shape);
    }
    if (status == CUPEL_OK) {
        status = cupel_dataset_y_shape(last, &shape);
    }
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    return status;
}

static cupel_status train(cupel_model *model, const cupel_dataset *data)
{
    cupel_history *history;
    const double *values;
    double score[2];
    int64_t steps = 0;
    cupel_layer layers[] = {CUPEL_DENSE(4, .activation = CUPEL_TANH, .no_bias = true),
                            CUPEL_ACTIVATION(CUPEL_GELU), CUPEL_RESHAPE(CUPEL_SHAPE(4)),
                            CUPEL_DENSE(1)};
    cupel_optimizer optimizer = model != NULL ? CUPEL_SGD(.momentum = 0.9f, .nesterov = true)
                                              : CUPEL_ADAM(.learning_rate = CUPEL_ZERO);
    cupel_callback callback = CUPEL_CALLBACK(watch, .user = &steps);
    cupel_status status = CUPEL_OK;
    for (size_t i = 0; status == CUPEL_OK && i < sizeof layers / sizeof layers[0]; i++) {
        status = cupel_model_add(model, layers[i]);
    }
    if (status == CUPEL_OK) {
        status = cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                                    .optimizer = optimizer,
                                                                    .flavour = CUPEL_TORCH,
                                                                    .metrics = {CUPEL_METRIC_MAE}});
    }
    if (status == CUPEL_OK) {
        status =
            cupel_model_fit(model, data,
                            &(cupel_fit_config){.epochs = 3,
                                                .no_shuffle = true,
                                                .validation_split = 0.25,
                                                .callbacks = {callback, CUPEL_TERMINATE_ON_NAN()}},
                            &history);
    }
    if (status != CUPEL_OK) {
        return status;
    }
    status = cupel_history_series(history, "val_loss", &values);
    if (cupel_history_epochs(history) < 1 || cupel_history_reason(history) == NULL) {
        status = CUPEL_ERROR_STATE;
    }
    cupel_history_free(history);
    return status == CUPEL_OK ? cupel_model_evaluate(model, data, 0, score) : status;
}

static cupel_status tensors(cupel_device *device, cupel_model *model, float *values)
{
    cupel_tensor *x = NULL, *y = NULL;
    double loss;
    cupel_status status = cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(4, 1), &x);
    if (status == CUPEL_OK) {
        status = cupel_tensor_wrap(device, CUPEL_FLOAT32, CUPEL_SHAPE(4, 1), values, &y);
    }
    if (status == CUPEL_OK) {
        status = cupel_tensor_upload(x, values);
    }
    if (status == CUPEL_OK) {
        status = cupel_model_train_tensors(model, x, y, &loss);
    }
    if (status == CUPEL_OK) {
        status = cupel_tensor_download(y, values);
    }
    if (status == CUPEL_OK && cupel_tensor_data(y) != values) {
        status = CUPEL_ERROR_STATE;
    }
    cupel_tensor_free(x);
    cupel_tensor_free(y);
    return status;
}

int main(void)
{
    float values[4] = {1, 2, 3, 4};
    cupel_device *device = NULL;
    cupel_model *model = NULL;
    cupel_dataset *data = NULL;
    cupel_set_log(on_log, NULL);
    cupel_status status = cupel_device_open("cpu", &device);
    if (status == CUPEL_OK) {
        status = cupel_model_create(
            device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(1), .seed = 3}, &model);
    }
    if (status == CUPEL_OK) {
        status = datasets(values, &data);
    }
    if (status == CUPEL_OK) {
        status = train(model, data);
    }
    if (status == CUPEL_OK) {
        status = tensors(device, model, values);
    }
    cupel_model_free(model);
    cupel_dataset_free(data);
    cupel_device_close(device);
    return status == CUPEL_OK ? 0 : 1;
}
