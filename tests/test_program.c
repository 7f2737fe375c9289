/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "program/program.h"

#include "core.h"
#include "program/model.h"
#include "tiny.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>

enum { IN = 40, OUT = 7, ROWS = 64 };

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

TestSuite(program, .init = start, .fini = end);

static cupel_model *open_model(uint64_t seed)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(IN), seed, CUPEL_DENSE(96, .activation = CUPEL_TANH),
                   CUPEL_DROPOUT(0.25), CUPEL_DENSE(OUT));
    ASSERT_OK(cupel_model_compile(model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                                 .optimizer = CUPEL_ADAM(0),
                                                                 .metrics = {CUPEL_METRIC_MAE}}));
    return model;
}

static const cupel_executable *find(const cupel_program *program, cupel_segment segment,
                                    int64_t rows)
{
    for (int i = 0; i < CUPEL_EXECUTABLES; i++) {
        const cupel_executable *executable = &program->executables[i];
        if (executable->segment == segment && executable->rows == rows) return executable;
    }
    return NULL;
}

static void step(cupel_model *model, int64_t rows)
{
    ASSERT_OK(cupel_model_train_batch(model, x, y, rows, NULL));
}

/* A key is bound once: what the second use would bind is spoiled in between and stays so. */
Test(program, executables_are_cached)
{
    cupel_model *model = open_model(1);
    step(model, ROWS);
    step(model, 5);
    const cupel_executable *five = find(model->program, CUPEL_SEGMENT_STEP, 5);
    cr_assert_not_null(five);
    const int64_t calls = five->call_count;
    ((cupel_executable *)five)->call_count = calls - 1;
    step(model, 5);
    cr_expect(find(model->program, CUPEL_SEGMENT_STEP, 5) == five);
    cr_expect_eq(five->call_count, calls - 1);
    /* Another segment or number of rows has its own. */
    double loss;
    ASSERT_OK(cupel_model_train_batch(model, x, y, 5, &loss));
    cr_expect(find(model->program, CUPEL_SEGMENT_STEP_LOSS, 5) != NULL);
    cr_expect(find(model->program, CUPEL_SEGMENT_STEP_LOSS, 5) != five);
    cupel_model_free(model);
}

Test(program, the_least_recently_used_is_dropped)
{
    cupel_model *model = open_model(1);
    const cupel_program *program = model->program;
    for (int64_t rows = ROWS; rows > ROWS - 8; rows--)
        step(model, rows);
    for (int64_t rows = ROWS; rows > ROWS - 8; rows--)
        cr_expect_not_null(find(program, CUPEL_SEGMENT_STEP, rows));
    step(model, ROWS);
    step(model, ROWS - 1);
    step(model, 1);
    cr_expect_null(find(program, CUPEL_SEGMENT_STEP, ROWS - 2));
    step(model, 2);
    cr_expect_null(find(program, CUPEL_SEGMENT_STEP, ROWS - 3));
    const int64_t kept[] = {ROWS, ROWS - 1, ROWS - 4, ROWS - 5, ROWS - 6, ROWS - 7, 1, 2};
    for (int i = 0; i < 8; i++)
        cr_expect_not_null(find(program, CUPEL_SEGMENT_STEP, kept[i]), "%lld rows",
                           (long long)kept[i]);
    cupel_model_free(model);
}

/* A larger batch moves the arena, so what was bound is bound anew. */
Test(program, growing_drops_all)
{
    cupel_model *model = open_model(1);
    step(model, 3);
    step(model, 4);
    cr_expect_null(find(model->program, CUPEL_SEGMENT_STEP, 3));
    cr_expect_not_null(find(model->program, CUPEL_SEGMENT_STEP, 4));
    cupel_model_free(model);
}

/* Sums of loss and metrics over batches, weighted by their rows, as fit and evaluate need them. */
Test(program, means_over_batches)
{
    cupel_model *model = open_model(1);
    cupel_program *program = model->program;
    cupel_control saved = {0};
    double means[2], once[2], sum[2] = {0};
    int64_t seen;
    ASSERT_OK(cupel_program_reset_sums(program));
    ASSERT_OK(cupel_program_means(program, means, &seen));
    cr_expect(seen == 0 && means[0] == 0);
    const int64_t rows[] = {10, 3, 20};
    for (int i = 0; i < 3; i++) {
        const cupel_feed feed = {.rows = rows[i], .x = x, .y = y, .x_scale = 1};
        ASSERT_OK(cupel_program_reset_sums(program));
        ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_EVAL, &feed));
        ASSERT_OK(cupel_program_means(program, once, &seen));
        cr_expect_eq(seen, rows[i]);
        for (int j = 0; j < 2; j++)
            sum[j] += once[j] * (double)rows[i];
    }
    ASSERT_OK(cupel_program_reset_sums(program));
    for (int i = 0; i < 3; i++) {
        const cupel_feed feed = {.rows = rows[i], .x = x, .y = y, .x_scale = 1};
        ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_EVAL, &feed));
        if (i != 1) continue;
        /* An evaluation in the middle leaves no trace. */
        ASSERT_OK(cupel_program_save_sums(program, &saved));
        ASSERT_OK(cupel_program_reset_sums(program));
        ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_EVAL, &feed));
        ASSERT_OK(cupel_program_restore_sums(program, &saved));
    }
    ASSERT_OK(cupel_program_means(program, means, &seen));
    cr_expect_eq(seen, 33);
    for (int j = 0; j < 2; j++)
        cr_expect_float_eq(means[j], sum[j] / 33, 1e-12);
    cupel_model_free(model);
}

/* The metrics' own numbers, and the output of an evaluation. */
Test(program, an_evaluation_gives_metrics_and_output)
{
    cupel_model *model = CORE_MODEL(device, CUPEL_SHAPE(IN), 1, CUPEL_DENSE(90, .kernel_l2 = 0.1),
                                    CUPEL_DENSE(OUT, .kernel_l1 = 0.1));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer = CUPEL_ADAM(0),
                                       .metrics = {CUPEL_METRIC_MAE, CUPEL_METRIC_MSE}}));
    cupel_program *program = model->program;
    static float out[ROWS * OUT], expected[ROWS * OUT];
    double means[3], mae = 0, mse = 0;
    int64_t seen;
    ASSERT_OK(cupel_model_predict(model, x, ROWS, expected));
    const cupel_feed feed = {.rows = ROWS, .x = x, .y = y, .x_scale = 1};
    ASSERT_OK(cupel_program_reset_sums(program));
    ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_EVAL, &feed));
    ASSERT_OK(cupel_program_means(program, means, &seen));
    ASSERT_OK(cupel_program_output(program, ROWS, out));
    cr_expect_arr_eq(out, expected, sizeof out);
    for (int i = 0; i < ROWS * OUT; i++) {
        const double d = (double)out[i] - (double)y[i];
        mae += fabs(d) / (ROWS * OUT);
        mse += d * d / (ROWS * OUT);
    }
    cr_expect_float_eq(means[1], mae, 1e-6 * mae);
    cr_expect_float_eq(means[2], mse, 1e-6 * mse);
    cr_expect_gt(means[0], mse * 1.01, "the loss has the regularisers in it");
    const cupel_tensor_plan *output = &program->infer.tensors[program->infer_output];
    cr_expect_geq(output->last, program->infer.instruction_count, "no op may write over it");
    cupel_model_free(model);
}

/* Only what goes back makes gradients. */
Test(program, a_loss_alone_makes_no_gradients)
{
    cupel_model *model = open_model(1);
    cupel_program *program = model->program;
    const cupel_feed feed = {.rows = ROWS, .x = x, .y = y, .x_scale = 1};
    ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_LOSS, &feed));
    ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_EVAL, &feed));
    cr_expect(!program->have_gradients);
    EXPECT_ERROR(cupel_model_apply_gradients(model), CUPEL_ERROR_STATE, "no gradients yet");
    ASSERT_OK(cupel_program_run(program, CUPEL_SEGMENT_GRADIENTS, &feed));
    cr_expect(program->have_gradients);
    cupel_model_free(model);
}

/* The input op scales and casts: bytes times 1/4 are the floats. */
Test(program, bytes_are_scaled)
{
    cupel_model *models[2] = {open_model(1), open_model(1)};
    static uint8_t bytes[ROWS * IN];
    static float floats[ROWS * IN];
    for (int i = 0; i < ROWS * IN; i++) {
        bytes[i] = (uint8_t)(i * 7);
        floats[i] = (float)bytes[i] * 0.25F;
    }
    const cupel_feed feeds[2] = {
        {.rows = ROWS, .x = floats, .y = y, .x_scale = 1},
        {.rows = ROWS, .x = bytes, .y = y, .x_type = CUPEL_UINT8, .x_scale = 0.25}};
    for (int i = 0; i < 2; i++)
        ASSERT_OK(cupel_program_run(models[i]->program, CUPEL_SEGMENT_STEP, &feeds[i]));
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
}

/* Sample weights multiply a sample's loss and do not change the divisor. */
Test(program, sample_weights)
{
    cupel_model *models[2] = {open_model(1), open_model(1)};
    static float weights[ROWS];
    double losses[2];
    for (int i = 0; i < ROWS; i++)
        weights[i] = i < ROWS / 2 ? 2 : 0;
    const cupel_feed feeds[2] = {{.rows = ROWS / 2, .x = x, .y = y, .x_scale = 1},
                                 {.rows = ROWS, .x = x, .y = y, .weights = weights, .x_scale = 1}};
    for (int i = 0; i < 2; i++) {
        ASSERT_OK(cupel_program_run(models[i]->program, CUPEL_SEGMENT_GRADIENTS, &feeds[i]));
        ASSERT_OK(cupel_program_loss(models[i]->program, &losses[i]));
    }
    cr_expect_float_eq(losses[0], losses[1], 1e-6 * losses[0]);
    int64_t count;
    float *a = core_read(models[0], CUPEL_GRADIENT, &count);
    float *b = core_read(models[1], CUPEL_GRADIENT, &count);
    for (int64_t i = 0; i < count; i++)
        cr_assert_float_eq(a[i], b[i], 1e-5F);
    free(a);
    free(b);
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
}

typedef struct job {
    cupel_model *model;
    int64_t rows;
    cupel_status status;
} job;

static void *train(void *context)
{
    job *j = context;
    for (int i = 0; i < 40 && j->status == CUPEL_OK; i++) {
        double loss;
        float out[ROWS * OUT];
        j->status = cupel_model_train_batch(j->model, x, y, j->rows, i % 2 ? &loss : NULL);
        if (j->status == CUPEL_OK) j->status = cupel_model_predict(j->model, x, j->rows, out);
    }
    return NULL;
}

/* Models that share a device in different threads do not see each other. */
Test(program, two_models_in_two_threads)
{
    enum { MODELS = 3 };
    job jobs[MODELS], alone[MODELS];
    pthread_t threads[MODELS];
    for (int i = 0; i < MODELS; i++) {
        const int64_t rows = ROWS - 9 * i;
        alone[i] = (job){open_model((uint64_t)i), rows, CUPEL_OK};
        jobs[i] = (job){open_model((uint64_t)i), rows, CUPEL_OK};
        train(&alone[i]);
    }
    for (int i = 0; i < MODELS; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, train, &jobs[i]), 0);
    for (int i = 0; i < MODELS; i++) {
        cr_assert_eq(pthread_join(threads[i], NULL), 0);
        cr_expect_eq(jobs[i].status, CUPEL_OK);
        cr_expect(core_same(jobs[i].model, alone[i].model, CUPEL_VALUE), "model %d", i);
        cupel_model_free(jobs[i].model);
        cupel_model_free(alone[i].model);
    }
}
