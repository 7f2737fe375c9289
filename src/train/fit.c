/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The training loop. */
#include "base/shape.h"
#include "train/callback_type.h"
#include "train/evaluate.h"
#include "train/fit_plan.h"
#include "train/progress.h"
#include <inttypes.h>

typedef struct fit {
    cupel_model *model;
    cupel_fit_plan plan;
    cupel_history *history;
    cupel_callbacks callbacks;
    cupel_progress progress;
    cupel_input *train;
    cupel_input *validation; /* NULL for none */
    int64_t epoch;             /* from 0 */
    int64_t step;              /* steps done in this epoch */
    int64_t total;             /* steps done in all */
    double values[CUPEL_MAX_SERIES];
} fit;

/* Shows an event with the first count of the values. */
static cupel_status show(fit *f, cupel_when when, int64_t count)
{
    const cupel_event event = {
        .when = when,
        .epoch = f->epoch,
        .step = when == CUPEL_WHEN_STEP_END ? f->step : f->total,
        .model = f->model,
        .names = count > 0 ? f->history->names : NULL,
        .values = count > 0 ? f->values : NULL,
        .count = count,
    };
    return cupel_callbacks_event(&f->callbacks, &event);
}

static cupel_status check_stop(const fit *f)
{
    CUPEL_FAIL_IF(f->model->stop, CUPEL_ERROR_STOPPED,
                  "cupel_model_fit: stopped by cupel_request_stop after step %" PRId64
                  " of epoch %" PRId64,
                  f->step, f->epoch + 1);
    return CUPEL_OK;
}

/* What happens every few steps. Callbacks get the results of this very step, for which the device is
 * waited for; the progress bar takes what has arrived of the steps before. */
static cupel_status look(fit *f)
{
    cupel_program *program = f->model->program;
    const bool redraw = cupel_progress_due(&f->progress);
    int64_t seen = 0;
    if (f->callbacks.steps)
        CUPEL_TRY(cupel_program_means(program, f->values, &seen));
    else if (redraw)
        CUPEL_TRY(cupel_program_glance(program, f->values, &seen));
    if (redraw && seen > 0) {
        const cupel_progress_values shown = {f->history->names, f->values, f->history->reported};
        cupel_progress_step(&f->progress, seen, &shown);
    }
    return f->callbacks.steps ? show(f, CUPEL_WHEN_STEP_END, f->history->reported) : CUPEL_OK;
}

/* Every step of an epoch, or those before a callback ended the fit. */
static cupel_status train_epoch(fit *f)
{
    const int64_t every = f->plan.config.steps_per_execution;
    CUPEL_TRY(cupel_input_start(f->train, (uint64_t)f->epoch));
    CUPEL_TRY(cupel_program_reset_sums(f->model->program));
    while (!f->callbacks.ended) {
        int64_t steps = 0;
        CUPEL_TRY(cupel_input_run(f->train, every - f->step % every, &steps));
        if (steps == 0) break;
        f->step += steps;
        f->total += steps;
        if (f->step % every == 0 || f->step == f->plan.steps) CUPEL_TRY(look(f));
        CUPEL_TRY(check_stop(f));
    }
    return CUPEL_OK;
}

/* The values of a whole epoch, into the record and before the callbacks. */
static cupel_status end_epoch(fit *f)
{
    cupel_program *program = f->model->program;
    cupel_history *history = f->history;
    int64_t seen = 0;
    CUPEL_TRY(cupel_program_means(program, f->values, &seen));
    cupel_progress_trained(&f->progress);
    if (f->validation != NULL) {
        CUPEL_TRY(cupel_evaluate_run(f->model, f->validation, true,
                                     f->values + history->reported));
    }
    f->values[history->series - 1] = cupel_program_learning_rate(program);
    CUPEL_TRY(cupel_history_record(history, f->values));
    const cupel_progress_values shown = {history->names, f->values, history->series - 1};
    cupel_progress_epoch_end(&f->progress, &shown);
    CUPEL_TRY(show(f, CUPEL_WHEN_EPOCH_END, history->series));
    return check_stop(f);
}

/* All epochs, or those before a callback ended the fit. */
static cupel_status run(fit *f)
{
    const cupel_fit_config *config = &f->plan.config;
    CUPEL_TRY(show(f, CUPEL_WHEN_FIT_BEGIN, 0));
    for (int64_t epoch = config->initial_epoch; epoch < config->epochs; epoch++) {
        f->epoch = epoch;
        f->step = 0;
        CUPEL_TRY(show(f, CUPEL_WHEN_EPOCH_BEGIN, 0));
        cupel_progress_epoch(&f->progress, f->epoch);
        CUPEL_TRY(train_epoch(f));
        if (f->callbacks.ended) break;
        CUPEL_TRY(end_epoch(f));
        if (f->callbacks.ended) break;
    }
    cupel_history_end(f->history, "all epochs done");
    return CUPEL_OK;
}

static cupel_status open_train(fit *f)
{
    const cupel_fit_config *config = &f->plan.config;
    cupel_batches_config batches = {
        .data = f->plan.train,
        .x_count = cupel_shape_count(cupel_network_input(&f->model->network)),
        .batch = config->batch_size,
        .with_y = true,
        .class_weight = config->class_weight,
        .class_weights = config->classes,
        .shuffle = !config->no_shuffle,
        .seed = f->model->seed,
    };
    batches.labels = cupel_model_target_labels(f->model, &batches.classes);
    return cupel_input_open(f->model->program, CUPEL_SEGMENT_STEP_REPORT, &batches, config->input,
                            &f->train);
}

/* Everything that can be wrong before the first step. Nothing has been replaced yet. */
static cupel_status prepare(fit *f, const cupel_dataset *data, const cupel_fit_config *config)
{
    CUPEL_TRY(cupel_model_trainable(f->model, "cupel_model_fit"));
    CUPEL_TRY(cupel_fit_plan_make(f->model, data, config, &f->plan));
    const cupel_fit_config *filled = &f->plan.config;
    f->epoch = filled->initial_epoch;
    CUPEL_TRY(cupel_history_create(&f->model->program->settings, f->plan.validation != NULL,
                                   f->epoch, &f->history));
    CUPEL_TRY(cupel_callbacks_check(filled->callbacks, f->history));
    CUPEL_TRY(open_train(f));
    if (f->plan.validation != NULL) {
        /* What does not fit beside the training data is streamed. */
        const bool stream = filled->input == CUPEL_INPUT_STREAM;
        CUPEL_TRY(cupel_evaluate_open(f->model, f->plan.validation, filled->batch_size,
                                      stream ? CUPEL_INPUT_STREAM : CUPEL_INPUT_AUTO,
                                      &f->validation));
    }
    CUPEL_TRY(cupel_callbacks_open(&f->callbacks, f->model, f->history, filled->callbacks));
    cupel_progress_init(&f->progress, filled->progress, filled->epochs, f->plan.train->rows);
    return CUPEL_OK;
}

/* Ends what run has begun. The callbacks see the end of a fit that has not failed. */
static cupel_status finish(fit *f, cupel_status status)
{
    char text[CUPEL_ERROR_TEXT] = "";
    if (status != CUPEL_OK) cupel_error_take(text);
    cupel_progress_end(&f->progress);
    f->callbacks.stopped = status == CUPEL_ERROR_STOPPED;
    if ((status == CUPEL_OK || f->callbacks.stopped) && !f->callbacks.lost) {
        const cupel_status end = show(f, CUPEL_WHEN_FIT_END, 0);
        if (end != CUPEL_OK && (status == CUPEL_OK || end != CUPEL_ERROR_STOPPED)) {
            status = end;
            cupel_error_take(text);
        }
    }
    const cupel_status closed = cupel_callbacks_close(&f->callbacks);
    if (status == CUPEL_OK && closed != CUPEL_OK) {
        status = closed;
        cupel_error_take(text);
    }
    if (status == CUPEL_OK) return CUPEL_OK;
    cupel_history_end(f->history, "%s", text);
    return cupel_fail(status, "%s", text);
}

cupel_status cupel_model_fit(cupel_model *model, const cupel_dataset *data,
                             const cupel_fit_config *config, cupel_history **history)
{
    if (history != NULL) *history = NULL;
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(data);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    /* A request before fit is forgotten; one that a callback has made is not the callback's to forget. */
    if (!model->fitting) model->stop = false;
    fit f = {.model = model};
    cupel_status status = prepare(&f, data, config);
    if (status == CUPEL_OK) {
        model->fitting = true;
        status = finish(&f, run(&f));
        model->fitting = false;
        if (history != NULL) {
            *history = f.history;
            f.history = NULL;
        }
    }
    cupel_input_close(f.train);
    cupel_input_close(f.validation);
    cupel_fit_plan_free(&f.plan);
    cupel_history_free(f.history);
    if (!f.callbacks.lost) cupel_model_leave(model);
    return status;
}
