/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a callback is. One file a callback, one row in callbacks.def. */
#ifndef CUPEL_TRAIN_CALLBACK_TYPE_H
#define CUPEL_TRAIN_CALLBACK_TYPE_H

#include "train/history.h"
#include <stddef.h>

/* The fields of cupel_callback that a kind uses, by bit; the others must be 0. */
enum {
    CUPEL_CALLBACK_MONITOR =
        1 << 0,                   /* monitor, patience, min_delta, restore_best, start_from_epoch */
    CUPEL_CALLBACK_FILE = 1 << 1, /* path, append */
    CUPEL_CALLBACK_CALL = 1 << 2  /* function, user */
};

typedef struct cupel_callbacks cupel_callbacks;
typedef struct cupel_callback_type cupel_callback_type;

/* One callback of a running fit. */
typedef struct cupel_callback_run {
    cupel_callbacks *callbacks;
    const cupel_callback *config;
    const cupel_callback_type *type;
    void *state; /* the type's own, zero before open */
} cupel_callback_run;

struct cupel_callback_type {
    const char *name; /* "early stopping" */
    unsigned fields;
    bool steps;   /* it sees STEP_END: costs a look at the results then */
    size_t state; /* bytes */
    /* Checks the fields against what the fit records; changes nothing. NULL: nothing to check. */
    cupel_status (*check)(const cupel_callback *config, const cupel_history *history);
    /* Takes what it needs, once all arguments of the fit are checked. NULL: nothing. */
    cupel_status (*open)(cupel_callback_run *run);
    cupel_status (*event)(cupel_callback_run *run, const cupel_event *event);
    /* Gives back what open took, also after open failed; returns what goes wrong there. NULL:
     * nothing. */
    cupel_status (*close)(cupel_callback_run *run);
};

/* The callbacks of one fit, in the order of its list. */
struct cupel_callbacks {
    cupel_model *model;
    cupel_history *history;
    cupel_callback_run runs[CUPEL_MAX_CALLBACKS];
    int64_t count;
    bool steps;   /* one of them sees STEP_END */
    bool ended;   /* one of them ended the fit, which succeeds; the history says why */
    bool stopped; /* the fit was stopped: the weights stay as they are */
    bool lost;    /* another thread took the model while a callback had it */
};

/* The type of a kind; NULL for NONE and for what is none. */
const cupel_callback_type *cupel_callback_type_of(cupel_callback_kind kind);

/* Checks a list that ends at its first kind 0, changing nothing. */
cupel_status cupel_callbacks_check(const cupel_callback list[CUPEL_MAX_CALLBACKS],
                                   const cupel_history *history);
/* Opens the callbacks of a checked list, which must outlive them. On failure none is open. */
cupel_status cupel_callbacks_open(cupel_callbacks *callbacks, cupel_model *model,
                                  cupel_history *history,
                                  const cupel_callback list[CUPEL_MAX_CALLBACKS]);
/* Shows an event to all of them. STOPPED keeps none from seeing it, another failure does. */
cupel_status cupel_callbacks_event(cupel_callbacks *callbacks, const cupel_event *event);
/* Closes them all; returns the first failure. */
cupel_status cupel_callbacks_close(cupel_callbacks *callbacks);

/* The declarations of callbacks.def. */
#define CUPEL_CALLBACK_ROW(KIND, name) extern const cupel_callback_type cupel_callback_##name;
#include "train/callbacks.def"
#undef CUPEL_CALLBACK_ROW

#endif
