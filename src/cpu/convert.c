/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/convert.h"

#include <string.h>

/* One loop a type. What float may not hold is scaled before it is rounded, as on the host. */
#define LOOP(name, type, expression)                                                               \
    CUPEL_CLONES static void name(void *context, int64_t begin, int64_t end)                       \
    {                                                                                              \
        const cupel_cpu_conversion *c = context;                                                   \
        const type *restrict from = c->from;                                                       \
        real *restrict y = c->y;                                                                   \
        const double scale = c->scale;                                                             \
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
    const cupel_cpu_conversion *c = context;
    memcpy(c->y + begin, (const real *)c->from + begin, (size_t)(end - begin) * sizeof(real));
}

cupel_status CPU(conversion)(int64_t type, double scale, cupel_cpu_conversion *conversion)
{
    const int64_t same = CUPEL_REAL_DOUBLE ? CUPEL_FLOAT64 : CUPEL_FLOAT32;
    cupel_cpu_conversion c = {.scale = scale};
    switch (type) {
    case CUPEL_FLOAT32:
        c.size = (int64_t)sizeof(float);
        c.loop = from_float;
        break;
    case CUPEL_FLOAT64:
        c.size = (int64_t)sizeof(double);
        c.loop = from_double;
        break;
    case CUPEL_UINT8:
        c.size = 1;
        c.loop = from_byte;
        break;
    case CUPEL_INT32:
        c.size = (int64_t)sizeof(int32_t);
        c.loop = from_int32;
        break;
    case CUPEL_INT64:
        c.size = (int64_t)sizeof(int64_t);
        c.loop = from_int64;
        break;
    default:
        return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                          "the CPU device does not read numbers of type number %d", (int)type);
    }
    if (type == same && scale == 1) c.loop = copy;
    *conversion = c;
    return CUPEL_OK;
}

CUPEL_CLONES static void label_bytes(const uint8_t *restrict from, int64_t count,
                                     int32_t *restrict y)
{
    for (int64_t i = 0; i < count; i++)
        y[i] = from[i];
}

CUPEL_CLONES static void label_int64(const int64_t *restrict from, int64_t count,
                                     int32_t *restrict y)
{
    for (int64_t i = 0; i < count; i++)
        y[i] = (int32_t)from[i];
}

cupel_status CPU(labels)(int64_t type, const void *from, int64_t count, int32_t *y)
{
    switch (type) {
    case CUPEL_UINT8:
        label_bytes(from, count, y);
        return CUPEL_OK;
    case CUPEL_INT32:
        memcpy(y, from, (size_t)count * sizeof *y);
        return CUPEL_OK;
    case CUPEL_INT64:
        label_int64(from, count, y);
        return CUPEL_OK;
    default:
        return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                          "the CPU device reads labels of uint8, int32 and int64, not of type "
                          "number %d",
                          (int)type);
    }
}
