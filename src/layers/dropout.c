/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Dropout: in training y = x / (1 - rate) for what is kept and 0 for the rest, else y = x. */
#include "base/philox.h"
#include "base/shape.h"
#include "layers/view.h"

/* Streams are 16 bits wide. */
#define MOST_POSITION (0xffff - (int64_t)CUPEL_STREAM_DROPOUT)

static cupel_status shapes(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *out)
{
    CUPEL_FAIL_IF(!(layer->rate >= 0 && layer->rate <= 1), CUPEL_ERROR_ARGUMENT,
                  "layer %lld (dropout): .rate is %g, expected 0 to 1", (long long)position,
                  layer->rate);
    CUPEL_FAIL_IF(position > MOST_POSITION, CUPEL_ERROR_UNSUPPORTED,
                  "layer %lld (dropout): dropout layers end at position %lld", (long long)position,
                  (long long)MOST_POSITION);
    out->outputs[0] = inputs[0];
    return CUPEL_OK;
}

static bool idle(const cupel_place *place)
{
    return !place->training || place->layer->rate == 0;
}

static void forward(cupel_place *place)
{
    if (idle(place)) {
        cupel_view_forward(place);
        return;
    }
    const int64_t features = cupel_shape_count(&place->out_shape[0]);
    place->out[0] = cupel_graph_tensor(place->graph, CUPEL_ELEMENT_REAL, features, 0);
    cupel_emit_dropout(place->graph, (cupel_dropout_args){
                                         .x = cupel_ref(place->in[0]),
                                         .y = cupel_ref(place->out[0]),
                                         .rows = 1,
                                         .features = features,
                                         .stream = (int64_t)CUPEL_STREAM_DROPOUT + place->position,
                                         .rate = place->layer->rate,
                                     });
}

static void backward(cupel_place *place)
{
    if (idle(place)) {
        cupel_view_backward(place);
        return;
    }
    const int64_t features = cupel_shape_count(&place->out_shape[0]);
    place->din[0] = cupel_graph_tensor(place->graph, CUPEL_ELEMENT_REAL, features, 0);
    cupel_emit_dropout_backward(place->graph,
                                (cupel_dropout_backward_args){
                                    .dy = cupel_ref(place->dout[0]),
                                    .dx = cupel_ref(place->din[0]),
                                    .rows = 1,
                                    .features = features,
                                    .stream = (int64_t)CUPEL_STREAM_DROPOUT + place->position,
                                    .rate = place->layer->rate,
                                });
}

const cupel_layer_type cupel_layer_dropout = {
    .name = "dropout",
    .fields = CUPEL_FIELD_RATE,
    .inputs = 1,
    .outputs = 1,
    .shapes = shapes,
    .forward = forward,
    .backward = backward,
};
