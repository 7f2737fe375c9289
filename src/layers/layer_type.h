/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a kind of layer is: its fields, its shape rule, its forward and its backward. One file a layer,
 * one row in layers.def. */
#ifndef CUPEL_LAYERS_LAYER_TYPE_H
#define CUPEL_LAYERS_LAYER_TYPE_H

#include "program/graph.h"
#include <cupel/layer.h>

#define CUPEL_MAX_PORTS 4
#define CUPEL_MAX_LAYER_PARAMETERS 4
#define CUPEL_MAX_KEPT 2

/* The fields of cupel_layer that a kind uses, by bit; the others must be 0. */
enum {
    CUPEL_FIELD_UNITS = 1 << 0,
    CUPEL_FIELD_ACTIVATION = 1 << 1,
    CUPEL_FIELD_NO_BIAS = 1 << 2,
    CUPEL_FIELD_KERNEL_INITIALIZER = 1 << 3,
    CUPEL_FIELD_BIAS_INITIALIZER = 1 << 4,
    CUPEL_FIELD_KERNEL_L1 = 1 << 5,
    CUPEL_FIELD_KERNEL_L2 = 1 << 6,
    CUPEL_FIELD_RATE = 1 << 7,
    CUPEL_FIELD_SHAPE = 1 << 8
};

/* One parameter tensor that a layer asks for. */
typedef struct cupel_parameter_spec {
    const char *role; /* "kernel" */
    cupel_shape shape;
    cupel_initializer initializer;
    bool bias; /* which default the flavour gives */
    int64_t fan_in;
    int64_t fan_out;
    double l1;
    double l2;
} cupel_parameter_spec;

/* What the shape rule of a layer gives. */
typedef struct cupel_layer_shapes {
    cupel_shape outputs[CUPEL_MAX_PORTS];
    cupel_parameter_spec parameters[CUPEL_MAX_LAYER_PARAMETERS];
    int64_t parameter_count;
} cupel_layer_shapes;

/* One layer inside one graph. */
typedef struct cupel_place {
    cupel_graph *graph;
    const cupel_layer *layer;
    int64_t position;
    cupel_flavour flavour;
    bool training;
    bool want_logits; /* forward may give the output as acc as well, for the loss */
    cupel_shape in_shape[CUPEL_MAX_PORTS];
    cupel_shape out_shape[CUPEL_MAX_PORTS];
    cupel_value in[CUPEL_MAX_PORTS];
    cupel_value out[CUPEL_MAX_PORTS];                  /* set by forward; may be an input itself */
    cupel_value logits;                                /* out[0] as acc, where forward gives it */
    cupel_value kept[CUPEL_MAX_KEPT];                  /* set by forward for backward */
    cupel_value weights[CUPEL_MAX_LAYER_PARAMETERS];   /* in the order of the shape rule */
    cupel_value gradients[CUPEL_MAX_LAYER_PARAMETERS];
    cupel_value dout[CUPEL_MAX_PORTS]; /* backward may update these in place */
    cupel_value din[CUPEL_MAX_PORTS];  /* set by backward where need_din; may be a dout itself */
    bool need_din[CUPEL_MAX_PORTS];
} cupel_place;

struct cupel_layer_type {
    const char *name; /* "dense" */
    unsigned fields;
    int64_t inputs;
    int64_t outputs;
    /* Checks the fields and the input shapes (position is for the sentence) and fills shapes. */
    cupel_status (*shapes)(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *shapes);
    void (*forward)(cupel_place *place);
    void (*backward)(cupel_place *place);
};
typedef struct cupel_layer_type cupel_layer_type;

/* The type of a kind; NULL for what is none. */
const cupel_layer_type *cupel_layer_type_of(cupel_layer_kind kind);

/* Checks that kind is one and that the fields it does not use are 0. */
cupel_status cupel_layer_check(const cupel_layer *layer, int64_t position);

/* The declarations of layers.def. */
#define CUPEL_LAYER_ROW(KIND, name) extern const cupel_layer_type cupel_layer_##name;
#include "layers/layers.def"
#undef CUPEL_LAYER_ROW

#endif
