/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How far a model on a device may be from the CPU in double, for each precision. */
#ifndef CUPEL_CHECK_MODEL_GATES_H
#define CUPEL_CHECK_MODEL_GATES_H

#include <cupel/types.h>

/* Each bound is relative. */
typedef struct check_model_gates {
    cupel_precision precision;
    const char *name;
    double loss;   /* the loss of one step */
    double tau;    /* an element of a gradient, to the size of the sums in its tensor */
    double square; /* the squares of a tensor's errors, to its own */
    double run;    /* the loss in steps that run on without being set right */
} check_model_gates;

/* FLOAT32, TF32 and BFLOAT16, by number. */
#define CHECK_MODEL_PRECISIONS 3
extern const check_model_gates check_model_gate[CHECK_MODEL_PRECISIONS];

#endif
