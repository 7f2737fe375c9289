/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reshape: a sample of the same size in another shape; one dimension may be -1, to be inferred. */
#include "base/shape.h"
#include "layers/view.h"
#include <stdio.h>

static cupel_status shapes(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *out)
{
    cupel_shape shape = layer->shape;
    int64_t inferred = -1;
    CUPEL_FAIL_IF(shape.rank < 1 || shape.rank > CUPEL_MAX_RANK, CUPEL_ERROR_ARGUMENT,
                  "layer %lld (reshape): .shape has rank %lld, expected 1 to %d", (long long)position,
                  (long long)shape.rank, CUPEL_MAX_RANK);
    for (int64_t i = 0; i < shape.rank; i++) {
        if (shape.dims[i] != -1) continue;
        CUPEL_FAIL_IF(inferred >= 0, CUPEL_ERROR_ARGUMENT,
                      "layer %lld (reshape): dimensions %lld and %lld of .shape are both -1",
                      (long long)position, (long long)inferred, (long long)i);
        inferred = i;
        shape.dims[i] = 1;
    }
    char what[64];
    snprintf(what, sizeof what, "layer %lld (reshape): .shape", (long long)position);
    CUPEL_TRY(cupel_shape_check(&shape, what));
    const int64_t elements = cupel_shape_count(&inputs[0]);
    const int64_t known = cupel_shape_count(&shape);
    if (inferred >= 0 && elements % known == 0) shape.dims[inferred] = elements / known;
    char from[CUPEL_SHAPE_TEXT];
    char to[CUPEL_SHAPE_TEXT];
    CUPEL_FAIL_IF(cupel_shape_count(&shape) != elements, CUPEL_ERROR_SHAPE,
                  "layer %lld (reshape): an input of shape %s does not fit .shape %s",
                  (long long)position, cupel_shape_text(&inputs[0], from),
                  cupel_shape_text(&layer->shape, to));
    out->outputs[0] = shape;
    return CUPEL_OK;
}

const cupel_layer_type cupel_layer_reshape = {
    .name = "reshape",
    .fields = CUPEL_FIELD_SHAPE,
    .inputs = 1,
    .outputs = 1,
    .shapes = shapes,
    .forward = cupel_view_forward,
    .backward = cupel_view_backward,
};
