/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "readback.h"

#include <string.h>

static cupel_status prepare(cupel_cuda_readback *readback, int64_t bytes)
{
    if (readback->arrived == NULL)
        CUPEL_TRY(cupel_cuda_result(
            cudaEventCreateWithFlags(&readback->arrived, cudaEventDisableTiming),
            "cudaEventCreateWithFlags"));
    if (readback->room >= bytes) return CUPEL_OK;
    if (readback->host != NULL) cudaFreeHost(readback->host);
    readback->host = NULL;
    readback->room = 0;
    CUPEL_TRY(cupel_cuda_result(
        cudaHostAlloc(&readback->host, (size_t)bytes, cudaHostAllocDefault), "cudaHostAlloc"));
    readback->room = bytes;
    return CUPEL_OK;
}

cupel_status cupel_cuda_readback_poll(cupel_cuda_readback *readback, cudaStream_t stream, void *to,
                                      const void *from, int64_t bytes, bool *fresh)
{
    *fresh = false;
    if (readback->pending) {
        const cudaError_t error = cudaEventQuery(readback->arrived);
        if (error == cudaErrorNotReady) {
            cudaGetLastError();
            return CUPEL_OK;
        }
        CUPEL_TRY(cupel_cuda_result(error, "cudaEventQuery"));
        memcpy(to, readback->host, (size_t)bytes);
        readback->pending = false;
        *fresh = true;
    }
    CUPEL_TRY(prepare(readback, bytes));
    CUPEL_TRY(cupel_cuda_result(
        cudaMemcpyAsync(readback->host, from, (size_t)bytes, cudaMemcpyDeviceToHost, stream),
        "cudaMemcpyAsync"));
    CUPEL_TRY(cupel_cuda_result(cudaEventRecord(readback->arrived, stream), "cudaEventRecord"));
    readback->pending = true;
    return CUPEL_OK;
}

void cupel_cuda_readback_drop(cupel_cuda_readback *readback)
{
    readback->pending = false;
}

void cupel_cuda_readback_close(cupel_cuda_readback *readback)
{
    if (readback->host != NULL) cudaFreeHost(readback->host);
    if (readback->arrived != NULL) cudaEventDestroy(readback->arrived);
}
