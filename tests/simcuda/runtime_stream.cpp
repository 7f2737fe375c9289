/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Streams, and the order between them that the legacy stream makes: an operation on it comes after
 * all earlier ones of the blocking streams of its device, and they come after it. */
#include "capture.h"
#include "card.h"
#include "runtime.h"

#include <algorithm>
#include <map>
#include <set>

namespace simcuda
{

namespace
{

std::set<CUstream_st *> created_streams;
CUstream_st legacy_streams[kMaximalDevices];
std::map<std::pair<std::thread::id, int>, CUstream_st> thread_streams;

/* The last tasks of destroyed streams: their work goes on. */
struct Ended {
    int device;
    bool blocking;
    TaskPtr last;
};
std::vector<Ended> ended;

/* Streams that CUDA provides get their lane at their first use. */
CUstream_st *provided(CUstream_st *stream, int device)
{
    if (stream->lane == kNoLane) {
        stream->device = device;
        stream->lane = new_lane();
    }
    return stream;
}

cudaError_t create(cudaStream_t *handle, unsigned flags, int priority)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    if (handle == nullptr || (flags & ~static_cast<unsigned>(cudaStreamNonBlocking)) != 0)
        return call.end(cudaErrorInvalidValue);
    auto *stream = new CUstream_st;
    stream->device = current_device();
    stream->blocking = (flags & cudaStreamNonBlocking) == 0;
    stream->priority = std::min(kLowestPriority, std::max(kHighestPriority, priority));
    stream->lane = new_lane();
    created_streams.insert(stream);
    count_objects(1);
    *handle = stream;
    return call.end();
}

/* What the next operation of the legacy stream waits for. */
std::vector<TaskPtr> before_legacy(int device)
{
    std::vector<TaskPtr> tasks;
    for (const CUstream_st *stream : streams_of(device))
        if (stream->blocking) tasks.push_back(stream->last);
    for (const Ended &stream : ended)
        if (stream.device == device && stream.blocking) tasks.push_back(stream.last);
    return tasks;
}

} // namespace

CUstream_st *find_stream(cudaStream_t handle)
{
    const int device = current_device();
    if (handle == nullptr || handle == cudaStreamLegacy)
        return provided(&legacy_streams[device], device);
    if (handle == cudaStreamPerThread)
        return provided(&thread_streams[{std::this_thread::get_id(), device}], device);
    return created_streams.count(handle) != 0 ? handle : nullptr;
}

bool is_legacy(const CUstream_st *stream)
{
    return stream == &legacy_streams[stream->device];
}

std::vector<CUstream_st *> streams_of(int device)
{
    std::vector<CUstream_st *> streams = {provided(&legacy_streams[device], device)};
    for (CUstream_st *stream : created_streams)
        if (stream->device == device) streams.push_back(stream);
    for (auto &[key, stream] : thread_streams)
        if (key.second == device) streams.push_back(&stream);
    return streams;
}

cudaError_t enqueue(CUstream_st *stream, Work work, const std::vector<TaskPtr> &also, TaskPtr *task)
{
    if (stream->capture) return capture_work(stream, std::move(work));
    std::vector<TaskPtr> after = also;
    if (is_legacy(stream)) {
        if (const cudaError_t error = legacy_in_capture(stream->device)) return error;
        for (const TaskPtr &before : before_legacy(stream->device))
            after.push_back(before);
    } else {
        after.push_back(stream->last);
        if (stream->blocking)
            after.push_back(provided(&legacy_streams[stream->device], stream->device)->last);
    }
    stream->last = add_task(std::make_shared<const Work>(std::move(work)), stream->lane, after);
    if (task != nullptr) *task = stream->last;
    return cudaSuccess;
}

std::vector<TaskPtr> latest_tasks(int device)
{
    std::vector<TaskPtr> tasks;
    for (const CUstream_st *stream : streams_of(device))
        tasks.push_back(stream->last);
    for (const Ended &stream : ended)
        if (stream.device == device) tasks.push_back(stream.last);
    return tasks;
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaStreamCreate(cudaStream_t *stream)
{
    return create(stream, cudaStreamDefault, kLowestPriority);
}

cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned flags)
{
    return create(stream, flags, kLowestPriority);
}

cudaError_t cudaStreamCreateWithPriority(cudaStream_t *stream, unsigned flags, int priority)
{
    return create(stream, flags, priority);
}

cudaError_t cudaStreamDestroy(cudaStream_t handle)
{
    Call call(cudaErrorInvalidResourceHandle, Call::kFrees);
    if (call.refused()) return call.end();
    if (created_streams.count(handle) == 0) return call.end(cudaErrorInvalidResourceHandle);
    const bool captured = handle->capture != nullptr;
    leave_capture(handle);
    if (handle->last) ended.push_back({handle->device, handle->blocking, handle->last});
    created_streams.erase(handle);
    count_objects(-1);
    delete handle;
    return call.end(captured ? cudaErrorStreamCaptureUnsupported : cudaSuccess);
}

cudaError_t cudaStreamGetFlags(cudaStream_t handle, unsigned *flags)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    const CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (flags == nullptr) return call.end(cudaErrorInvalidValue);
    *flags = stream->blocking ? cudaStreamDefault : cudaStreamNonBlocking;
    return call.end();
}

cudaError_t cudaStreamGetPriority(cudaStream_t handle, int *priority)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    const CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (priority == nullptr) return call.end(cudaErrorInvalidValue);
    *priority = stream->priority;
    return call.end();
}

cudaError_t cudaStreamGetDevice(cudaStream_t handle, int *device)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    const CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (device == nullptr) return call.end(cudaErrorInvalidValue);
    *device = stream->device;
    return call.end();
}

/* Asking a stream that is captured whether it has come to its end ends the capture. */
static cudaError_t refuse_captured(CUstream_st *stream)
{
    if (stream->capture) {
        invalidate(stream->capture.get());
        return cudaErrorStreamCaptureUnsupported;
    }
    return is_legacy(stream) ? legacy_in_capture(stream->device) : cudaSuccess;
}

/* Waiting for the legacy stream is waiting for the blocking streams as well. */
static std::vector<TaskPtr> tails(CUstream_st *stream)
{
    return is_legacy(stream) ? before_legacy(stream->device) : std::vector<TaskPtr>{stream->last};
}

cudaError_t cudaStreamSynchronize(cudaStream_t handle)
{
    Call call(cudaErrorLaunchFailure, Call::kUnsafe);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (const cudaError_t error = refuse_captured(stream)) return call.end(error);
    for (const TaskPtr &task : tails(stream))
        finish(task);
    return call.end(sticky_error());
}

cudaError_t cudaStreamQuery(cudaStream_t handle)
{
    Call call(cudaErrorLaunchFailure, Call::kUnsafe);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (const cudaError_t error = refuse_captured(stream)) return call.end(error);
    bool done = true;
    for (const TaskPtr &task : tails(stream))
        done = done && poll(task);
    if (sticky_error() != cudaSuccess) return call.end(sticky_error());
    return call.end(done ? cudaSuccess : cudaErrorNotReady);
}
