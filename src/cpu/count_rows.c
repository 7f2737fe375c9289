/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

cupel_status CPU(count_rows)(cupel_exec *x, const cupel_count_rows_args *args)
{
    (void)args;
    x->control->seen += x->control->rows;
    return CUPEL_OK;
}
