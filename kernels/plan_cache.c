/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A list is enough: it is walked in eager runs and while a graph is captured, never in a replay. */
#include "plan_cache.h"

#include "base/memory.h"
#include <string.h>

cupel_lt_plan *cupel_plan_find(cupel_cuda_products *products, const cupel_lt_key *key)
{
    cupel_lt_plan **at = &products->plans;
    while (*at != NULL && memcmp(&(*at)->key, key, sizeof *key) != 0)
        at = &(*at)->next;
    cupel_lt_plan *plan = *at;
    if (plan == NULL) return NULL;
    *at = plan->next;
    plan->next = products->plans;
    products->plans = plan;
    return plan;
}

void cupel_plan_free(const cupel_cuda_products *products, cupel_lt_plan *plan)
{
    cupel_lt_plan_refuse(products, plan);
    cupel_free(plan);
}

static void drop_last(cupel_cuda_products *products)
{
    cupel_lt_plan **at = &products->plans;
    while ((*at)->next != NULL)
        at = &(*at)->next;
    cupel_plan_free(products, *at);
    *at = NULL;
    products->plan_count--;
}

void cupel_plan_keep(cupel_cuda_products *products, cupel_lt_plan *plan)
{
    if (products->plan_count == CUPEL_MOST_PLANS) drop_last(products);
    plan->next = products->plans;
    products->plans = plan;
    products->plan_count++;
}

void cupel_plans_clear(cupel_cuda_products *products)
{
    while (products->plans != NULL) {
        cupel_lt_plan *plan = products->plans;
        products->plans = plan->next;
        cupel_plan_free(products, plan);
    }
    products->plan_count = 0;
}
