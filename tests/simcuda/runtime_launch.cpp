/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Launches of kernels, what is said about kernels, and host functions in streams. */
#include "capture.h"
#include "card.h"
#include "locate.h"
#include "runtime.h"

#include <algorithm>
#include <map>

namespace simcuda
{

namespace
{

/* The kernel's name for the reports of the race variant; elsewhere nothing tells it. */
std::string name_of(const Kernel &kernel)
{
#if defined(SIMCUDA_RACE)
    static std::map<const void *, std::string> names;
    std::string &name = names[kernel.function];
    if (name.empty()) name = locate(static_cast<const char *>(kernel.function) + 1).function;
    return name;
#else
    (void)kernel;
    return "a kernel";
#endif
}

cudaError_t launch(const void *function, LaunchShape shape, void **arguments, cudaStream_t handle,
                   cudaError_t fault)
{
    const Kernel *kernel = find_kernel(function);
    if (kernel == nullptr) return cudaErrorInvalidDeviceFunction;
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr || stream->device != current_device())
        return cudaErrorInvalidResourceHandle;
    if (const cudaError_t error = check_launch(*kernel, shape)) return error;
    shape.device = stream->device;
    Work work;
    work.type = cudaGraphNodeTypeKernel;
    work.name = name_of(*kernel);
    work.kernel.func = const_cast<void *>(function);
    work.kernel.gridDim = shape.grid;
    work.kernel.blockDim = shape.block;
    work.kernel.sharedMemBytes = static_cast<unsigned>(shape.dynamic_shared);
    work.fault = fault;
    const std::shared_ptr<void> copies = capture_arguments(*kernel, arguments);
    work.run = [kernel, copies, shape] { return run_launch(*kernel, copies.get(), shape); };
    return enqueue(stream, std::move(work));
}

/* Launch attributes that change nothing here. With programmatic serialization a kernel may begin
 * before the one before it has ended, up to its griddepcontrol.wait; the full order that is kept
 * instead is one of those that it allows. */
bool is_known(cudaLaunchAttributeID attribute)
{
    return attribute == cudaLaunchAttributeIgnore || attribute == cudaLaunchAttributePriority ||
           attribute == cudaLaunchAttributeProgrammaticStreamSerialization;
}

/* Blocks that a multiprocessor holds by threads, blocks and shared memory; registers are unknown.
 */
int resident_blocks(const Kernel &kernel, int threads, size_t dynamic)
{
    if (threads > kMaxThreads || dynamic > kernel.dynamic_shared_limit) return 0;
    const int rounded = (threads + kWarp - 1) / kWarp * kWarp;
    const size_t shared = dynamic + kSharedMemoryReserved;
    return std::min({kMaxThreadsMultiprocessor / rounded, kMaxBlocksMultiprocessor,
                     static_cast<int>(kSharedMemoryMultiprocessor / shared)});
}

} // namespace

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaLaunchKernel(const void *function, dim3 grid, dim3 block, void **arguments,
                             size_t dynamic, cudaStream_t stream)
{
    Call call(cudaErrorLaunchOutOfResources, Call::kLaunches);
    if (call.refused()) return call.end();
    return call.end(launch(function, {grid, block, dynamic, 0}, arguments, stream, call.fault()));
}

cudaError_t cudaLaunchKernelExC(const cudaLaunchConfig_t *config, const void *function,
                                void **arguments)
{
    Call call(cudaErrorLaunchOutOfResources, Call::kLaunches);
    if (call.refused()) return call.end();
    if (config == nullptr) return call.end(cudaErrorInvalidValue);
    for (unsigned i = 0; i < config->numAttrs; i++)
        if (!is_known(config->attrs[i].id)) return call.end(cudaErrorNotSupported);
    return call.end(launch(function,
                           {config->gridDim, config->blockDim, config->dynamicSmemBytes, 0},
                           arguments, config->stream, call.fault()));
}

cudaError_t cudaFuncSetAttribute(const void *function, cudaFuncAttribute attribute, int value)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    Kernel *kernel = find_kernel(function);
    if (kernel == nullptr) return call.end(cudaErrorInvalidDeviceFunction);
    switch (attribute) {
    case cudaFuncAttributeMaxDynamicSharedMemorySize:
        if (value < 0 || value > kSharedMemoryOptIn) return call.end(cudaErrorInvalidValue);
        kernel->dynamic_shared_limit = static_cast<size_t>(value);
        return call.end();
    case cudaFuncAttributePreferredSharedMemoryCarveout:
        return call.end(value >= -1 && value <= 100 ? cudaSuccess : cudaErrorInvalidValue);
    default:
        return call.end(cudaErrorInvalidValue);
    }
}

cudaError_t cudaFuncGetAttributes(cudaFuncAttributes *attributes, const void *function)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (attributes == nullptr) return call.end(cudaErrorInvalidValue);
    const Kernel *kernel = find_kernel(function);
    if (kernel == nullptr) return call.end(cudaErrorInvalidDeviceFunction);
    *attributes = cudaFuncAttributes();
    attributes->maxThreadsPerBlock = kMaxThreads;
    attributes->numRegs = 32;
    attributes->ptxVersion = kMajor * 10 + kMinor;
    attributes->binaryVersion = kMajor * 10 + kMinor;
    attributes->maxDynamicSharedSizeBytes = static_cast<int>(kernel->dynamic_shared_limit);
    attributes->preferredShmemCarveout = -1;
    return call.end();
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(int *blocks,
                                                                   const void *function,
                                                                   int threads, size_t dynamic,
                                                                   unsigned flags)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (blocks == nullptr || threads < 1 || flags > cudaOccupancyDisableCachingOverride)
        return call.end(cudaErrorInvalidValue);
    const Kernel *kernel = find_kernel(function);
    if (kernel == nullptr) return call.end(cudaErrorInvalidDeviceFunction);
    *blocks = resident_blocks(*kernel, threads, dynamic);
    return call.end();
}

cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *blocks, const void *function,
                                                          int threads, size_t dynamic)
{
    return cudaOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(blocks, function, threads,
                                                                  dynamic, cudaOccupancyDefault);
}

cudaError_t cudaLaunchHostFunc(cudaStream_t handle, cudaHostFn_t function, void *data)
{
    Call call(cudaErrorLaunchOutOfResources);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (function == nullptr) return call.end(cudaErrorInvalidValue);
    Work work;
    work.type = cudaGraphNodeTypeHost;
    work.name = "cudaLaunchHostFunc";
    work.run = [function, data] {
        enter_host_function(true);
        function(data);
        enter_host_function(false);
        return cudaSuccess;
    };
    return call.end(enqueue(stream, std::move(work)));
}
