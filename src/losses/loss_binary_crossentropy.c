/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Binary cross-entropy of independent outputs: mean -(t log p + (1 - t) log(1 - p)). */
#include "losses/loss_type.h"

static void emit(const cupel_loss_place *place)
{
    cupel_emit_binary_xent(place->graph, (cupel_binary_xent_args){
                                             .p = cupel_ref(place->p),
                                             .t = cupel_ref(place->t),
                                             .dp = cupel_ref(place->dp),
                                             .loss = cupel_ref(place->loss),
                                             .rows = place->group,
                                             .n = place->n,
                                             .group = place->group,
                                             .from_logits = place->from_logits,
                                             .smoothing = place->smoothing,
                                             .epsilon = CUPEL_PROBABILITY_EPSILON,
                                         });
}

const cupel_loss_type cupel_loss_binary_crossentropy = {
    .name = "binary_crossentropy",
    .takes_logits = true,
    .takes_smoothing = true,
    .least = 1,
    .emit = emit,
};
