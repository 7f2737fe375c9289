/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls run as they are the first time: then the products choose their algorithms, and what a single
 * batch needs is not captured for nothing. The capture is the calling thread's alone, so that other
 * threads may allocate and launch what they like. One that is spoilt all the same, by a thread that
 * waits for the whole card, has run nothing: the calls run as they are once more. */
#include "capture.h"

#include "base/memory.h"
#include "card.h"

cupel_status cupel_cuda_run_calls(cupel_exec *x, const cupel_launch *launch)
{
    for (int64_t time = 0; time < launch->times; time++) {
        for (int64_t i = 0; i < launch->count; i++)
            CUPEL_TRY(launch->calls[i].entry->run(x, launch->calls[i].args));
    }
    return CUPEL_OK;
}

static bool spoilt(cudaError_t error)
{
    return error >= cudaErrorStreamCaptureUnsupported && error <= cudaErrorStreamCaptureWrongThread;
}

/* *graph stays NULL where the capture was spoilt. */
static cupel_status capture(cupel_exec *x, const cupel_launch *launch, cudaGraph_t *graph)
{
    const cudaStream_t stream = x->stream;
    *graph = NULL;
    CUPEL_TRY(cupel_cuda_result(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
                                "cudaStreamBeginCapture"));
    const cupel_status status = cupel_cuda_run_calls(x, launch);
    const cudaError_t error = cudaStreamEndCapture(stream, graph);
    if (spoilt(error)) {
        /* It is not to be found by whoever asks next. */
        cudaGetLastError();
        return status == CUPEL_ERROR_DEVICE_LOST ? status : CUPEL_OK;
    }
    if (status == CUPEL_OK) return cupel_cuda_result(error, "cudaStreamEndCapture");
    if (*graph != NULL) cudaGraphDestroy(*graph);
    *graph = NULL;
    return status;
}

static cupel_status instantiate(cudaGraph_t captured, cupel_cuda_graph **graph)
{
    size_t nodes = 0;
    CUPEL_TRY(cupel_cuda_result(cudaGraphGetNodes(captured, NULL, &nodes), "cudaGraphGetNodes"));
    cupel_cuda_graph *g = cupel_alloc(1, sizeof *g);
    if (g == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status =
        cupel_cuda_result(cudaGraphInstantiate(&g->graph, captured, 0), "cudaGraphInstantiate");
    if (status != CUPEL_OK) {
        cupel_free(g);
        return status;
    }
    g->nodes = (int64_t)nodes;
    *graph = g;
    return CUPEL_OK;
}

static cupel_status make_graph(cupel_exec *x, const cupel_launch *launch)
{
    cudaGraph_t captured = NULL;
    cupel_card_begin_capture();
    cupel_status status = capture(x, launch, &captured);
    cupel_card_end();
    if (status != CUPEL_OK || captured == NULL) return status;
    cupel_cuda_graph *graph = NULL;
    status = instantiate(captured, &graph);
    cudaGraphDestroy(captured);
    launch->replay->state = graph;
    return status;
}

cupel_status cupel_cuda_replay(cupel_exec *x, const cupel_launch *launch)
{
    cupel_replay *replay = launch->replay;
    if (replay == NULL) return cupel_cuda_run_calls(x, launch);
    if (replay->uses > 0 && replay->state == NULL) CUPEL_TRY(make_graph(x, launch));
    const cupel_cuda_graph *graph = replay->state;
    const cupel_status status =
        graph == NULL
            ? cupel_cuda_run_calls(x, launch)
            : cupel_cuda_result(cudaGraphLaunch(graph->graph, x->stream), "cudaGraphLaunch");
    if (status == CUPEL_OK) replay->uses++;
    return status;
}

void cupel_cuda_graph_free(cupel_cuda_graph *graph)
{
    if (graph == NULL) return;
    cudaGraphExecDestroy(graph->graph);
    cupel_free(graph);
}
