/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Data that a device keeps in its own memory. The device of these tests is the CPU that says that its
 * memory is not the host's, counts what is copied, and may be small. */
#include "program/resident.h"

#include "core.h"
#include "program/model.h"

#include <math.h>
#include <stdlib.h>

static cupel_backend backend;
static int64_t largest; /* that can be allocated; 0: no limit */
static int64_t copies;

static cupel_status allocate(cupel_device *device, int64_t bytes, void **pointer)
{
    if (largest > 0 && bytes > largest)
        return cupel_fail(CUPEL_ERROR_DEVICE_MEMORY, "%lld bytes are wanted", (long long)bytes);
    return cupel_cpu_backend.allocate(device, bytes, pointer);
}

static cupel_status post(cupel_queue *queue, void *to, const void *from, int64_t bytes)
{
    copies++;
    return cupel_cpu_backend.post(queue, to, from, bytes);
}

static cupel_device *device;

static void open_device(void)
{
    backend = cupel_cpu_backend;
    backend.host_memory = false;
    backend.allocate = allocate;
    backend.post = post;
    largest = 0;
    ASSERT_OK(cupel_device_open_backend(&backend, 0, &device));
}

static void close_device(void)
{
    cr_expect_eq(device->bytes, 0);
    cupel_device_close(device);
}

TestSuite(resident, .init = open_device, .fini = close_device);

enum { ROWS = 103, FEATURES = 6, CLASSES = 3 };

static float x[ROWS][FEATURES];
static uint8_t labels[ROWS];
static float weights[ROWS];

static cupel_dataset *make_data(bool weighted)
{
    cupel_dataset *data = NULL;
    core_numbers(x[0], ROWS * FEATURES, 5);
    core_numbers(weights, ROWS, 6);
    for (int i = 0; i < ROWS; i++) {
        labels[i] = (uint8_t)(x[i][0] > 0.3F ? 2 : x[i][1] > 0);
        weights[i] = fabsf(weights[i]);
    }
    ASSERT_OK(cupel_dataset_from_arrays(&(cupel_arrays){.x = x,
                                                        .y = labels,
                                                        .rows = ROWS,
                                                        .y_type = CUPEL_UINT8,
                                                        .x_shape = CUPEL_SHAPE(FEATURES),
                                                        .sample_weight = weighted ? weights : NULL},
                                        &data));
    return data;
}

static cupel_model *make_model(void)
{
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(FEATURES), 3, CUPEL_DENSE(16, .activation = CUPEL_TANH),
                   CUPEL_DROPOUT(0.2), CUPEL_DENSE(CLASSES));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                       .from_logits = true,
                                       .optimizer = CUPEL_ADAM(.learning_rate = 0.01),
                                       .metrics = {CUPEL_METRIC_ACCURACY}}));
    return model;
}

/* In the middle of an epoch another call uses the program. */
static cupel_status disturb(void *user, const cupel_event *event)
{
    double score[2];
    float out[ROWS * CLASSES];
    if (event->when != CUPEL_WHEN_STEP_END || event->step % 2 != 0) return CUPEL_OK;
    ASSERT_OK(cupel_model_evaluate(event->model, user, 17, score));
    ASSERT_OK(cupel_model_predict(event->model, x, 9, out));
    return cupel_model_predict_dataset(event->model, user, 0, out);
}

/* The losses and weights of a fit are the same bits, whichever way its rows come. */
static void expect_same(const cupel_dataset *data, cupel_fit_config config)
{
    static const char *const series[] = {"loss", "accuracy", "val_loss", "val_accuracy"};
    const bool validated = config.validation != NULL || config.validation_split > 0;
    cupel_model *models[3];
    cupel_history *histories[3];
    for (int i = 0; i < 3; i++) {
        config.input = (cupel_fit_input)i;
        models[i] = make_model();
        ASSERT_OK(cupel_model_fit(models[i], data, &config, &histories[i]));
    }
    for (int i = 1; i < 3; i++) {
        for (int s = 0; s < (validated ? 4 : 2); s++) {
            const double *a = NULL, *b = NULL;
            ASSERT_OK(cupel_history_series(histories[0], series[s], &a));
            ASSERT_OK(cupel_history_series(histories[i], series[s], &b));
            cr_expect(memcmp(a, b, (size_t)cupel_history_epochs(histories[0]) * sizeof *a) == 0,
                      "%s, input %d", series[s], i);
        }
        cr_expect(core_same(models[0], models[i], CUPEL_VALUE));
    }
    for (int i = 0; i < 3; i++) {
        cupel_history_free(histories[i]);
        cupel_model_free(models[i]);
    }
}

Test(resident, a_fit_takes_the_same_steps)
{
    static const float class_weight[CLASSES] = {1, 0.5F, 2};
    for (int weighted = 0; weighted < 2; weighted++) {
        cupel_dataset *data = make_data(weighted != 0);
        expect_same(data, (cupel_fit_config){.epochs = 3, .batch_size = 10});
        expect_same(data, (cupel_fit_config){
                              .epochs = 4, .batch_size = 8, .steps_per_execution = 5,
                              .initial_epoch = 2, .validation_split = 0.3});
        expect_same(data, (cupel_fit_config){.epochs = 2,
                                             .batch_size = 1,
                                             .steps_per_execution = 1000,
                                             .class_weight = class_weight,
                                             .classes = CLASSES});
        expect_same(data, (cupel_fit_config){.epochs = 2,
                                             .batch_size = 1000,
                                             .no_shuffle = true,
                                             .validation = data});
        expect_same(data, (cupel_fit_config){
                              .epochs = 2,
                              .batch_size = 7,
                              .validation = data,
                              .no_shuffle = weighted != 0,
                              .callbacks = {CUPEL_CALLBACK(disturb, .user = data)}});
        cupel_dataset_free(data);
    }
}

/* An epoch tells the device where it begins, and nothing with each step. */
Test(resident, a_step_needs_nothing_of_the_host)
{
    cupel_dataset *data = make_data(true);
    cupel_model *model = make_model();
    const cupel_fit_config config = {.epochs = 3, .batch_size = 1};
    ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
    copies = 0;
    ASSERT_OK(cupel_model_fit(model, data, &config, NULL));
    cr_expect_leq(copies, 3 * (2 + (ROWS + CUPEL_RATES) / CUPEL_RATES), "%lld", (long long)copies);
    cupel_model_free(model);
    cupel_dataset_free(data);
}

Test(resident, evaluation_and_prediction)
{
    cupel_dataset *data = make_data(true), *first = NULL, *last = NULL;
    cupel_model *model = make_model();
    double whole[2], parts[2][2];
    float out[ROWS * CLASSES], all[ROWS * CLASSES];
    ASSERT_OK(cupel_dataset_split(data, 0.3, &first, &last));
    ASSERT_OK(cupel_model_evaluate(model, data, 9, whole));
    ASSERT_OK(cupel_model_evaluate(model, first, 9, parts[0]));
    ASSERT_OK(cupel_model_evaluate(model, last, 9, parts[1]));
    const double share = (double)cupel_dataset_rows(first) / ROWS;
    for (int i = 0; i < 2; i++)
        cr_expect_float_eq(whole[i], share * parts[0][i] + (1 - share) * parts[1][i], 1e-6);
    ASSERT_OK(cupel_model_predict(model, x, ROWS, all));
    ASSERT_OK(cupel_model_predict_dataset(model, data, 9, out));
    for (int i = 0; i < ROWS * CLASSES; i++) cr_expect_float_eq(out[i], all[i], 1e-6);
    const int64_t begin = cupel_dataset_rows(first);
    ASSERT_OK(cupel_model_predict_dataset(model, last, 0, out));
    for (int64_t i = 0; i < (ROWS - begin) * CLASSES; i++)
        cr_expect_float_eq(out[i], all[begin * CLASSES + i], 1e-6);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    cupel_dataset_free(data);
    cupel_model_free(model);
}

/* Before the first step, in the words in which a batch is refused. */
Test(resident, invalid_rows_are_found_when_they_are_placed)
{
    cupel_dataset *data = make_data(true), *first = NULL, *last = NULL;
    cupel_model *model = make_model(), *same = make_model();
    ASSERT_OK(cupel_dataset_split(data, 0.3, &first, &last));
    const int64_t begin = cupel_dataset_rows(first);
    char text[100];
    x[begin + 20][4] = (float)NAN;
    EXPECT_ERROR(cupel_model_fit(model, data, NULL, NULL), CUPEL_ERROR_DATA,
                 "x: row 92, column 4 is NaN, expected a finite number");
    EXPECT_ERROR(cupel_model_evaluate(model, last, 0, &(double[2]){0}[0]), CUPEL_ERROR_DATA,
                 "x: row 20, column 4 is NaN, expected a finite number");
    snprintf(text, sizeof text, "row 0 of this view is row %lld", (long long)begin);
    EXPECT_ERROR(cupel_model_predict_dataset(model, last, 0, &(float[ROWS * CLASSES]){0}[0]),
                 CUPEL_ERROR_DATA, text);
    ASSERT_OK(cupel_model_evaluate(model, first, 0, &(double[2]){0}[0]));
    x[begin + 20][4] = 0;
    labels[7] = CLASSES;
    EXPECT_ERROR(cupel_model_fit(model, first, NULL, NULL), CUPEL_ERROR_DATA,
                 "row 7: the label is 3, expected 0 to 2");
    labels[7] = 0;
    weights[8] = -1;
    EXPECT_ERROR(cupel_model_fit(model, first, NULL, NULL), CUPEL_ERROR_DATA,
                 "row 8: the sample weight is -1");
    cr_expect(core_same(model, same, CUPEL_VALUE));
    cupel_model_free(model);
    cupel_model_free(same);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    cupel_dataset_free(data);
}

Test(resident, what_does_not_fit_is_streamed_unless_it_must)
{
    cupel_dataset *data = make_data(true);
    cupel_model *model = make_model();
    ASSERT_OK(cupel_model_fit(model, data, &(cupel_fit_config){.batch_size = 4}, NULL));
    const int64_t bytes = device->bytes;
    largest = (int64_t)sizeof x - 1;
    ASSERT_OK(cupel_model_fit(model, data, &(cupel_fit_config){.batch_size = 4}, NULL));
    EXPECT_ERROR(cupel_model_fit(
                     model, data,
                     &(cupel_fit_config){.batch_size = 4, .input = CUPEL_INPUT_RESIDENT}, NULL),
                 CUPEL_ERROR_DEVICE_MEMORY,
                 "CUPEL_INPUT_RESIDENT, but the 103 rows do not fit beside the model: 2472 bytes");
    cr_expect_eq(device->bytes, bytes, "all that was taken for the rows is given back");
    EXPECT_ERROR(cupel_model_fit(model, data, &(cupel_fit_config){.input = (cupel_fit_input)3},
                                 NULL),
                 CUPEL_ERROR_ARGUMENT, ".input is 3");
    cupel_model_free(model);
    cupel_dataset_free(data);
}

static cupel_status make_rows(void *user, const int64_t *rows, int64_t count, void *to_x, void *to_y)
{
    (void)user;
    for (int64_t i = 0; i < count; i++) {
        memcpy((float *)to_x + i * FEATURES, x[rows[i]], sizeof x[0]);
        ((uint8_t *)to_y)[i] = labels[rows[i]];
    }
    return CUPEL_OK;
}

Test(resident, rows_of_a_function_are_streamed)
{
    cupel_dataset *data = make_data(false), *made = NULL, *first = NULL, *last = NULL;
    cupel_model *models[2] = {make_model(), make_model()};
    ASSERT_OK(cupel_dataset_from_source(&(cupel_source){.fill = make_rows,
                                                        .rows = ROWS,
                                                        .x_shape = CUPEL_SHAPE(FEATURES),
                                                        .y_type = CUPEL_UINT8},
                                        &made));
    ASSERT_OK(cupel_dataset_split(made, 0.5, &first, &last));
    cupel_fit_config config = {.epochs = 2, .batch_size = 10, .validation = made};
    ASSERT_OK(cupel_model_fit(models[0], data, &config, NULL));
    ASSERT_OK(cupel_model_fit(models[1], made, &config, NULL));
    cr_expect(core_same(models[0], models[1], CUPEL_VALUE));
    config.input = CUPEL_INPUT_RESIDENT;
    ASSERT_OK(cupel_model_fit(models[0], data, &config, NULL));
    EXPECT_ERROR(cupel_model_fit(models[1], made, &config, NULL), CUPEL_ERROR_ARGUMENT,
                 "but a function makes the rows");
    EXPECT_ERROR(cupel_model_fit(models[1], last, &config, NULL), CUPEL_ERROR_ARGUMENT,
                 "but a function makes the rows");
    cupel_model_free(models[0]);
    cupel_model_free(models[1]);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    cupel_dataset_free(made);
    cupel_dataset_free(data);
}

/* Three values of .input change nothing on the CPU. */
Test(resident, the_cpu_reads_the_rows_where_they_are)
{
    cupel_device *own = device;
    cupel_dataset *data = make_data(true);
    ASSERT_OK(cupel_device_open("cpu", &device));
    expect_same(data, (cupel_fit_config){.epochs = 2, .batch_size = 10, .validation_split = 0.2});
    const int64_t bytes = device->bytes;
    cr_expect_eq(bytes, 0);
    cupel_device_close(device);
    device = own;
    cupel_dataset_free(data);
}
