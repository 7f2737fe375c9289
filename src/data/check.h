/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finding bad samples before a step sees them. */
#ifndef CUPEL_DATA_CHECK_H
#define CUPEL_DATA_CHECK_H

#include "base/status.h"
#include <stdint.h>

/* DATA when one of values[rows, features] is NaN or infinite, naming what ("x", "y"), the row and
 * the column. names[rows] gives the row's number in its data set; NULL: the row's own index.
 * Integer types pass at once. Called on every batch: one thread of vector instructions, as fast as
 * memory is read. */
cupel_status cupel_check_finite(const void *values, cupel_type type, int64_t rows, int64_t features,
                                const int64_t *names, const char *what);

/* DATA when one of labels[rows, group] is outside 0..classes-1, naming row and label. */
cupel_status cupel_check_labels(const void *labels, cupel_type type, int64_t rows, int64_t group,
                                int64_t classes, const int64_t *names);

/* DATA when a weight is negative or not finite. */
cupel_status cupel_check_weights(const float *weights, int64_t rows, const int64_t *names);

#endif
