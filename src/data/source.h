/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows from a source function. */
#ifndef CUPEL_DATA_SOURCE_H
#define CUPEL_DATA_SOURCE_H

#include "base/status.h"
#include "data/dataset.h"

/* Has the function of a source, or of the source behind a view, make the named rows. y may be NULL:
 * then the targets, which are made all the same, are dropped. */
cupel_status cupel_source_gather(const cupel_dataset *dataset, const int64_t *rows, int64_t count,
                                 void *x, void *y);

#endif
