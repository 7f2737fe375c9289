/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a fit was asked for, checked and with every default filled in. */
#ifndef CUPEL_TRAIN_FIT_PLAN_H
#define CUPEL_TRAIN_FIT_PLAN_H

#include "data/dataset.h"
#include "program/model.h"
#include <cupel/train.h>

typedef struct cupel_fit_plan {
    cupel_fit_config config;         /* with defaults filled in */
    const cupel_dataset *train;      /* each with a user of its own */
    const cupel_dataset *validation; /* NULL for none */
    int64_t steps;                   /* of an epoch */
} cupel_fit_plan;

/* Checks the data and everything of config but the callbacks, which need the series of the fit.
 * config may be NULL. On failure nothing is to be freed. */
cupel_status cupel_fit_plan_make(const cupel_model *model, const cupel_dataset *data,
                                 const cupel_fit_config *config, cupel_fit_plan *plan);
void cupel_fit_plan_free(cupel_fit_plan *plan);

#endif
