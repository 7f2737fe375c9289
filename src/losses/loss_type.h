/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a loss is: what it takes and the op that computes it. One file a loss, one row in losses.def. */
#ifndef CUPEL_LOSSES_LOSS_TYPE_H
#define CUPEL_LOSSES_LOSS_TYPE_H

#include "program/graph.h"
#include <cupel/types.h>

/* A loss inside one graph. A sample has group rows of n elements. */
typedef struct cupel_loss_place {
    cupel_graph *graph;
    bool from_logits;
    double smoothing;
    int64_t n;
    int64_t group;
    cupel_value p;    /* [samples * group, n] */
    cupel_value t;    /* the same, or labels [samples * group] */
    cupel_value dp;   /* 0 when only the loss is wanted */
    cupel_value loss; /* [samples * group] */
} cupel_loss_place;

typedef struct cupel_loss_type {
    const char *name;
    bool takes_logits;    /* .from_logits has a meaning */
    bool takes_smoothing; /* .label_smoothing has a meaning */
    bool labels;          /* targets are class numbers */
    int64_t least;        /* the fewest elements along the last axis of the output */
    void (*emit)(const cupel_loss_place *place);
} cupel_loss_type;

/* Keras's fuzz factor, by which probabilities are kept from 0 and 1: keras.config.epsilon(). */
#define CUPEL_PROBABILITY_EPSILON 1e-7

/* The type of a loss; NULL for NONE and for what is none. */
const cupel_loss_type *cupel_loss_type_of(cupel_loss loss);

#define CUPEL_LOSS_ROW(KIND, name) extern const cupel_loss_type cupel_loss_##name;
#include "losses/losses.def"
#undef CUPEL_LOSS_ROW

#endif
