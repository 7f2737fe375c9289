/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stochastic gradient descent, with momentum and Nesterov's variant. */
#include "optimizers/optimizer_type.h"

static int64_t moments(const cupel_optimizer *optimizer)
{
    return optimizer->momentum != 0 ? 1 : 0;
}

static void emit(const cupel_optimizer_place *place)
{
    const cupel_optimizer *optimizer = place->optimizer;
    cupel_emit_sgd(place->graph, (cupel_sgd_args){
                                     .w = cupel_ref(place->weights),
                                     .g = cupel_ref(place->gradients),
                                     .v = cupel_ref(place->moment[0]),
                                     .mirror = cupel_ref(place->mirror),
                                     .tensor = cupel_ref(place->tensors),
                                     .scale = cupel_ref(place->scales),
                                     .rule = cupel_ref(place->rules),
                                     .blocks = place->blocks,
                                     .momentum = optimizer->momentum,
                                     .nesterov = optimizer->nesterov,
                                     .clipvalue = optimizer->clipvalue,
                                     .flavour = place->flavour,
                                 });
}

/* Learning rates: keras.optimizers.SGD and torch.optim.SGD (2.x). */
const cupel_optimizer_type cupel_optimizer_sgd = {
    .name = "sgd",
    .fields = CUPEL_OPTIMIZER_MOMENTUM,
    .learning_rate = {0.01, 0.001},
    .moments = moments,
    .emit = emit,
};
