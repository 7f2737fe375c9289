/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checking a compile config and filling in its defaults. */
#include "base/shape.h"
#include "program/program.h"
#include "schedules/schedule.h"

static cupel_status resolve_loss(const cupel_compile_config *config, const cupel_network *network,
                                 cupel_settings *s)
{
    s->loss = cupel_loss_type_of(config->loss);
    CUPEL_FAIL_IF(s->loss == NULL, CUPEL_ERROR_ARGUMENT, "compile: .loss %d is none of cupel_loss",
                  (int)config->loss);
    CUPEL_FAIL_IF(config->from_logits && !s->loss->takes_logits, CUPEL_ERROR_ARGUMENT,
                  "compile: .from_logits has no meaning for the loss %s", s->loss->name);
    CUPEL_FAIL_IF(config->label_smoothing != 0 && !s->loss->takes_smoothing, CUPEL_ERROR_ARGUMENT,
                  "compile: .label_smoothing has no meaning for the loss %s", s->loss->name);
    CUPEL_FAIL_IF(!(config->label_smoothing >= 0 && config->label_smoothing <= 1),
                  CUPEL_ERROR_ARGUMENT, "compile: .label_smoothing is %g, expected 0 to 1",
                  config->label_smoothing);
    const cupel_shape *output = cupel_network_output(network);
    char text[CUPEL_SHAPE_TEXT];
    CUPEL_FAIL_IF(cupel_shape_last(output) < s->loss->least, CUPEL_ERROR_SHAPE,
                  "compile: the loss %s needs at least %lld outputs along the last axis, the model's "
                  "output is %s",
                  s->loss->name, (long long)s->loss->least, cupel_shape_text(output, text));
    s->from_logits = config->from_logits;
    s->label_smoothing = config->label_smoothing;
    return CUPEL_OK;
}

static cupel_status resolve_metrics(const cupel_compile_config *config, cupel_settings *s)
{
    for (int64_t i = 0; i < CUPEL_MAX_METRICS && config->metrics[i] != CUPEL_METRIC_NONE; i++) {
        const cupel_metric_type *metric = cupel_metric_type_of(config->metrics[i]);
        CUPEL_FAIL_IF(metric == NULL, CUPEL_ERROR_ARGUMENT,
                      "compile: .metrics[%lld] is %d, which is none of cupel_metric", (long long)i,
                      (int)config->metrics[i]);
        CUPEL_FAIL_IF(s->loss == NULL, CUPEL_ERROR_ARGUMENT,
                      "compile: the metric %s needs a loss, which says what the targets are",
                      metric->name);
        CUPEL_FAIL_IF(s->loss->labels && !metric->takes_labels, CUPEL_ERROR_ARGUMENT,
                      "compile: the metric %s does not work with the class numbers of the loss %s",
                      metric->name, s->loss->name);
        for (int64_t j = 0; j < i; j++) {
            CUPEL_FAIL_IF(s->metrics[j] == metric, CUPEL_ERROR_ARGUMENT,
                          "compile: the metric %s is given twice", metric->name);
        }
        s->metrics[i] = metric;
        s->metric_count = i + 1;
    }
    return CUPEL_OK;
}

/* A model for inference only has no use for what training takes. */
static cupel_status check_inference(const cupel_compile_config *config)
{
    const cupel_optimizer *o = &config->optimizer;
    CUPEL_FAIL_IF(config->from_logits || config->label_smoothing != 0, CUPEL_ERROR_ARGUMENT,
                  "compile: %s is given without a loss",
                  config->from_logits ? ".from_logits" : ".label_smoothing");
    CUPEL_FAIL_IF(o->learning_rate != 0 || o->momentum != 0 || o->nesterov || o->beta_1 != 0 ||
                      o->beta_2 != 0 || o->epsilon != 0 || o->amsgrad || o->weight_decay != 0 ||
                      o->clipvalue != 0 || o->clipnorm != 0 || o->global_clipnorm != 0 ||
                      o->schedule.kind != CUPEL_SCHEDULE_NONE,
                  CUPEL_ERROR_ARGUMENT, "compile: a field of .optimizer is set, but its .kind is not");
    return cupel_schedule_check(&o->schedule);
}

/* A device without a less precise kind computes in float32. */
static cupel_status resolve_precision(const cupel_device *device, cupel_settings *s)
{
    const unsigned known = device->backend->precisions;
    CUPEL_FAIL_IF(s->asked == CUPEL_PRECISION_FLOAT64 && !(known & 1U << CUPEL_PRECISION_FLOAT64),
                  CUPEL_ERROR_UNSUPPORTED, "compile: the device \"%s\" does not compute in float64",
                  device->name);
    s->precision = known & 1U << s->asked ? s->asked : CUPEL_PRECISION_FLOAT32;
    return CUPEL_OK;
}

cupel_status cupel_settings_resolve(const cupel_compile_config *config, const cupel_network *network,
                                    const cupel_device *device, cupel_settings *settings)
{
    cupel_settings s = {0};
    CUPEL_FAIL_IF((unsigned)config->flavour > CUPEL_TORCH, CUPEL_ERROR_ARGUMENT,
                  "compile: .flavour %d is none of cupel_flavour", (int)config->flavour);
    CUPEL_FAIL_IF((unsigned)config->precision > CUPEL_PRECISION_FLOAT64, CUPEL_ERROR_ARGUMENT,
                  "compile: .precision %d is none of cupel_precision", (int)config->precision);
    s.flavour = config->flavour;
    s.asked = config->precision;
    CUPEL_TRY(resolve_precision(device, &s));

    const bool has_loss = config->loss != CUPEL_LOSS_NONE;
    const bool has_optimizer = config->optimizer.kind != CUPEL_OPTIMIZER_NONE;
    CUPEL_FAIL_IF(has_loss != has_optimizer, CUPEL_ERROR_ARGUMENT,
                  "compile: %s is given without %s; training needs both, inference neither",
                  has_loss ? ".loss" : ".optimizer", has_loss ? ".optimizer" : ".loss");
    if (has_loss) {
        CUPEL_FAIL_IF(network->parameter_count == 0, CUPEL_ERROR_STATE,
                      "compile: the model has no layer with parameters, so there is nothing to train");
        CUPEL_TRY(resolve_loss(config, network, &s));
        s.optimizer_type = cupel_optimizer_type_of(config->optimizer.kind);
        CUPEL_TRY(cupel_optimizer_resolve(&config->optimizer, config->flavour, &s.optimizer));
    } else {
        CUPEL_TRY(check_inference(config));
    }
    CUPEL_TRY(resolve_metrics(config, &s));
    *settings = s;
    return CUPEL_OK;
}
