/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls a function of the caller's. */
#include "train/callback_type.h"

#include "program/model.h"
#include <inttypes.h>
#include <string.h>

static cupel_status function_check(const cupel_callback *config, const cupel_history *history)
{
    (void)history;
    CUPEL_FAIL_IF(config->function == NULL, CUPEL_ERROR_ARGUMENT,
                  "fit: a callback of kind CUPEL_CALLBACK_FUNCTION has no .function");
    return CUPEL_OK;
}

/* Names the callback; before holds the last error from before the call, so that a sentence that the
 * function's own calls left is passed on. */
static cupel_status failed(const cupel_event *event, cupel_status status,
                           const char before[CUPEL_ERROR_TEXT])
{
    static const char *const when[] = {"before the first epoch", "at the beginning of the epoch",
                                       "after a step", "at the end of the epoch",
                                       "after the last epoch"};
    char own[CUPEL_ERROR_TEXT];
    cupel_error_take(own);
    const bool said = strcmp(own, before) != 0;
    return cupel_fail(
        status, "fit: the callback's function returned %s (%d) in epoch %" PRId64 ", %s%s%.300s",
        cupel_status_name(status), (int)status, event->epoch + 1, when[event->when],
        said ? ": " : "", said ? own : "");
}

/* The model is the function's while it runs: it may predict, evaluate, save, read and write. */
static cupel_status function_event(cupel_callback_run *run, const cupel_event *event)
{
    char before[CUPEL_ERROR_TEXT];
    cupel_error_take(before);
    cupel_model_leave(event->model);
    const cupel_status status = run->config->function(run->config->user, event);
    const cupel_status again = cupel_model_enter(event->model, "cupel_model_fit");
    run->callbacks->lost = again != CUPEL_OK;
    if (run->callbacks->lost) return again;
    return status == CUPEL_OK ? CUPEL_OK : failed(event, status, before);
}

const cupel_callback_type cupel_callback_user_function = {
    .name = "function",
    .fields = CUPEL_CALLBACK_CALL,
    .steps = true,
    .check = function_check,
    .event = function_event,
};
