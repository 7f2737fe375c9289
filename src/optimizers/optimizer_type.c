/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of optimizers, the check of their fields, and the flavours' defaults. */
#include "optimizers/optimizer_type.h"

#include "schedules/schedule.h"
#include <math.h>
#include <stddef.h>

const cupel_optimizer_type *cupel_optimizer_type_of(cupel_optimizer_kind kind)
{
    switch (kind) {
    case CUPEL_OPTIMIZER_NONE:
        break;
#define CUPEL_OPTIMIZER_ROW(KIND, name)                                                            \
    case CUPEL_OPTIMIZER_##KIND:                                                                   \
        return &cupel_optimizer_##name;
#include "optimizers/optimizers.def"
#undef CUPEL_OPTIMIZER_ROW
    }
    return NULL;
}

/* A number field: 0 gives the default, CUPEL_ZERO the number 0; else it must lie in [0, below). */
static cupel_status number(const char *optimizer, const char *field, double given, double standard,
                           double below, double *value)
{
    *value = given == 0 ? standard : given == CUPEL_ZERO ? 0 : given;
    CUPEL_FAIL_IF(!(*value >= 0 && *value < below), CUPEL_ERROR_ARGUMENT,
                  "optimizer %s: .%s is %g, expected %s", optimizer, field, given,
                  isinf(below) ? "a finite number of at least 0" : "at least 0 and less than 1");
    return CUPEL_OK;
}

static cupel_status check_unused(const cupel_optimizer *optimizer, const cupel_optimizer_type *type)
{
    const char *extra = NULL;
    if ((type->fields & CUPEL_OPTIMIZER_MOMENTUM) == 0) {
        if (optimizer->momentum != 0) extra = "momentum";
        if (optimizer->nesterov) extra = "nesterov";
    }
    if ((type->fields & CUPEL_OPTIMIZER_BETAS) == 0) {
        if (optimizer->beta_1 != 0) extra = "beta_1";
        if (optimizer->beta_2 != 0) extra = "beta_2";
        if (optimizer->epsilon != 0) extra = "epsilon";
        if (optimizer->amsgrad) extra = "amsgrad";
    }
    CUPEL_FAIL_IF(extra != NULL, CUPEL_ERROR_ARGUMENT,
                  "optimizer %s: .%s is set, but %s does not use it", type->name, extra, type->name);
    return CUPEL_OK;
}

cupel_status cupel_optimizer_resolve(const cupel_optimizer *optimizer, cupel_flavour flavour,
                                     cupel_optimizer *resolved)
{
    const cupel_optimizer_type *type = cupel_optimizer_type_of(optimizer->kind);
    CUPEL_FAIL_IF(type == NULL, CUPEL_ERROR_ARGUMENT,
                  "optimizer kind %d is none of cupel_optimizer_kind", (int)optimizer->kind);
    CUPEL_TRY(check_unused(optimizer, type));
    const char *name = type->name;
    cupel_optimizer r = *optimizer;
    CUPEL_TRY(number(name, "learning_rate", optimizer->learning_rate, type->learning_rate[flavour],
                     INFINITY, &r.learning_rate));
    CUPEL_TRY(number(name, "weight_decay", optimizer->weight_decay, type->weight_decay[flavour],
                     INFINITY, &r.weight_decay));
    CUPEL_TRY(number(name, "clipvalue", optimizer->clipvalue, 0, INFINITY, &r.clipvalue));
    CUPEL_TRY(number(name, "clipnorm", optimizer->clipnorm, 0, INFINITY, &r.clipnorm));
    CUPEL_TRY(number(name, "global_clipnorm", optimizer->global_clipnorm, 0, INFINITY,
                     &r.global_clipnorm));
    if ((type->fields & CUPEL_OPTIMIZER_MOMENTUM) != 0) {
        CUPEL_TRY(number(name, "momentum", optimizer->momentum, 0, INFINITY, &r.momentum));
        CUPEL_FAIL_IF(r.momentum > 1, CUPEL_ERROR_ARGUMENT,
                      "optimizer %s: .momentum is %g, expected 0 to 1", name, r.momentum);
        CUPEL_FAIL_IF(r.nesterov && r.momentum == 0, CUPEL_ERROR_ARGUMENT,
                      "optimizer %s: .nesterov needs .momentum above 0", name);
    }
    if ((type->fields & CUPEL_OPTIMIZER_BETAS) != 0) {
        CUPEL_TRY(number(name, "beta_1", optimizer->beta_1, 0.9, 1, &r.beta_1));
        CUPEL_TRY(number(name, "beta_2", optimizer->beta_2, 0.999, 1, &r.beta_2));
        CUPEL_TRY(number(name, "epsilon", optimizer->epsilon, type->epsilon[flavour], INFINITY,
                         &r.epsilon));
    }
    const int clips = (r.clipvalue != 0) + (r.clipnorm != 0) + (r.global_clipnorm != 0);
    CUPEL_FAIL_IF(clips > 1, CUPEL_ERROR_ARGUMENT,
                  "optimizer %s: at most one of .clipvalue, .clipnorm and .global_clipnorm may be set",
                  name);
    CUPEL_TRY(cupel_schedule_check(&optimizer->schedule));
    *resolved = r;
    return CUPEL_OK;
}
