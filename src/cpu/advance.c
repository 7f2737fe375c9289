/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

cupel_status CPU(advance)(cupel_exec *x, const cupel_advance_args *args)
{
    (void)args;
    x->control->step++;
    return CUPEL_OK;
}
