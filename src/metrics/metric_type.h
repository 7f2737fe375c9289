/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a metric is. One file a metric, one row in metrics.def. */
#ifndef CUPEL_METRICS_METRIC_TYPE_H
#define CUPEL_METRICS_METRIC_TYPE_H

#include "program/graph.h"
#include <cupel/types.h>

/* A metric inside one graph; n, group, p and t as the loss has them. */
typedef struct cupel_metric_place {
    cupel_graph *graph;
    bool labels;
    bool from_logits;
    int64_t n;
    int64_t group;
    cupel_value p;
    cupel_value t;
    cupel_value value; /* [samples * group], to be written */
} cupel_metric_place;

typedef struct cupel_metric_type {
    const char *name;   /* the series's name */
    bool takes_labels;  /* works with class numbers */
    bool higher_better; /* for callbacks that look for an improvement */
    void (*emit)(const cupel_metric_place *place);
} cupel_metric_type;

/* The type of a metric; NULL for NONE and for what is none. */
const cupel_metric_type *cupel_metric_type_of(cupel_metric metric);

#define CUPEL_METRIC_ROW(KIND, name) extern const cupel_metric_type cupel_metric_##name;
#include "metrics/metrics.def"
#undef CUPEL_METRIC_ROW

#endif
