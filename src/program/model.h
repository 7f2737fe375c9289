/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The handle of a model: a network, and the program it is compiled to. */
#ifndef CUPEL_PROGRAM_MODEL_H
#define CUPEL_PROGRAM_MODEL_H

#include "program/program.h"
#include <stdatomic.h>

struct cupel_model {
    cupel_device *device;
    cupel_network network;
    uint64_t seed;
    cupel_program *program; /* with weights; NULL before the first compile or use */
    _Atomic bool busy;      /* a call is running */
    _Atomic bool stop;      /* cupel_request_stop was called */
    void *stream;           /* the caller's, or NULL: see cupel_model_set_stream */
    bool fitting;           /* fit is running, maybe inside a callback: no other training */
};

/* Every public call on a model runs between these. enter gives STATE when another call is running. */
cupel_status cupel_model_enter(cupel_model *model, const char *function);
void cupel_model_leave(cupel_model *model);

/* Makes sure that the model has a program (for inference, if it was never compiled) with weights. */
cupel_status cupel_model_ready(cupel_model *model);
/* The same, and that it can train: STATE if it was not compiled with a loss, or if fit is running and
 * function is not fit. */
cupel_status cupel_model_trainable(cupel_model *model, const char *function);

/* Checks host data of a call (x, y of rows samples in the model's own types) and describes them as a
 * feed. y NULL: without targets. */
cupel_status cupel_model_feed(const cupel_model *model, const void *x, const void *y, int64_t rows,
                              cupel_feed *feed);

/* Elements of one row of the targets, and whether they are class numbers (of classes kinds). */
int64_t cupel_model_target_count(const cupel_model *model);
bool cupel_model_target_labels(const cupel_model *model, int64_t *classes);

#endif
