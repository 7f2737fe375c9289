/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a card can do beside products: copies, triads, launches, and graphs of kernels that do
 * nothing. */
#include "cuda_parts.h"

#include "cuda_error.h"
#include "lt_problem.h"
#include "probe_kernels.h"

#define CHAIN 1000

typedef struct stream_args {
    void *arrays[3];
    int64_t count; /* floats */
} stream_args;

static cupel_status copy(cupel_exec *x, const void *args)
{
    const stream_args *s = args;
    return cupel_cuda_result(cudaMemcpyAsync(s->arrays[0], s->arrays[1],
                                             (size_t)s->count * sizeof(float),
                                             cudaMemcpyDeviceToDevice, x->stream),
                             "cudaMemcpyAsync");
}

static cupel_status triad(cupel_exec *x, const void *args)
{
    const stream_args *s = args;
    return bench_cuda_triad(x, s->arrays[0], s->arrays[1], s->arrays[2], 0.25F, s->count);
}

static cupel_status empty(cupel_exec *x, const void *args)
{
    (void)args;
    return bench_cuda_empty(x);
}

static cupel_status measure_memory(bench_calibrator *b)
{
    static const cupel_op_entry copy_entry = {copy, NULL};
    static const cupel_op_entry triad_entry = {triad, NULL};
    stream_args args = {.count = INT64_C(1) << 29}; /* 2 GiB */
    CUPEL_TRY(bench_arrays_open(b, &args.count, args.arrays));
    const double bytes = (double)args.count * sizeof(float);
    cupel_status status = bench_calibrate(
        b, &(bench_probe){.name = "copy", .impl = "cuda", .dtype = "float32", .bytes = 2 * bytes},
        &(cupel_call){&copy_entry, &args});
    if (status == CUPEL_OK)
        status = bench_calibrate(
            b,
            &(bench_probe){
                .name = "triad", .impl = "cupel", .dtype = "float32", .bytes = 3 * bytes},
            &(cupel_call){&triad_entry, &args});
    bench_arrays_close(b, args.count, args.arrays);
    return status;
}

/* A graph of kernels one after the other; made by an op, on the stream of the run. */
typedef struct chain {
    int64_t nodes;
    cudaGraphExec_t executable;
} chain;

static cupel_status capture(cupel_exec *x, int64_t nodes, cudaGraph_t *graph)
{
    CUPEL_TRY(cupel_cuda_result(cudaStreamBeginCapture(x->stream, cudaStreamCaptureModeThreadLocal),
                                "cudaStreamBeginCapture"));
    cupel_status status = CUPEL_OK;
    for (int64_t i = 0; i < nodes && status == CUPEL_OK; i++)
        status = bench_cuda_empty(x);
    const cupel_status ended =
        cupel_cuda_result(cudaStreamEndCapture(x->stream, graph), "cudaStreamEndCapture");
    return status != CUPEL_OK ? status : ended;
}

static cupel_status make_chain(cupel_exec *x, const void *args)
{
    chain *c = *(chain *const *)args;
    cudaGraph_t graph = NULL;
    cupel_status status = capture(x, c->nodes, &graph);
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaGraphInstantiate(&c->executable, graph, 0),
                                   "cudaGraphInstantiate");
    if (graph != NULL) cudaGraphDestroy(graph);
    return status;
}

static cupel_status launch_chain(cupel_exec *x, const void *args)
{
    const chain *c = *(chain *const *)args;
    return cupel_cuda_result(cudaGraphLaunch(c->executable, x->stream), "cudaGraphLaunch");
}

/* The time of a graph of so many nodes, as a row of its own. */
static cupel_status measure_chain(bench_calibrator *b, const char *name, int64_t nodes)
{
    static const cupel_op_entry make_entry = {make_chain, NULL};
    static const cupel_op_entry launch_entry = {launch_chain, NULL};
    chain c = {.nodes = nodes};
    chain *at = &c;
    cupel_status status = b->device->backend->run(&b->x, &(cupel_call){&make_entry, &at}, 1);
    if (status == CUPEL_OK)
        status = bench_calibrate(b, &(bench_probe){.name = name, .impl = "cuda", .parts = nodes},
                                 &(cupel_call){&launch_entry, &at});
    if (c.executable != NULL) cudaGraphExecDestroy(c.executable);
    return status;
}

static cupel_status measure_launches(bench_calibrator *b)
{
    static const cupel_op_entry empty_entry = {empty, NULL};
    CUPEL_TRY(bench_calibrate(b, &(bench_probe){.name = "launch", .impl = "cuda"},
                              &(cupel_call){&empty_entry, NULL}));
    CUPEL_TRY(measure_chain(b, "graph launch", 1));
    return measure_chain(b, "graph node", CHAIN);
}

cupel_status bench_cuda_calibrate(bench_calibrator *b)
{
    CUPEL_TRY(measure_memory(b));
    CUPEL_TRY(measure_launches(b));
    return bench_lt_peaks(b);
}
