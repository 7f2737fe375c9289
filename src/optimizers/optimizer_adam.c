/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Adam and AdamW (Kingma and Ba 2015; Loshchilov and Hutter 2019). */
#include "optimizers/optimizer_type.h"

static int64_t moments(const cupel_optimizer *optimizer)
{
    return optimizer->amsgrad ? 3 : 2;
}

static void emit(const cupel_optimizer_place *place)
{
    const cupel_optimizer *optimizer = place->optimizer;
    /* Keras decays apart from the gradient in both. */
    const bool decoupled =
        optimizer->kind == CUPEL_OPTIMIZER_ADAMW || place->flavour == CUPEL_KERAS;
    cupel_emit_adam(place->graph, (cupel_adam_args){
                                      .w = cupel_ref(place->weights),
                                      .g = cupel_ref(place->gradients),
                                      .m = cupel_ref(place->moment[0]),
                                      .v = cupel_ref(place->moment[1]),
                                      .top = cupel_ref(place->moment[2]),
                                      .mirror = cupel_ref(place->mirror),
                                      .tensor = cupel_ref(place->tensors),
                                      .scale = cupel_ref(place->scales),
                                      .rule = cupel_ref(place->rules),
                                      .blocks = place->blocks,
                                      .beta_1 = optimizer->beta_1,
                                      .beta_2 = optimizer->beta_2,
                                      .epsilon = optimizer->epsilon,
                                      .clipvalue = optimizer->clipvalue,
                                      .decoupled = decoupled,
                                      .flavour = place->flavour,
                                  });
}

const cupel_optimizer_type cupel_optimizer_adam = {
    .name = "adam",
    .fields = CUPEL_OPTIMIZER_BETAS,
    .learning_rate = {0.001, 0.001},
    .epsilon = {1e-7, 1e-8},
    .moments = moments,
    .emit = emit,
};

const cupel_optimizer_type cupel_optimizer_adamw = {
    .name = "adamw",
    .fields = CUPEL_OPTIMIZER_BETAS,
    .learning_rate = {0.001, 0.001},
    .epsilon = {1e-7, 1e-8},
    .weight_decay = {0.004, 0.01},
    .moments = moments,
    .emit = emit,
};
