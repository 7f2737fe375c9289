/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * evaluate and predict over data sets. */
#include "train/evaluate.h"

#include "base/shape.h"
#include "train/match.h"
#include <cupel/train.h>
#include <inttypes.h>
#include <string.h>

cupel_status cupel_evaluate_open(const cupel_model *model, const cupel_dataset *data, int64_t batch,
                                 cupel_fit_input how, cupel_input **input)
{
    cupel_batches_config config = {
        .data = data,
        .x_count = cupel_shape_count(cupel_network_input(&model->network)),
        .batch = batch,
        .with_y = true,
    };
    config.labels = cupel_model_target_labels(model, &config.classes);
    return cupel_input_open(model->program, CUPEL_SEGMENT_EVAL, &config, how, input);
}

cupel_status cupel_evaluate_run(cupel_model *model, cupel_input *input, bool stoppable,
                                double *means)
{
    CUPEL_TRY(cupel_program_reset_sums(model->program));
    CUPEL_TRY(cupel_input_start(input, 0));
    for (;;) {
        int64_t steps = 0;
        CUPEL_TRY(cupel_input_run(input, 1, &steps));
        if (steps == 0) break;
        CUPEL_FAIL_IF(stoppable && model->stop, CUPEL_ERROR_STOPPED,
                      "cupel_model_fit: stopped by cupel_request_stop during the validation");
    }
    int64_t seen = 0;
    return cupel_program_means(model->program, means, &seen);
}

static cupel_status check_batch(int64_t batch, const char *function)
{
    CUPEL_FAIL_IF(batch < 0, CUPEL_ERROR_ARGUMENT,
                  "%s: the batch size is %" PRId64 ", must be at least 1, or 0 for %d", function,
                  batch, CUPEL_DEFAULT_BATCH);
    return CUPEL_OK;
}

/* Keeps the sums of the epoch that a fit may be in the middle of. */
static cupel_status run_apart(cupel_model *model, cupel_input *input, double *means)
{
    cupel_control saved = {0};
    if (!model->fitting) return cupel_evaluate_run(model, input, false, means);
    CUPEL_TRY(cupel_program_save_sums(model->program, &saved));
    const cupel_status status = cupel_evaluate_run(model, input, false, means);
    const cupel_status restored = cupel_program_restore_sums(model->program, &saved);
    return status != CUPEL_OK ? status : restored;
}

static cupel_status evaluate(cupel_model *model, const cupel_dataset *data, int64_t batch,
                             double *score)
{
    CUPEL_FAIL_IF(model->program == NULL || model->program->settings.loss == NULL,
                  CUPEL_ERROR_STATE, "cupel_model_evaluate: the model is not compiled with a loss");
    CUPEL_TRY(cupel_match_x(model, data, "cupel_model_evaluate: data"));
    CUPEL_TRY(cupel_match_y(model, data, "cupel_model_evaluate: data"));
    double means[1 + CUPEL_MAX_METRICS];
    cupel_input *input = NULL;
    CUPEL_TRY(cupel_evaluate_open(model, data, batch == 0 ? CUPEL_DEFAULT_BATCH : batch,
                                  CUPEL_INPUT_AUTO, &input));
    const cupel_status status = run_apart(model, input, means);
    cupel_input_close(input);
    CUPEL_TRY(status);
    memcpy(score, means, (size_t)(1 + model->program->settings.metric_count) * sizeof *score);
    return CUPEL_OK;
}

cupel_status cupel_model_evaluate(cupel_model *model, const cupel_dataset *data, int64_t batch,
                                  double *score)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(data);
    CUPEL_REQUIRE(score);
    CUPEL_TRY(check_batch(batch, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = evaluate(model, data, batch, score);
    cupel_model_leave(model);
    return status;
}

static cupel_status predict_all(cupel_model *model, cupel_input *input, unsigned char *out)
{
    cupel_program *program = model->program;
    const int64_t row =
        cupel_shape_count(cupel_network_output(&model->network)) * program->acc_size;
    CUPEL_TRY(cupel_input_start(input, 0));
    for (;;) {
        int64_t steps = 0;
        CUPEL_TRY(cupel_input_run(input, 1, &steps));
        if (steps == 0) return CUPEL_OK;
        CUPEL_TRY(cupel_program_output(program, input->rows, out));
        out += input->rows * row;
    }
}

static cupel_status predict(cupel_model *model, const cupel_dataset *data, int64_t batch, void *out)
{
    CUPEL_TRY(cupel_model_ready(model));
    CUPEL_TRY(cupel_match_x(model, data, "cupel_model_predict_dataset: data"));
    const cupel_batches_config config = {
        .data = data,
        .x_count = cupel_shape_count(cupel_network_input(&model->network)),
        .batch = batch == 0 ? CUPEL_DEFAULT_BATCH : batch,
    };
    cupel_input *input = NULL;
    CUPEL_TRY(cupel_input_open(model->program, CUPEL_SEGMENT_PREDICT, &config, CUPEL_INPUT_AUTO,
                               &input));
    const cupel_status status = predict_all(model, input, out);
    cupel_input_close(input);
    return status;
}

cupel_status cupel_model_predict_dataset(cupel_model *model, const cupel_dataset *data,
                                         int64_t batch, void *out)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(data);
    CUPEL_REQUIRE(out);
    CUPEL_TRY(check_batch(batch, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = predict(model, data, batch, out);
    cupel_model_leave(model);
    return status;
}
