/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Training, evaluation and prediction over data sets; callbacks; history. */
#ifndef CUPEL_TRAIN_H
#define CUPEL_TRAIN_H

#include <cupel/dataset.h>
#include <cupel/model.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* When a callback runs. */
typedef enum cupel_when {
    CUPEL_WHEN_FIT_BEGIN = 0,
    CUPEL_WHEN_EPOCH_BEGIN = 1,
    CUPEL_WHEN_STEP_END = 2, /* every steps_per_execution steps; values are the epoch's running means */
    CUPEL_WHEN_EPOCH_END = 3,
    CUPEL_WHEN_FIT_END = 4
} cupel_when;

/* What a callback sees. The pointers are valid during the call. */
typedef struct cupel_event {
    cupel_when when;
    int64_t epoch; /* from 0 */
    int64_t step;  /* STEP_END: steps done in this epoch; else the steps of the whole fit */
    cupel_model *model; /* the callback may read and write it, but not train it */
    const char *const *names; /* "loss", the metrics, at EPOCH_END "val_..." and "learning_rate" */
    const double *values;     /* one a name */
    int64_t count;            /* of names and values; 0 but at STEP_END and EPOCH_END */
} cupel_event;

typedef enum cupel_callback_kind {
    CUPEL_CALLBACK_NONE = 0,
    CUPEL_CALLBACK_EARLY_STOPPING = 1,
    CUPEL_CALLBACK_CSV_LOGGER = 3,
    CUPEL_CALLBACK_TERMINATE_ON_NAN = 4,
    CUPEL_CALLBACK_FUNCTION = 6
} cupel_callback_kind;

/* One callback's configuration. A field that its kind does not use must be 0. */
typedef struct cupel_callback {
    cupel_callback_kind kind;
    const char *monitor;      /* EARLY_STOPPING: the series to watch; NULL: "val_loss" */
    int64_t patience;         /* EARLY_STOPPING: epochs without improvement before it stops */
    double min_delta;         /* EARLY_STOPPING: an improvement is larger than this */
    bool restore_best;        /* EARLY_STOPPING: end with the weights of the best epoch */
    int64_t start_from_epoch; /* EARLY_STOPPING: epochs before it watches */
    const char *path;         /* CSV_LOGGER */
    bool append;              /* CSV_LOGGER: add to the file instead of replacing it */
    cupel_status (*function)(void *user, const cupel_event *event); /* FUNCTION */
    void *user;                                                     /* FUNCTION */
} cupel_callback;

/* Stops when the monitored series has not improved for patience epochs; 0 counts as 1 (Keras). */
#define CUPEL_EARLY_STOPPING(...)                                                                  \
    ((cupel_callback){.kind = CUPEL_CALLBACK_EARLY_STOPPING, __VA_ARGS__})
/* Writes a line an epoch: the epoch, then all series in the order of their names. */
#define CUPEL_CSV_LOGGER(...)                                                                      \
    ((cupel_callback){.kind = CUPEL_CALLBACK_CSV_LOGGER, .path = __VA_ARGS__})
/* Ends fit when the loss is NaN or infinite. */
#define CUPEL_TERMINATE_ON_NAN() ((cupel_callback){.kind = CUPEL_CALLBACK_TERMINATE_ON_NAN})
/* Calls function(user, event) in the thread that called fit. CUPEL_ERROR_STOPPED ends fit cleanly
 * with that status after the step, any other error ends it with that error. */
#define CUPEL_CALLBACK(...)                                                                        \
    ((cupel_callback){.kind = CUPEL_CALLBACK_FUNCTION, .function = __VA_ARGS__})

/* How the data come to a device whose memory is not the host's. On the CPU all are the same. */
typedef enum cupel_fit_input {
    CUPEL_INPUT_AUTO = 0,    /* kept in the device's memory where they fit beside the model */
    CUPEL_INPUT_STREAM = 1,  /* batch by batch, every epoch anew */
    CUPEL_INPUT_RESIDENT = 2 /* kept there: DEVICE_MEMORY if the training data do not fit */
} cupel_fit_input;

typedef struct cupel_fit_config {
    int64_t epochs;                /* the last epoch's number + 1; 0 means 1 */
    int64_t batch_size;            /* 0 means 32; larger than the data: one batch of all rows */
    const cupel_dataset *validation; /* evaluated after every epoch; NULL for none */
    double validation_split;       /* 0..1: the last rows are for validation, not for training */
    FILE *progress;                /* a progress bar goes here; NULL for none */
    cupel_callback callbacks[CUPEL_MAX_CALLBACKS];
    const float *class_weight;     /* [classes]: the weight of a sample by its label; training only */
    int64_t classes;
    int64_t steps_per_execution;   /* steps between looks at the results, which a device that keeps
                                      the data runs at once, up to 64 of them; 0 means 1 */
    bool no_shuffle;
    int64_t initial_epoch;         /* the first epoch's number, for a training that goes on */
    cupel_fit_input input;         /* rows that a function makes are always streamed */
} cupel_fit_config;

/* The record of a fit: series of doubles, one number an epoch. */
typedef struct cupel_history cupel_history;

/* Trains over a data set. A NULL config is all defaults. history, where not NULL, gets the record,
 * also of a fit that ended early or with an error after its first step (free it). The arguments are
 * checked before the first step; a later error leaves the model as after its last whole step. */
CUPEL_API cupel_status cupel_model_fit(cupel_model *model, const cupel_dataset *data,
                                       const cupel_fit_config *config, cupel_history **history);

/* Writes the loss and then the metrics in order, 1 + their number, to score. batch 0 means 32. */
CUPEL_API cupel_status cupel_model_evaluate(cupel_model *model, const cupel_dataset *data,
                                            int64_t batch, double *score);

/* The output of the last layer for all rows in order, [rows, output shape...]. batch 0 means 32. */
CUPEL_API cupel_status cupel_model_predict_dataset(cupel_model *model, const cupel_dataset *data,
                                                   int64_t batch, void *out);

/* The number of whole epochs; 0 for NULL. */
CUPEL_API int64_t cupel_history_epochs(const cupel_history *history);
/* One series by its name: "loss", a metric's name, "val_" before one of these, "learning_rate".
 * values are owned by the history, one an epoch. ARGUMENT names what there is. */
CUPEL_API cupel_status cupel_history_series(const cupel_history *history, const char *name,
                                            const double **values);
/* Why training ended, in words: "all epochs done", "early stopping: ...". Owned; "" for NULL. */
CUPEL_API const char *cupel_history_reason(const cupel_history *history);
/* Draws loss and metrics over the epochs as an SVG file. */
CUPEL_API cupel_status cupel_history_plot(const cupel_history *history, const char *path);
/* Takes NULL. */
CUPEL_API void cupel_history_free(cupel_history *history);

#ifdef __cplusplus
}
#endif
#endif
