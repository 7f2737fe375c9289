/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "core.h"
#include "program/program.h"
#include "tiny.h"

#include <math.h>

static cupel_device *device;
static cupel_network network;
static cupel_settings settings;

static void start(void)
{
    const cupel_shape input = CUPEL_SHAPE(4);
    device = tiny_device();
    ASSERT_OK(cupel_network_init(&network, &input));
    ASSERT_OK(cupel_network_add(&network, &CUPEL_DENSE(3)));
}

static void end(void)
{
    cupel_network_free(&network);
    cupel_device_close(device);
}

TestSuite(settings, .init = start, .fini = end);

static cupel_status resolve(cupel_compile_config config)
{
    return cupel_settings_resolve(&config, &network, device, &settings);
}

static const cupel_loss losses[] = {CUPEL_LOSS_MSE, CUPEL_LOSS_BINARY_CROSSENTROPY,
                                    CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                                    CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY};
static const char *const loss_names[] = {"mse", "binary_crossentropy", "categorical_crossentropy",
                                         "sparse_categorical_crossentropy"};

Test(settings, losses)
{
    for (int i = 0; i < 4; i++) {
        ASSERT_OK(resolve((cupel_compile_config){.loss = losses[i], .optimizer = CUPEL_SGD(0)}));
        cr_assert_not_null(settings.loss);
        cr_expect_str_eq(settings.loss->name, loss_names[i]);
        cr_expect_eq(settings.loss->labels, i == 3);
        cr_expect_eq(settings.optimizer.learning_rate, 0.01, "defaults are filled in");
        cr_expect_str_eq(settings.optimizer_type->name, "sgd");
        cr_expect(!settings.from_logits && settings.label_smoothing == 0);
    }
    const int others[] = {-1, 2, 3, 7, 99};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        EXPECT_ERROR(resolve((cupel_compile_config){.loss = (cupel_loss)others[i],
                                                    .optimizer = CUPEL_SGD(0)}),
                     CUPEL_ERROR_ARGUMENT, "is none of cupel_loss");
}

Test(settings, loss_and_optimizer_go_together)
{
    EXPECT_ERROR(resolve((cupel_compile_config){.loss = CUPEL_LOSS_MSE}), CUPEL_ERROR_ARGUMENT,
                 ".loss is given without .optimizer");
    EXPECT_ERROR(resolve((cupel_compile_config){.optimizer = CUPEL_SGD(0)}), CUPEL_ERROR_ARGUMENT,
                 ".optimizer is given without .loss");
    EXPECT_ERROR(resolve((cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                .optimizer.kind = (cupel_optimizer_kind)77}),
                 CUPEL_ERROR_ARGUMENT, "optimizer kind 77");
    ASSERT_OK(resolve((cupel_compile_config){0}));
    cr_expect(settings.loss == NULL && settings.optimizer_type == NULL);
}

/* What an inference model has no use for. */
Test(settings, inference_takes_no_field_of_training)
{
    EXPECT_ERROR(resolve((cupel_compile_config){.from_logits = true}), CUPEL_ERROR_ARGUMENT,
                 ".from_logits is given without a loss");
    EXPECT_ERROR(resolve((cupel_compile_config){.label_smoothing = 0.1}), CUPEL_ERROR_ARGUMENT,
                 ".label_smoothing is given without a loss");
    EXPECT_ERROR(resolve((cupel_compile_config){.metrics = {CUPEL_METRIC_ACCURACY}}),
                 CUPEL_ERROR_ARGUMENT, "the metric accuracy needs a loss");
    EXPECT_ERROR(resolve((cupel_compile_config){.optimizer.learning_rate = 0.1}),
                 CUPEL_ERROR_ARGUMENT, ".optimizer");
    EXPECT_ERROR(resolve((cupel_compile_config){.optimizer.schedule = CUPEL_COSINE(5)}),
                 CUPEL_ERROR_ARGUMENT, ".optimizer");
}

Test(settings, logits_and_smoothing_where_they_mean_something)
{
    for (int i = 0; i < 4; i++) {
        cupel_compile_config config = {
            .loss = losses[i], .optimizer = CUPEL_SGD(0), .from_logits = true};
        char sentence[120];
        if (i == 0) {
            EXPECT_ERROR(resolve(config), CUPEL_ERROR_ARGUMENT,
                         ".from_logits has no meaning for the loss mse");
        } else {
            ASSERT_OK(resolve(config));
            cr_expect(settings.from_logits);
        }
        config.from_logits = false;
        config.label_smoothing = 0.25;
        if (i == 0 || i == 3) {
            snprintf(sentence, sizeof sentence, ".label_smoothing has no meaning for the loss %s",
                     loss_names[i]);
            EXPECT_ERROR(resolve(config), CUPEL_ERROR_ARGUMENT, sentence);
            continue;
        }
        ASSERT_OK(resolve(config));
        cr_expect_eq(settings.label_smoothing, 0.25);
        const double wrong[] = {-0.1, 1.1, CUPEL_ZERO, (double)NAN, (double)INFINITY};
        for (int j = 0; j < 5; j++) {
            config.label_smoothing = wrong[j];
            EXPECT_ERROR(resolve(config), CUPEL_ERROR_ARGUMENT, ".label_smoothing is");
        }
        config.label_smoothing = 1;
        ASSERT_OK(resolve(config));
    }
}

static cupel_status with_metrics(cupel_loss loss, cupel_metric first, cupel_metric second)
{
    return resolve((cupel_compile_config){
        .loss = loss, .optimizer = CUPEL_SGD(0), .metrics = {first, second}});
}

Test(settings, metrics)
{
    ASSERT_OK(with_metrics(CUPEL_LOSS_MSE, CUPEL_METRIC_MAE, CUPEL_METRIC_ACCURACY));
    cr_assert_eq(settings.metric_count, 2);
    cr_expect_str_eq(settings.metrics[0]->name, "mae");
    cr_expect_str_eq(settings.metrics[1]->name, "accuracy");
    cr_expect(settings.metrics[1]->higher_better && !settings.metrics[0]->higher_better);
    ASSERT_OK(with_metrics(CUPEL_LOSS_MSE, CUPEL_METRIC_MSE, CUPEL_METRIC_NONE));
    cr_expect_str_eq(settings.metrics[0]->name, "mse");
    /* The list ends at its first NONE. */
    ASSERT_OK(with_metrics(CUPEL_LOSS_MSE, CUPEL_METRIC_NONE, (cupel_metric)99));
    cr_expect_eq(settings.metric_count, 0);
    EXPECT_ERROR(with_metrics(CUPEL_LOSS_MSE, CUPEL_METRIC_MAE, CUPEL_METRIC_MAE),
                 CUPEL_ERROR_ARGUMENT, "the metric mae is given twice");
    EXPECT_ERROR(with_metrics(CUPEL_LOSS_MSE, CUPEL_METRIC_MAE, (cupel_metric)2),
                 CUPEL_ERROR_ARGUMENT, ".metrics[1] is 2");
    EXPECT_ERROR(with_metrics(CUPEL_LOSS_MSE, (cupel_metric)-1, CUPEL_METRIC_MAE),
                 CUPEL_ERROR_ARGUMENT, ".metrics[0] is -1");
    const cupel_loss sparse = CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
    ASSERT_OK(with_metrics(sparse, CUPEL_METRIC_ACCURACY, CUPEL_METRIC_NONE));
    EXPECT_ERROR(with_metrics(sparse, CUPEL_METRIC_ACCURACY, CUPEL_METRIC_MSE),
                 CUPEL_ERROR_ARGUMENT, "the metric mse does not work with the class numbers");
    EXPECT_ERROR(with_metrics(sparse, CUPEL_METRIC_MAE, CUPEL_METRIC_NONE), CUPEL_ERROR_ARGUMENT,
                 "the metric mae does not work with the class numbers");
}

Test(settings, precisions)
{
    for (int i = 0; i < 4; i++) {
        ASSERT_OK(resolve((cupel_compile_config){.precision = (cupel_precision)i}));
        cr_expect_eq(settings.asked, (cupel_precision)i);
        cr_expect_eq(settings.precision, i == CUPEL_PRECISION_FLOAT64 ? CUPEL_PRECISION_FLOAT64
                                                                      : CUPEL_PRECISION_FLOAT32);
    }
    EXPECT_ERROR(resolve((cupel_compile_config){.precision = (cupel_precision)4}),
                 CUPEL_ERROR_ARGUMENT, ".precision 4 is none of cupel_precision");
    EXPECT_ERROR(resolve((cupel_compile_config){.precision = (cupel_precision)-1}),
                 CUPEL_ERROR_ARGUMENT, ".precision -1 is none of cupel_precision");
}

Test(settings, flavours)
{
    ASSERT_OK(resolve((cupel_compile_config){
        .flavour = CUPEL_TORCH, .loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_ADAM(0)}));
    cr_expect(settings.flavour == CUPEL_TORCH && settings.optimizer.epsilon == 1e-8);
    EXPECT_ERROR(resolve((cupel_compile_config){.flavour = (cupel_flavour)2}), CUPEL_ERROR_ARGUMENT,
                 ".flavour 2 is none of cupel_flavour");
    EXPECT_ERROR(resolve((cupel_compile_config){.flavour = (cupel_flavour)-1}),
                 CUPEL_ERROR_ARGUMENT, ".flavour -1 is none of cupel_flavour");
}

/* A failure leaves what was there. */
Test(settings, a_failure_changes_nothing)
{
    ASSERT_OK(resolve((cupel_compile_config){.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_ADAM(0)}));
    const cupel_settings before = settings;
    cr_expect_neq(with_metrics(CUPEL_LOSS_BINARY_CROSSENTROPY, CUPEL_METRIC_MAE, CUPEL_METRIC_MAE),
                  CUPEL_OK);
    cr_expect(memcmp(&settings, &before, sizeof settings) == 0);
}

Test(settings, classes_need_outputs)
{
    cupel_network one;
    const cupel_shape input = CUPEL_SHAPE(4);
    ASSERT_OK(cupel_network_init(&one, &input));
    ASSERT_OK(cupel_network_add(&one, &CUPEL_DENSE(1)));
    for (int i = 0; i < 4; i++) {
        const cupel_compile_config config = {.loss = losses[i], .optimizer = CUPEL_SGD(0)};
        if (i < 2)
            ASSERT_OK(cupel_settings_resolve(&config, &one, device, &settings));
        else
            EXPECT_ERROR(cupel_settings_resolve(&config, &one, device, &settings),
                         CUPEL_ERROR_SHAPE,
                         "needs at least 2 outputs along the last axis, the model's output is (1)");
    }
    cupel_network_free(&one);
}

Test(settings, nothing_to_train)
{
    cupel_network empty;
    const cupel_shape input = CUPEL_SHAPE(4);
    ASSERT_OK(cupel_network_init(&empty, &input));
    ASSERT_OK(cupel_network_add(&empty, &CUPEL_ACTIVATION(CUPEL_TANH)));
    const cupel_compile_config config = {.loss = CUPEL_LOSS_MSE, .optimizer = CUPEL_SGD(0)};
    EXPECT_ERROR(cupel_settings_resolve(&config, &empty, device, &settings), CUPEL_ERROR_STATE,
                 "nothing to train");
    ASSERT_OK(cupel_settings_resolve(&(cupel_compile_config){0}, &empty, device, &settings));
    cupel_network_free(&empty);
}
