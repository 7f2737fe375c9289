/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two thousand images of Fashion-MNIST on the simulated card beside the CPU in double, in each
 * precision of the card. Without the images, which Debian's dataset-fashion-mnist has, nothing is
 * checked. */
#include "cuda_twin.h"
#include "data/dataset.h"

#include <stdio.h>
#include <unistd.h>

#define FOLDER "/usr/share/datasets/fashion-mnist/"

enum { PIXELS = 784, CLASSES = 10, IMAGES = 2000, BATCH = 100, STEPS = 20 };

TestSuite(cuda_fashion);

static int32_t labels[IMAGES];

static cupel_dataset *open_images(void)
{
    cupel_dataset *data = NULL;
    if (access(FOLDER "t10k-images-idx3-ubyte.gz", R_OK) != 0) {
        printf("there is no " FOLDER ": nothing is checked\n");
        return NULL;
    }
    const cupel_status status = cupel_dataset_open_idx(
        FOLDER "t10k-images-idx3-ubyte.gz", FOLDER "t10k-labels-idx1-ubyte.gz", NULL, &data);
    if (status == CUPEL_ERROR_UNSUPPORTED) {
        printf("%s: nothing is checked\n", cupel_last_error());
        return NULL;
    }
    ASSERT_OK(status);
    cr_assert_geq(data->rows, IMAGES);
    for (int i = 0; i < IMAGES; i++)
        labels[i] = ((const uint8_t *)data->y)[i];
    return data;
}

static cupel_feed batch(const cupel_dataset *data, int64_t first, int64_t rows)
{
    return (cupel_feed){.rows = rows,
                        .x = (const uint8_t *)data->x + first * PIXELS,
                        .y = labels + first,
                        .x_type = CUPEL_UINT8,
                        .y_type = CUPEL_INT32,
                        .x_scale = 1.0 / 255};
}

static void check(int precision)
{
    cupel_dataset *data = open_images();
    if (data == NULL) return;
    const cupel_layer layers[] = {CUPEL_FLATTEN(), CUPEL_DENSE(32, .activation = CUPEL_RELU),
                                  CUPEL_DROPOUT(0.25), CUPEL_DENSE(CLASSES)};
    const cupel_compile_config config = {
        .loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
        .from_logits = true,
        .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM},
    };
    const cupel_model_config model = {.input_shape = CUPEL_SHAPE(28, 28), .seed = 17};
    cuda_twin twin =
        cuda_twin_open("Fashion-MNIST", &check_model_gate[precision], &model, layers, 4, &config);
    const cupel_feed all = batch(data, 0, IMAGES);
    cuda_twin_step(&twin, &all);
    cupel_feed batches[IMAGES / BATCH];
    for (int i = 0; i < IMAGES / BATCH; i++)
        batches[i] = batch(data, i * BATCH, BATCH);
    cuda_twin_run(&twin, batches, IMAGES / BATCH, STEPS);
    cuda_twin_close(&twin);
    cupel_dataset_free(data);
}

Test(cuda_fashion, float32)
{
    check(0);
}

Test(cuda_fashion, tf32)
{
    check(1);
}

Test(cuda_fashion, bf16)
{
    check(2);
}
