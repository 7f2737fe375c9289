/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Memory of the device. */
#include "capture.h"
#include "runtime.h"
#include "shadow.h"
#include "sim_config.h"
#include "sim_report.h"
#include "sim_runtime.h"

namespace simcuda
{

const Allocation *starting_at(const void *start)
{
    const Allocation *allocation = find_allocation(start);
    return allocation != nullptr && allocation->start == start ? allocation : nullptr;
}

bool in_allocation(const void *start, size_t bytes, bool pinned)
{
    const Allocation *allocation = find_allocation(start);
    if (allocation == nullptr || (allocation->place == kPinned) != pinned) return false;
    const size_t offset = static_cast<size_t>(static_cast<const char *>(start) - allocation->start);
    return bytes <= allocation->bytes - offset;
}

bool is_device_memory(const void *start, size_t bytes)
{
    return in_allocation(start, bytes, false);
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaMalloc(void **start, size_t bytes)
{
    Call call(cudaErrorMemoryAllocation, Call::kUnsafe);
    if (call.refused()) return call.end();
    if (start == nullptr) return call.end(cudaErrorInvalidValue);
    *start = nullptr;
    if (bytes == 0) return call.end();
    *start = allocate(current_device(), bytes);
    return call.end(*start != nullptr ? cudaSuccess : cudaErrorMemoryAllocation);
}

cudaError_t cudaFree(void *start)
{
    Call call(cudaErrorInvalidValue, Call::kUnsafeFrees);
    if (call.refused()) return call.end();
    if (start == nullptr) return call.end();
    const Allocation *allocation = starting_at(start);
    if (allocation == nullptr || allocation->place == kPinned)
        return call.end(cudaErrorInvalidValue);
    /* It waits for the work that may use the memory, but that is no promise: the host counts as not
     * having waited. */
    run_all();
    if (!release(start)) return call.end(cudaErrorInvalidValue);
    return call.end(sticky_error());
}

cudaError_t cudaMallocAsync(void **start, size_t bytes, cudaStream_t handle)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (start == nullptr) return call.end(cudaErrorInvalidValue);
    if (stream->capture) {
        /* Allocations as nodes of a graph are not simulated. */
        invalidate(stream->capture.get());
        return call.end(cudaErrorStreamCaptureUnsupported);
    }
    *start = nullptr;
    if (bytes == 0) return call.end();
    void *memory = allocate(stream->device, bytes);
    if (memory == nullptr) return call.end(cudaErrorMemoryAllocation);
    Work work;
    work.type = cudaGraphNodeTypeMemAlloc;
    work.name = "cudaMallocAsync";
    work.run = [memory, bytes] {
        /* Whoever used the bytes without waiting for their allocation is found by this. */
        mark_written(memory, bytes, "cudaMallocAsync");
        mark_unwritten(memory, bytes);
        return cudaSuccess;
    };
    if (const cudaError_t error = enqueue(stream, std::move(work))) {
        release(memory);
        return call.end(error);
    }
    *start = memory;
    return call.end();
}

cudaError_t cudaFreeAsync(void *start, cudaStream_t handle)
{
    Call call(cudaErrorInvalidValue, Call::kFrees);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (start == nullptr) return call.end();
    const Allocation *allocation = starting_at(start);
    if (allocation == nullptr || allocation->place == kPinned)
        return call.end(cudaErrorInvalidValue);
    if (stream->capture) {
        invalidate(stream->capture.get());
        return call.end(cudaErrorStreamCaptureUnsupported);
    }
    const size_t bytes = allocation->bytes;
    Work work;
    work.type = cudaGraphNodeTypeMemFree;
    work.name = "cudaFreeAsync";
    work.always = true;
    work.run = [start, bytes] {
        if (starting_at(start) == nullptr) {
            report_at(SIMCUDA_APICHECK, "?", 0, "cudaFreeAsync of memory that is free already");
            return cudaSuccess;
        }
        mark_written(start, bytes, "cudaFreeAsync");
        release(start);
        return cudaSuccess;
    };
    return call.end(enqueue(stream, std::move(work)));
}

cudaError_t cudaPointerGetAttributes(cudaPointerAttributes *attributes, const void *pointer)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (attributes == nullptr) return call.end(cudaErrorInvalidValue);
    *attributes = cudaPointerAttributes();
    void *address = const_cast<void *>(pointer);
    if (is_device_memory(pointer, 1)) {
        attributes->type = cudaMemoryTypeDevice;
        attributes->device = find_allocation(pointer)->place;
        attributes->devicePointer = address;
    } else if (is_pinned(pointer, 1)) {
        attributes->type = cudaMemoryTypeHost;
        attributes->device = current_device();
        attributes->devicePointer = address;
        attributes->hostPointer = address;
    } else {
        attributes->type = cudaMemoryTypeUnregistered;
        attributes->device = cudaInvalidDeviceId;
        attributes->hostPointer = address;
    }
    return call.end();
}

cudaError_t cudaMemGetInfo(size_t *free, size_t *total)
{
    Call call(cudaErrorInitializationError);
    if (call.refused()) return call.end();
    if (free == nullptr || total == nullptr) return call.end(cudaErrorInvalidValue);
    const size_t used = allocated_bytes(current_device());
    *total = simcuda_configuration()->memory;
    *free = *total > used ? *total - used : 0;
    return call.end();
}

size_t simcuda_live_bytes(void)
{
    const std::lock_guard<std::recursive_mutex> hold(device_lock());
    size_t bytes = allocated_bytes(kPinned);
    for (int device = 0; device < kMaximalDevices; device++)
        bytes += allocated_bytes(device);
    return bytes;
}
