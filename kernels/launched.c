/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The result of a launch as a status. It stands in C, where the errors of the library are raised. */
#include "base/status.h"

#include <cuda_runtime_api.h>

cupel_status cupel_cuda_launched(int error, const char *op);

cupel_status cupel_cuda_launched(int error, const char *op)
{
    if (error == cudaSuccess) return CUPEL_OK;
    /* The failure is reported here: the next call is not to find it again. */
    (void)cudaGetLastError();
    return cupel_fail(CUPEL_ERROR_CUDA, "op %s: its kernel did not start: %s (%s)", op,
                      cudaGetErrorString((cudaError_t)error), cudaGetErrorName((cudaError_t)error));
}
