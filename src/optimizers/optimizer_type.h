/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What an optimizer is. One file an optimizer, one row in optimizers.def. */
#ifndef CUPEL_OPTIMIZERS_OPTIMIZER_TYPE_H
#define CUPEL_OPTIMIZERS_OPTIMIZER_TYPE_H

#include "program/graph.h"
#include <cupel/optimizer.h>

/* The fields of cupel_optimizer that a kind uses, by bit, beside the rate, the clips, the decay and
 * the schedule. */
enum {
    CUPEL_OPTIMIZER_MOMENTUM = 1 << 0, /* momentum, nesterov */
    CUPEL_OPTIMIZER_BETAS = 1 << 1     /* beta_1, beta_2, epsilon, amsgrad */
};

/* An optimizer inside one graph: whole flat arrays. optimizer has its defaults filled in. */
typedef struct cupel_optimizer_place {
    cupel_graph *graph;
    const cupel_optimizer *optimizer;
    cupel_flavour flavour;
    int64_t blocks;
    cupel_value weights;
    cupel_value mirror; /* 0 for none */
    cupel_value gradients;
    cupel_value moment[3];
    cupel_value tensors;
    cupel_value scales; /* 0 without a clip by norm */
    cupel_value rules;
} cupel_optimizer_place;

typedef struct cupel_optimizer_type {
    const char *name;
    unsigned fields;
    /* The defaults where the flavours give them: learning rate, epsilon, weight decay. */
    double learning_rate[2];
    double epsilon[2];
    double weight_decay[2];
    /* How many of the moment arrays it uses, for a configuration with its defaults filled in. */
    int64_t (*moments)(const cupel_optimizer *optimizer);
    void (*emit)(const cupel_optimizer_place *place);
} cupel_optimizer_type;

/* The type of a kind; NULL for NONE and for what is none. */
const cupel_optimizer_type *cupel_optimizer_type_of(cupel_optimizer_kind kind);

/* Checks a configuration and fills in the flavour's defaults, so that every 0 left means 0. */
cupel_status cupel_optimizer_resolve(const cupel_optimizer *optimizer, cupel_flavour flavour,
                                     cupel_optimizer *resolved);

#define CUPEL_OPTIMIZER_ROW(KIND, name) extern const cupel_optimizer_type cupel_optimizer_##name;
#include "optimizers/optimizers.def"
#undef CUPEL_OPTIMIZER_ROW

#endif
