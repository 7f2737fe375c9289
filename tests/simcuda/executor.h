/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Runs kernels. The overlay (overlay/device_overlay.h) makes a launch in a .cu file register how
 * its kernel is called; the runtime captures the arguments when the launch is enqueued and runs it
 * when its turn has come:
 *
 *     Kernel *kernel = find_kernel(function);          NULL: cudaErrorInvalidDeviceFunction
 *     cudaError_t error = check_launch(*kernel, shape);
 *     std::shared_ptr<void> arguments = capture_arguments(*kernel, args);
 *     ... later, as an operation of shadow.h ...
 *     begin_operation(operation);
 *     error = run_launch(*kernel, arguments.get(), shape);
 *     end_operation();
 *
 * All that the device does happens under one lock, on whichever thread of the host is in the
 * runtime.
 */
#ifndef CUPEL_SIMCUDA_EXECUTOR_H
#define CUPEL_SIMCUDA_EXECUTOR_H

#include <cuda_runtime_api.h>

#include <cstddef>
#include <memory>
#include <mutex>

namespace simcuda
{

struct Kernel {
    const void *function;
    void (*call)(const void *function, void *arguments);
    void *(*copy)(void **arguments);
    void (*destroy)(void *arguments);
    // What cudaFuncAttributeMaxDynamicSharedMemorySize has set; the runtime checks and writes it.
    size_t dynamic_shared_limit;
};

struct LaunchShape {
    dim3 grid;
    dim3 block;
    size_t dynamic_shared;
    int device; // the ordinal; memory of another device is out of bounds for the kernel
};

/* The lock of the device. Every function of the runtime holds it from its first line to its last;
   it is recursive, so that a host callback may call the runtime. */
std::recursive_mutex &device_lock();

/* The kernel whose launch has been registered, or NULL. It lives as long as the process. */
Kernel *find_kernel(const void *function);

/* Copies the arguments as cudaLaunchKernel does: what they hold later does not matter. */
std::shared_ptr<void> capture_arguments(const Kernel &kernel, void **arguments);

/* What cudaLaunchKernel returns at once for this shape: cudaSuccess, or the error of a limit. */
cudaError_t check_launch(const Kernel &kernel, const LaunchShape &shape);

/* Runs every block to its end. Anything but cudaSuccess is an error of the device that the runtime
   makes sticky: cudaErrorLaunchFailure after a deadlock, cudaErrorIllegalAddress after a wild
   pointer, a stack that overflowed or a trap; the cause is in the reports. */
cudaError_t run_launch(const Kernel &kernel, void *arguments, const LaunchShape &shape);

/* Whether the calling thread of the host is inside run_launch, running a kernel's code. */
bool in_kernel();

} // namespace simcuda

#endif
