/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Mean squared error: mean (p - t)^2. */
#include "metrics/metric_type.h"

static void emit(const cupel_metric_place *place)
{
    cupel_emit_squared_error(place->graph, (cupel_squared_error_args){
                                               .p = cupel_ref(place->p),
                                               .t = cupel_ref(place->t),
                                               .value = cupel_ref(place->value),
                                               .rows = place->group,
                                               .n = place->n,
                                           });
}

const cupel_metric_type cupel_metric_mse = {.name = "mse", .emit = emit};
