/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/convert.h"

cupel_status CPU(targets)(cupel_exec *x, const cupel_targets_args *args)
{
    const cupel_control *control = x->control;
    return CPU(convert)(x, control->y_type, control->y, 1, args->rows * args->features, args->y);
}
