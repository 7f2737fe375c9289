/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops activation and activation_backward. */
#include "cpu/activate.h"

static void forward(void *context, int64_t begin, int64_t end)
{
    const cupel_activation_args *a = context;
    CPU(activate)(a->activation, (real)a->slope, (const real *)a->x + begin, (real *)a->y + begin,
                  end - begin);
}

cupel_status CPU(activation)(cupel_exec *x, const cupel_activation_args *args)
{
    cupel_activation_args a = *args;
    cupel_cpu_elements(x, a.count, forward, &a);
    if (cupel_cpu_has_kink(a.activation)) CPU(mix_branches)(x, a.x, a.count, 0);
    return CUPEL_OK;
}

/* What a kind does not need is NULL, and stays so. */
static const real *at(const void *tensor, int64_t i)
{
    return tensor != NULL ? (const real *)tensor + i : NULL;
}

static void backward(void *context, int64_t begin, int64_t end)
{
    const cupel_activation_backward_args *a = context;
    CPU(activate_backward)(a->activation, (real)a->slope, at(a->dy, begin), at(a->y, begin),
                           at(a->x, begin), (real *)a->dx + begin, end - begin);
}

cupel_status CPU(activation_backward)(cupel_exec *x, const cupel_activation_backward_args *args)
{
    cupel_activation_backward_args a = *args;
    cupel_cpu_elements(x, a.count, backward, &a);
    return CUPEL_OK;
}
