/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/convert.h"

cupel_status CPU(input)(cupel_exec *x, const cupel_input_args *args)
{
    const cupel_control *control = x->control;
    return CPU(convert)(x, control->x_type, control->x, control->x_scale,
                        args->rows * args->features, args->y);
}
