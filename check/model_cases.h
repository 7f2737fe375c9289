/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whole models that are run on a device: among them every kind of layer, loss, optimizer and clip,
 * and both flavours. */
#ifndef CUPEL_CHECK_MODEL_CASES_H
#define CUPEL_CHECK_MODEL_CASES_H

#include <cupel/cupel.h>
#include <stdbool.h>

#define CHECK_MODELS 8
#define CHECK_MOST_LAYERS 8

/* What the targets of a model are. */
typedef enum check_targets { CHECK_CLASSES, CHECK_ONE_OF, CHECK_YES_NO, CHECK_REALS } check_targets;

typedef struct check_model {
    const char *name;
    cupel_shape input;
    cupel_layer layers[CHECK_MOST_LAYERS]; /* ends with a kind of 0 */
    cupel_compile_config compile;          /* but for the precision */
    check_targets targets;
    int64_t rows;
    bool kinks; /* with the rounding of TF32 and bf16 some activations change sides, and a whole
                   sample with each: not checked in them */
} check_model;

/* The model of a number below CHECK_MODELS. */
void check_write_model(int number, check_model *model);

#endif
