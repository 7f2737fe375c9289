/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The precisions of the card in a network all of whose products are cuBLASLt's, and the mirror of
 * the weights that bf16 multiplies with. */
#include "cuda_twin.h"
#include "sim_config.h"

#include <math.h>

TestSuite(cuda_precision);

enum { IN = 24, OUT = 10, ROWS = 32, STEPS = 20 };

static double x[ROWS * IN];
static float narrow[ROWS * IN];
static int32_t y[ROWS];

static const cupel_compile_config classify = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                              .from_logits = true,
                                              .optimizer = {.kind = CUPEL_OPTIMIZER_ADAM},
                                              .metrics = {CUPEL_METRIC_ACCURACY}};

static void draw_batch(void)
{
    core_numbers(narrow, ROWS * IN, 8);
    for (int i = 0; i < ROWS * IN; i++)
        x[i] = (double)narrow[i];
    for (int i = 0; i < ROWS; i++)
        y[i] = i * 7 % OUT;
}

static cuda_twin open_twin(int precision)
{
    const cupel_layer layers[] = {CUPEL_DENSE(32, .activation = CUPEL_RELU), CUPEL_DROPOUT(0.25),
                                  CUPEL_DENSE(16, .activation = CUPEL_TANH), CUPEL_DENSE(OUT)};
    draw_batch();
    return cuda_twin_open("classifier", &check_model_gate[precision],
                          &(cupel_model_config){.input_shape = CUPEL_SHAPE(IN), .seed = 5}, layers,
                          4, &classify);
}

static const cupel_feed batch = {
    .rows = ROWS, .x = x, .y = y, .x_type = CUPEL_FLOAT64, .y_type = CUPEL_INT32, .x_scale = 1};

Test(cuda_precision, steps)
{
    double worst[CHECK_MODEL_PRECISIONS];
    for (int i = 0; i < CHECK_MODEL_PRECISIONS; i++) {
        cuda_twin twin = open_twin(i);
        cuda_twin_step(&twin, &batch);
        cuda_twin_run(&twin, &batch, 1, STEPS);
        worst[i] = twin.worst.square;
        cuda_twin_close(&twin);
    }
    /* They are what they are called; cupel's own products are not rounded to TF32. */
    const simcuda_lt lt = simcuda_configuration()->lt;
    if (lt == SIMCUDA_LT_REFUSES || lt == SIMCUDA_LT_ABSENT)
        cr_expect_eq(worst[1], worst[0], "%g, %g", worst[1], worst[0]);
    else
        cr_expect_gt(worst[1], 100 * worst[0], "TF32 is rounded: %g, %g", worst[1], worst[0]);
    cr_expect_gt(worst[2], 4 * worst[1], "bf16 is rounded further: %g, %g", worst[2], worst[1]);
}

Test(cuda_precision, evaluate_and_predict)
{
    for (int i = 0; i < CHECK_MODEL_PRECISIONS; i++) {
        cuda_twin twin = open_twin(i);
        cuda_twin_run(&twin, &batch, 1, 3);
        ASSERT_OK(cupel_model_copy_weights(twin.cpu, twin.cuda));
        cupel_dataset *data;
        ASSERT_OK(cupel_dataset_from_arrays(
            &(cupel_arrays){.x = narrow, .y = y, .y_type = CUPEL_INT32, .rows = ROWS}, &data));
        double expected[2], score[2], right[ROWS * OUT];
        float output[ROWS * OUT];
        ASSERT_OK(cupel_model_evaluate(twin.cpu, data, 12, expected));
        ASSERT_OK(cupel_model_evaluate(twin.cuda, data, 12, score));
        cr_expect_float_eq(score[0], expected[0], twin.gates.loss * expected[0], "%s",
                           twin.gates.name);
        ASSERT_OK(cupel_model_predict(twin.cpu, x, ROWS, right));
        ASSERT_OK(cupel_model_predict(twin.cuda, narrow, ROWS, output));
        double size = 0;
        for (int j = 0; j < ROWS * OUT; j++)
            size = fmax(size, fabs(right[j]));
        for (int j = 0; j < ROWS * OUT; j++)
            cr_expect_float_eq((double)output[j], right[j], twin.gates.tau * size, "%s, output %d",
                               twin.gates.name, j);
        cupel_dataset_free(data);
        cuda_twin_close(&twin);
    }
}

/* Expects a model to answer as one does that has been given its weights. */
static void expect_mirrored(cupel_model *model, cupel_model *other, const char *when)
{
    float output[2][ROWS * OUT];
    ASSERT_OK(cupel_model_copy_weights(other, model));
    ASSERT_OK(cupel_model_predict(model, narrow, ROWS, output[0]));
    ASSERT_OK(cupel_model_predict(other, narrow, ROWS, output[1]));
    cr_expect_eq(memcmp(output[0], output[1], sizeof output[0]), 0, "%s", when);
}

/* Whoever writes the weights, the layers multiply with the latest. */
Test(cuda_precision, mirror)
{
    cuda_twin twins[2] = {open_twin(2), open_twin(2)};
    cupel_model *model = twins[0].cuda, *other = twins[1].cuda;
    float before[ROWS * OUT], after[ROWS * OUT], values[32 * IN];
    expect_mirrored(model, other, "first weights");
    ASSERT_OK(cupel_model_predict(model, narrow, ROWS, before));
    for (int i = 0; i < 3; i++) {
        ASSERT_OK(cupel_model_train_batch(model, narrow, y, ROWS, NULL));
        expect_mirrored(model, other, "a step");
    }
    ASSERT_OK(cupel_model_gradients(model, narrow, y, ROWS, NULL));
    ASSERT_OK(cupel_model_apply_gradients(model));
    expect_mirrored(model, other, "gradients that are applied");
    ASSERT_OK(cupel_model_predict(model, narrow, ROWS, after));
    cr_expect_neq(memcmp(before, after, sizeof before), 0);
    core_numbers(values, 32 * IN, 77);
    ASSERT_OK(cupel_parameter_write(model, 0, values));
    expect_mirrored(model, other, "a parameter that the host writes");
    ASSERT_OK(cupel_model_predict(model, narrow, ROWS, before));
    cr_expect_neq(memcmp(before, after, sizeof before), 0);
    /* A step right after the host has written begins with what it wrote. */
    double loss[2];
    ASSERT_OK(cupel_parameter_write(model, 0, values));
    ASSERT_OK(cupel_parameter_write(other, 0, values));
    ASSERT_OK(cupel_model_compile(model, &classify));
    ASSERT_OK(cupel_model_compile(other, &classify));
    ASSERT_OK(cupel_model_train_batch(model, narrow, y, ROWS, &loss[0]));
    ASSERT_OK(cupel_model_train_batch(other, narrow, y, ROWS, &loss[1]));
    cr_expect_eq(loss[0], loss[1]);
    for (int i = 0; i < 2; i++)
        cuda_twin_close(&twins[i]);
}

/* Best weights that fit restores are mirrored, and saved as floats. */
Test(cuda_precision, fit)
{
    for (int i = 1; i < CHECK_MODEL_PRECISIONS; i++) {
        cuda_twin twin = open_twin(i);
        cupel_dataset *data;
        ASSERT_OK(cupel_dataset_from_arrays(
            &(cupel_arrays){.x = narrow, .y = y, .y_type = CUPEL_INT32, .rows = ROWS}, &data));
        const cupel_fit_config config = {
            .epochs = 5,
            .batch_size = 12,
            .callbacks = {
                CUPEL_EARLY_STOPPING(.monitor = "loss", .patience = 3, .restore_best = true)}};
        cupel_model *models[2] = {twin.cpu, twin.cuda};
        const double *losses[2];
        cupel_history *histories[2];
        for (int j = 0; j < 2; j++) {
            ASSERT_OK(cupel_model_fit(models[j], data, &config, &histories[j]));
            ASSERT_OK(cupel_history_series(histories[j], "loss", &losses[j]));
        }
        for (int epoch = 0; epoch < 5; epoch++)
            cr_expect_float_eq(losses[1][epoch], losses[0][epoch],
                               twin.gates.run * losses[0][epoch], "%s, epoch %d", twin.gates.name,
                               epoch);
        cuda_twin other = open_twin(i);
        expect_mirrored(twin.cuda, other.cuda, "restored weights");
        cuda_twin_close(&other);
        for (int j = 0; j < 2; j++)
            cupel_history_free(histories[j]);
        cupel_dataset_free(data);
        cuda_twin_close(&twin);
    }
}
