/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whole models on a device beside the same ones on the CPU in double, from the same weights. */
#ifndef CUPEL_CHECK_MODEL_RUN_H
#define CUPEL_CHECK_MODEL_RUN_H

#include "case_result.h"
#include "model_cases.h"
#include "model_gates.h"

/* What is compared of a model: the loss of one step, its gradients, and the loss of 20 steps in
 * which the device goes on from what it has computed itself. */
typedef enum check_part { CHECK_LOSS, CHECK_GRADIENTS, CHECK_STEPS, CHECK_PARTS } check_part;
extern const char *const check_part_names[CHECK_PARTS];

/* Whether the device computes in a precision. */
bool check_in_precision(const cupel_device *device, cupel_precision precision);

typedef struct check_model_result {
    check_result part[CHECK_PARTS];
    char tensor[64]; /* whose gradient is the closest to its limits */
} check_model_result;

/* Runs a model. A failed status is one that ends everything. */
cupel_status check_run_model(const check_model *model, cupel_device *device,
                             const check_model_gates *gates, cupel_device *cpu, uint64_t seed,
                             check_model_result *result);

#endif
