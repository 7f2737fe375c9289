/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cuda_error.h"

bool cupel_cuda_absent(cudaError_t error)
{
    return error == cudaErrorInsufficientDriver || error == cudaErrorNoDevice;
}

/* The errors that leave the context unusable: "the process must be terminated and relaunched", in the
 * descriptions of cudaError. */
static bool sticky(cudaError_t error)
{
    switch (error) {
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchFailure:
    case cudaErrorLaunchTimeout:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorAssert:
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorDevicesUnavailable:
        return true;
    default:
        return false;
    }
}

cupel_status cupel_cuda_result(cudaError_t error, const char *call)
{
    if (error == cudaSuccess) return CUPEL_OK;
    cupel_status status = CUPEL_ERROR_CUDA;
    if (error == cudaErrorMemoryAllocation) status = CUPEL_ERROR_DEVICE_MEMORY;
    if (cupel_cuda_absent(error)) status = CUPEL_ERROR_NO_DEVICE;
    if (sticky(error)) status = CUPEL_ERROR_DEVICE_LOST;
    return cupel_fail(status, "%s: %s (%s)", call, cudaGetErrorString(error),
                      cudaGetErrorName(error));
}
