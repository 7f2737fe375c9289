/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Checks the arguments of a fit. */
#include "train/fit_plan.h"

#include "base/number.h"
#include "base/shape.h"
#include "train/evaluate.h"
#include "train/input.h"
#include "train/match.h"
#include <inttypes.h>
#include <math.h>

static cupel_status check_count(const char *field, int64_t value)
{
    CUPEL_FAIL_IF(value < 0, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .%s is %" PRId64 ", must not be negative", field, value);
    return CUPEL_OK;
}

/* The number of classes that the model's targets tell apart; 0 where they do not say. */
static int64_t target_classes(const cupel_model *model)
{
    int64_t classes = 0;
    if (cupel_model_target_labels(model, &classes)) return classes;
    return classes > 1 ? classes : 0;
}

static cupel_status check_class_weight(const cupel_model *model, const cupel_fit_config *config)
{
    CUPEL_TRY(check_count("classes", config->classes));
    CUPEL_FAIL_IF(config->class_weight == NULL && config->classes != 0, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .classes is %" PRId64 " without .class_weight",
                  config->classes);
    if (config->class_weight == NULL) return CUPEL_OK;
    CUPEL_FAIL_IF(config->classes < 1, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .classes is 0, but .class_weight needs their number");
    const int64_t wanted = target_classes(model);
    CUPEL_FAIL_IF(wanted != 0 && config->classes != wanted, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .classes is %" PRId64 ", but the model tells %" PRId64
                  " classes apart",
                  config->classes, wanted);
    for (int64_t i = 0; i < config->classes; i++) {
        CUPEL_FAIL_IF(!(config->class_weight[i] >= 0) || isinf(config->class_weight[i]),
                      CUPEL_ERROR_ARGUMENT,
                      "cupel_model_fit: .class_weight[%" PRId64
                      "] is negative or not finite, must be a number of at least 0",
                      i);
    }
    return CUPEL_OK;
}

static cupel_status check_config(const cupel_model *model, const cupel_fit_config *config)
{
    char number[CUPEL_NUMBER_TEXT];
    CUPEL_TRY(check_count("epochs", config->epochs));
    CUPEL_TRY(check_count("batch_size", config->batch_size));
    CUPEL_TRY(check_count("steps_per_execution", config->steps_per_execution));
    CUPEL_TRY(check_count("initial_epoch", config->initial_epoch));
    CUPEL_FAIL_IF(config->input > CUPEL_INPUT_RESIDENT, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .input is %d, which is none of cupel_fit_input",
                  (int)config->input);
    CUPEL_FAIL_IF(!(config->validation_split >= 0 && config->validation_split < 1),
                  CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .validation_split is %s, must be at least 0 and below 1",
                  cupel_format_double(config->validation_split, 9, number));
    CUPEL_FAIL_IF(
        config->validation_split > 0 && config->validation != NULL, CUPEL_ERROR_ARGUMENT,
        "cupel_model_fit: .validation and .validation_split are both set, at most one can "
        "be");
    return check_class_weight(model, config);
}

static cupel_status check_data(const cupel_model *model, const cupel_dataset *data,
                               const char *what)
{
    CUPEL_TRY(cupel_match_x(model, data, what));
    return cupel_match_y(model, data, what);
}

/* A data set is const to fit, but the two views count as its users. */
static cupel_status split(const cupel_dataset *data, double fraction, cupel_fit_plan *plan)
{
    cupel_dataset *first = NULL;
    cupel_dataset *last = NULL;
    CUPEL_TRY(cupel_dataset_split((cupel_dataset *)data, fraction, &first, &last));
    plan->train = first;
    plan->validation = last;
    return CUPEL_OK;
}

cupel_status cupel_fit_plan_make(const cupel_model *model, const cupel_dataset *data,
                                 const cupel_fit_config *config, cupel_fit_plan *plan)
{
    *plan = (cupel_fit_plan){0};
    if (config != NULL) plan->config = *config;
    cupel_fit_config *filled = &plan->config;
    CUPEL_TRY(check_config(model, filled));
    CUPEL_TRY(check_data(model, data, "cupel_model_fit: data"));
    CUPEL_FAIL_IF(filled->input == CUPEL_INPUT_RESIDENT && cupel_input_made(data),
                  CUPEL_ERROR_ARGUMENT,
                  "cupel_model_fit: .input is CUPEL_INPUT_RESIDENT, but a function makes the rows");
    if (filled->validation != NULL) {
        CUPEL_TRY(check_data(model, filled->validation, "cupel_model_fit: .validation"));
    }
    if (filled->epochs == 0) filled->epochs = 1;
    if (filled->batch_size == 0) filled->batch_size = CUPEL_DEFAULT_BATCH;
    if (filled->steps_per_execution == 0) filled->steps_per_execution = 1;
    if (filled->validation_split > 0) {
        CUPEL_TRY(split(data, filled->validation_split, plan));
    } else {
        plan->train = data;
        plan->validation = filled->validation;
        cupel_dataset_retain(data);
        if (plan->validation != NULL) cupel_dataset_retain(plan->validation);
    }
    plan->steps = (plan->train->rows - 1) / filled->batch_size + 1;
    return CUPEL_OK;
}

void cupel_fit_plan_free(cupel_fit_plan *plan)
{
    cupel_dataset_release(plan->train);
    cupel_dataset_release(plan->validation);
}
