/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The record of a fit. */
#include "train/history.h"

#include "base/memory.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void add_series(cupel_history *history, const char *prefix, const char *name,
                       bool higher_better)
{
    char *text = history->text[history->series];
    snprintf(text, CUPEL_SERIES_NAME, "%s%s", prefix, name);
    history->names[history->series] = text;
    history->higher_better[history->series] = higher_better;
    history->series++;
}

static void add_reported(cupel_history *history, const cupel_settings *settings, const char *prefix)
{
    add_series(history, prefix, "loss", false);
    for (int64_t i = 0; i < settings->metric_count; i++) {
        add_series(history, prefix, settings->metrics[i]->name,
                   settings->metrics[i]->higher_better);
    }
}

/* Takes room for more epochs. Nothing has changed on failure. */
static cupel_status reserve(cupel_history *history, int64_t room)
{
    double *values = cupel_alloc(history->series * room, sizeof *values);
    if (values == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < history->series && history->epochs > 0; i++) {
        memcpy(values + i * room, cupel_history_row(history, i),
               (size_t)history->epochs * sizeof *values);
    }
    cupel_free(history->values);
    history->values = values;
    history->room = room;
    return CUPEL_OK;
}

cupel_status cupel_history_create(const cupel_settings *settings, bool validation,
                                  int64_t first_epoch, cupel_history **history)
{
    *history = NULL;
    cupel_history *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    add_reported(made, settings, "");
    made->reported = made->series;
    if (validation) add_reported(made, settings, "val_");
    add_series(made, "", "learning_rate", false);
    made->first_epoch = first_epoch;
    made->best = -1;
    if (reserve(made, 16) != CUPEL_OK) {
        cupel_free(made);
        return CUPEL_ERROR_MEMORY;
    }
    cupel_handle_opened();
    *history = made;
    return CUPEL_OK;
}

cupel_status cupel_history_record(cupel_history *history, const double *values)
{
    if (history->epochs == history->room) CUPEL_TRY(reserve(history, 2 * history->room));
    for (int64_t i = 0; i < history->series; i++) {
        history->values[i * history->room + history->epochs] = values[i];
    }
    history->epochs++;
    return CUPEL_OK;
}

int64_t cupel_history_find(const cupel_history *history, const char *name)
{
    for (int64_t i = 0; i < history->series; i++) {
        if (strcmp(history->names[i], name) == 0) return i;
    }
    return -1;
}

char *cupel_history_list(const cupel_history *history, char text[CUPEL_SERIES_LIST])
{
    size_t length = 0;
    text[0] = '\0';
    for (int64_t i = 0; i < history->series && length < CUPEL_SERIES_LIST; i++) {
        length += (size_t)snprintf(text + length, CUPEL_SERIES_LIST - length, "%s%s",
                                   i == 0 ? "" : ", ", history->names[i]);
    }
    return text;
}

const double *cupel_history_row(const cupel_history *history, int64_t index)
{
    return history->values + index * history->room;
}

void cupel_history_end(cupel_history *history, const char *format, ...)
{
    if (history->reason[0] != '\0') return;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(history->reason, sizeof history->reason, format, arguments);
    va_end(arguments);
}

int64_t cupel_history_epochs(const cupel_history *history)
{
    return history == NULL ? 0 : history->epochs;
}

cupel_status cupel_history_series(const cupel_history *history, const char *name,
                                  const double **values)
{
    CUPEL_REQUIRE(values);
    *values = NULL;
    CUPEL_REQUIRE(history);
    CUPEL_REQUIRE(name);
    const int64_t index = cupel_history_find(history, name);
    if (index < 0) {
        char list[CUPEL_SERIES_LIST];
        return cupel_fail(CUPEL_ERROR_ARGUMENT, "history: there is no series \"%s\", only %s", name,
                          cupel_history_list(history, list));
    }
    *values = cupel_history_row(history, index);
    return CUPEL_OK;
}

const char *cupel_history_reason(const cupel_history *history)
{
    return history == NULL ? "" : history->reason;
}

void cupel_history_free(cupel_history *history)
{
    if (history == NULL) return;
    cupel_free(history->values);
    cupel_free(history);
    cupel_handle_closed();
}
