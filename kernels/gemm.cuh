/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cupel's own matrix product, for what cuBLASLt is not there for or refuses. Read by C++ and by C.
 */
#ifndef CUPEL_GEMM_CUH
#define CUPEL_GEMM_CUH

#include "exec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* c[m, n] = a b, row-major, where a is [m, k], or [k, m] if transpose_a, and b is [k, n], or [n, k]
 * if transpose_b. The three products of a dense layer:
 *     y  = x w^T   m = rows,  n = n_out, k = n_in,  transpose_b
 *     dx = dy w    m = rows,  n = n_in,  k = n_out
 *     dw = dy^T x  m = n_out, n = n_in,  k = rows,  transpose_a */
typedef struct cupel_gemm {
    int64_t m, n, k;
    const void *a;
    const void *b;
    void *c; /* float where transpose_a, else of the type of a and b */
    int64_t transpose_a;
    int64_t transpose_b;
} cupel_gemm;

/* Sums in float, in an order that the shape fixes. op is named in errors. */
cupel_status cupel_cuda_f32_gemm(cupel_exec *x, const cupel_gemm *product, const char *op);
cupel_status cupel_cuda_bf16_gemm(cupel_exec *x, const cupel_gemm *product, const char *op);

#ifdef __cplusplus
}
#endif

#endif
