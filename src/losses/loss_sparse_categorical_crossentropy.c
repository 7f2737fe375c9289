/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cross-entropy with targets that are class numbers: -log p[label]. */
#include "losses/loss_type.h"

static void emit(const cupel_loss_place *place)
{
    if (place->from_logits) {
        cupel_emit_softmax_xent_sparse(place->graph, (cupel_softmax_xent_sparse_args){
                                                         .p = cupel_ref(place->p),
                                                         .label = cupel_ref(place->t),
                                                         .dp = cupel_ref(place->dp),
                                                         .loss = cupel_ref(place->loss),
                                                         .rows = place->group,
                                                         .n = place->n,
                                                         .group = place->group,
                                                     });
        return;
    }
    cupel_emit_xent_sparse(place->graph, (cupel_xent_sparse_args){
                                             .p = cupel_ref(place->p),
                                             .label = cupel_ref(place->t),
                                             .dp = cupel_ref(place->dp),
                                             .loss = cupel_ref(place->loss),
                                             .rows = place->group,
                                             .n = place->n,
                                             .group = place->group,
                                             .epsilon = CUPEL_PROBABILITY_EPSILON,
                                         });
}

const cupel_loss_type cupel_loss_sparse_categorical_crossentropy = {
    .name = "sparse_categorical_crossentropy",
    .takes_logits = true,
    .labels = true,
    .least = 2,
    .emit = emit,
};
