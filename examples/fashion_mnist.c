/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Trains a dense network on the 60,000 images of Fashion-MNIST and tests it on the other 10,000.
 * fashion_mnist [folder] [epochs]: the folder holds the four .gz files. Writes history.csv,
 * history.svg and model.safetensors. */
#include <cupel/cupel.h>
#include <stdio.h>
#include <stdlib.h>

#define TRY(call)                                                                                  \
    do {                                                                                           \
        if ((call) != CUPEL_OK) {                                                                  \
            fprintf(stderr, "%s\n", cupel_last_error());                                           \
            return 1;                                                                              \
        }                                                                                          \
    } while (0)

static cupel_status open_set(const char *folder, const char *name, cupel_dataset **data)
{
    char images[1024];
    char labels[1024];
    snprintf(images, sizeof images, "%s/%s-images-idx3-ubyte.gz", folder, name);
    snprintf(labels, sizeof labels, "%s/%s-labels-idx1-ubyte.gz", folder, name);
    return cupel_dataset_open_idx(images, labels, &(cupel_idx_config){.scale = 1.0 / 255}, data);
}

int main(int argc, char **argv)
{
    const char *folder = argc > 1 ? argv[1] : "/usr/share/datasets/fashion-mnist";
    const int epochs = argc > 2 ? atoi(argv[2]) : 10;
    const int64_t batch = 256;
    cupel_device *device;
    cupel_dataset *train;
    cupel_dataset *test;
    cupel_model *model;
    cupel_history *history;
    double score[2];

    TRY(cupel_device_open("auto", &device));
    TRY(open_set(folder, "train", &train));
    TRY(open_set(folder, "t10k", &test));
    TRY(cupel_model_create(
        device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(28, 28), .seed = 7}, &model));
    TRY(cupel_model_add(model, CUPEL_FLATTEN()));
    TRY(cupel_model_add(model, CUPEL_DENSE(512, .activation = CUPEL_RELU)));
    TRY(cupel_model_add(model, CUPEL_DROPOUT(0.2)));
    TRY(cupel_model_add(model, CUPEL_DENSE(256, .activation = CUPEL_RELU)));
    TRY(cupel_model_add(model, CUPEL_DROPOUT(0.2)));
    TRY(cupel_model_add(model, CUPEL_DENSE(10)));
    const int64_t steps = (cupel_dataset_rows(train) + batch - 1) / batch * epochs;
    TRY(cupel_model_compile(
        model, &(cupel_compile_config){
                   .loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                   .from_logits = true,
                   .optimizer = CUPEL_ADAMW(.learning_rate = 2e-3, .schedule = CUPEL_COSINE(steps)),
                   .metrics = {CUPEL_METRIC_ACCURACY}}));
    TRY(cupel_model_summary(model, batch, stdout));
    TRY(cupel_model_fit(model, train,
                        &(cupel_fit_config){.epochs = epochs,
                                            .batch_size = batch,
                                            .validation = test,
                                            .progress = stdout,
                                            .callbacks = {CUPEL_CSV_LOGGER("history.csv")}},
                        &history));
    TRY(cupel_history_plot(history, "history.svg"));
    TRY(cupel_model_save(model, "model.safetensors"));
    TRY(cupel_model_evaluate(model, test, 1000, score));
    printf("test accuracy %.4f\n", score[1]);

    cupel_history_free(history);
    cupel_model_free(model);
    cupel_dataset_free(train);
    cupel_dataset_free(test);
    cupel_device_close(device);
    return 0;
}
