/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cupel's own matrix product, for what cuBLASLt is not there for or refuses. It is described here
 * in the way that products.h describes it to cuBLASLt. Read by C++ and by C.
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
    void *c;
    int64_t transpose_a;
    int64_t transpose_b;
    int64_t wide; /* c is float, whatever a and b are */
} cupel_gemm;

/* What the first of these products ends with: y = activation(z) with z = a b + bias. All but one of
 * y, z and logits may be NULL, and bias. */
typedef struct cupel_gemm_end {
    const void *bias; /* [n], this and the next two of the type of a and b */
    void *y;
    void *z;
    void *logits; /* y in float */
    int64_t activation;
    double slope;
} cupel_gemm_end;

/* Sums in float, in an order that the shape fixes, and rounds once. With an end, for transpose_b
 * alone, c is not written. For transpose_a c is float, and x->scratch holds as much as is said
 * below. op is named in errors. */
cupel_status cupel_cuda_f32_gemm(cupel_exec *x, const cupel_gemm *product,
                                 const cupel_gemm_end *end, const char *op);
cupel_status cupel_cuda_bf16_gemm(cupel_exec *x, const cupel_gemm *product,
                                  const cupel_gemm_end *end, const char *op);

/* Bytes of scratch memory of the product with transpose_a: no fewer for a larger k. */
int64_t cupel_cuda_gemm_needs(int64_t m, int64_t n, int64_t k);

#ifdef __cplusplus
}
#endif

#endif
