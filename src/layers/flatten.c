/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Flatten: a sample of any shape as one axis. */
#include "base/shape.h"
#include "layers/view.h"

static cupel_status shapes(const cupel_layer *layer, int64_t position, const cupel_shape *inputs,
                           cupel_layer_shapes *out)
{
    (void)layer;
    (void)position;
    out->outputs[0] = CUPEL_SHAPE(cupel_shape_count(&inputs[0]));
    return CUPEL_OK;
}

const cupel_layer_type cupel_layer_flatten = {
    .name = "flatten",
    .inputs = 1,
    .outputs = 1,
    .shapes = shapes,
    .forward = cupel_view_forward,
    .backward = cupel_view_backward,
};
