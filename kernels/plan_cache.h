/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The plans of a model's products, found by their keys. */
#ifndef CUPEL_PLAN_CACHE_H
#define CUPEL_PLAN_CACHE_H

#include "lt_plan.h"

/* The most plans that are kept. A deep network has three for each layer and number of rows; more of
 * them mean that a caller changes the rows all the time. */
#define CUPEL_MOST_PLANS 1024

/* The plan with this key, which becomes the most recently used one, or NULL. */
cupel_lt_plan *cupel_plan_find(cupel_cuda_products *products, const cupel_lt_key *key);

/* Keeps a plan that cupel_alloc has made, and drops the one that has not been used for longest
 * where there are too many. */
void cupel_plan_keep(cupel_cuda_products *products, cupel_lt_plan *plan);

void cupel_plan_free(const cupel_cuda_products *products, cupel_lt_plan *plan);

void cupel_plans_clear(cupel_cuda_products *products);

#endif
