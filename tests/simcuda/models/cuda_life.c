/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cuda_life.h"

#include "base/status.h"
#include <math.h>

enum { HIDDEN = 8, BATCH = 8 };

static float x[LIFE_ROWS * LIFE_INPUTS];
static float y[LIFE_ROWS];

cupel_dataset *life_data(void)
{
    cupel_dataset *data;
    core_numbers(x, LIFE_ROWS * LIFE_INPUTS, 1);
    core_numbers(y, LIFE_ROWS, 2);
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x, .y = y, .rows = LIFE_ROWS}, &data));
    return data;
}

static cupel_status add(cupel_model *model)
{
    CUPEL_TRY(cupel_model_add(model, CUPEL_DENSE(HIDDEN, .activation = CUPEL_RELU)));
    return cupel_model_add(model, CUPEL_DENSE(1));
}

static cupel_status compile(cupel_model *model, cupel_precision precision)
{
    const cupel_compile_config config = {
        .loss = CUPEL_LOSS_MSE,
        .optimizer = CUPEL_ADAM(.global_clipnorm = 1),
        .metrics = {CUPEL_METRIC_MAE},
        .precision = precision,
    };
    return cupel_model_compile(model, &config);
}

/* Batches of the host's are run, captured and replayed. */
static cupel_status train(cupel_model *model)
{
    for (int i = 0; i < 3; i++)
        CUPEL_TRY(cupel_model_train_batch(model, x, y, BATCH, NULL));
    return CUPEL_OK;
}

static cupel_status fit(cupel_model *model, const cupel_dataset *data)
{
    const cupel_fit_config config = {.epochs = 2, .batch_size = BATCH};
    return cupel_model_fit(model, data, &config, NULL);
}

static cupel_status evaluate(cupel_model *model, const cupel_dataset *data)
{
    double score[2];
    CUPEL_TRY(cupel_model_evaluate(model, data, BATCH, score));
    cr_expect(isfinite(score[0]));
    return CUPEL_OK;
}

/* More rows than before, so that the model's memory is taken anew. */
static cupel_status predict(cupel_model *model, float out[LIFE_ROWS])
{
    for (int i = 0; i < 2; i++)
        CUPEL_TRY(cupel_model_predict(model, x, LIFE_ROWS, out));
    for (int i = 0; i < LIFE_ROWS; i++)
        cr_expect(isfinite(out[i]));
    return CUPEL_OK;
}

cupel_status life_stage_run(life *l, life_stage stage)
{
    const cupel_model_config config = {.input_shape = CUPEL_SHAPE(LIFE_INPUTS), .seed = 3};
    switch (stage) {
    case LIFE_OPEN:
        return cupel_device_open(l->name, &l->device);
    case LIFE_CREATE:
        return cupel_model_create(l->device, &config, &l->model);
    case LIFE_ADD:
        return add(l->model);
    case LIFE_COMPILE:
        return compile(l->model, l->precision);
    case LIFE_TRAIN:
        return train(l->model);
    case LIFE_FIT:
        return fit(l->model, l->data);
    case LIFE_EVALUATE:
        return evaluate(l->model, l->data);
    case LIFE_PREDICT:
        return predict(l->model, l->out);
    default:
        return cupel_device_synchronize(l->device);
    }
}

cupel_status life_live(life *l)
{
    while (l->at < LIFE_DONE) {
        CUPEL_TRY(life_stage_run(l, l->at));
        l->at++;
    }
    return CUPEL_OK;
}

void life_end(life *l)
{
    cupel_model_free(l->model);
    cupel_device_close(l->device);
    l->model = NULL;
    l->device = NULL;
}
