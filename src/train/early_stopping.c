/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ends a fit when a series no longer improves; can go back to the weights of the best epoch. */
#include "train/callback_type.h"

#include "base/memory.h"
#include "base/number.h"
#include "program/model.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>

typedef struct early_stopping {
    int64_t series;
    bool higher_better;
    bool have_best;
    double best;
    int64_t best_epoch;
    int64_t wait;  /* epochs since then */
    void *weights; /* of the best epoch, as the program has them; NULL without restore_best */
    bool have_weights;
} early_stopping;

static const char *monitor_of(const cupel_callback *config)
{
    return config->monitor == NULL ? "val_loss" : config->monitor;
}

static cupel_status early_stopping_check(const cupel_callback *config, const cupel_history *history)
{
    CUPEL_FAIL_IF(config->patience < 0, CUPEL_ERROR_ARGUMENT,
                  "early stopping: .patience is %" PRId64 ", must be at least 0", config->patience);
    CUPEL_FAIL_IF(config->start_from_epoch < 0, CUPEL_ERROR_ARGUMENT,
                  "early stopping: .start_from_epoch is %" PRId64 ", must be at least 0",
                  config->start_from_epoch);
    CUPEL_FAIL_IF(!(config->min_delta >= 0) || isinf(config->min_delta), CUPEL_ERROR_ARGUMENT,
                  "early stopping: .min_delta is %g, must be a finite number of at least 0",
                  config->min_delta);
    const char *monitor = monitor_of(config);
    const int64_t series = cupel_history_find(history, monitor);
    char list[CUPEL_SERIES_LIST];
    /* A val_ name that only lacks its data is the likeliest mistake, so it gets its own words. */
    const bool validation = history->series > history->reported + 1;
    CUPEL_FAIL_IF(series < 0 && !validation && strncmp(monitor, "val_", 4) == 0,
                  CUPEL_ERROR_ARGUMENT,
                  "early stopping: .monitor is \"%s\" but fit has no validation data; there are %s",
                  monitor, cupel_history_list(history, list));
    CUPEL_FAIL_IF(series < 0, CUPEL_ERROR_ARGUMENT,
                  "early stopping: .monitor is \"%s\", which is none of the series of this fit: %s",
                  monitor, cupel_history_list(history, list));
    CUPEL_FAIL_IF(
        strcmp(monitor, "learning_rate") == 0, CUPEL_ERROR_ARGUMENT,
        "early stopping: .monitor is \"learning_rate\", which is neither better when it is "
        "higher nor when it is lower");
    return CUPEL_OK;
}

static cupel_status early_stopping_open(cupel_callback_run *run)
{
    early_stopping *state = run->state;
    const cupel_history *history = run->callbacks->history;
    state->series = cupel_history_find(history, monitor_of(run->config));
    state->higher_better = history->higher_better[state->series];
    if (!run->config->restore_best) return CUPEL_OK;
    /* Taken now, so that no epoch can fail for want of memory. */
    const cupel_program *program = run->callbacks->model->program;
    state->weights = cupel_alloc_raw(program->network->elements, (size_t)program->acc_size);
    return state->weights == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
}

static cupel_status keep_weights(early_stopping *state, cupel_model *model)
{
    if (state->weights == NULL) return CUPEL_OK;
    CUPEL_TRY(cupel_program_read_all(model->program, CUPEL_HOME_WEIGHTS, state->weights));
    state->have_weights = true;
    return CUPEL_OK;
}

/* The first value always improves. So does every number on a NaN, which would otherwise stay the
 * best of all, as no comparison with it holds. */
static bool improves(const early_stopping *state, double value, double min_delta)
{
    if (!state->have_best) return true;
    if (isnan(state->best)) return !isnan(value);
    return state->higher_better ? value - min_delta > state->best : value + min_delta < state->best;
}

static cupel_status epoch_end(cupel_callback_run *run, const cupel_event *event)
{
    early_stopping *state = run->state;
    cupel_history *history = run->callbacks->history;
    const double value = event->values[state->series];
    if (event->epoch < run->config->start_from_epoch) return CUPEL_OK;
    state->wait++;
    if (improves(state, value, run->config->min_delta)) {
        CUPEL_TRY(keep_weights(state, event->model));
        state->have_best = true;
        state->best = value;
        state->best_epoch = event->epoch;
        state->wait = 0;
        history->best = event->epoch - history->first_epoch;
        history->watched = state->series;
        return CUPEL_OK;
    }
    if (state->wait < run->config->patience || event->epoch == 0) return CUPEL_OK;
    char best[CUPEL_NUMBER_TEXT];
    run->callbacks->ended = true;
    cupel_history_end(history, "early stopping: %s has not improved since epoch %" PRId64 " (%s)",
                      monitor_of(run->config), state->best_epoch + 1,
                      cupel_format_double(state->best, 5, best));
    return CUPEL_OK;
}

static cupel_status early_stopping_event(cupel_callback_run *run, const cupel_event *event)
{
    const early_stopping *state = run->state;
    if (event->when == CUPEL_WHEN_EPOCH_END) return epoch_end(run, event);
    if (event->when == CUPEL_WHEN_FIT_END && state->have_weights && !run->callbacks->stopped) {
        return cupel_program_write_all(event->model->program, CUPEL_HOME_WEIGHTS, state->weights);
    }
    return CUPEL_OK;
}

static cupel_status early_stopping_close(cupel_callback_run *run)
{
    early_stopping *state = run->state;
    cupel_free(state->weights);
    return CUPEL_OK;
}

const cupel_callback_type cupel_callback_early_stopping = {
    .name = "early stopping",
    .fields = CUPEL_CALLBACK_MONITOR,
    .state = sizeof(early_stopping),
    .check = early_stopping_check,
    .open = early_stopping_open,
    .event = early_stopping_event,
    .close = early_stopping_close,
};
