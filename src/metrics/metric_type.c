/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of metrics. */
#include "metrics/metric_type.h"

#include <stddef.h>

const cupel_metric_type *cupel_metric_type_of(cupel_metric metric)
{
    switch (metric) {
    case CUPEL_METRIC_NONE:
        break;
#define CUPEL_METRIC_ROW(KIND, name)                                                               \
    case CUPEL_METRIC_##KIND:                                                                      \
        return &cupel_metric_##name;
#include "metrics/metrics.def"
#undef CUPEL_METRIC_ROW
    }
    return NULL;
}
