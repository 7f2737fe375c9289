/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The result of a launch as a status. It stands in C, where the library's errors are raised. */
#include "cuda_error.h"

cupel_status cupel_cuda_launched(int error, const char *op);

cupel_status cupel_cuda_launched(int error, const char *op)
{
    if (error == cudaSuccess) return CUPEL_OK;
    /* It is reported here: the next call that asks for the last error is not to find it again. */
    (void)cudaGetLastError();
    return cupel_cuda_result((cudaError_t)error, op);
}
