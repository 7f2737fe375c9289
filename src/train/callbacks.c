/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The list of callbacks of a fit. */
#include "train/callback_type.h"

#include "base/memory.h"

const cupel_callback_type *cupel_callback_type_of(cupel_callback_kind kind)
{
    switch (kind) {
#define CUPEL_CALLBACK_ROW(KIND, name) \
    case CUPEL_CALLBACK_##KIND:        \
        return &cupel_callback_##name;
#include "train/callbacks.def"
#undef CUPEL_CALLBACK_ROW
    case CUPEL_CALLBACK_NONE:
        break;
    }
    return NULL;
}

/* The first field that is set although the kind does not use it; NULL if there is none. */
static const char *stray_field(const cupel_callback *config, unsigned fields)
{
    const struct {
        unsigned field;
        bool set;
        const char *name;
    } all[] = {
        {CUPEL_CALLBACK_MONITOR, config->monitor != NULL, "monitor"},
        {CUPEL_CALLBACK_MONITOR, config->patience != 0, "patience"},
        {CUPEL_CALLBACK_MONITOR, config->min_delta != 0, "min_delta"},
        {CUPEL_CALLBACK_MONITOR, config->restore_best, "restore_best"},
        {CUPEL_CALLBACK_MONITOR, config->start_from_epoch != 0, "start_from_epoch"},
        {CUPEL_CALLBACK_FILE, config->path != NULL, "path"},
        {CUPEL_CALLBACK_FILE, config->append, "append"},
        {CUPEL_CALLBACK_CALL, config->function != NULL, "function"},
        {CUPEL_CALLBACK_CALL, config->user != NULL, "user"},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (all[i].set && (all[i].field & fields) == 0) return all[i].name;
    }
    return NULL;
}

cupel_status cupel_callbacks_check(const cupel_callback list[CUPEL_MAX_CALLBACKS],
                                   const cupel_history *history)
{
    for (int i = 0; i < CUPEL_MAX_CALLBACKS && list[i].kind != CUPEL_CALLBACK_NONE; i++) {
        const cupel_callback_type *type = cupel_callback_type_of(list[i].kind);
        CUPEL_FAIL_IF(type == NULL, CUPEL_ERROR_ARGUMENT,
                      "fit: callback %d has the unknown kind %d", i, (int)list[i].kind);
        const char *stray = stray_field(&list[i], type->fields);
        CUPEL_FAIL_IF(stray != NULL, CUPEL_ERROR_ARGUMENT,
                      "fit: callback %d, %s: .%s is set, which this kind does not use", i,
                      type->name, stray);
        if (type->check != NULL) CUPEL_TRY(type->check(&list[i], history));
    }
    return CUPEL_OK;
}

static cupel_status open_one(cupel_callbacks *callbacks, const cupel_callback *config)
{
    cupel_callback_run *run = &callbacks->runs[callbacks->count];
    run->callbacks = callbacks;
    run->config = config;
    run->type = cupel_callback_type_of(config->kind);
    run->state = cupel_alloc(1, run->type->state);
    if (run->state == NULL) return CUPEL_ERROR_MEMORY;
    callbacks->count++;
    callbacks->steps = callbacks->steps || run->type->steps;
    return run->type->open == NULL ? CUPEL_OK : run->type->open(run);
}

cupel_status cupel_callbacks_open(cupel_callbacks *callbacks, cupel_model *model,
                                  cupel_history *history,
                                  const cupel_callback list[CUPEL_MAX_CALLBACKS])
{
    *callbacks = (cupel_callbacks){.model = model, .history = history};
    for (int i = 0; i < CUPEL_MAX_CALLBACKS && list[i].kind != CUPEL_CALLBACK_NONE; i++) {
        const cupel_status status = open_one(callbacks, &list[i]);
        if (status != CUPEL_OK) {
            char text[CUPEL_ERROR_TEXT];
            cupel_error_take(text);
            cupel_callbacks_close(callbacks);
            return cupel_fail(status, "%s", text);
        }
    }
    return CUPEL_OK;
}

cupel_status cupel_callbacks_event(cupel_callbacks *callbacks, const cupel_event *event)
{
    cupel_status stopped = CUPEL_OK;
    for (int64_t i = 0; i < callbacks->count; i++) {
        cupel_callback_run *run = &callbacks->runs[i];
        if (event->when == CUPEL_WHEN_STEP_END && !run->type->steps) continue;
        const cupel_status status = run->type->event(run, event);
        if (status == CUPEL_ERROR_STOPPED && !callbacks->lost)
            stopped = status;
        else if (status != CUPEL_OK)
            return status;
    }
    return stopped;
}

cupel_status cupel_callbacks_close(cupel_callbacks *callbacks)
{
    cupel_status first = CUPEL_OK;
    for (int64_t i = 0; i < callbacks->count; i++) {
        cupel_callback_run *run = &callbacks->runs[i];
        const cupel_status status = run->type->close == NULL ? CUPEL_OK : run->type->close(run);
        if (first == CUPEL_OK) first = status;
        cupel_free(run->state);
    }
    callbacks->count = 0;
    return first;
}
