/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Dense: y = activation(x w^T + b) along the last axis. */
#include "base/shape.h"
#include "layers/activate.h"
#include "layers/layer_type.h"
#include <math.h>

static cupel_status check_share(int64_t position, const char *field, double value)
{
    CUPEL_FAIL_IF(!(value >= 0 && value < INFINITY), CUPEL_ERROR_ARGUMENT,
                  "layer %lld (dense): .%s is %g, expected a finite number of at least 0",
                  (long long)position, field, value);
    return CUPEL_OK;
}

static cupel_status shapes(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *out)
{
    CUPEL_FAIL_IF(layer->units < 1, CUPEL_ERROR_ARGUMENT,
                  "layer %lld (dense): .units is %lld, expected at least 1", (long long)position,
                  (long long)layer->units);
    CUPEL_TRY(check_share(position, "kernel_l1", layer->kernel_l1));
    CUPEL_TRY(check_share(position, "kernel_l2", layer->kernel_l2));
    CUPEL_FAIL_IF(layer->no_bias && layer->bias_initializer != CUPEL_INIT_DEFAULT,
                  CUPEL_ERROR_ARGUMENT,
                  "layer %lld (dense): .bias_initializer is set together with .no_bias",
                  (long long)position);
    CUPEL_FAIL_IF(inputs[0].rank == 0, CUPEL_ERROR_SHAPE,
                  "layer %lld (dense): its input has no axis, expected at least one",
                  (long long)position);
    const int64_t n_in = cupel_shape_last(&inputs[0]);
    CUPEL_FAIL_IF(layer->units > INT64_MAX / 64 / n_in, CUPEL_ERROR_SHAPE,
                  "layer %lld (dense): %lld units with %lld inputs are too many", (long long)position,
                  (long long)layer->units, (long long)n_in);
    out->outputs[0] = inputs[0];
    out->outputs[0].dims[inputs[0].rank - 1] = layer->units;
    out->parameters[0] = (cupel_parameter_spec){
        .role = "kernel",
        .shape = CUPEL_SHAPE(layer->units, n_in),
        .initializer = layer->kernel_initializer,
        .fan_in = n_in,
        .fan_out = layer->units,
        .l1 = layer->kernel_l1,
        .l2 = layer->kernel_l2,
    };
    out->parameter_count = 1;
    if (layer->no_bias) return CUPEL_OK;
    out->parameters[1] = (cupel_parameter_spec){
        .role = "bias",
        .shape = CUPEL_SHAPE(layer->units),
        .initializer = layer->bias_initializer,
        .bias = true,
        .fan_in = n_in,
        .fan_out = layer->units,
    };
    out->parameter_count = 2;
    return CUPEL_OK;
}

/* The kind that the dense op itself applies: SOFTMAX follows as an op of its own. */
static cupel_activation fused(const cupel_layer *layer)
{
    return layer->activation == CUPEL_SOFTMAX ? CUPEL_LINEAR : layer->activation;
}

static void forward(cupel_place *place)
{
    const cupel_layer *layer = place->layer;
    const int64_t elements = cupel_shape_count(&place->out_shape[0]);
    const int64_t group = elements / layer->units;
    cupel_graph *graph = place->graph;
    cupel_value y = 0;
    cupel_value z = 0;
    if (place->want_logits && layer->activation != CUPEL_SOFTMAX)
        place->logits = cupel_graph_tensor(graph, CUPEL_ELEMENT_ACC, elements, 0);
    /* Beside the logits y is for the backward pass alone. */
    if (place->logits == 0 || (place->training && fused(layer) != CUPEL_LINEAR))
        y = cupel_graph_tensor(graph, CUPEL_ELEMENT_REAL, elements, 0);
    if (place->training && cupel_activation_needs_input(layer->activation))
        z = cupel_graph_tensor(graph, CUPEL_ELEMENT_REAL, elements, 0);
    cupel_emit_dense(graph, (cupel_dense_args){
                                .x = cupel_ref(place->in[0]),
                                .w = cupel_ref(place->weights[0]),
                                .b = cupel_ref(place->weights[1]),
                                .y = cupel_ref(y),
                                .z = cupel_ref(z),
                                .logits = cupel_ref(place->logits),
                                .rows = group,
                                .n_in = cupel_shape_last(&place->in_shape[0]),
                                .n_out = layer->units,
                                .activation = fused(layer),
                                .slope = cupel_activation_slope(layer->activation, place->flavour),
                            });
    place->out[0] = y;
    place->kept[0] = y;
    place->kept[1] = z;
    if (layer->activation != CUPEL_SOFTMAX) return;
    place->out[0] = cupel_graph_tensor(graph, CUPEL_ELEMENT_REAL, elements, 0);
    place->kept[0] = place->out[0];
    cupel_emit_softmax(graph, (cupel_softmax_args){
                                  .x = cupel_ref(y),
                                  .y = cupel_ref(place->out[0]),
                                  .rows = group,
                                  .n = layer->units,
                              });
}

static void backward(cupel_place *place)
{
    const cupel_layer *layer = place->layer;
    const int64_t elements = cupel_shape_count(&place->out_shape[0]);
    const int64_t group = elements / layer->units;
    const int64_t n_in = cupel_shape_last(&place->in_shape[0]);
    cupel_graph *graph = place->graph;
    cupel_value dy = place->dout[0];
    if (layer->activation == CUPEL_SOFTMAX) {
        const cupel_value dz = cupel_graph_tensor(graph, CUPEL_ELEMENT_REAL, elements, 0);
        cupel_emit_softmax_backward(graph, (cupel_softmax_backward_args){
                                               .dy = cupel_ref(dy),
                                               .y = cupel_ref(place->kept[0]),
                                               .dx = cupel_ref(dz),
                                               .rows = group,
                                               .n = layer->units,
                                           });
        dy = dz;
    }
    const bool linear = fused(layer) == CUPEL_LINEAR;
    if (!linear || !layer->no_bias) {
        cupel_emit_dense_delta(
            graph, (cupel_dense_delta_args){
                       .dy = cupel_ref(dy),
                       .y = linear ? NULL : cupel_ref(place->kept[0]),
                       .z = cupel_ref(place->kept[1]),
                       .db = cupel_ref(place->gradients[1]),
                       .rows = group,
                       .n_out = layer->units,
                       .activation = fused(layer),
                       .slope = cupel_activation_slope(layer->activation, place->flavour),
                   });
    }
    cupel_emit_dense_kernel_gradient(graph, (cupel_dense_kernel_gradient_args){
                                                .dy = cupel_ref(dy),
                                                .x = cupel_ref(place->in[0]),
                                                .dw = cupel_ref(place->gradients[0]),
                                                .rows = group,
                                                .n_in = n_in,
                                                .n_out = layer->units,
                                            });
    if (!place->need_din[0]) return;
    place->din[0] =
        cupel_graph_tensor(graph, CUPEL_ELEMENT_REAL, cupel_shape_count(&place->in_shape[0]), 0);
    cupel_emit_dense_input_gradient(graph, (cupel_dense_input_gradient_args){
                                               .dy = cupel_ref(dy),
                                               .w = cupel_ref(place->weights[0]),
                                               .dx = cupel_ref(place->din[0]),
                                               .rows = group,
                                               .n_in = n_in,
                                               .n_out = layer->units,
                                           });
}

const cupel_layer_type cupel_layer_dense = {
    .name = "dense",
    .fields = CUPEL_FIELD_UNITS | CUPEL_FIELD_ACTIVATION | CUPEL_FIELD_NO_BIAS |
              CUPEL_FIELD_KERNEL_INITIALIZER | CUPEL_FIELD_BIAS_INITIALIZER | CUPEL_FIELD_KERNEL_L1 |
              CUPEL_FIELD_KERNEL_L2,
    .inputs = 1,
    .outputs = 1,
    .shapes = shapes,
    .forward = forward,
    .backward = backward,
};
