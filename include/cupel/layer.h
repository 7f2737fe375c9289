/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layers are plain values: make one with its macro and hand it to cupel_model_add. */
#ifndef CUPEL_LAYER_H
#define CUPEL_LAYER_H

#include <cupel/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cupel_layer_kind {
    CUPEL_LAYER_DENSE = 1,
    CUPEL_LAYER_ACTIVATION = 2,
    CUPEL_LAYER_FLATTEN = 3,
    CUPEL_LAYER_RESHAPE = 4,
    CUPEL_LAYER_DROPOUT = 5
} cupel_layer_kind;

/* One layer's configuration. A field that its kind does not use must be 0. */
typedef struct cupel_layer {
    cupel_layer_kind kind;
    int64_t units;                        /* DENSE: outputs, at least 1 */
    cupel_activation activation;          /* DENSE, ACTIVATION */
    bool no_bias;                         /* DENSE */
    cupel_initializer kernel_initializer; /* DENSE */
    cupel_initializer bias_initializer;   /* DENSE */
    double kernel_l1;                     /* DENSE: adds kernel_l1 * sum |w| to the loss; at least 0 */
    double kernel_l2;                     /* DENSE: adds kernel_l2 * sum w^2 (no 1/2) to the loss */
    double rate;                          /* DROPOUT: the share that is dropped, 0..1 */
    cupel_shape shape;                    /* RESHAPE: the sample's new shape; one dimension may be -1 */
} cupel_layer;

/* y = activation(x w^T + b) along the last axis; w is [units, inputs], b [units]. */
#define CUPEL_DENSE(...) ((cupel_layer){.kind = CUPEL_LAYER_DENSE, .units = __VA_ARGS__})
/* y = activation(x), one of cupel_activation. */
#define CUPEL_ACTIVATION(...)                                                                      \
    ((cupel_layer){.kind = CUPEL_LAYER_ACTIVATION, .activation = __VA_ARGS__})
/* A sample of any shape as one axis. */
#define CUPEL_FLATTEN() ((cupel_layer){.kind = CUPEL_LAYER_FLATTEN})
/* A sample of the same size in another shape, given as CUPEL_SHAPE(...). */
#define CUPEL_RESHAPE(...) ((cupel_layer){.kind = CUPEL_LAYER_RESHAPE, .shape = __VA_ARGS__})
/* In training sets the given share of the elements to 0 and divides the rest by 1 - rate; else y = x. */
#define CUPEL_DROPOUT(...) ((cupel_layer){.kind = CUPEL_LAYER_DROPOUT, .rate = __VA_ARGS__})

#ifdef __cplusplus
}
#endif
#endif
