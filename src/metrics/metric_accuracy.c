/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Accuracy: what it compares follows from the shapes, as Keras resolves the name "accuracy". One
 * output is binary, class numbers are sparse, the rest is categorical. */
#include "metrics/metric_type.h"

static void emit(const cupel_metric_place *place)
{
    if (place->labels) {
        cupel_emit_accuracy_sparse(place->graph, (cupel_accuracy_sparse_args){
                                                     .p = cupel_ref(place->p),
                                                     .label = cupel_ref(place->t),
                                                     .value = cupel_ref(place->value),
                                                     .rows = place->group,
                                                     .n = place->n,
                                                 });
    } else if (place->n == 1) {
        /* Probability 0.5 is logit 0. */
        cupel_emit_accuracy_binary(place->graph, (cupel_accuracy_binary_args){
                                                     .p = cupel_ref(place->p),
                                                     .t = cupel_ref(place->t),
                                                     .value = cupel_ref(place->value),
                                                     .rows = place->group,
                                                     .n = place->n,
                                                     .threshold = place->from_logits ? 0 : 0.5,
                                                 });
    } else {
        cupel_emit_accuracy_categorical(place->graph, (cupel_accuracy_categorical_args){
                                                          .p = cupel_ref(place->p),
                                                          .t = cupel_ref(place->t),
                                                          .value = cupel_ref(place->value),
                                                          .rows = place->group,
                                                          .n = place->n,
                                                      });
    }
}

const cupel_metric_type cupel_metric_accuracy = {
    .name = "accuracy", .takes_labels = true, .higher_better = true, .emit = emit};
