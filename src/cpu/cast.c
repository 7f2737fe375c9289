/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops that take a tensor from one element type to another. The CPU device has one type for all,
 * so that they copy. */
#include "cpu/cpu.h"

#include <string.h>

cupel_status CPU(widen)(cupel_exec *x, const cupel_widen_args *args)
{
    (void)x;
    if (args->count > 0) memcpy(args->y, args->x, (size_t)args->count * sizeof(real));
    return CUPEL_OK;
}

cupel_status CPU(mirror)(cupel_exec *x, const cupel_mirror_args *args)
{
    (void)x;
    const size_t elements = (size_t)args->blocks * CUPEL_SLICE;
    if (elements > 0) memcpy(args->mirror, args->w, elements * sizeof(real));
    return CUPEL_OK;
}
