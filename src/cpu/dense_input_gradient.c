/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/gemm.h"

int64_t CPU(dense_input_gradient_needs)(const cupel_dense_input_gradient_args *args)
{
    return CPU(gemm_needs)(args->rows, args->n_in, args->n_out);
}

cupel_status CPU(dense_input_gradient)(cupel_exec *x, const cupel_dense_input_gradient_args *args)
{
    const cupel_cpu_product p = {.m = args->rows,
                                 .n = args->n_in,
                                 .k = args->n_out,
                                 .a = args->dy,
                                 .lda = args->n_out,
                                 .b = args->w,
                                 .ldb = args->n_in,
                                 .c = args->dx,
                                 .ldc = args->n_in};
    CPU(gemm_team)(x, &p, NULL, NULL);
    return CUPEL_OK;
}
