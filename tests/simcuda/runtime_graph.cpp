/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Graphs: their nodes, their executables and the launches of these. */
#include "capture.h"
#include "runtime.h"

#include <algorithm>
#include <set>

struct CUgraphExec_st {
    struct Node {
        simcuda::WorkPtr work;
        std::vector<size_t> after; /* indices of earlier nodes */
        unsigned lane = 0;
        bool last = true; /* nothing comes after it */
    };
    std::vector<Node> nodes;
    simcuda::TaskPtr end; /* of the latest launch: launches of one executable follow each other */
};

namespace simcuda
{

namespace
{

std::set<cudaGraph_t> graphs;
std::set<cudaGraphExec_t> executables;

bool exists(cudaGraph_t graph)
{
    return graphs.count(graph) != 0;
}

size_t index_of(cudaGraph_t graph, cudaGraphNode_t node)
{
    size_t i = 0;
    while (graph->nodes[i].get() != node)
        i++;
    return i;
}

std::vector<size_t> indices_of(cudaGraph_t graph, const std::vector<cudaGraphNode_t> &nodes)
{
    std::vector<size_t> indices;
    for (const cudaGraphNode_t node : nodes)
        indices.push_back(index_of(graph, node));
    return indices;
}

cudaError_t instantiate(cudaGraphExec_t *handle, cudaGraph_t graph, unsigned long long flags)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    if (handle == nullptr || !exists(graph) ||
        (flags & ~static_cast<unsigned long long>(cudaGraphInstantiateFlagUseNodePriority)) != 0)
        return call.end(cudaErrorInvalidValue);
    auto *executable = new CUgraphExec_st;
    std::vector<unsigned> lanes(graph->chains);
    for (unsigned &lane : lanes)
        lane = new_lane();
    for (const auto &node : graph->nodes) {
        CUgraphExec_st::Node copy;
        copy.work = node->work;
        copy.after = indices_of(graph, node->after);
        copy.lane = lanes[node->chain];
        for (const size_t before : copy.after)
            executable->nodes[before].last = false;
        executable->nodes.push_back(std::move(copy));
    }
    executables.insert(executable);
    count_objects(1);
    *handle = executable;
    return call.end();
}

/* Why the graph cannot take the executable's place, and the node that says so. */
cudaGraphExecUpdateResult compare(cudaGraphExec_t executable, cudaGraph_t graph,
                                  cudaGraphNode_t *at)
{
    *at = nullptr;
    if (graph->nodes.size() != executable->nodes.size())
        return cudaGraphExecUpdateErrorTopologyChanged;
    for (size_t i = 0; i < graph->nodes.size(); i++) {
        const CUgraphExec_st::Node &old = executable->nodes[i];
        *at = graph->nodes[i].get();
        if (indices_of(graph, (*at)->after) != old.after)
            return cudaGraphExecUpdateErrorTopologyChanged;
        if ((*at)->work->type != old.work->type) return cudaGraphExecUpdateErrorNodeTypeChanged;
    }
    *at = nullptr;
    return cudaGraphExecUpdateSuccess;
}

} // namespace

void add_graph(cudaGraph_t graph)
{
    graphs.insert(graph);
    count_objects(1);
}

} // namespace simcuda

using namespace simcuda;

cudaError_t cudaGraphGetNodes(cudaGraph_t graph, cudaGraphNode_t *nodes, size_t *count)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (!exists(graph) || count == nullptr) return call.end(cudaErrorInvalidValue);
    const size_t all = graph->nodes.size();
    if (nodes != nullptr) {
        /* What the caller's array has beyond the nodes is set to NULL. */
        for (size_t i = 0; i < *count; i++)
            nodes[i] = i < all ? graph->nodes[i].get() : nullptr;
    }
    *count = nodes == nullptr ? all : std::min(all, *count);
    return call.end();
}

cudaError_t cudaGraphNodeGetType(cudaGraphNode_t node, cudaGraphNodeType *type)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (node == nullptr || type == nullptr) return call.end(cudaErrorInvalidValue);
    *type = node->work->type;
    return call.end();
}

/* The arguments are not given: kernelParams is NULL. */
cudaError_t cudaGraphKernelNodeGetParams(cudaGraphNode_t node, cudaKernelNodeParams *parameters)
{
    Call call(cudaErrorInvalidValue);
    if (call.refused()) return call.end();
    if (node == nullptr || parameters == nullptr || node->work->type != cudaGraphNodeTypeKernel)
        return call.end(cudaErrorInvalidValue);
    /* A kernel of cuBLASLt is none that this runtime has registered. */
    if (node->work->kernel.func == nullptr) return call.end(cudaErrorInvalidDeviceFunction);
    *parameters = node->work->kernel;
    return call.end();
}

cudaError_t cudaGraphDestroy(cudaGraph_t graph)
{
    Call call(cudaErrorInvalidValue, Call::kFrees);
    if (call.refused()) return call.end();
    if (!exists(graph)) return call.end(cudaErrorInvalidValue);
    graphs.erase(graph);
    count_objects(-1);
    delete graph;
    return call.end();
}

cudaError_t cudaGraphInstantiate(cudaGraphExec_t *executable, cudaGraph_t graph,
                                 unsigned long long flags)
{
    return instantiate(executable, graph, flags);
}

cudaError_t cudaGraphInstantiateWithFlags(cudaGraphExec_t *executable, cudaGraph_t graph,
                                          unsigned long long flags)
{
    return instantiate(executable, graph, flags);
}

cudaError_t cudaGraphExecUpdate(cudaGraphExec_t executable, cudaGraph_t graph,
                                cudaGraphExecUpdateResultInfo *info)
{
    Call call(cudaErrorGraphExecUpdateFailure);
    if (call.refused()) return call.end();
    if (executables.count(executable) == 0 || !exists(graph) || info == nullptr)
        return call.end(cudaErrorInvalidValue);
    info->errorFromNode = nullptr;
    info->result = compare(executable, graph, &info->errorNode);
    if (info->result != cudaGraphExecUpdateSuccess)
        return call.end(cudaErrorGraphExecUpdateFailure);
    /* Launches that are under way keep what they have. */
    for (size_t i = 0; i < graph->nodes.size(); i++)
        executable->nodes[i].work = graph->nodes[i]->work;
    return call.end();
}

cudaError_t cudaGraphUpload(cudaGraphExec_t executable, cudaStream_t handle)
{
    Call call(cudaErrorMemoryAllocation);
    if (call.refused()) return call.end();
    if (executables.count(executable) == 0 || find_stream(handle) == nullptr)
        return call.end(cudaErrorInvalidValue);
    return call.end();
}

cudaError_t cudaGraphLaunch(cudaGraphExec_t executable, cudaStream_t handle)
{
    Call call(cudaErrorLaunchOutOfResources, Call::kLaunches);
    if (call.refused()) return call.end();
    CUstream_st *stream = find_stream(handle);
    if (executables.count(executable) == 0) return call.end(cudaErrorInvalidValue);
    if (stream == nullptr) return call.end(cudaErrorInvalidResourceHandle);
    if (stream->capture) {
        /* A graph within a graph is not simulated. */
        invalidate(stream->capture.get());
        return call.end(cudaErrorStreamCaptureUnsupported);
    }
    Work marker;
    marker.name = "cudaGraphLaunch";
    Work begin = marker;
    begin.fault = call.fault();
    TaskPtr root;
    const cudaError_t error = enqueue(stream, begin, {executable->end}, &root);
    if (error != cudaSuccess) return call.end(error);
    std::vector<TaskPtr> tasks;
    std::vector<TaskPtr> last;
    for (const CUgraphExec_st::Node &node : executable->nodes) {
        std::vector<TaskPtr> after = {root};
        for (const size_t before : node.after)
            after.push_back(tasks[before]);
        tasks.push_back(add_task(node.work, node.lane, after));
        if (node.last) last.push_back(tasks.back());
    }
    return call.end(enqueue(stream, marker, last, &executable->end));
}

cudaError_t cudaGraphExecDestroy(cudaGraphExec_t executable)
{
    Call call(cudaErrorInvalidValue, Call::kFrees);
    if (call.refused()) return call.end();
    if (executables.count(executable) == 0) return call.end(cudaErrorInvalidValue);
    executables.erase(executable);
    count_objects(-1);
    delete executable;
    return call.end();
}
