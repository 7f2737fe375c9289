/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Graphs and the capture of streams into them. */
#ifndef SIMCUDA_CAPTURE_H
#define SIMCUDA_CAPTURE_H

#include "runtime.h"

#include <memory>
#include <thread>
#include <vector>

struct CUgraphNode_st {
    simcuda::WorkPtr work;
    std::vector<cudaGraphNode_t> after; /* earlier nodes of the same graph */
    unsigned chain = 0; /* nodes of one chain follow each other: those of one captured stream */
};

struct CUgraph_st {
    std::vector<std::unique_ptr<CUgraphNode_st>> nodes;
    unsigned chains = 0;
};

namespace simcuda
{

/* From cudaStreamBeginCapture to cudaStreamEndCapture. An error ends what a capture can give, but
 * its streams stay in it until it is ended. */
struct Capture {
    std::unique_ptr<CUgraph_st> graph;
    CUstream_st *origin = nullptr;
    cudaStreamCaptureMode mode = cudaStreamCaptureModeGlobal;
    std::thread::id thread;
    bool invalid = false;
    bool active = true;
    std::vector<CUstream_st *> streams;
};

/* Adds a node to the graph that the stream is captured into. */
cudaError_t capture_work(CUstream_st *stream, Work work);

/* Lets what the stream captures next come after these nodes. A stream that is not captured joins.
 */
cudaError_t join_capture(CUstream_st *stream, const std::shared_ptr<Capture> &capture,
                         const std::vector<cudaGraphNode_t> &nodes);

/* An operation that cannot stand in a capture: it is invalid from here on. */
void invalidate(Capture *capture);

/* Whether a capture forbids the calling thread what cannot be captured, such as an allocation; that
 * capture is then invalid. */
cudaError_t unsafe_call_in_capture();

/* What waiting for a whole device gives while one of its streams is captured. A capture of another
 * thread stays valid unless its mode is global. */
cudaError_t synchronize_in_capture(int device);

/* What touching the legacy stream gives while a stream that it is ordered with is captured. */
cudaError_t legacy_in_capture(int device);

/* The graph is the caller's from here on, until cudaGraphDestroy. */
void add_graph(cudaGraph_t graph);

/* The stream is about to be destroyed. */
void leave_capture(CUstream_st *stream);

} // namespace simcuda

#endif
