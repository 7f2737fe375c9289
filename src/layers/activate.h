/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the dense and the activation layer share: which ops an activation kind needs. */
#ifndef CUPEL_LAYERS_ACTIVATE_H
#define CUPEL_LAYERS_ACTIVATE_H

#include <cupel/types.h>

/* Whether the derivative is computed from the value before the activation: these two cannot be
 * inverted from the output. */
static inline bool cupel_activation_needs_input(cupel_activation kind)
{
    return kind == CUPEL_GELU || kind == CUPEL_SILU;
}

/* The slope of LEAKY_RELU where x < 0: keras.ops.leaky_relu's and torch.nn.LeakyReLU's default. */
static inline double cupel_activation_slope(cupel_activation kind, cupel_flavour flavour)
{
    if (kind != CUPEL_LEAKY_RELU) return 0;
    return flavour == CUPEL_TORCH ? 0.01 : 0.2;
}

#endif
