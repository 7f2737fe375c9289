/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cross-entropy with targets that are distributions over the classes: sum -t log p. */
#include "losses/loss_type.h"

static void emit(const cupel_loss_place *place)
{
    if (place->from_logits) {
        cupel_emit_softmax_xent(place->graph, (cupel_softmax_xent_args){
                                                  .p = cupel_ref(place->p),
                                                  .t = cupel_ref(place->t),
                                                  .dp = cupel_ref(place->dp),
                                                  .loss = cupel_ref(place->loss),
                                                  .rows = place->group,
                                                  .n = place->n,
                                                  .group = place->group,
                                                  .smoothing = place->smoothing,
                                              });
        return;
    }
    cupel_emit_xent(place->graph, (cupel_xent_args){
                                      .p = cupel_ref(place->p),
                                      .t = cupel_ref(place->t),
                                      .dp = cupel_ref(place->dp),
                                      .loss = cupel_ref(place->loss),
                                      .rows = place->group,
                                      .n = place->n,
                                      .group = place->group,
                                      .smoothing = place->smoothing,
                                      .epsilon = CUPEL_PROBABILITY_EPSILON,
                                  });
}

const cupel_loss_type cupel_loss_categorical_crossentropy = {
    .name = "categorical_crossentropy",
    .takes_logits = true,
    .takes_smoothing = true,
    .least = 2,
    .emit = emit,
};
