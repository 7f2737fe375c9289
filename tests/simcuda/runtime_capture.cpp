/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Stream capture, after the rules of cudaThreadExchangeStreamCaptureMode and of the error codes 900
 * to 908 in the CUDA headers. */
#include "capture.h"

#include <algorithm>
#include <set>

namespace simcuda
{

namespace
{

thread_local cudaStreamCaptureMode thread_mode = cudaStreamCaptureModeGlobal;
std::vector<std::shared_ptr<Capture>> captures; /* those that are active */

void add_stream(CUstream_st *stream, const std::shared_ptr<Capture> &capture)
{
    stream->capture = capture;
    stream->tail.clear();
    stream->capture_lane = capture->graph->chains++;
    capture->streams.push_back(stream);
}

/* The nodes that lead to these, themselves included. */
size_t count_ancestors(const std::vector<cudaGraphNode_t> &nodes)
{
    std::set<cudaGraphNode_t> seen;
    std::vector<cudaGraphNode_t> stack = nodes;
    while (!stack.empty()) {
        const cudaGraphNode_t node = stack.back();
        stack.pop_back();
        if (!seen.insert(node).second) continue;
        stack.insert(stack.end(), node->after.begin(), node->after.end());
    }
    return seen.size();
}

void end(const std::shared_ptr<Capture> &capture)
{
    capture->active = false;
    for (CUstream_st *stream : capture->streams) {
        stream->capture.reset();
        stream->tail.clear();
    }
    capture->streams.clear();
    captures.erase(std::find(captures.begin(), captures.end(), capture));
}

} // namespace

cudaError_t capture_work(CUstream_st *stream, Work work)
{
    Capture *capture = stream->capture.get();
    if (capture->invalid) return cudaErrorStreamCaptureInvalidated;
    auto node = std::make_unique<CUgraphNode_st>();
    node->work = std::make_shared<const Work>(std::move(work));
    node->after = stream->tail;
    node->chain = stream->capture_lane;
    stream->tail = {node.get()};
    capture->graph->nodes.push_back(std::move(node));
    return cudaSuccess;
}

cudaError_t join_capture(CUstream_st *stream, const std::shared_ptr<Capture> &capture,
                         const std::vector<cudaGraphNode_t> &nodes)
{
    if (capture->invalid) return cudaErrorStreamCaptureInvalidated;
    if (is_legacy(stream)) {
        invalidate(capture.get());
        return cudaErrorStreamCaptureImplicit;
    }
    if (!stream->capture) add_stream(stream, capture);
    if (stream->capture != capture) {
        invalidate(capture.get());
        invalidate(stream->capture.get());
        return cudaErrorStreamCaptureMerge;
    }
    for (const cudaGraphNode_t node : nodes)
        if (std::find(stream->tail.begin(), stream->tail.end(), node) == stream->tail.end())
            stream->tail.push_back(node);
    return cudaSuccess;
}

void invalidate(Capture *capture)
{
    capture->invalid = true;
}

cudaError_t unsafe_call_in_capture()
{
    cudaError_t error = cudaSuccess;
    if (thread_mode == cudaStreamCaptureModeRelaxed) return error;
    for (const std::shared_ptr<Capture> &capture : captures) {
        const bool mine = capture->thread == std::this_thread::get_id();
        const bool forbids = mine ? capture->mode != cudaStreamCaptureModeRelaxed
                                  : capture->mode == cudaStreamCaptureModeGlobal &&
                                        thread_mode == cudaStreamCaptureModeGlobal;
        if (!forbids) continue;
        invalidate(capture.get());
        error = cudaErrorStreamCaptureUnsupported;
    }
    return error;
}

cudaError_t synchronize_in_capture(int device)
{
    cudaError_t error = cudaSuccess;
    for (const std::shared_ptr<Capture> &capture : captures) {
        if (capture->origin->device != device) continue;
        error = cudaErrorStreamCaptureUnsupported;
        if (capture->mode == cudaStreamCaptureModeGlobal ||
            capture->thread == std::this_thread::get_id())
            invalidate(capture.get());
    }
    return error;
}

cudaError_t legacy_in_capture(int device)
{
    cudaError_t error = cudaSuccess;
    for (const std::shared_ptr<Capture> &capture : captures) {
        for (const CUstream_st *stream : capture->streams) {
            if (!stream->blocking || stream->device != device) continue;
            invalidate(capture.get());
            error = cudaErrorStreamCaptureImplicit;
        }
    }
    return error;
}

void leave_capture(CUstream_st *stream)
{
    const std::shared_ptr<Capture> capture = stream->capture;
    if (!capture) return;
    invalidate(capture.get());
    if (capture->origin == stream) {
        end(capture);
        return;
    }
    capture->streams.erase(std::find(capture->streams.begin(), capture->streams.end(), stream));
    stream->capture.reset();
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaThreadExchangeStreamCaptureMode(cudaStreamCaptureMode *mode)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (mode == nullptr || *mode < cudaStreamCaptureModeGlobal ||
        *mode > cudaStreamCaptureModeRelaxed)
        return call.end(cudaErrorInvalidValue);
    std::swap(*mode, thread_mode);
    return call.end();
}

cudaError_t cudaStreamBeginCapture(cudaStream_t handle, cudaStreamCaptureMode mode)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (is_legacy(stream)) return call.end(cudaErrorStreamCaptureUnsupported);
    if (mode < cudaStreamCaptureModeGlobal || mode > cudaStreamCaptureModeRelaxed)
        return call.end(cudaErrorInvalidValue);
    if (stream->capture) return call.end(cudaErrorIllegalState);
    auto capture = std::make_shared<Capture>();
    capture->graph = std::make_unique<CUgraph_st>();
    capture->origin = stream;
    capture->mode = mode;
    capture->thread = std::this_thread::get_id();
    add_stream(stream, capture);
    captures.push_back(capture);
    return call.end();
}

cudaError_t cudaStreamEndCapture(cudaStream_t handle, cudaGraph_t *graph)
{
    /* Ending a capture is what cleans up after an error, so a planted error does not prevent it. */
    Call call(cudaErrorStreamCaptureInvalidated, Call::kFrees);
    if (graph != nullptr) *graph = nullptr;
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (graph == nullptr) return call.end(cudaErrorInvalidValue);
    const std::shared_ptr<Capture> capture = stream->capture;
    if (!capture) return call.end(cudaErrorIllegalState);
    if (capture->origin != stream) {
        invalidate(capture.get());
        return call.end(cudaErrorStreamCaptureUnmatched);
    }
    if (capture->mode != cudaStreamCaptureModeRelaxed &&
        capture->thread != std::this_thread::get_id()) {
        invalidate(capture.get());
        return call.end(cudaErrorStreamCaptureWrongThread);
    }
    const bool joined = count_ancestors(stream->tail) == capture->graph->nodes.size();
    end(capture);
    if (capture->invalid) return call.end(cudaErrorStreamCaptureInvalidated);
    if (!joined) return call.end(cudaErrorStreamCaptureUnjoined);
    const cudaError_t error = call.end();
    if (error != cudaSuccess) return error;
    *graph = capture->graph.release();
    add_graph(*graph);
    return cudaSuccess;
}

cudaError_t cudaStreamIsCapturing(cudaStream_t handle, cudaStreamCaptureStatus *status)
{
    Call call(cudaErrorInvalidResourceHandle);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (status == nullptr) return call.end(cudaErrorInvalidValue);
    if (is_legacy(stream)) {
        if (const cudaError_t error = legacy_in_capture(stream->device)) return call.end(error);
    }
    *status = !stream->capture           ? cudaStreamCaptureStatusNone
              : stream->capture->invalid ? cudaStreamCaptureStatusInvalidated
                                         : cudaStreamCaptureStatusActive;
    return call.end();
}
