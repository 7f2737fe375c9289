/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls that are refused: layers, compile configs, order of calls, numbers and samples. Each gives
 * its code and a sentence that names the culprit, and changes nothing. (Those of fit's config are
 * in test_fit_arguments.c, those of data sets in test_dataset.c, those of callbacks in
 * test_callbacks.c.) */
#include "fault.h"
#include "tiny.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const float xs[12] = {1, 2, 3, -1, 0.5f, 0, 4, -2, 1, 0, 1, 0};
static const int32_t labels[4] = {0, 3, 1, 2};

static cupel_device *device;
static cupel_model *model; /* 3 -> 4 classes, from logits */

static cupel_model *fresh(cupel_shape input)
{
    cupel_model *made;
    const cupel_model_config config = {.input_shape = input};
    cr_assert_eq(cupel_model_create(device, &config, &made), CUPEL_OK, "%s", cupel_last_error());
    return made;
}

static const cupel_compile_config sparse = {.loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY,
                                            .from_logits = true,
                                            .optimizer = {.kind = CUPEL_OPTIMIZER_SGD}};

static cupel_model *classifier(cupel_precision precision)
{
    cupel_model *made = fresh(CUPEL_SHAPE(3));
    cupel_compile_config config = sparse;
    config.precision = precision;
    cr_assert_eq(cupel_model_add(made, CUPEL_DENSE(4)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(made, &config), CUPEL_OK, "%s", cupel_last_error());
    return made;
}

static void open_all(void)
{
    device = tiny_device();
    model = classifier(CUPEL_PRECISION_FLOAT32);
}

static void close_all(void)
{
    cupel_model_free(model);
    cupel_device_close(device);
}

TestSuite(bad_calls, .init = open_all, .fini = close_all);

/* The call was refused with this code and a sentence that holds the words. */
static void refused(cupel_status status, cupel_status code, const char *words)
{
    cr_expect_eq(status, code, "%s instead of %s (%s): %s", cupel_status_name(status),
                 cupel_status_name(code), words, cupel_last_error());
    cr_expect_not_null(strstr(cupel_last_error(), words), "expected \"%s\" in: %s", words,
                       cupel_last_error());
}

static void refused_layer(cupel_model *to, cupel_layer layer, cupel_status code, const char *words)
{
    cupel_shape before;
    cupel_shape after;
    const int64_t tensors = cupel_model_parameter_count(to);
    cr_assert_eq(cupel_model_output_shape(to, &before), CUPEL_OK);
    refused(cupel_model_add(to, layer), code, words);
    cr_expect_not_null(strstr(cupel_last_error(), "layer 0"), "%s", cupel_last_error());
    cr_assert_eq(cupel_model_output_shape(to, &after), CUPEL_OK);
    cr_expect_eq(memcmp(&before, &after, sizeof before), 0, "%s", words);
    cr_expect_eq(cupel_model_parameter_count(to), tensors);
}

Test(bad_calls, layers)
{
    const struct {
        cupel_layer layer;
        cupel_status code;
        const char *words;
    } wrong[] = {
        {{.units = 4}, CUPEL_ERROR_ARGUMENT, "kind 0"},
        {{.kind = (cupel_layer_kind)6}, CUPEL_ERROR_ARGUMENT, "kind 6"},
        {{.kind = (cupel_layer_kind)-1}, CUPEL_ERROR_ARGUMENT, "kind -1"},
        {CUPEL_DENSE(0), CUPEL_ERROR_ARGUMENT, ".units is 0"},
        {CUPEL_DENSE(-3), CUPEL_ERROR_ARGUMENT, ".units is -3"},
        {CUPEL_DENSE(INT64_MAX), CUPEL_ERROR_SHAPE, "9223372036854775807 units"},
        {CUPEL_DENSE(4, .activation = (cupel_activation)11), CUPEL_ERROR_ARGUMENT,
         ".activation is 11"},
        {CUPEL_DENSE(4, .activation = (cupel_activation)-1), CUPEL_ERROR_ARGUMENT,
         ".activation is -1"},
        {CUPEL_DENSE(4, .kernel_initializer = (cupel_initializer)9), CUPEL_ERROR_ARGUMENT,
         "initializer"},
        {CUPEL_DENSE(4, .bias_initializer = (cupel_initializer)-1), CUPEL_ERROR_ARGUMENT,
         "initializer"},
        {CUPEL_DENSE(4, .no_bias = true, .bias_initializer = CUPEL_INIT_ONES), CUPEL_ERROR_ARGUMENT,
         ".bias_initializer"},
        {CUPEL_DENSE(4, .kernel_l1 = -0.1), CUPEL_ERROR_ARGUMENT, ".kernel_l1"},
        {CUPEL_DENSE(4, .kernel_l1 = NAN), CUPEL_ERROR_ARGUMENT, ".kernel_l1"},
        {CUPEL_DENSE(4, .kernel_l2 = -1), CUPEL_ERROR_ARGUMENT, ".kernel_l2"},
        {CUPEL_DENSE(4, .kernel_l2 = INFINITY), CUPEL_ERROR_ARGUMENT, ".kernel_l2"},
        {CUPEL_DENSE(4, .rate = 0.5), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_DENSE(4, .rate = NAN), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_DENSE(4, .shape = CUPEL_SHAPE(4)), CUPEL_ERROR_ARGUMENT, ".shape"},
        {CUPEL_DENSE(4, .shape = {.dims = {0, 0, 4}}), CUPEL_ERROR_ARGUMENT, ".shape"},
        {CUPEL_ACTIVATION((cupel_activation)11), CUPEL_ERROR_ARGUMENT, ".activation is 11"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .units = 1), CUPEL_ERROR_ARGUMENT, ".units"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .no_bias = true), CUPEL_ERROR_ARGUMENT, ".no_bias"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .kernel_initializer = CUPEL_INIT_ONES), CUPEL_ERROR_ARGUMENT,
         ".kernel_initializer"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .bias_initializer = CUPEL_INIT_ONES), CUPEL_ERROR_ARGUMENT,
         ".bias_initializer"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .kernel_l1 = 1), CUPEL_ERROR_ARGUMENT, ".kernel_l1"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .kernel_l2 = 1), CUPEL_ERROR_ARGUMENT, ".kernel_l2"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .rate = 0.1), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_ACTIVATION(CUPEL_RELU, .shape = CUPEL_SHAPE(6)), CUPEL_ERROR_ARGUMENT, ".shape"},
        {{.kind = CUPEL_LAYER_FLATTEN, .units = 6}, CUPEL_ERROR_ARGUMENT, ".units"},
        {{.kind = CUPEL_LAYER_FLATTEN, .activation = CUPEL_RELU},
         CUPEL_ERROR_ARGUMENT,
         ".activation"},
        {{.kind = CUPEL_LAYER_FLATTEN, .shape = CUPEL_SHAPE(6)}, CUPEL_ERROR_ARGUMENT, ".shape"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(4)), CUPEL_ERROR_SHAPE, "(2, 3) does not fit .shape (4)"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(4, -1)), CUPEL_ERROR_SHAPE, "does not fit .shape (4, -1)"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(-1, -1)), CUPEL_ERROR_ARGUMENT, "0 and 1 of .shape are both"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(0, 6)), CUPEL_ERROR_ARGUMENT, "(0, 6)"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(-2, -3)), CUPEL_ERROR_ARGUMENT, "(-2, -3)"},
        {{.kind = CUPEL_LAYER_RESHAPE}, CUPEL_ERROR_ARGUMENT, ".shape has rank 0"},
        {{.kind = CUPEL_LAYER_RESHAPE, .shape = {.rank = 9}}, CUPEL_ERROR_ARGUMENT, "rank 9"},
        {{.kind = CUPEL_LAYER_RESHAPE, .shape = {.rank = -1}}, CUPEL_ERROR_ARGUMENT, "rank -1"},
        {CUPEL_RESHAPE(CUPEL_SHAPE(6), .units = 6), CUPEL_ERROR_ARGUMENT, ".units"},
        {CUPEL_DROPOUT(-0.1), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_DROPOUT(1.5), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_DROPOUT(NAN), CUPEL_ERROR_ARGUMENT, ".rate"},
        {CUPEL_DROPOUT(0.5, .units = 6), CUPEL_ERROR_ARGUMENT, ".units"},
        {CUPEL_DROPOUT(0.5, .activation = CUPEL_TANH), CUPEL_ERROR_ARGUMENT, ".activation"},
    };
    cupel_model *empty = fresh(CUPEL_SHAPE(2, 3));
    for (size_t i = 0; i < COUNT(wrong); i++)
        refused_layer(empty, wrong[i].layer, wrong[i].code, wrong[i].words);
    cr_expect_eq(cupel_model_add(empty, CUPEL_DENSE(2)), CUPEL_OK);
    cupel_model_free(empty);
}

/* Layers that are legal one by one, but not together. */
Test(bad_calls, layers_beyond_64_bits)
{
    const int64_t wide = INT64_C(1) << 29;
    cupel_model *huge = fresh(CUPEL_SHAPE(wide));
    cupel_memory memory = {0};
    cupel_status status = CUPEL_OK;
    /* The memory plan counts with all of the parameters and a few times over. */
    for (int i = 0; i < 64 && status == CUPEL_OK; i++) {
        status = cupel_model_add(huge, CUPEL_DENSE(wide / 8 - i));
        if (status == CUPEL_OK)
            cr_expect_eq(cupel_model_memory(huge, 1, &memory), CUPEL_OK, "%s", cupel_last_error());
        cr_expect_geq(memory.total, memory.weights);
        cr_expect_gt(memory.weights, 0);
    }
    refused(status, CUPEL_ERROR_SHAPE, "layer");
    cupel_model_free(huge);
}

Test(bad_calls, input_shapes)
{
    const int64_t big = INT64_C(1) << 40;
    const struct {
        cupel_shape shape;
        const char *words;
    } wrong[] = {
        {{0}, ".input_shape"},
        {{.rank = -1}, "rank is -1"},
        {{.rank = 9}, "rank is 9"},
        {{.rank = INT64_MAX}, "rank is 9223372036854775807"},
        {{.rank = 1, .dims = {0}}, "dimension 0 of (0) is 0"},
        {{.rank = 2, .dims = {3, -4}}, "dimension 1 of (3, -4) is -4"},
        {{.rank = 1, .dims = {3, 4}}, "dimension 1 is 4"},
        {{.rank = 2, .dims = {big, big}}, "64 bits"},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cupel_model *out = (cupel_model *)(void *)&out;
        const cupel_model_config config = {.input_shape = wrong[i].shape};
        refused(cupel_model_create(device, &config, &out), CUPEL_ERROR_ARGUMENT, wrong[i].words);
        cr_expect_null(out);
    }
}

/* A classifier's weights, as bytes. */
static void read_weights(cupel_model *of, double weights[16])
{
    memset(weights, 0, 16 * sizeof *weights);
    for (int64_t i = 0; i < 2; i++)
        cr_assert_eq(cupel_parameter_read(of, i, CUPEL_VALUE, weights + 12 * i), CUPEL_OK, "%s",
                     cupel_last_error());
}

/* The classifier's weights are still these, and it trains. */
static void expect_as_before(cupel_model *of, const double before[16])
{
    double after[16];
    read_weights(of, after);
    cr_expect_eq(memcmp(before, after, sizeof after), 0, "the weights differ after: %s",
                 cupel_last_error());
}

#define TRAIN .loss = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, .from_logits = true

Test(bad_calls, compile_configs)
{
    const struct {
        cupel_compile_config config;
        const char *words;
    } wrong[] = {
        {{.loss = (cupel_loss)2, .optimizer = CUPEL_SGD(.momentum = 0)}, ".loss 2"},
        {{.loss = (cupel_loss)-1, .optimizer = CUPEL_SGD(.momentum = 0)}, ".loss -1"},
        {{.loss = CUPEL_LOSS_MSE, .from_logits = true, .optimizer = CUPEL_SGD(.momentum = 0)},
         ".from_logits has no meaning for the loss mse"},
        {{.loss = CUPEL_LOSS_MSE, .label_smoothing = 0.1, .optimizer = CUPEL_SGD(.momentum = 0)},
         ".label_smoothing has no meaning for the loss mse"},
        {{TRAIN, .label_smoothing = 0.1, .optimizer = CUPEL_SGD(.momentum = 0)},
         ".label_smoothing"},
        {{.loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
          .label_smoothing = 1.5,
          .optimizer = CUPEL_SGD(.momentum = 0)},
         ".label_smoothing is 1.5"},
        {{.loss = CUPEL_LOSS_BINARY_CROSSENTROPY,
          .label_smoothing = NAN,
          .optimizer = CUPEL_SGD(.momentum = 0)},
         ".label_smoothing"},
        {{TRAIN}, ".loss is given without .optimizer"},
        {{.optimizer = CUPEL_ADAM(.epsilon = 0)}, ".optimizer is given without .loss"},
        {{.from_logits = true}, ".from_logits is given without a loss"},
        {{.label_smoothing = 0.5}, ".label_smoothing is given without a loss"},
        {{.metrics = {CUPEL_METRIC_ACCURACY}}, "accuracy needs a loss"},
        {{.flavour = (cupel_flavour)2}, ".flavour 2"},
        {{.flavour = (cupel_flavour)-1}, ".flavour -1"},
        {{.precision = (cupel_precision)4}, ".precision 4"},
        {{TRAIN, .optimizer = CUPEL_SGD(.momentum = 0),
          .metrics = {CUPEL_METRIC_ACCURACY, (cupel_metric)2}},
         ".metrics[1] is 2"},
        {{TRAIN, .optimizer = CUPEL_SGD(.momentum = 0), .metrics = {CUPEL_METRIC_MAE}},
         "mae does not work with the class numbers"},
        {{TRAIN, .optimizer = CUPEL_SGD(.momentum = 0),
          .metrics = {CUPEL_METRIC_ACCURACY, CUPEL_METRIC_ACCURACY}},
         "accuracy is given twice"},
    };
    double before[16];
    read_weights(model, before);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        refused(cupel_model_compile(model, &wrong[i].config), CUPEL_ERROR_ARGUMENT, wrong[i].words);
        expect_as_before(model, before);
    }
    cr_expect_eq(cupel_model_train_batch(model, xs, labels, 4, NULL), CUPEL_OK);
    const cupel_loss losses[] = {CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                                 CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY};
    for (size_t i = 0; i < COUNT(losses); i++) {
        cupel_model *narrow = fresh(CUPEL_SHAPE(3));
        cr_assert_eq(cupel_model_add(narrow, CUPEL_DENSE(1)), CUPEL_OK);
        refused(cupel_model_compile(narrow, &(cupel_compile_config){.loss = losses[i],
                                                                    .optimizer = sparse.optimizer}),
                CUPEL_ERROR_SHAPE, "the model's output is (1)");
        cupel_model_free(narrow);
    }
}

Test(bad_calls, optimizers)
{
    const struct {
        cupel_optimizer optimizer;
        const char *words;
    } wrong[] = {
        {{.kind = (cupel_optimizer_kind)2}, "optimizer kind 2"},
        {{.kind = (cupel_optimizer_kind)-1}, "optimizer kind -1"},
        {CUPEL_SGD(.learning_rate = -0.5), ".learning_rate is -0.5"},
        {CUPEL_SGD(.learning_rate = NAN), ".learning_rate"},
        {CUPEL_ADAM(.learning_rate = INFINITY), ".learning_rate is inf"},
        {CUPEL_SGD(.beta_1 = 0.5), "sgd: .beta_1"},
        {CUPEL_SGD(.beta_2 = 0.5), "sgd: .beta_2"},
        {CUPEL_SGD(.epsilon = 1e-3), "sgd: .epsilon"},
        {CUPEL_SGD(.amsgrad = true), "sgd: .amsgrad"},
        {CUPEL_SGD(.momentum = 1.5), ".momentum is 1.5"},
        {CUPEL_SGD(.momentum = -2), ".momentum is -2"},
        {CUPEL_SGD(.momentum = NAN), ".momentum"},
        {CUPEL_SGD(.nesterov = true), ".nesterov needs .momentum"},
        {CUPEL_ADAM(.momentum = 0.9), "adam: .momentum"},
        {CUPEL_ADAMW(.nesterov = true), "adamw: .nesterov"},
        {CUPEL_ADAM(.beta_1 = 1), ".beta_1 is 1"},
        {CUPEL_ADAM(.beta_1 = -0.1), ".beta_1 is -0.1"},
        {CUPEL_ADAM(.beta_2 = 1), ".beta_2 is 1"},
        {CUPEL_ADAM(.beta_2 = NAN), ".beta_2"},
        {CUPEL_ADAM(.epsilon = -2), ".epsilon is -2"},
        {CUPEL_ADAMW(.weight_decay = -0.01), ".weight_decay is -0.01"},
        {CUPEL_SGD(.clipvalue = -0.5), ".clipvalue is -0.5"},
        {CUPEL_SGD(.clipnorm = INFINITY), ".clipnorm is inf"},
        {CUPEL_SGD(.global_clipnorm = NAN), ".global_clipnorm"},
        {CUPEL_SGD(.clipnorm = 1, .global_clipnorm = 1), "at most one of .clipvalue"},
        {CUPEL_SGD(.clipvalue = 1, .clipnorm = 1), "at most one of .clipvalue"},
        {CUPEL_SGD(.schedule = {.steps = 5}), "schedule"},
        {CUPEL_SGD(.schedule = {.final_fraction = 0.5}), "schedule"},
        {CUPEL_SGD(.schedule = {.kind = (cupel_schedule_kind)9, .steps = 5}), "schedule kind 9"},
        {CUPEL_SGD(.schedule = CUPEL_COSINE(0)), ".steps is 0"},
        {CUPEL_SGD(.schedule = CUPEL_COSINE(-7)), ".steps is -7"},
        {CUPEL_SGD(.schedule = CUPEL_COSINE(5, .warmup_steps = -1)), ".warmup_steps is -1"},
        {CUPEL_SGD(.schedule = CUPEL_COSINE(5, .final_fraction = 1.5)), ".final_fraction"},
        {CUPEL_SGD(.schedule = CUPEL_COSINE(5, .final_fraction = NAN)), ".final_fraction"},
    };
    double before[16];
    read_weights(model, before);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const cupel_compile_config config = {TRAIN, .optimizer = wrong[i].optimizer};
        refused(cupel_model_compile(model, &config), CUPEL_ERROR_ARGUMENT, wrong[i].words);
        expect_as_before(model, before);
    }
    const double rates[] = {-0.5, -2, NAN, INFINITY};
    for (size_t i = 0; i < COUNT(rates); i++)
        refused(cupel_model_set_learning_rate(model, rates[i]), CUPEL_ERROR_ARGUMENT,
                "cupel_model_set_learning_rate");
}

/* Everything that a model without layers, one never compiled and one for inference refuse. */
Test(bad_calls, in_the_wrong_order)
{
    enum { EMPTY, PLAIN, INFERENCE, KINDS };
    static const char *const words[KINDS] = {"", "not compiled", "inference only"};
    cupel_model *models[KINDS];
    cupel_dataset *data;
    const cupel_arrays arrays = {.x = xs, .y = labels, .rows = 4, .y_type = CUPEL_INT32};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    for (int i = 0; i < KINDS; i++) {
        models[i] = fresh(CUPEL_SHAPE(3));
        if (i > EMPTY) cr_assert_eq(cupel_model_add(models[i], CUPEL_DENSE(4)), CUPEL_OK);
    }
    const cupel_compile_config inference = {.loss = CUPEL_LOSS_NONE};
    cr_assert_eq(cupel_model_compile(models[INFERENCE], &inference), CUPEL_OK);
    double out[16];
    cupel_gradcheck_report report;
    cupel_memory memory;
    cupel_tensor *x;
    cupel_tensor *y;
    cr_assert_eq(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), &x), CUPEL_OK);
    cr_assert_eq(cupel_tensor_create(device, CUPEL_INT32, CUPEL_SHAPE(4), &y), CUPEL_OK);
    for (int i = 0; i < KINDS; i++) {
        cupel_model *m = models[i];
        const cupel_status code = CUPEL_ERROR_STATE;
        refused(cupel_model_train_batch(m, xs, labels, 4, NULL), code, words[i]);
        refused(cupel_model_gradients(m, xs, labels, 4, NULL), code, words[i]);
        refused(cupel_model_apply_gradients(m), code, words[i]);
        refused(cupel_model_gradcheck(m, xs, labels, 4, &report), code, words[i]);
        refused(cupel_model_train_tensors(m, x, y, NULL), code, words[i]);
        refused(cupel_model_fit(m, data, NULL, NULL), code, words[i]);
        refused(cupel_model_evaluate(m, data, 0, out), code, "not compiled with a loss");
        refused(cupel_model_set_learning_rate(m, 0.1), code, "not compiled for training");
    }
    refused(cupel_model_compile(models[EMPTY], &sparse), CUPEL_ERROR_STATE, "no layers");
    refused(cupel_model_predict(models[EMPTY], xs, 4, out), CUPEL_ERROR_STATE, "no layers");
    refused(cupel_model_predict_dataset(models[EMPTY], data, 0, out), CUPEL_ERROR_STATE,
            "no layers");
    refused(cupel_model_memory(models[EMPTY], 4, &memory), CUPEL_ERROR_STATE, "no layers");
    refused(cupel_model_summary(models[EMPTY], 4, stderr), CUPEL_ERROR_STATE, "no layers");
    cr_assert_eq(cupel_model_add(models[EMPTY], CUPEL_FLATTEN()), CUPEL_OK);
    refused(cupel_model_compile(models[EMPTY], &sparse), CUPEL_ERROR_STATE,
            "no layer with parameters");
    refused(cupel_model_add(models[INFERENCE], CUPEL_DENSE(4)), CUPEL_ERROR_STATE,
            "weights are drawn");
    cr_assert_eq(cupel_model_predict(models[PLAIN], xs, 4, out), CUPEL_OK);
    refused(cupel_model_add(models[PLAIN], CUPEL_DENSE(4)), CUPEL_ERROR_STATE, "weights are drawn");

    refused(cupel_model_apply_gradients(model), CUPEL_ERROR_STATE, "gradients");
    refused(cupel_parameter_read(model, 0, CUPEL_GRADIENT, out), CUPEL_ERROR_STATE, "no gradient");
    refused(cupel_parameter_read(model, 0, CUPEL_MOMENT_1, out), CUPEL_ERROR_STATE, "first moment");
    refused(cupel_parameter_read(model, 0, CUPEL_MOMENT_2, out), CUPEL_ERROR_STATE,
            "second moment");
    const char *name;
    refused(cupel_dataset_class_name(data, 0, &name), CUPEL_ERROR_STATE, ".classify");
    for (int i = 0; i < KINDS; i++)
        cupel_model_free(models[i]);
    cupel_tensor_free(x);
    cupel_tensor_free(y);
    cupel_dataset_free(data);
}

Test(bad_calls, numbers_out_of_range)
{
    double out[16];
    cupel_gradcheck_report report;
    cupel_memory memory;
    cupel_parameter parameter;
    const struct {
        int64_t rows;
        const char *words;
    } wrong[] = {{-1, "-1"},
                 {INT64_MIN, "-9223372036854775808"},
                 {INT64_MAX, "9223372036854775807"},
                 {INT64_MAX / 3, "3074457345618258602"},
                 {0, "rows is 0"}};
    double before[16];
    read_weights(model, before);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        const int64_t rows = wrong[i].rows;
        const char *words = wrong[i].words;
        const cupel_status code = CUPEL_ERROR_ARGUMENT;
        refused(cupel_model_train_batch(model, xs, labels, rows, NULL), code, words);
        refused(cupel_model_gradients(model, xs, labels, rows, NULL), code, words);
        refused(cupel_model_gradcheck(model, xs, labels, rows, &report), code, words);
        if (rows == 0) continue;
        refused(cupel_model_predict(model, xs, rows, out), code, words);
        refused(cupel_model_memory(model, rows, &memory), code, words);
        refused(cupel_model_summary(model, rows, stderr), code, words);
        cr_expect_eq(memory.total, 0);
    }
    expect_as_before(model, before);
    refused(cupel_model_memory(model, 0, &memory), CUPEL_ERROR_ARGUMENT, "batch is 0");
    refused(cupel_model_parameter(model, -1, &parameter), CUPEL_ERROR_ARGUMENT, "index is -1");
    refused(cupel_model_parameter(model, 2, &parameter), CUPEL_ERROR_ARGUMENT, "index is 2");
    refused(cupel_parameter_read(model, 2, CUPEL_VALUE, out), CUPEL_ERROR_ARGUMENT, "index is 2");
    refused(cupel_parameter_write(model, INT64_MIN, out), CUPEL_ERROR_ARGUMENT, "index is -92");
    refused(cupel_parameter_read(model, 0, (cupel_slot)4, out), CUPEL_ERROR_ARGUMENT, "slot 4");
    refused(cupel_parameter_read(model, 0, (cupel_slot)-1, out), CUPEL_ERROR_ARGUMENT, "slot -1");
    refused(cupel_device_set_threads(device, -1), CUPEL_ERROR_ARGUMENT, "threads is -1");
    refused(cupel_device_set_threads(device, INT64_MAX), CUPEL_ERROR_ARGUMENT, "threads is 92");
    cr_expect_str_eq(cupel_status_name((cupel_status)99), "unknown status");
}

Test(bad_calls, names_of_devices)
{
    const struct {
        const char *name;
        cupel_status code;
    } wrong[] = {
        {"", CUPEL_ERROR_ARGUMENT},       {"gpu", CUPEL_ERROR_ARGUMENT},
        {"CPU", CUPEL_ERROR_ARGUMENT},    {"cpu ", CUPEL_ERROR_ARGUMENT},
        {"auto:0", CUPEL_ERROR_ARGUMENT}, {"cpu:", CUPEL_ERROR_ARGUMENT},
        {"cpu:-1", CUPEL_ERROR_ARGUMENT}, {"cpu:one", CUPEL_ERROR_ARGUMENT},
        {"cpu:1", CUPEL_ERROR_NO_DEVICE}, {"cpu:99999999999999999999", CUPEL_ERROR_ARGUMENT},
    };
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cupel_device *out = (cupel_device *)(void *)&out;
        refused(cupel_device_open(wrong[i].name, &out), wrong[i].code, wrong[i].name);
        cr_expect_null(out, "%s", wrong[i].name);
    }
    int64_t count = 7;
    refused(cupel_device_count("gpu", &count), CUPEL_ERROR_ARGUMENT, "gpu");
    cr_expect_eq(count, 0);
}

Test(bad_calls, tensors)
{
    const int64_t big = INT64_C(1) << 31;
    cupel_tensor *out = (cupel_tensor *)(void *)&out;
    refused(cupel_tensor_create(device, (cupel_type)6, CUPEL_SHAPE(2), &out), CUPEL_ERROR_ARGUMENT,
            "type is 6");
    cr_expect_null(out);
    refused(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(2, 0), &out),
            CUPEL_ERROR_ARGUMENT, "(2, 0)");
    refused(cupel_tensor_create(device, CUPEL_FLOAT64, CUPEL_SHAPE(big, big), &out),
            CUPEL_ERROR_ARGUMENT, "64 bits");
    refused(cupel_tensor_wrap(device, CUPEL_FLOAT64, CUPEL_SHAPE(-2), &out, &out),
            CUPEL_ERROR_ARGUMENT, "(-2)");
    cr_expect_null(out);

    const struct {
        cupel_type x_type;
        cupel_shape x;
        cupel_type y_type;
        cupel_shape y;
        cupel_status code;
        const char *words;
    } wrong[] = {
        {CUPEL_INT32, CUPEL_SHAPE(4, 3), CUPEL_INT32, CUPEL_SHAPE(4), CUPEL_ERROR_SHAPE,
         "x is int32"},
        {CUPEL_BFLOAT16, CUPEL_SHAPE(4, 3), CUPEL_INT32, CUPEL_SHAPE(4), CUPEL_ERROR_SHAPE,
         "x is bfloat16"},
        {CUPEL_FLOAT32, CUPEL_SHAPE(4, 4), CUPEL_INT32, CUPEL_SHAPE(4), CUPEL_ERROR_SHAPE,
         "x has shape (4, 4)"},
        {CUPEL_FLOAT32, {0}, CUPEL_INT32, CUPEL_SHAPE(4), CUPEL_ERROR_SHAPE, "x has shape ()"},
        {CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), CUPEL_INT32, CUPEL_SHAPE(3), CUPEL_ERROR_SHAPE,
         "x has 4 rows, y has 3"},
        {CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), CUPEL_INT32, CUPEL_SHAPE(4, 2), CUPEL_ERROR_SHAPE,
         "y has shape (4, 2)"},
        {CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), CUPEL_FLOAT32, CUPEL_SHAPE(4), CUPEL_ERROR_SHAPE,
         "y is float32"},
        {CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), CUPEL_INT64, CUPEL_SHAPE(4), CUPEL_ERROR_DATA,
         "row 3: the label is 4"},
    };
    static const int64_t bad_labels[4] = {0, 1, 2, 4};
    double before[16];
    read_weights(model, before);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cupel_tensor *x;
        cupel_tensor *y;
        double loss = 7;
        cr_assert_eq(cupel_tensor_create(device, wrong[i].x_type, wrong[i].x, &x), CUPEL_OK);
        cr_assert_eq(cupel_tensor_create(device, wrong[i].y_type, wrong[i].y, &y), CUPEL_OK);
        if (wrong[i].code == CUPEL_ERROR_DATA)
            cr_assert_eq(cupel_tensor_upload(y, bad_labels), CUPEL_OK);
        refused(cupel_model_train_tensors(model, x, y, &loss), wrong[i].code, wrong[i].words);
        cr_expect_eq(loss, 7);
        expect_as_before(model, before);
        cupel_tensor_free(x);
        cupel_tensor_free(y);
    }
    cupel_device *other = tiny_device();
    cupel_tensor *x;
    cupel_tensor *y;
    cr_assert_eq(cupel_tensor_create(other, CUPEL_FLOAT32, CUPEL_SHAPE(4, 3), &x), CUPEL_OK);
    cr_assert_eq(cupel_tensor_create(device, CUPEL_INT32, CUPEL_SHAPE(4), &y), CUPEL_OK);
    refused(cupel_model_train_tensors(model, x, y, NULL), CUPEL_ERROR_ARGUMENT, "another device");
    cupel_tensor_free(x);
    cupel_tensor_free(y);
    cupel_device_close(other);
}

Test(bad_calls, weights_of_another_model)
{
    cupel_model *other = fresh(CUPEL_SHAPE(3));
    double before[16];
    read_weights(model, before);
    refused(cupel_model_copy_weights(model, other), CUPEL_ERROR_SHAPE, "2");
    cr_assert_eq(cupel_model_add(other, CUPEL_DENSE(5)), CUPEL_OK);
    refused(cupel_model_copy_weights(model, other), CUPEL_ERROR_SHAPE, "0.kernel (5, 3)");
    refused(cupel_model_copy_weights(other, model), CUPEL_ERROR_SHAPE, "0.kernel (4, 3)");
    expect_as_before(model, before);
    cupel_model_free(other);
}

/* A batch of four rows with one bad number, and the words that name it. */
static const struct bad_batch {
    int x_at; /* -1: x is good */
    double x_value;
    int y_at; /* -1: the labels are good */
    int32_t label;
    const char *words;
} bad_batches[] = {
    {0, NAN, -1, 0, "x: row 0, column 0 is NaN"},
    {5, NAN, -1, 0, "x: row 1, column 2 is NaN"},
    {10, INFINITY, -1, 0, "x: row 3, column 1 is infinity"},
    {7, -INFINITY, -1, 0, "x: row 2, column 1 is -infinity"},
    {-1, 0, 0, 4, "row 0: the label is 4, expected 0 to 3"},
    {-1, 0, 3, -1, "row 3: the label is -1, expected 0 to 3"},
    {-1, 0, 2, INT32_MAX, "row 2: the label is 2147483647"},
    {-1, 0, 1, INT32_MIN, "row 1: the label is -2147483648"},
};

static void make_batch(const struct bad_batch *bad, bool wide, void *x, int32_t y[4])
{
    for (int i = 0; i < 12; i++) {
        const double value = i == bad->x_at ? bad->x_value : (double)xs[i];
        if (wide)
            ((double *)x)[i] = value;
        else
            ((float *)x)[i] = (float)value;
    }
    memcpy(y, labels, sizeof labels);
    if (bad->y_at >= 0) y[bad->y_at] = bad->label;
}

Test(bad_calls, samples_of_a_batch)
{
    const cupel_precision precisions[] = {CUPEL_PRECISION_FLOAT32, CUPEL_PRECISION_FLOAT64};
    for (int p = 0; p < 2; p++) {
        cupel_model *m = classifier(precisions[p]);
        double before[16];
        read_weights(m, before);
        for (size_t i = 0; i < COUNT(bad_batches); i++) {
            const struct bad_batch *bad = &bad_batches[i];
            double x[12];
            int32_t y[4];
            double loss = 7;
            double out[16] = {7};
            cupel_gradcheck_report report;
            make_batch(bad, p == 1, x, y);
            refused(cupel_model_train_batch(m, x, y, 4, &loss), CUPEL_ERROR_DATA, bad->words);
            refused(cupel_model_train_batch(m, x, y, 4, NULL), CUPEL_ERROR_DATA, bad->words);
            refused(cupel_model_gradients(m, x, y, 4, &loss), CUPEL_ERROR_DATA, bad->words);
            refused(cupel_model_gradcheck(m, x, y, 4, &report), CUPEL_ERROR_DATA, bad->words);
            cr_expect_eq(loss, 7);
            expect_as_before(m, before);
            refused(cupel_model_apply_gradients(m), CUPEL_ERROR_STATE, "gradients");
            if (bad->x_at < 0) continue;
            refused(cupel_model_predict(m, x, 4, out), CUPEL_ERROR_DATA, bad->words);
            cr_expect_eq(out[0], 7);
        }
        cupel_model_free(m);
    }
}

Test(bad_calls, samples_of_a_data_set)
{
    double before[16];
    read_weights(model, before);
    for (size_t i = 0; i < COUNT(bad_batches); i++) {
        const struct bad_batch *bad = &bad_batches[i];
        for (int wide = 0; wide < 2; wide++) {
            double x[12];
            int32_t y[4];
            cupel_dataset *data;
            cupel_history *history = NULL;
            double score = 7;
            float out[16];
            make_batch(bad, wide == 1, x, y);
            const cupel_arrays arrays = {.x = x,
                                         .y = y,
                                         .rows = 4,
                                         .x_type = wide ? CUPEL_FLOAT64 : CUPEL_FLOAT32,
                                         .y_type = CUPEL_INT32};
            cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
            refused(cupel_model_evaluate(model, data, 3, &score), CUPEL_ERROR_DATA, bad->words);
            cr_expect_eq(score, 7);
            refused(cupel_model_fit(model, data, NULL, &history), CUPEL_ERROR_DATA, bad->words);
            cr_assert_not_null(history);
            cr_expect_eq(cupel_history_epochs(history), 0);
            cr_expect_str_eq(cupel_history_reason(history), cupel_last_error());
            cupel_history_free(history);
            expect_as_before(model, before);
            const cupel_status status = cupel_model_predict_dataset(model, data, 3, out);
            if (bad->x_at >= 0)
                refused(status, CUPEL_ERROR_DATA, bad->words);
            else
                cr_expect_eq(status, CUPEL_OK, "%s", cupel_last_error());
            cupel_dataset_free(data);
        }
    }
}

/* A bad row of a view is named in the view and in the whole. */
Test(bad_calls, samples_of_a_view)
{
    float x[12];
    int32_t y[4];
    double score;
    cupel_dataset *all;
    cupel_dataset *first;
    cupel_dataset *last;
    make_batch(&bad_batches[2], false, x, y);
    const cupel_arrays arrays = {.x = x, .y = y, .rows = 4, .y_type = CUPEL_INT32};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &all), CUPEL_OK);
    cr_assert_eq(cupel_dataset_split(all, 0.5, &first, &last), CUPEL_OK);
    cr_expect_eq(cupel_model_evaluate(model, first, 0, &score), CUPEL_OK);
    refused(cupel_model_evaluate(model, last, 0, &score), CUPEL_ERROR_DATA, "x: row 1, column 1");
    refused(cupel_model_evaluate(model, last, 0, &score), CUPEL_ERROR_DATA,
            "row 2 of the data set");
    refused(cupel_model_fit(model, first, &(cupel_fit_config){.validation = last}, NULL),
            CUPEL_ERROR_DATA, "x: row 1, column 1");
    cupel_dataset_free(all);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
}

Test(bad_calls, targets_that_are_no_numbers)
{
    cupel_model *line = tiny_line(device, 0.5f, (cupel_compile_config){0});
    const float bad[4] = {0, 1, NAN, 1};
    double score;
    cupel_dataset *data;
    refused(cupel_model_train_batch(line, xs, bad, 4, NULL), CUPEL_ERROR_DATA,
            "y: row 2, column 0 is NaN");
    refused(cupel_model_gradients(line, xs, bad, 4, NULL), CUPEL_ERROR_DATA, "y: row 2, column 0");
    cr_expect_eq(tiny_weight(line), 0.5f);
    data = tiny_data(xs, bad, 4);
    refused(cupel_model_evaluate(line, data, 1, &score), CUPEL_ERROR_DATA, "y: row 2, column 0");
    refused(cupel_model_fit(line, data, NULL, NULL), CUPEL_ERROR_DATA, "y: row 2, column 0");
    cr_expect_eq(tiny_weight(line), 0.5f);
    cupel_dataset_free(data);
    /* Weights for fewer classes than the targets have. */
    const float targets[4] = {0, 1, 2, 1};
    const float weights[2] = {1, 2};
    const cupel_fit_config config = {.class_weight = weights, .classes = 2};
    data = tiny_data(xs, targets, 4);
    refused(cupel_model_fit(line, data, &config, NULL), CUPEL_ERROR_DATA,
            "row 2: the class is 2, but class_weight has weights for 0 to 1");
    cupel_dataset_free(data);
    cupel_model_free(line);
}

Test(bad_calls, fractions_of_a_data_set)
{
    const double wrong[] = {0, 1, -0.5, 1.5, NAN, INFINITY, 1 - 1e-9};
    cupel_dataset *data = tiny_data(xs, xs, 4);
    for (size_t i = 0; i < COUNT(wrong); i++) {
        cupel_dataset *first = data;
        cupel_dataset *last = data;
        refused(cupel_dataset_split(data, wrong[i], &first, &last), CUPEL_ERROR_ARGUMENT,
                "cupel_dataset_split");
        cr_expect(first == NULL && last == NULL);
    }
    cupel_dataset_free(data);
}

/* What is legal, but more than there is. */
Test(bad_calls, more_than_memory)
{
    cupel_model_free(model);
    cupel_device_close(device);
    fault_memory_install();
    fault_memory_limit(1 << 20);
    device = tiny_device();
    cupel_tensor *tensor = (cupel_tensor *)(void *)&tensor;
    refused(cupel_tensor_create(device, CUPEL_FLOAT32, CUPEL_SHAPE(1 << 20), &tensor),
            CUPEL_ERROR_MEMORY, "bytes were asked for");
    cr_expect_null(tensor);
    cupel_model *large = fresh(CUPEL_SHAPE(1000));
    double out[4];
    cr_assert_eq(cupel_model_add(large, CUPEL_DENSE(1000)), CUPEL_OK);
    refused(cupel_model_compile(large, &sparse), CUPEL_ERROR_MEMORY, "bytes");
    refused(cupel_parameter_read(large, 0, CUPEL_VALUE, out), CUPEL_ERROR_MEMORY, "bytes");
    refused(cupel_parameter_write(large, 0, out), CUPEL_ERROR_MEMORY, "bytes");
    cupel_model_free(large);
    model = classifier(CUPEL_PRECISION_FLOAT32);
    /* A batch that finds no memory leaves the model as it was, for smaller ones. */
    static float many[3 << 16];
    static int32_t many_labels[1 << 16];
    double before[16];
    cr_assert_eq(cupel_model_train_batch(model, xs, labels, 4, NULL), CUPEL_OK);
    read_weights(model, before);
    refused(cupel_model_train_batch(model, many, many_labels, 1 << 16, NULL), CUPEL_ERROR_MEMORY,
            "bytes");
    expect_as_before(model, before);
    cr_expect_eq(cupel_model_train_batch(model, xs, labels, 4, NULL), CUPEL_OK);
    cupel_model_free(model);
    cupel_device_close(device);
    cr_expect_eq(fault_memory_blocks(), 0);
    fault_memory_remove();
    device = NULL;
    model = NULL;
}
