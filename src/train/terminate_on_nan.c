/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ends a fit whose loss is no number any more. */
#include "train/callback_type.h"

#include <inttypes.h>
#include <math.h>

/* The loss is the running mean of the epoch, which a single step that is not finite spoils for
 * good: none of them escapes, however rarely the results are looked at. */
static cupel_status terminate_event(cupel_callback_run *run, const cupel_event *event)
{
    if (event->when != CUPEL_WHEN_STEP_END || isfinite(event->values[0])) return CUPEL_OK;
    run->callbacks->ended = true;
    cupel_history_end(run->callbacks->history,
                      "terminate on NaN: the loss is %s after step %" PRId64 " of epoch %" PRId64,
                      isnan(event->values[0]) ? "NaN" : "infinite", event->step, event->epoch + 1);
    return CUPEL_OK;
}

const cupel_callback_type cupel_callback_terminate_on_nan = {
    .name = "terminate on NaN",
    .steps = true,
    .event = terminate_event,
};
