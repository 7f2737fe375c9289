/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Copies and fills. Which of them return before they are done follows "API synchronization
 * behavior" of the CUDA documentation: what is copied from pageable memory is read at once and what
 * is copied from page-locked memory when the copy runs; a copy to pageable memory has run when the
 * call returns; a copy within the device never waits, the form without a stream included. */
#include "capture.h"
#include "runtime.h"
#include "shadow.h"

#include <memory>
#include <vector>

namespace simcuda
{

namespace
{

enum class Place { kDevice, kPinnedHost, kPageable, kNowhere };

/* Where bytes lie; nowhere if they reach beyond an allocation. */
Place place_of(const void *start, size_t bytes)
{
    if (is_device_memory(start, bytes)) return Place::kDevice;
    if (is_pinned(start, bytes)) return Place::kPinnedHost;
    return find_allocation(start) == nullptr ? Place::kPageable : Place::kNowhere;
}

bool fits(cudaMemcpyKind kind, Place to, Place from)
{
    const bool to_device = to == Place::kDevice;
    const bool from_device = from == Place::kDevice;
    switch (kind) {
    case cudaMemcpyHostToHost:
        return !to_device && !from_device;
    case cudaMemcpyHostToDevice:
        return to_device && !from_device;
    case cudaMemcpyDeviceToHost:
        return !to_device && from_device;
    case cudaMemcpyDeviceToDevice:
        return to_device && from_device;
    default:
        return true;
    }
}

/* A copy to be run; staged, where not NULL, holds the bytes of a pageable source. */
Work copy_work(void *to, const void *from, size_t bytes,
               const std::shared_ptr<std::vector<char>> &staged)
{
    Work work;
    work.type = cudaGraphNodeTypeMemcpy;
    work.name = "cudaMemcpyAsync";
    work.run = [to, from, bytes, staged] {
        const void *source = staged ? staged->data() : from;
        mark_read(source, bytes, "cudaMemcpyAsync");
        mark_written(to, bytes, "cudaMemcpyAsync");
        copy_bytes(to, source, bytes);
        return cudaSuccess;
    };
    return work;
}

/* The copy of both forms; synchronous is the form without a stream. */
cudaError_t copy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind, CUstream_st *stream,
                 bool synchronous)
{
    if (kind < cudaMemcpyHostToHost || kind > cudaMemcpyDefault)
        return cudaErrorInvalidMemcpyDirection;
    if (bytes == 0) return cudaSuccess;
    if (to == nullptr || from == nullptr) return cudaErrorInvalidValue;
    const Place to_place = place_of(to, bytes);
    const Place from_place = place_of(from, bytes);
    if (to_place == Place::kNowhere || from_place == Place::kNowhere ||
        !fits(kind, to_place, from_place))
        return cudaErrorInvalidValue;
    if (stream->capture && (to_place == Place::kPageable || from_place == Place::kPageable)) {
        /* Such a copy waits for the host, which a graph cannot. */
        invalidate(stream->capture.get());
        return cudaErrorStreamCaptureUnsupported;
    }
    const bool within_device = to_place == Place::kDevice && from_place == Place::kDevice;
    const bool within_host = to_place != Place::kDevice && from_place != Place::kDevice;
    std::shared_ptr<std::vector<char>> staged;
    if (from_place == Place::kPageable && to_place == Place::kDevice) {
        if (synchronous) finish(stream->last);
        staged = std::make_shared<std::vector<char>>(bytes);
        copy_bytes(staged->data(), from, bytes);
    }
    TaskPtr task;
    const cudaError_t error = enqueue(stream, copy_work(to, from, bytes, staged), {}, &task);
    if (error != cudaSuccess) return error;
    const bool waits =
        within_host || to_place == Place::kPageable || (synchronous && !within_device && !staged);
    return waits && task ? finish(task) : cudaSuccess;
}

cudaError_t fill(void *start, int value, size_t bytes, CUstream_st *stream)
{
    if (bytes == 0) return cudaSuccess;
    if (!is_device_memory(start, bytes) && !is_pinned(start, bytes)) return cudaErrorInvalidValue;
    Work work;
    work.type = cudaGraphNodeTypeMemset;
    work.name = "cudaMemsetAsync";
    work.run = [start, value, bytes] {
        mark_written(start, bytes, "cudaMemsetAsync");
        fill_bytes(start, value, bytes);
        return cudaSuccess;
    };
    return enqueue(stream, std::move(work));
}

} // namespace

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t bytes, cudaMemcpyKind kind,
                            cudaStream_t handle)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    return call.end(copy(to, from, bytes, kind, stream, false));
}

cudaError_t cudaMemcpy(void *to, const void *from, size_t bytes, cudaMemcpyKind kind)
{
    Call call(cudaErrorInvalidValue, Call::kUnsafe);
    if (call.refused()) return call.end();
    return call.end(copy(to, from, bytes, kind, find_stream(nullptr), true));
}

cudaError_t cudaMemsetAsync(void *start, int value, size_t bytes, cudaStream_t handle)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    return call.end(fill(start, value, bytes, stream));
}

cudaError_t cudaMemset(void *start, int value, size_t bytes)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    return call.end(fill(start, value, bytes, find_stream(nullptr)));
}
