/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/gemm.h"

int64_t CPU(dense_kernel_gradient_needs)(const cupel_dense_kernel_gradient_args *args)
{
    return CPU(gemm_needs)(args->n_out, args->n_in, args->rows);
}

cupel_status CPU(dense_kernel_gradient)(cupel_exec *x, const cupel_dense_kernel_gradient_args *args)
{
    const cupel_cpu_product p = {.transpose_a = true,
                                 .m = args->n_out,
                                 .n = args->n_in,
                                 .k = args->rows,
                                 .a = args->dy,
                                 .lda = args->n_out,
                                 .b = args->x,
                                 .ldb = args->n_in,
                                 .c = args->dw,
                                 .ldc = args->n_in};
    CPU(gemm_team)(x, &p, NULL, NULL);
    return CUPEL_OK;
}
