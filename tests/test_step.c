/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "random_model.h"
#include "tiny.h"

#include <math.h>
#include <stdlib.h>

enum { IN = 6, OUT = 3, ROWS = 8 };

static cupel_device *device;
static float x[ROWS * IN], y[ROWS * OUT];

static void start(void)
{
    device = tiny_device();
    core_numbers(x, ROWS * IN, 1);
    core_numbers(y, ROWS * OUT, 2);
}

static void end(void)
{
    cupel_device_close(device);
}

TestSuite(step, .init = start, .fini = end);

static cupel_model *open_model(cupel_optimizer optimizer, double l1, double l2)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(IN), 5,
                   CUPEL_DENSE(10, .activation = CUPEL_SILU, .kernel_l1 = l1, .kernel_l2 = l2),
                   CUPEL_DROPOUT(0.25), CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = optimizer}));
    return model;
}

static const cupel_optimizer optimizers[] = {
    {.kind = CUPEL_OPTIMIZER_SGD},
    {.kind = CUPEL_OPTIMIZER_SGD, .momentum = 0.9, .nesterov = true, .clipvalue = 0.01},
    {.kind = CUPEL_OPTIMIZER_ADAM, .amsgrad = true, .clipnorm = 0.1},
    {.kind = CUPEL_OPTIMIZER_ADAMW,
     .global_clipnorm = 0.1,
     .schedule = {.kind = CUPEL_SCHEDULE_COSINE, .steps = 9, .warmup_steps = 2}},
};

/* The two calls of an own loop do what the one does, bit for bit, dropout and clipping included. */
Test(step, train_batch_is_gradients_and_apply)
{
    for (size_t i = 0; i < sizeof optimizers / sizeof *optimizers; i++) {
        cupel_model *one = open_model(optimizers[i], 1e-3, 1e-2);
        cupel_model *two = open_model(optimizers[i], 1e-3, 1e-2);
        for (int step = 0; step < 20; step++) {
            double losses[2];
            const int64_t rows = 1 + step % ROWS;
            ASSERT_OK(cupel_model_train_batch(one, x, y, rows, &losses[0]));
            ASSERT_OK(cupel_model_gradients(two, x, y, rows, &losses[1]));
            cr_expect(core_same(one, two, CUPEL_GRADIENT));
            ASSERT_OK(cupel_model_apply_gradients(two));
            cr_expect_eq(losses[0], losses[1]);
        }
        cr_expect(core_same(one, two, CUPEL_VALUE), "optimizer %zu", i);
        if (i > 0) cr_expect(core_same(one, two, CUPEL_MOMENT_1));
        cupel_model_free(one);
        cupel_model_free(two);
    }
}

/* A step whose loss nobody asks for is the same step. */
Test(step, asking_for_the_loss_changes_nothing)
{
    cupel_model *asked = open_model(optimizers[2], 0, 1e-2);
    cupel_model *silent = open_model(optimizers[2], 0, 1e-2);
    for (int step = 0; step < 10; step++) {
        double loss = -1;
        ASSERT_OK(cupel_model_train_batch(asked, x, y, ROWS, &loss));
        ASSERT_OK(cupel_model_train_batch(silent, x, y, ROWS, NULL));
        cr_expect(loss > 0 && loss < 10);
    }
    cr_expect(core_same(asked, silent, CUPEL_VALUE));
    ASSERT_OK(cupel_model_gradients(asked, x, y, ROWS, &(double){0}));
    ASSERT_OK(cupel_model_gradients(silent, x, y, ROWS, NULL));
    cr_expect(core_same(asked, silent, CUPEL_GRADIENT));
    cupel_model_free(asked);
    cupel_model_free(silent);
}

/* The loss is that before the step, and the gradients change no weight. */
Test(step, gradients_move_nothing)
{
    cupel_model *model = open_model(optimizers[0], 0, 0), *other = open_model(optimizers[0], 0, 0);
    double first, again;
    ASSERT_OK(cupel_model_gradients(model, x, y, ROWS, &first));
    ASSERT_OK(cupel_model_gradients(model, x, y, ROWS, &again));
    cr_expect_eq(first, again);
    cr_expect(core_same(model, other, CUPEL_VALUE));
    ASSERT_OK(cupel_model_train_batch(model, x, y, ROWS, &again));
    cr_expect_eq(first, again);
    cr_expect(!core_same(model, other, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(other);
}

/* Gradients may be applied more than once. */
Test(step, gradients_stay_until_they_are_replaced)
{
    cupel_model *model = tiny_line(
        device, 1, (cupel_compile_config){.optimizer = CUPEL_SGD(.learning_rate = 0.125)});
    const float one = 1, zero = 0;
    ASSERT_OK(cupel_model_gradients(model, &one, &zero, 1, NULL));
    for (int i = 0; i < 3; i++)
        ASSERT_OK(cupel_model_apply_gradients(model));
    cr_expect_eq(tiny_weight(model), 0.25F);
    cupel_model_free(model);
}

/* Gradients of regularisers: l1 sign(w) + 2 l2 w on kernels, nothing on biases, not divided by the
 * batch; their loss is l1 sum |w| + l2 sum w^2. */
Test(step, regularisers_are_in_the_gradients_and_the_loss)
{
    const double l1 = 0.125, l2 = 0.5;
    cupel_model *plain = open_model(optimizers[0], 0, 0),
                *pulled = open_model(optimizers[0], l1, l2);
    double losses[2], penalty = 0;
    ASSERT_OK(cupel_model_gradients(plain, x, y, ROWS, &losses[0]));
    ASSERT_OK(cupel_model_gradients(pulled, x, y, ROWS, &losses[1]));
    int64_t count;
    float *w = core_read(plain, CUPEL_VALUE, &count);
    float *a = core_read(plain, CUPEL_GRADIENT, &count);
    float *b = core_read(pulled, CUPEL_GRADIENT, &count);
    for (int64_t i = 0; i < count; i++) {
        const bool kernel = i < IN * 10;
        const double pull = kernel ? l1 * (w[i] > 0 ? 1 : -1) + 2 * l2 * (double)w[i] : 0;
        if (kernel) penalty += l1 * fabs((double)w[i]) + l2 * (double)w[i] * (double)w[i];
        cr_expect_float_eq((double)b[i], (double)a[i] + pull, 1e-6, "element %lld", (long long)i);
    }
    cr_expect_float_eq(losses[1], losses[0] + penalty, 1e-6);
    free(w);
    free(a);
    free(b);
    cupel_model_free(plain);
    cupel_model_free(pulled);
}

/* The gradients that are read are those before clipping. */
Test(step, clipping_is_not_in_the_gradients)
{
    cupel_model *plain = open_model(CUPEL_SGD(0), 0, 0.1);
    const cupel_optimizer clips[] = {CUPEL_SGD(.clipvalue = 1e-6), CUPEL_SGD(.clipnorm = 1e-6),
                                     CUPEL_SGD(.global_clipnorm = 1e-6)};
    ASSERT_OK(cupel_model_train_batch(plain, x, y, ROWS, NULL));
    for (int i = 0; i < 3; i++) {
        cupel_model *clipped = open_model(clips[i], 0, 0.1);
        ASSERT_OK(cupel_model_train_batch(clipped, x, y, ROWS, NULL));
        cr_expect(core_same(plain, clipped, CUPEL_GRADIENT), "clip %d", i);
        cr_expect(!core_same(plain, clipped, CUPEL_VALUE), "clip %d", i);
        cupel_model_free(clipped);
    }
    cupel_model_free(plain);
}

static cupel_status train_with(cupel_model *model, const void *xs, const void *ys, int64_t rows)
{
    double loss = 7;
    const cupel_status status = cupel_model_train_batch(model, xs, ys, rows, &loss);
    cr_expect(status == CUPEL_OK || loss == 7, "a failed call writes no loss");
    return status;
}

Test(step, bad_samples_change_nothing)
{
    cupel_model *model = open_model(optimizers[2], 0, 0), *other = open_model(optimizers[2], 0, 0);
    float bad_x[ROWS * IN], bad_y[ROWS * OUT];
    memcpy(bad_x, x, sizeof x);
    memcpy(bad_y, y, sizeof y);
    ASSERT_OK(train_with(model, x, y, ROWS));
    ASSERT_OK(train_with(other, x, y, ROWS));
    bad_x[5 * IN + 2] = NAN;
    EXPECT_ERROR(train_with(model, bad_x, y, ROWS), CUPEL_ERROR_DATA, "x: row 5, column 2 is NaN");
    EXPECT_ERROR(cupel_model_gradients(model, bad_x, y, ROWS, NULL), CUPEL_ERROR_DATA, "row 5");
    bad_y[7 * OUT + 1] = -INFINITY;
    EXPECT_ERROR(train_with(model, x, bad_y, ROWS), CUPEL_ERROR_DATA,
                 "y: row 7, column 1 is -infinity");
    const int64_t rows[] = {0, -1, INT64_MIN};
    for (int i = 0; i < 3; i++) {
        EXPECT_ERROR(train_with(model, x, y, rows[i]), CUPEL_ERROR_ARGUMENT,
                     "cupel_model_train_batch: rows is");
        EXPECT_ERROR(cupel_model_gradients(model, x, y, rows[i], NULL), CUPEL_ERROR_ARGUMENT,
                     "cupel_model_gradients: rows is");
    }
    cr_expect(core_same(model, other, CUPEL_GRADIENT));
    ASSERT_OK(train_with(model, x, y, ROWS));
    ASSERT_OK(train_with(other, x, y, ROWS));
    cr_expect(core_same(model, other, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(other);
}

Test(step, labels_out_of_range)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(IN), 5, CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                       .from_logits = true,
                                       .optimizer = CUPEL_SGD(0)}));
    int32_t labels[ROWS] = {0, 1, 2, 0, 1, 2, 0, 1};
    ASSERT_OK(train_with(model, x, labels, ROWS));
    labels[6] = OUT;
    EXPECT_ERROR(train_with(model, x, labels, ROWS), CUPEL_ERROR_DATA,
                 "row 6: the label is 3, expected 0 to 2");
    ASSERT_OK(train_with(model, x, labels, 6));
    labels[0] = -1;
    EXPECT_ERROR(train_with(model, x, labels, 6), CUPEL_ERROR_DATA, "row 0: the label is -1");
    cupel_model_free(model);
}

/* Without a model that can train. */
Test(step, states_have_their_sentences)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(IN), 5, CUPEL_DENSE(OUT));
    EXPECT_ERROR(train_with(model, x, y, ROWS), CUPEL_ERROR_STATE,
                 "cupel_model_train_batch: the model is not compiled");
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){0}));
    EXPECT_ERROR(train_with(model, x, y, ROWS), CUPEL_ERROR_STATE,
                 "compiled for inference only, without a loss");
    EXPECT_ERROR(cupel_model_apply_gradients(model), CUPEL_ERROR_STATE,
                 "cupel_model_apply_gradients: the model is compiled for inference only");
    cupel_model_free(model);
}

/* A batch trains as the mean of its rows: gradients of halves average to those of the whole. */
Test(step, gradients_are_means)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(IN), 5,
                                    CUPEL_DENSE(4, .activation = CUPEL_TANH), CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_SGD(0)}));
    int64_t count;
    double losses[3];
    ASSERT_OK(cupel_model_gradients(model, x, y, ROWS, &losses[0]));
    float *whole = core_read(model, CUPEL_GRADIENT, &count);
    ASSERT_OK(cupel_model_gradients(model, x, y, ROWS / 2, &losses[1]));
    float *first = core_read(model, CUPEL_GRADIENT, &count);
    ASSERT_OK(
        cupel_model_gradients(model, x + ROWS / 2 * IN, y + ROWS / 2 * OUT, ROWS / 2, &losses[2]));
    float *last = core_read(model, CUPEL_GRADIENT, &count);
    for (int64_t i = 0; i < count; i++)
        cr_expect_float_eq(whole[i], (first[i] + last[i]) / 2, 1e-6F);
    cr_expect_float_eq(losses[0], (losses[1] + losses[2]) / 2, 1e-6);
    free(whole);
    free(first);
    free(last);
    cupel_model_free(model);
}
