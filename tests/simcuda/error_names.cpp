/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names and texts of the runtime's errors. The names are CUDA's; the texts are the simulator's own,
 * so nothing may compare them. */
#include <cuda_runtime_api.h>

namespace
{

struct Row {
    cudaError_t error;
    const char *name;
    const char *text;
};

#define ROW(error, text)    \
    {                       \
        error, #error, text \
    }

const Row rows[] = {
    ROW(cudaSuccess, "no error"),
    ROW(cudaErrorInvalidValue, "invalid argument"),
    ROW(cudaErrorMemoryAllocation, "the memory does not suffice"),
    ROW(cudaErrorInitializationError, "the runtime could not be started"),
    ROW(cudaErrorCudartUnloading, "the runtime is being unloaded"),
    ROW(cudaErrorInvalidConfiguration, "the launch asks for more than the device has"),
    ROW(cudaErrorInvalidPitchValue, "invalid pitch"),
    ROW(cudaErrorInvalidSymbol, "no such symbol"),
    ROW(cudaErrorInvalidDevicePointer, "not a device pointer"),
    ROW(cudaErrorInvalidMemcpyDirection, "the direction of the copy does not fit its pointers"),
    ROW(cudaErrorInsufficientDriver, "there is no driver, or it is older than the runtime"),
    ROW(cudaErrorCallRequiresNewerDriver, "the call needs a newer driver"),
    ROW(cudaErrorDevicesUnavailable, "the devices are busy or unavailable"),
    ROW(cudaErrorInvalidDeviceFunction, "the kernel is unknown to this device"),
    ROW(cudaErrorNoDevice, "there is no CUDA device"),
    ROW(cudaErrorInvalidDevice, "there is no device of that number"),
    ROW(cudaErrorInvalidKernelImage, "the kernel's image is invalid"),
    ROW(cudaErrorNoKernelImageForDevice, "there is no kernel image for this device"),
    ROW(cudaErrorECCUncorrectable, "memory error that ECC could not correct"),
    ROW(cudaErrorNvlinkUncorrectable, "NVLink error that could not be corrected"),
    ROW(cudaErrorOperatingSystem, "a call of the operating system failed"),
    ROW(cudaErrorInvalidResourceHandle, "invalid handle"),
    ROW(cudaErrorIllegalState, "the object is not in the state that the call needs"),
    ROW(cudaErrorSymbolNotFound, "the name was not found"),
    ROW(cudaErrorNotReady, "the work has not ended yet"),
    ROW(cudaErrorIllegalAddress, "a kernel touched memory that is not its own"),
    ROW(cudaErrorLaunchOutOfResources, "the launch needs too many resources"),
    ROW(cudaErrorLaunchTimeout, "a kernel ran for too long"),
    ROW(cudaErrorHostMemoryAlreadyRegistered, "the host memory is registered already"),
    ROW(cudaErrorHostMemoryNotRegistered, "the host memory is not registered"),
    ROW(cudaErrorHardwareStackError, "a kernel's stack is damaged"),
    ROW(cudaErrorIllegalInstruction, "a kernel met an illegal instruction"),
    ROW(cudaErrorMisalignedAddress, "a kernel used a misaligned address"),
    ROW(cudaErrorInvalidAddressSpace, "a kernel used an address of the wrong space"),
    ROW(cudaErrorInvalidPc, "a kernel's program counter is invalid"),
    ROW(cudaErrorLaunchFailure, "a kernel failed while it ran"),
    ROW(cudaErrorAssert, "an assertion failed in a kernel"),
    ROW(cudaErrorTensorMemoryLeak, "a kernel did not free its tensor memory"),
    ROW(cudaErrorContextIsDestroyed, "the context has been destroyed"),
    ROW(cudaErrorNotPermitted, "the call is not permitted here"),
    ROW(cudaErrorNotSupported, "the device or its simulator does not support the call"),
    ROW(cudaErrorSystemNotReady, "the system is not ready for CUDA"),
    ROW(cudaErrorSystemDriverMismatch, "versions of driver and runtime do not fit"),
    ROW(cudaErrorStreamCaptureUnsupported, "not permitted while a stream is being captured"),
    ROW(cudaErrorStreamCaptureInvalidated, "an earlier error has ended the capture"),
    ROW(cudaErrorStreamCaptureMerge, "the call would merge two captures"),
    ROW(cudaErrorStreamCaptureUnmatched, "the capture did not begin on this stream"),
    ROW(cudaErrorStreamCaptureUnjoined, "a stream of the capture was not joined to its origin"),
    ROW(cudaErrorStreamCaptureIsolation, "a dependency would cross the border of the capture"),
    ROW(cudaErrorStreamCaptureImplicit, "the legacy stream would join the capture"),
    ROW(cudaErrorCapturedEvent, "the event was last recorded in a capture"),
    ROW(cudaErrorStreamCaptureWrongThread, "the capture began in another thread"),
    ROW(cudaErrorTimeout, "the wait took too long"),
    ROW(cudaErrorGraphExecUpdateFailure, "the graph differs too much for an update"),
    ROW(cudaErrorUnknown, "unknown error"),
};

#undef ROW

const Row *find(cudaError_t error)
{
    for (const Row &row : rows)
        if (row.error == error) return &row;
    return nullptr;
}

} // namespace

const char *cudaGetErrorName(cudaError_t error)
{
    const Row *row = find(error);
    return row ? row->name : "unrecognized error code";
}

const char *cudaGetErrorString(cudaError_t error)
{
    const Row *row = find(error);
    return row ? row->text : "unrecognized error code";
}
