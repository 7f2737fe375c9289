/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tests of products, in double. */
#define CUPEL_REAL_DOUBLE 1
#define SUITE cpu_gemm_f64
#include "test_cpu_gemm.c"
