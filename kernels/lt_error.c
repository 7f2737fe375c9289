/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "lt_error.h"

#include "cuda_error.h"

const cupel_lt_names cupel_lt_name = {
#define FUNCTION(member, name) .member = "cublasLt" #name,
    CUPEL_LT_FUNCTIONS(FUNCTION)
#undef FUNCTION
};

cupel_status cupel_cuda_lt_result(const cupel_lt_table *lt, cublasStatus_t result, const char *call,
                                  const char *op)
{
    if (result == CUBLAS_STATUS_SUCCESS) return CUPEL_OK;
    cupel_status status = CUPEL_ERROR_CUDA;
    if (result == CUBLAS_STATUS_ALLOC_FAILED) status = CUPEL_ERROR_MEMORY;
    /* cuBLASLt does not say what CUDA said, but leaves it there. */
    const cudaError_t error = cudaGetLastError();
    if (error == cudaSuccess)
        return cupel_fail(status, "%s: %s: %s", op, call, lt->status_name(result));
    return cupel_fail(cupel_cuda_result(error, call), "%s: %s: %s, after %s (%s)", op, call,
                      lt->status_name(result), cudaGetErrorString(error), cudaGetErrorName(error));
}

bool cupel_cuda_lt_refused(cublasStatus_t result)
{
    return result == CUBLAS_STATUS_NOT_SUPPORTED || result == CUBLAS_STATUS_ARCH_MISMATCH;
}
