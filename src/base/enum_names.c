/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/enum_names.h"

#include <stddef.h>

const char *const cupel_activation_names[] = {
    [CUPEL_LINEAR] = "linear", [CUPEL_RELU] = "relu",         [CUPEL_SIGMOID] = "sigmoid",
    [CUPEL_TANH] = "tanh",     [CUPEL_SOFTMAX] = "softmax",   [CUPEL_LEAKY_RELU] = "leaky_relu",
    [CUPEL_ELU] = "elu",       [CUPEL_SELU] = "selu",         [CUPEL_GELU] = "gelu",
    [CUPEL_SILU] = "silu",     [CUPEL_SOFTPLUS] = "softplus", [CUPEL_SOFTPLUS + 1] = NULL,
};

const char *const cupel_initializer_names[] = {
    [CUPEL_INIT_DEFAULT] = "default",
    [CUPEL_INIT_GLOROT_UNIFORM] = "glorot_uniform",
    [CUPEL_INIT_GLOROT_NORMAL] = "glorot_normal",
    [CUPEL_INIT_HE_UNIFORM] = "he_uniform",
    [CUPEL_INIT_HE_NORMAL] = "he_normal",
    [CUPEL_INIT_LECUN_UNIFORM] = "lecun_uniform",
    [CUPEL_INIT_LECUN_NORMAL] = "lecun_normal",
    [CUPEL_INIT_ZEROS] = "zeros",
    [CUPEL_INIT_ONES] = "ones",
    [CUPEL_INIT_ONES + 1] = NULL,
};

const char *const cupel_flavour_names[] = {
    [CUPEL_KERAS] = "keras",
    [CUPEL_TORCH] = "torch",
    [CUPEL_TORCH + 1] = NULL,
};
