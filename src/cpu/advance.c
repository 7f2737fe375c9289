/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

cupel_status CPU(advance)(cupel_exec *x, const cupel_advance_args *args)
{
    cupel_control *control = x->control;
    control->position += args->rows;
    if (args->seen != 0) control->seen += args->rows;
    control->step += args->steps;
    return CUPEL_OK;
}
