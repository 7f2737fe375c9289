/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Graphs of the simulated device: their nodes, launches and updates. */
#include "sim_support.h"

enum { N = 200, LAUNCHES = 4 };

typedef struct fixture {
    float *x, *y, *z;
    float *pinned; /* N floats */
    cudaStream_t stream, other;
    cudaEvent_t fork, join;
} fixture;

static void begin(fixture *f)
{
    const float zeros[N] = {0};
    f->x = device_floats(zeros, N);
    f->y = device_floats(zeros, N);
    f->z = device_floats(zeros, N);
    CUDA(cudaMallocHost((void **)&f->pinned, sizeof zeros));
    CUDA(cudaStreamCreateWithFlags(&f->stream, cudaStreamNonBlocking));
    CUDA(cudaStreamCreateWithFlags(&f->other, cudaStreamNonBlocking));
    CUDA(cudaEventCreateWithFlags(&f->fork, cudaEventDisableTiming));
    CUDA(cudaEventCreateWithFlags(&f->join, cudaEventDisableTiming));
}

static void end(fixture *f)
{
    CUDA(cudaEventDestroy(f->fork));
    CUDA(cudaEventDestroy(f->join));
    CUDA(cudaStreamDestroy(f->stream));
    CUDA(cudaStreamDestroy(f->other));
    CUDA(cudaFreeHost(f->pinned));
    CUDA(cudaFree(f->x));
    CUDA(cudaFree(f->y));
    CUDA(cudaFree(f->z));
    cr_expect_eq(simcuda_live_objects(), 0);
    cr_expect_eq(simcuda_live_bytes(), 0);
}

/* x += pinned[0]; then y = x + 1 and z = x + 2 beside each other; then, after both or after one of
 * them, x += 1. */
static cudaGraph_t capture(fixture *f, bool joined)
{
    cudaGraph_t graph = NULL;
    CUDA(cudaStreamBeginCapture(f->stream, cudaStreamCaptureModeThreadLocal));
    CUDA(cudaMemcpyAsync(f->x, f->pinned, N * sizeof *f->x, cudaMemcpyHostToDevice, f->stream));
    CUDA(cudaEventRecord(f->fork, f->stream));
    CUDA(cudaStreamWaitEvent(f->other, f->fork, 0));
    CUDA(sim_copy_add(f->y, f->x, 1, N, f->stream));
    CUDA(sim_copy_add(f->z, f->x, 2, N, f->other));
    CUDA(cudaEventRecord(f->join, f->other));
    if (joined) CUDA(cudaStreamWaitEvent(f->stream, f->join, 0));
    CUDA(sim_add(f->x, 1, N, f->stream));
    if (!joined) CUDA(cudaStreamWaitEvent(f->stream, f->join, 0));
    CUDA(cudaMemsetAsync(f->y, 0, sizeof *f->y, f->stream));
    CUDA(cudaStreamEndCapture(f->stream, &graph));
    return graph;
}

static void fill(fixture *f, float value)
{
    for (int i = 0; i < N; i++)
        f->pinned[i] = value;
}

static float last_of(const float *x, cudaStream_t stream)
{
    float value = 0;
    CUDA(cudaMemcpyAsync(&value, x + N - 1, sizeof value, cudaMemcpyDeviceToHost, stream));
    return value;
}

Test(sim_graphs, nodes)
{
    fixture f;
    begin(&f);
    cudaGraph_t graph = capture(&f, true);
    size_t count = 0;
    CUDA(cudaGraphGetNodes(graph, NULL, &count));
    cr_assert_eq(count, 5);
    cudaGraphNode_t nodes[7];
    count = 7;
    CUDA(cudaGraphGetNodes(graph, nodes, &count));
    cr_expect_eq(count, 5);
    cr_expect_null(nodes[5]);
    int kernels = 0, copies = 0, fills = 0;
    for (size_t i = 0; i < count; i++) {
        enum cudaGraphNodeType type;
        struct cudaKernelNodeParams parameters;
        CUDA(cudaGraphNodeGetType(nodes[i], &type));
        kernels += type == cudaGraphNodeTypeKernel;
        copies += type == cudaGraphNodeTypeMemcpy;
        fills += type == cudaGraphNodeTypeMemset;
        if (type == cudaGraphNodeTypeKernel) {
            CUDA(cudaGraphKernelNodeGetParams(nodes[i], &parameters));
            cr_expect_eq(parameters.blockDim.x, 64);
            cr_expect_eq(parameters.gridDim.x, (N + 63) / 64);
            cr_expect_not_null(parameters.func);
        } else {
            CUDA_FAILS(cudaErrorInvalidValue, cudaGraphKernelNodeGetParams(nodes[i], &parameters));
        }
    }
    cr_expect_eq(kernels, 3);
    cr_expect_eq(copies, 1);
    cr_expect_eq(fills, 1);
    CUDA(cudaGraphDestroy(graph));
    CUDA_FAILS(cudaErrorInvalidValue, cudaGraphDestroy(graph));
    end(&f);
}

/* Launches, in every mode: nothing runs in the capture, and a replay reads what is there then. */
Test(sim_graphs, launches)
{
    fixture f;
    begin(&f);
    const int64_t before = simcuda_kernels_run();
    cudaGraph_t graph = capture(&f, true);
    cudaGraphExec_t executable;
    CUDA(cudaGraphInstantiate(&executable, graph, 0));
    CUDA(cudaGraphDestroy(graph));
    CUDA(cudaGraphUpload(executable, f.stream));
    cr_expect_eq(simcuda_kernels_run(), before);
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        for (int i = 0; i < LAUNCHES; i++) {
            fill(&f, (float)(10 * i));
            CUDA(cudaGraphLaunch(executable, f.stream));
            CUDA(cudaStreamSynchronize(f.stream));
            cr_expect_eq(last_of(f.x, f.stream), (float)(10 * i + 1));
            cr_expect_eq(last_of(f.y, f.stream), (float)(10 * i + 1));
            cr_expect_eq(last_of(f.z, f.stream), (float)(10 * i + 2));
        }
    }
    cr_expect_eq(simcuda_kernels_run() - before, 3 * LAUNCHES * STREAM_MODES);
    cr_expect_eq(all_reports(), 0);
    CUDA(cudaGraphExecDestroy(executable));
    CUDA_FAILS(cudaErrorInvalidValue, cudaGraphExecDestroy(executable));
    end(&f);
}

/* Inside the graph, x is written while the other branch may still read it. */
Test(sim_graphs, missing_edge)
{
    simcuda_reports_expected(true);
    fixture f;
    begin(&f);
    cudaGraph_t graph = capture(&f, false);
    cudaGraphExec_t executable;
    CUDA(cudaGraphInstantiate(&executable, graph, 0));
    CUDA(cudaGraphDestroy(graph));
    fill(&f, 3);
    int wrong = 0;
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        simcuda_reports_clear();
        CUDA(cudaGraphLaunch(executable, f.stream));
        CUDA(cudaStreamSynchronize(f.stream));
        if (FINDS_RACES) cr_expect_gt(reports_of(SIMCUDA_STREAMCHECK), 0, "mode %d", mode);
        wrong += last_of(f.z, f.stream) != 5;
    }
    cr_log_info("%d of the modes give wrong numbers", wrong);
    simcuda_reports_clear();
    CUDA(cudaGraphExecDestroy(executable));
    end(&f);
}

/* Launches of one executable follow each other, even from streams that nothing orders. */
Test(sim_graphs, one_executable_on_two_streams)
{
    fixture f;
    begin(&f);
    cudaGraph_t graph = NULL;
    cudaGraphExec_t executable;
    CUDA(cudaStreamBeginCapture(f.stream, cudaStreamCaptureModeThreadLocal));
    CUDA(sim_add(f.x, 1, N, f.stream));
    CUDA(cudaStreamEndCapture(f.stream, &graph));
    CUDA(cudaGraphInstantiateWithFlags(&executable, graph, 0));
    CUDA(cudaGraphDestroy(graph));
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        CUDA(cudaGraphLaunch(executable, f.stream));
        CUDA(cudaGraphLaunch(executable, f.other));
        CUDA(cudaStreamSynchronize(f.other));
        cr_expect_eq(last_of(f.x, f.other), (float)(2 * mode + 2));
    }
    cr_expect_eq(all_reports(), 0);
    CUDA(cudaGraphExecDestroy(executable));
    end(&f);
}

Test(sim_graphs, update)
{
    fixture f;
    begin(&f);
    cudaGraphExecUpdateResultInfo info;
    cudaGraphExec_t executable;
    cudaGraph_t graph = capture(&f, true);
    CUDA(cudaGraphInstantiate(&executable, graph, 0));
    /* The same with the roles of y and z exchanged. */
    float *y = f.y;
    f.y = f.z;
    f.z = y;
    cudaGraph_t second = capture(&f, true);
    simcuda_configuration()->streams = SIMCUDA_LAZY;
    fill(&f, 0);
    CUDA(cudaGraphLaunch(executable, f.stream));
    CUDA(cudaGraphExecUpdate(executable, second, &info));
    cr_expect_eq(info.result, cudaGraphExecUpdateSuccess);
    CUDA(cudaStreamSynchronize(f.stream));
    cr_expect_eq(last_of(f.z, f.stream), 1);
    CUDA(cudaGraphLaunch(executable, f.stream));
    cr_expect_eq(last_of(f.z, f.stream), 2);
    CUDA(cudaGraphDestroy(second));

    second = capture(&f, false);
    CUDA_FAILS(cudaErrorGraphExecUpdateFailure, cudaGraphExecUpdate(executable, second, &info));
    cr_expect_eq(info.result, cudaGraphExecUpdateErrorTopologyChanged);
    CUDA(cudaGraphDestroy(second));
    CUDA(cudaGraphDestroy(graph));
    CUDA(cudaStreamSynchronize(f.stream));
    CUDA(cudaGraphExecDestroy(executable));
    cr_expect_eq(all_reports(), 0);
    end(&f);
}

/* An executable that is destroyed with launches under way: they still run. */
Test(sim_graphs, destroyed_under_way)
{
    simcuda_configuration()->streams = SIMCUDA_LAZY_NEWEST;
    fixture f;
    begin(&f);
    fill(&f, 7);
    cudaGraph_t graph = capture(&f, true);
    cudaGraphExec_t executable;
    CUDA(cudaGraphInstantiate(&executable, graph, 0));
    CUDA(cudaGraphDestroy(graph));
    CUDA(cudaGraphLaunch(executable, f.stream));
    CUDA(cudaGraphExecDestroy(executable));
    cr_expect_eq(last_of(f.z, f.stream), 9);
    end(&f);
}
