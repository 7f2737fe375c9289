/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/convert.h"

#include <string.h>

typedef struct job {
    const void *from;
    double scale;
    real *y;
} job;

/* One loop a type. What float may not hold is scaled before it is rounded, as on the host. */
#define LOOP(name, type, expression)                                                               \
    CUPEL_CLONES static void name(void *context, int64_t begin, int64_t end)                       \
    {                                                                                              \
        const job *j = context;                                                                    \
        const type *restrict from = j->from;                                                       \
        real *restrict y = j->y;                                                                   \
        const double scale = j->scale;                                                             \
        const real factor = (real)scale;                                                           \
        (void)scale;                                                                               \
        (void)factor;                                                                              \
        for (int64_t i = begin; i < end; i++)                                                      \
            y[i] = expression;                                                                     \
    }

LOOP(from_float, float, factor *(real)from[i])
LOOP(from_double, double, (real)(scale * from[i]))
LOOP(from_byte, uint8_t, factor *(real)from[i])
LOOP(from_int32, int32_t, (real)(scale * (double)from[i]))
LOOP(from_int64, int64_t, (real)(scale * (double)from[i]))

static void copy(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    memcpy(j->y + begin, (const real *)j->from + begin, (size_t)(end - begin) * sizeof(real));
}

cupel_status CPU(convert)(const cupel_exec *x, int64_t type, const void *from, double scale,
                          int64_t count, real *y)
{
    const int64_t same = CUPEL_REAL_DOUBLE ? CUPEL_FLOAT64 : CUPEL_FLOAT32;
    job j = {from, scale, y};
    cupel_cpu_body *body = NULL;
    switch (type) {
    case CUPEL_FLOAT32:
        body = from_float;
        break;
    case CUPEL_FLOAT64:
        body = from_double;
        break;
    case CUPEL_UINT8:
        body = from_byte;
        break;
    case CUPEL_INT32:
        body = from_int32;
        break;
    case CUPEL_INT64:
        body = from_int64;
        break;
    default:
        return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                          "the CPU device does not read numbers of type number %d",
                          (int)type);
    }
    if (type == same && scale == 1) body = copy;
    cupel_cpu_elements(x, count, body, &j);
    return CUPEL_OK;
}
