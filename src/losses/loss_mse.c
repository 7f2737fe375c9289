/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Mean squared error: mean (p - t)^2. */
#include "losses/loss_type.h"

static void emit(const cupel_loss_place *place)
{
    cupel_emit_mse(place->graph, (cupel_mse_args){
                                     .p = cupel_ref(place->p),
                                     .t = cupel_ref(place->t),
                                     .dp = cupel_ref(place->dp),
                                     .loss = cupel_ref(place->loss),
                                     .rows = place->group,
                                     .n = place->n,
                                     .group = place->group,
                                 });
}

const cupel_loss_type cupel_loss_mse = {.name = "mse", .least = 1, .emit = emit};
