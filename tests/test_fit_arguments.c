/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arguments that fit, evaluate and predict_dataset refuse, before anything has changed. */
#include "fault.h"
#include "folder.h"
#include "tiny.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const float numbers[20] = {1, 2, -1, 0.5f, 3, 1, 0, 1, 0, 1};

static cupel_device *device;
static cupel_model *model; /* 3 -> 4 classes */
static cupel_dataset *data;

static const int32_t labels[5] = {0, 1, 2, 3, 0};
static const float many[15] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6};

static void open_all(void)
{
    folder_enter();
    device = tiny_device();
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(3)};
    cr_assert_eq(cupel_model_create(device, &shape, &model), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(4)), CUPEL_OK);
    const cupel_compile_config config = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                         .from_logits = true,
                                         .optimizer = {.kind = CUPEL_OPTIMIZER_SGD}};
    cr_assert_eq(cupel_model_compile(model, &config), CUPEL_OK);
    const cupel_arrays arrays = {.x = many, .y = labels, .rows = 5, .y_type = CUPEL_INT32};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
}

static void close_all(void)
{
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
    folder_leave();
}

TestSuite(fit_arguments, .init = open_all, .fini = close_all);

/* fit refuses; nothing has changed and no file was touched. */
static void expect_refused(cupel_model *with, const cupel_dataset *on, cupel_fit_config config,
                           cupel_status status, const char *words)
{
    float before[12];
    float after[12];
    cupel_history *history = (cupel_history *)(void *)&history;
    folder_write("log.csv", "old", 3);
    for (int i = 0; i < CUPEL_MAX_CALLBACKS; i++) {
        if (config.callbacks[i].kind != CUPEL_CALLBACK_NONE) continue;
        config.callbacks[i] = CUPEL_CSV_LOGGER("log.csv");
        break;
    }
    cr_assert_eq(cupel_parameter_read(with, 0, CUPEL_VALUE, before), CUPEL_OK);
    cr_expect_eq(cupel_model_fit(with, on, &config, &history), status, "%s: %s", words,
                 cupel_last_error());
    cr_expect_not_null(strstr(cupel_last_error(), words), "%s: %s", words, cupel_last_error());
    cr_expect_null(history);
    cr_assert_eq(cupel_parameter_read(with, 0, CUPEL_VALUE, after), CUPEL_OK);
    cr_expect_eq(memcmp(before, after, sizeof(float)), 0);
    folder_expect("log.csv", "old", 3);
}

Test(fit_arguments, of_the_config_are_checked)
{
    static const float weights[4] = {1, 2, 3, 4};
    static const float negative[4] = {1, -2, 3, 4};
    static const float nan_weights[4] = {1, 2, NAN, 4};
    const struct {
        cupel_fit_config config;
        const char *words;
    } wrong[] = {
        {{.epochs = -1}, ".epochs is -1"},
        {{.batch_size = -1}, ".batch_size is -1"},
        {{.steps_per_execution = -2}, ".steps_per_execution is -2"},
        {{.initial_epoch = -1}, ".initial_epoch is -1"},
        {{.validation_split = -0.1}, ".validation_split is -0.1"},
        {{.validation_split = 1}, ".validation_split is 1"},
        {{.validation_split = NAN}, ".validation_split is nan"},
        {{.validation_split = 0.2, .validation = data}, ".validation and .validation_split"},
        {{.validation_split = 0.999}, "empty"},
        {{.classes = 4}, ".classes is 4 without .class_weight"},
        {{.classes = -1}, ".classes is -1"},
        {{.class_weight = weights}, ".classes is 0"},
        {{.class_weight = weights, .classes = 3}, ".classes is 3, but the model tells 4"},
        {{.class_weight = negative, .classes = 4}, ".class_weight[1]"},
        {{.class_weight = nan_weights, .classes = 4}, ".class_weight[2]"},
        {{.callbacks = {CUPEL_EARLY_STOPPING()}}, "no validation data"},
        {{.callbacks = {CUPEL_EARLY_STOPPING(.monitor = "accuracy")}}, "loss, learning_rate"},
        {{.callbacks = {CUPEL_TERMINATE_ON_NAN(), CUPEL_CALLBACK(NULL)}}, ".function"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        expect_refused(model, data, wrong[i].config, CUPEL_ERROR_ARGUMENT, wrong[i].words);
    }
}

/* Data that do not fit the model, as training and as validation data, and for evaluate. */
Test(fit_arguments, data_must_fit)
{
    const struct {
        cupel_arrays arrays;
        cupel_status status;
        const char *words;
    } wrong[] = {
        {{.x = many, .y = labels, .rows = 3, .x_shape = CUPEL_SHAPE(5), .y_type = CUPEL_INT32},
         CUPEL_ERROR_SHAPE,
         "shape (5), but the model's input is (3)"},
        {{.x = many, .y = labels, .rows = 3, .x_shape = CUPEL_SHAPE(3, 1), .y_type = CUPEL_INT32},
         CUPEL_ERROR_SHAPE,
         "shape (3, 1), but the model's input is (3)"},
        {{.x = many, .y = numbers, .rows = 5},
         CUPEL_ERROR_SHAPE,
         "y is float32, but the loss sparse_categorical_crossentropy takes class numbers"},
        {{.x = many, .y = many, .rows = 5, .y_type = CUPEL_FLOAT64},
         CUPEL_ERROR_SHAPE,
         "y is float64"},
        {{.x = many, .y = labels, .rows = 2, .y_shape = CUPEL_SHAPE(2), .y_type = CUPEL_INT32},
         CUPEL_ERROR_SHAPE,
         "takes 1 class number a row"},
        {{.x = many, .rows = 5, .y_type = CUPEL_INT32}, CUPEL_ERROR_ARGUMENT, "no targets"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        cupel_dataset *bad;
        double score = 7;
        const int64_t rows = wrong[i].arrays.y_type == CUPEL_FLOAT64 ? 2 : wrong[i].arrays.rows;
        cupel_arrays arrays = wrong[i].arrays;
        arrays.rows = rows;
        cr_assert_eq(cupel_dataset_from_arrays(&arrays, &bad), CUPEL_OK, "%s", cupel_last_error());
        expect_refused(model, bad, (cupel_fit_config){0}, wrong[i].status, wrong[i].words);
        expect_refused(model, data, (cupel_fit_config){.validation = bad}, wrong[i].status,
                       ".validation: ");
        cr_expect_eq(cupel_model_evaluate(model, bad, 0, &score), wrong[i].status);
        cr_expect_eq(score, 7);
        cupel_dataset_free(bad);
    }
}

Test(fit_arguments, dense_targets_have_the_output_s_shape)
{
    cupel_model *line = tiny_line(device, 0.5f, (cupel_compile_config){0});
    static const int64_t wide[5] = {0, 1, 0, 1, 0};
    static const uint8_t bytes[5] = {0, 1, 0, 1, 0};
    const struct {
        cupel_arrays arrays;
        cupel_status status;
    } all[] = {
        {{.x = numbers, .y = numbers, .rows = 5}, CUPEL_OK},
        {{.x = numbers, .y = numbers, .rows = 5, .y_shape = CUPEL_SHAPE(1)}, CUPEL_OK},
        {{.x = numbers, .y = bytes, .rows = 5, .y_type = CUPEL_UINT8}, CUPEL_OK},
        {{.x = numbers, .y = numbers, .rows = 5, .y_shape = CUPEL_SHAPE(2)}, CUPEL_ERROR_SHAPE},
        {{.x = numbers, .y = labels, .rows = 5, .y_type = CUPEL_INT32}, CUPEL_OK},
        {{.x = numbers, .y = wide, .rows = 5, .y_type = CUPEL_INT64}, CUPEL_OK},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cupel_dataset *set;
        cr_assert_eq(cupel_dataset_from_arrays(&all[i].arrays, &set), CUPEL_OK);
        cr_expect_eq(cupel_model_fit(line, set, NULL, NULL), all[i].status, "case %d: %s", (int)i,
                     cupel_last_error());
        cupel_dataset_free(set);
    }
    cupel_model_free(line);
}

Test(fit_arguments, labels_of_every_integer_type)
{
    static const uint8_t bytes[5] = {0, 1, 2, 3, 0};
    static const int64_t wide[5] = {0, 1, 2, 3, 0};
    static const int64_t beyond[5] = {0, 1, 2, 3, 4};
    const struct {
        const void *y;
        cupel_type type;
        cupel_status status;
    } all[] = {
        {bytes, CUPEL_UINT8, CUPEL_OK},
        {labels, CUPEL_INT32, CUPEL_OK},
        {wide, CUPEL_INT64, CUPEL_OK},
        {beyond, CUPEL_INT64, CUPEL_ERROR_DATA},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        cupel_dataset *set;
        double score;
        const cupel_arrays arrays = {.x = many, .y = all[i].y, .rows = 5, .y_type = all[i].type};
        cr_assert_eq(cupel_dataset_from_arrays(&arrays, &set), CUPEL_OK);
        cr_expect_eq(cupel_model_fit(model, set, NULL, NULL), all[i].status, "%s",
                     cupel_last_error());
        cr_expect_eq(cupel_model_evaluate(model, set, 0, &score), all[i].status);
        cupel_dataset_free(set);
    }
}

Test(fit_arguments, null_and_state)
{
    double score[1];
    float out[20];
    cupel_history *history;
    cupel_model *fresh;
    const cupel_model_config shape = {.input_shape = CUPEL_SHAPE(3)};
    cr_expect_eq(cupel_model_fit(NULL, data, NULL, &history), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(history);
    cr_expect_eq(cupel_model_fit(model, NULL, NULL, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_evaluate(NULL, data, 0, score), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_evaluate(model, NULL, 0, score), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_evaluate(model, data, 0, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_evaluate(model, data, -1, score), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_predict_dataset(NULL, data, 0, out), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_predict_dataset(model, NULL, 0, out), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_predict_dataset(model, data, 0, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_model_predict_dataset(model, data, -1, out), CUPEL_ERROR_ARGUMENT);
    cr_assert_eq(cupel_model_create(device, &shape, &fresh), CUPEL_OK);
    cr_expect_eq(cupel_model_predict_dataset(fresh, data, 0, out), CUPEL_ERROR_STATE);
    cr_assert_eq(cupel_model_add(fresh, CUPEL_DENSE(4)), CUPEL_OK);
    cr_expect_eq(cupel_model_fit(fresh, data, NULL, NULL), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_evaluate(fresh, data, 0, score), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_predict_dataset(fresh, data, 0, out), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(fresh, &(cupel_compile_config){.loss = CUPEL_LOSS_NONE}),
                 CUPEL_OK);
    cr_expect_eq(cupel_model_fit(fresh, data, NULL, NULL), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_evaluate(fresh, data, 0, score), CUPEL_ERROR_STATE);
    cupel_model_free(fresh);
}

Test(fit_arguments, predict_dataset_gives_every_row_in_order)
{
    float at_once[20];
    float in_batches[20] = {0};
    cr_assert_eq(cupel_model_predict(model, many, 5, at_once), CUPEL_OK);
    for (int64_t batch = 1; batch < 8; batch++) {
        memset(in_batches, 0, sizeof in_batches);
        cr_assert_eq(cupel_model_predict_dataset(model, data, batch, in_batches), CUPEL_OK);
        for (int i = 0; i < 20; i++)
            cr_expect_float_eq(in_batches[i], at_once[i], 1e-5);
    }
    cupel_dataset *without;
    const cupel_arrays arrays = {.x = many, .rows = 5};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &without), CUPEL_OK);
    cr_expect_eq(cupel_model_predict_dataset(model, without, 0, in_batches), CUPEL_OK);
    cupel_dataset_free(without);
}
