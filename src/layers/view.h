/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layers whose output is their input under another shape: nothing is computed. */
#ifndef CUPEL_LAYERS_VIEW_H
#define CUPEL_LAYERS_VIEW_H

#include "layers/layer_type.h"

static inline void cupel_view_forward(cupel_place *place)
{
    place->out[0] = place->in[0];
}

static inline void cupel_view_backward(cupel_place *place)
{
    place->din[0] = place->dout[0];
}

#endif
