/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The batch's numbers as real. */
#ifndef CUPEL_CPU_CONVERT_H
#define CUPEL_CPU_CONVERT_H

#include "cpu/cpu.h"

/* y[count] = scale * from, cast from any cupel_type but BFLOAT16. */
cupel_status CPU(convert)(const cupel_exec *x, int64_t type, const void *from, double scale,
                          int64_t count, real *y);

#endif
