/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Events, outside and inside captures. */
#include "capture.h"
#include "runtime.h"

#include <set>

struct CUevent_st {
    int device = 0;
    unsigned flags = 0;
    simcuda::TaskPtr at; /* NULL: never recorded, or last recorded in a capture */
    std::shared_ptr<simcuda::Capture> capture; /* where it was last recorded in one */
    std::vector<cudaGraphNode_t> nodes;        /* then: what it stands for */
};

namespace simcuda
{

namespace
{

std::set<CUevent_st *> events;

bool exists(cudaEvent_t event)
{
    return events.count(event) != 0;
}

/* An event of a capture says nothing about time; asking it ends the capture that it belongs to. */
cudaError_t refuse_captured(cudaEvent_t event)
{
    if (!event->capture) return cudaSuccess;
    if (event->capture->active) invalidate(event->capture.get());
    return cudaErrorCapturedEvent;
}

Work marker(cudaGraphNodeType type, const char *name)
{
    Work work;
    work.type = type;
    work.name = name;
    return work;
}

} // namespace

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaEventCreateWithFlags(cudaEvent_t *handle, unsigned flags)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    const unsigned known = cudaEventBlockingSync | cudaEventDisableTiming;
    if (handle == nullptr || (flags & ~known) != 0) return call.end(cudaErrorInvalidValue);
    auto *event = new CUevent_st;
    event->device = current_device();
    event->flags = flags;
    events.insert(event);
    count_objects(1);
    *handle = event;
    return call.end();
}

cudaError_t cudaEventCreate(cudaEvent_t *event)
{
    return cudaEventCreateWithFlags(event, cudaEventDefault);
}

cudaError_t cudaEventDestroy(cudaEvent_t event)
{
    Call call(cudaErrorInvalidResourceHandle, Call::kFrees);
    if (call.refused()) return call.end();
    if (!exists(event)) return call.end(cudaErrorInvalidResourceHandle);
    events.erase(event);
    count_objects(-1);
    delete event;
    return call.end();
}

cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t handle)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (!exists(event) || stream == nullptr || stream->device != event->device)
        return call.end(cudaErrorInvalidResourceHandle);
    if (stream->capture) {
        if (stream->capture->invalid) return call.end(cudaErrorStreamCaptureInvalidated);
        event->at.reset();
        event->capture = stream->capture;
        event->nodes = stream->tail;
        return call.end();
    }
    TaskPtr task;
    const cudaError_t error =
        enqueue(stream, marker(cudaGraphNodeTypeEventRecord, "cudaEventRecord"), {}, &task);
    if (error != cudaSuccess) return call.end(error);
    event->at = task;
    event->capture.reset();
    event->nodes.clear();
    return call.end();
}

cudaError_t cudaStreamWaitEvent(cudaStream_t handle, cudaEvent_t event, unsigned flags)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (!exists(event) || stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (flags != cudaEventWaitDefault) return call.end(cudaErrorInvalidValue);
    if (event->capture) {
        if (event->capture->active)
            return call.end(join_capture(stream, event->capture, event->nodes));
        if (stream->capture) invalidate(stream->capture.get());
        return call.end(cudaErrorStreamCaptureIsolation);
    }
    if (stream->capture) {
        /* What happened before the capture is no part of it. */
        if (!event->at) return call.end();
        invalidate(stream->capture.get());
        return call.end(cudaErrorStreamCaptureIsolation);
    }
    if (!event->at) return call.end();
    return call.end(
        enqueue(stream, marker(cudaGraphNodeTypeWaitEvent, "cudaStreamWaitEvent"), {event->at}));
}

cudaError_t cudaEventSynchronize(cudaEvent_t event)
{
    Call call(cudaErrorLaunchFailure, Call::kUnsafe);
    if (call.refused()) return call.end();
    if (!exists(event)) return call.end(cudaErrorInvalidResourceHandle);
    if (const cudaError_t error = refuse_captured(event)) return call.end(error);
    return call.end(finish(event->at));
}

cudaError_t cudaEventQuery(cudaEvent_t event)
{
    Call call(cudaErrorLaunchFailure, Call::kUnsafe);
    if (call.refused()) return call.end();
    if (!exists(event)) return call.end(cudaErrorInvalidResourceHandle);
    if (const cudaError_t error = refuse_captured(event)) return call.end(error);
    const bool done = poll(event->at);
    if (sticky_error() != cudaSuccess) return call.end(sticky_error());
    return call.end(done ? cudaSuccess : cudaErrorNotReady);
}

cudaError_t cudaEventElapsedTime(float *milliseconds, cudaEvent_t start, cudaEvent_t end)
{
    Call call(cudaErrorLaunchFailure);
    if (call.refused()) return call.end();
    if (milliseconds == nullptr) return call.end(cudaErrorInvalidValue);
    if (!exists(start) || !exists(end) || !start->at || !end->at || start->device != end->device ||
        ((start->flags | end->flags) & cudaEventDisableTiming) != 0)
        return call.end(cudaErrorInvalidResourceHandle);
    if (!start->at->done || !end->at->done) return call.end(cudaErrorNotReady);
    *milliseconds = static_cast<float>(end->at->milliseconds - start->at->milliseconds);
    return call.end();
}
