/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of a case's inputs. */
#ifndef CUPEL_CHECK_FILL_H
#define CUPEL_CHECK_FILL_H

#include "case_words.h"

/* values[elements], drawn from the seed; first is the first tensor, which may be this one. */
void check_fill_tensor(const check_case *c, int field, uint64_t seed, const double *first,
                       double *values);

/* n numbers that the element type of a data set (cupel_type) holds exactly, and how many bytes each
 * takes; labels are below 200. */
void check_fill_source(int64_t type, bool labels, uint64_t seed, int64_t n, void *to);
size_t check_source_size(int64_t type);

/* n weights of samples: a number in [0, 2), every fifth 0. */
void check_fill_weights(uint64_t seed, int64_t n, float *weights);

#endif
