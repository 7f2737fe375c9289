/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Activation: y = activation(x), element-wise, or softmax along the last axis. */
#include "base/shape.h"
#include "layers/activate.h"
#include "layers/layer_type.h"

static cupel_status shapes(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *out)
{
    (void)layer;
    (void)position;
    out->outputs[0] = inputs[0];
    return CUPEL_OK;
}

static void forward(cupel_place *place)
{
    const cupel_activation kind = place->layer->activation;
    place->out[0] = place->in[0];
    if (kind == CUPEL_LINEAR) return;
    const int64_t elements = cupel_shape_count(&place->out_shape[0]);
    const cupel_value y = cupel_graph_tensor(place->graph, CUPEL_ELEMENT_REAL, elements, 0);
    place->out[0] = y;
    place->kept[0] = y;
    if (kind == CUPEL_SOFTMAX) {
        const int64_t n = cupel_shape_last(&place->out_shape[0]);
        cupel_emit_softmax(place->graph, (cupel_softmax_args){
                                             .x = cupel_ref(place->in[0]),
                                             .y = cupel_ref(y),
                                             .rows = elements / n,
                                             .n = n,
                                         });
        return;
    }
    cupel_emit_activation(place->graph, (cupel_activation_args){
                                            .x = cupel_ref(place->in[0]),
                                            .y = cupel_ref(y),
                                            .count = elements,
                                            .activation = kind,
                                            .slope = cupel_activation_slope(kind, place->flavour),
                                        });
}

static void backward(cupel_place *place)
{
    const cupel_activation kind = place->layer->activation;
    place->din[0] = place->dout[0];
    if (kind == CUPEL_LINEAR) return;
    const int64_t elements = cupel_shape_count(&place->out_shape[0]);
    const cupel_value dx = cupel_graph_tensor(place->graph, CUPEL_ELEMENT_REAL, elements, 0);
    place->din[0] = dx;
    if (kind == CUPEL_SOFTMAX) {
        const int64_t n = cupel_shape_last(&place->out_shape[0]);
        cupel_emit_softmax_backward(place->graph, (cupel_softmax_backward_args){
                                                      .dy = cupel_ref(place->dout[0]),
                                                      .y = cupel_ref(place->kept[0]),
                                                      .dx = cupel_ref(dx),
                                                      .rows = elements / n,
                                                      .n = n,
                                                  });
        return;
    }
    const bool needs_input = cupel_activation_needs_input(kind);
    cupel_emit_activation_backward(
        place->graph, (cupel_activation_backward_args){
                          .dy = cupel_ref(place->dout[0]),
                          .y = cupel_ref(place->kept[0]),
                          .x = needs_input ? cupel_ref(place->in[0]) : NULL,
                          .dx = cupel_ref(dx),
                          .count = elements,
                          .activation = kind,
                          .slope = cupel_activation_slope(kind, place->flavour),
                      });
}

const cupel_layer_type cupel_layer_activation = {
    .name = "activation",
    .fields = CUPEL_FIELD_ACTIVATION,
    .inputs = 1,
    .outputs = 1,
    .shapes = shapes,
    .forward = forward,
    .backward = backward,
};
