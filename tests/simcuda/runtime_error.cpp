/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Errors: the last one of each thread, the sticky one of the device, planted ones. */
#include "capture.h"
#include "runtime.h"
#include "sim_config.h"
#include "sim_runtime.h"

#include <utility>

namespace simcuda
{

namespace
{

cudaError_t sticky = cudaSuccess;
int64_t objects;
thread_local cudaError_t last_error = cudaSuccess;
thread_local bool in_host_function = false;

/* The errors after which, as their descriptions say, only a new process helps. */
bool is_sticky(cudaError_t error)
{
    switch (error) {
    case cudaErrorECCUncorrectable:
    case cudaErrorNvlinkUncorrectable:
    case cudaErrorIllegalAddress:
    case cudaErrorLaunchTimeout:
    case cudaErrorAssert:
    case cudaErrorHardwareStackError:
    case cudaErrorIllegalInstruction:
    case cudaErrorMisalignedAddress:
    case cudaErrorInvalidAddressSpace:
    case cudaErrorInvalidPc:
    case cudaErrorLaunchFailure:
    case cudaErrorTensorMemoryLeak:
        return true;
    default:
        return false;
    }
}

/* Why no call at all can succeed on this machine, or cudaSuccess. */
cudaError_t absence()
{
    if (!simcuda_configuration()->driver) return cudaErrorInsufficientDriver;
    return simcuda_configuration()->devices == 0 ? cudaErrorNoDevice : cudaSuccess;
}

/* The error that the configuration plants in this call, or cudaSuccess. */
cudaError_t planted(cudaError_t usual)
{
    if (!simcuda_call_fails()) return cudaSuccess;
    const simcuda_config *config = simcuda_configuration();
    cudaError_t error = static_cast<cudaError_t>(config->fail_error);
    if (error == cudaSuccess)
        error = config->fail_mode == SIMCUDA_PERSISTENT ? cudaErrorLaunchFailure : usual;
    return error;
}

} // namespace

Call::Call(cudaError_t usual, Kind kind) : hold_(device_lock())
{
    reason_ = absence();
    refused_ = reason_ != cudaSuccess;
    if (refused_) return;
    reason_ = in_host_function ? cudaErrorNotPermitted : planted(usual);
    if (is_sticky(reason_)) {
        if (kind == kLaunches && sticky == cudaSuccess)
            std::swap(reason_, fault_);
        else
            lose_device(reason_);
    }
    if (reason_ == cudaSuccess) reason_ = sticky;
    refused_ = reason_ != cudaSuccess && kind != kFrees && kind != kUnsafeFrees;
    if (reason_ != cudaSuccess || (kind != kUnsafe && kind != kUnsafeFrees)) return;
    reason_ = unsafe_call_in_capture();
    refused_ = reason_ != cudaSuccess;
}

cudaError_t Call::end(cudaError_t result)
{
    if (reason_ != cudaSuccess) result = reason_;
    if (result != cudaSuccess) last_error = result;
    return result;
}

cudaError_t sticky_error()
{
    return sticky;
}

void lose_device(cudaError_t error)
{
    if (sticky == cudaSuccess) sticky = error;
}

void enter_host_function(bool inside)
{
    in_host_function = inside;
}

void count_objects(int change)
{
    objects += change;
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaPeekAtLastError(void)
{
    const std::lock_guard<std::recursive_mutex> hold(device_lock());
    if (absence() != cudaSuccess) return absence();
    return sticky != cudaSuccess ? sticky : last_error;
}

cudaError_t cudaGetLastError(void)
{
    const cudaError_t error = cudaPeekAtLastError();
    last_error = cudaSuccess;
    return error;
}

int64_t simcuda_live_objects(void)
{
    const std::lock_guard<std::recursive_mutex> hold(device_lock());
    return objects;
}

void simcuda_revive(void)
{
    const std::lock_guard<std::recursive_mutex> hold(device_lock());
    sticky = cudaSuccess;
    last_error = cudaSuccess;
}
