/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Mean absolute error: mean |p - t|. */
#include "metrics/metric_type.h"

static void emit(const cupel_metric_place *place)
{
    cupel_emit_absolute_error(place->graph, (cupel_absolute_error_args){
                                                .p = cupel_ref(place->p),
                                                .t = cupel_ref(place->t),
                                                .value = cupel_ref(place->value),
                                                .rows = place->group,
                                                .n = place->n,
                                            });
}

const cupel_metric_type cupel_metric_mae = {.name = "mae", .emit = emit};
