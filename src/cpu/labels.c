/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/cpu.h"

#include <string.h>

CUPEL_CLONES static void from_byte(const uint8_t *restrict from, int64_t rows, int32_t *restrict y)
{
    for (int64_t i = 0; i < rows; i++)
        y[i] = from[i];
}

CUPEL_CLONES static void from_int64(const int64_t *restrict from, int64_t rows, int32_t *restrict y)
{
    for (int64_t i = 0; i < rows; i++)
        y[i] = (int32_t)from[i];
}

cupel_status CPU(labels)(cupel_exec *x, const cupel_labels_args *args)
{
    const cupel_control *control = x->control;
    switch (control->y_type) {
    case CUPEL_UINT8:
        from_byte(control->y, args->rows, args->y);
        return CUPEL_OK;
    case CUPEL_INT32:
        memcpy(args->y, control->y, (size_t)args->rows * sizeof(int32_t));
        return CUPEL_OK;
    case CUPEL_INT64:
        from_int64(control->y, args->rows, args->y);
        return CUPEL_OK;
    default:
        return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                          "the CPU device reads labels of uint8, int32 and int64, not of type "
                          "number %d",
                          (int)control->y_type);
    }
}
