/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The batch's numbers as real. */
#ifndef CUPEL_CPU_CONVERT_H
#define CUPEL_CPU_CONVERT_H

#include "cpu/cpu.h"

/* Numbers of one type, and where they go: y[begin, end) = scale * from[begin, end), cast. */
typedef struct cupel_cpu_conversion {
    const void *from;
    double scale;
    real *y;
    int64_t size;         /* bytes of an element of from */
    cupel_cpu_body *loop; /* takes the conversion as its context */
} cupel_cpu_conversion;

/* The conversion from any cupel_type but BFLOAT16, without from and y. */
cupel_status CPU(conversion)(int64_t type, double scale, cupel_cpu_conversion *conversion);

/* The class numbers from[count] of UINT8, INT32 or INT64. */
cupel_status CPU(labels)(int64_t type, const void *from, int64_t count, int32_t *y);

#endif
