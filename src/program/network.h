/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The layers of a model with their shapes and parameters: what is known before any compile. */
#ifndef CUPEL_PROGRAM_NETWORK_H
#define CUPEL_PROGRAM_NETWORK_H

#include "layers/layer_type.h"

/* A tensor between layers. */
typedef struct cupel_edge {
    cupel_shape shape;   /* of one sample */
    bool needs_gradient; /* whether a parameter lies before it */
} cupel_edge;

/* One layer in its place. */
typedef struct cupel_node {
    cupel_layer layer;
    const cupel_layer_type *type;
    int64_t position;
    int64_t inputs[CUPEL_MAX_PORTS]; /* edges */
    int64_t outputs[CUPEL_MAX_PORTS];
    int64_t first_parameter;
    int64_t parameters;
    char *names; /* of the parameters: a block that stays in its place, as users point into it */
} cupel_node;

#define CUPEL_PARAMETER_NAME 48

/* One parameter tensor. */
typedef struct cupel_parameter_plan {
    const char *name; /* "0.kernel" */
    cupel_parameter_spec spec;
    int64_t count;
    int64_t offset; /* in elements, the same in every parameter array; a multiple of CUPEL_SLICE */
} cupel_parameter_plan;

typedef struct cupel_network {
    cupel_edge *edges; /* [node_count + 1]: edge 0 is the input */
    cupel_node *nodes;
    int64_t node_count;
    int64_t node_room;
    cupel_parameter_plan *parameters;
    int64_t parameter_count;
    int64_t parameter_room;
    int64_t elements; /* of a parameter array, padding included; a multiple of CUPEL_SLICE */
} cupel_network;

cupel_status cupel_network_init(cupel_network *network, const cupel_shape *input);
/* Appends a layer to the chain; nothing has changed on failure. */
cupel_status cupel_network_add(cupel_network *network, const cupel_layer *layer);
const cupel_shape *cupel_network_input(const cupel_network *network);
const cupel_shape *cupel_network_output(const cupel_network *network);
void cupel_network_free(cupel_network *network);

/* Draws the first values of parameter index into values[count]: in double, from (seed, index). */
void cupel_network_draw(const cupel_network *network, int64_t index, uint64_t seed,
                        cupel_flavour flavour, double *values);

#endif
