/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A real run: files, a schedule, callbacks, metrics, a plot and a saved model. */
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
    cupel_device *device;
    cupel_model *model;
    TRY(cupel_device_open("auto", &device));
    cupel_dataset *train, *test;
    TRY(cupel_dataset_open_idx("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
                               &(cupel_idx_config){.scale = 1.0f / 255}, &train));
    TRY(cupel_dataset_open_idx("t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
                               &(cupel_idx_config){.scale = 1.0f / 255}, &test));
    TRY(cupel_model_create(
        device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(28, 28), .seed = 7}, &model));
    TRY(cupel_model_add(model, CUPEL_FLATTEN()));
    TRY(cupel_model_add(model, CUPEL_DENSE(512, .activation = CUPEL_RELU, .kernel_l2 = 1e-5f)));
    TRY(cupel_model_add(model, CUPEL_DROPOUT(0.2f)));
    TRY(cupel_model_add(model, CUPEL_DENSE(10)));
    TRY(cupel_model_compile(
        model, &(cupel_compile_config){
                   .loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                   .from_logits = true,
                   .optimizer = CUPEL_ADAMW(.learning_rate = 1e-3f, .weight_decay = 0.01f,
                                            .global_clipnorm = 1.0f,
                                            .schedule = CUPEL_COSINE(2350, .warmup_steps = 100)),
                   .metrics = {CUPEL_METRIC_ACCURACY},
                   .precision = CUPEL_PRECISION_FLOAT32}));
    TRY(cupel_model_summary(
        model, 256, stdout)); /* layers, shapes, parameters, memory plan for this batch size */
    cupel_history *history;
    TRY(cupel_model_fit(
        model, train,
        &(cupel_fit_config){.epochs = 10,
                            .batch_size = 256,
                            .validation = test,
                            .progress = stderr,
                            .callbacks = {CUPEL_EARLY_STOPPING(.monitor = "val_loss", .patience = 3,
                                                               .restore_best = true),
                                          CUPEL_CSV_LOGGER("history.csv")}},
        &history));
    TRY(cupel_history_plot(history, "history.svg"));
    double score[2]; /* the loss, then the metrics in order */
    TRY(cupel_model_evaluate(model, test, 4096, score));
    TRY(cupel_model_save(model, "model.safetensors"));
    cupel_history_free(history);
    cupel_dataset_free(test);
    cupel_dataset_free(train);
    cupel_model_free(model);
    cupel_device_close(device);
    return 0;
}
