/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The choice of an algorithm and the matmul: one kernel, or several where the configuration says
 * so. */
#include "lt.h"
#include "sim_config.h"
#include "sim_report.h"

#include <algorithm>
#include <cstring>

namespace simcuda
{

namespace
{

/* Every algorithm that wants no partial products still wants this much, so that a workspace that is
 * not given, or that two streams share, does not pass unseen. */
constexpr uint64_t kWorkspace = 4096;
constexpr uint64_t kMark = 0x7373696d63756461;

/* What a cublasLtMatmulAlgo_t of the fake holds. */
struct Algorithm {
    uint64_t mark;
    uint64_t problem; /* a hash: an algorithm belongs to the problem that it was chosen for */
    uint64_t workspace;
    uint32_t splits;
    uint32_t a_alignment, b_alignment, c_alignment, d_alignment;
};
static_assert(sizeof(Algorithm) <= sizeof(cublasLtMatmulAlgo_t), "the algorithm fits its place");

uint64_t hash(const LtProblem &p)
{
    uint64_t value = 14695981039346656037U;
    const auto mix = [&value](uint64_t x) { value = (value ^ x) * 1099511628211U; };
    for (const LtLayout *x : {&p.a, &p.b, &p.c, &p.d}) {
        mix(x->type);
        mix(x->rows);
        mix(x->columns);
        mix(static_cast<uint64_t>(x->ld));
        mix(static_cast<uint64_t>(x->batch));
    }
    mix(static_cast<uint64_t>(p.desc.compute));
    mix(static_cast<uint64_t>(p.desc.a_operation));
    mix(static_cast<uint64_t>(p.desc.b_operation));
    mix(p.desc.epilogue);
    return value;
}

/* The algorithm for so much workspace at most. */
Algorithm choose(const LtProblem &p, const LtPreference &preference)
{
    Algorithm x = {};
    x.mark = kMark;
    x.problem = hash(p);
    x.a_alignment = preference.a_alignment;
    x.b_alignment = preference.b_alignment;
    x.c_alignment = preference.c_alignment;
    x.d_alignment = preference.d_alignment;
    x.splits = 1;
    x.workspace = preference.workspace >= kWorkspace ? kWorkspace : 0;
    const uint64_t wanted =
        std::min<uint64_t>(p.k, static_cast<uint64_t>(simcuda_configuration()->lt_splits));
    const uint64_t partial = wanted * p.m * p.n * sizeof(float);
    if (wanted > 1 && p.d.batch == 1 && partial <= preference.workspace) {
        x.splits = static_cast<uint32_t>(wanted);
        x.workspace = std::max(kWorkspace, partial);
    }
    return x;
}

/* As cublasLtMatmul does when it is given no algorithm. */
LtPreference preference_for(size_t workspace_bytes)
{
    LtPreference preference;
    preference.workspace = workspace_bytes;
    preference.a_alignment = preference.b_alignment = 16;
    preference.c_alignment = preference.d_alignment = 16;
    return preference;
}

void put(cublasLtMatmulHeuristicResult_t *result, const Algorithm &algorithm)
{
    *result = cublasLtMatmulHeuristicResult_t();
    memcpy(&result->algo, &algorithm, sizeof algorithm);
    result->workspaceSize = algorithm.workspace;
    result->state = CUBLAS_STATUS_SUCCESS;
    result->wavesCount = 1;
}

bool aligned(const void *pointer, uint32_t bytes)
{
    return pointer != nullptr && reinterpret_cast<uintptr_t>(pointer) % std::max(bytes, 16U) == 0;
}

/* Whether the device can touch all of it; the real library would fail when the kernel runs. */
bool reaches(const char *name, const void *start, size_t bytes)
{
    if (is_device_memory(start, bytes) || is_pinned(start, bytes)) return true;
    report_at(SIMCUDA_MEMCHECK, "?", 0,
              "cublasLtMatmul: %s of %zu bytes at %p lies in no allocation as a whole", name, bytes,
              start);
    return false;
}

bool all_reach(const LtProblem &p, const LtPointers &at, size_t workspace_bytes)
{
    return reaches("A", at.a, lt_extent(p.a)) && reaches("B", at.b, lt_extent(p.b)) &&
           (at.beta_value == 0 || reaches("C", at.c, lt_extent(p.c))) &&
           reaches("D", at.d, lt_extent(p.d)) &&
           (workspace_bytes == 0 || reaches("the workspace", at.workspace, workspace_bytes));
}

/* The real library would compute something without a word. */
void report_overlap(const char *name, const void *factor, const LtLayout &x, const LtProblem &p,
                    const LtPointers &at)
{
    const char *first = static_cast<const char *>(factor);
    const char *d = static_cast<const char *>(at.d);
    if (first < d + lt_extent(p.d) && d < first + lt_extent(x))
        report_at(SIMCUDA_APICHECK, "?", 0, "cublasLtMatmul: D overlaps %s", name);
}

cublasStatus_t check_pointers(const LtPointers &at, const Algorithm &algorithm,
                              size_t workspace_bytes)
{
    if (!aligned(at.a, algorithm.a_alignment) || !aligned(at.b, algorithm.b_alignment) ||
        !aligned(at.c, algorithm.c_alignment) || !aligned(at.d, algorithm.d_alignment))
        return lt_refuse(CUBLAS_STATUS_INVALID_VALUE,
                         "a matrix is less aligned than the algorithm was chosen for, or than 16");
    if (workspace_bytes < algorithm.workspace)
        return lt_refuse(CUBLAS_STATUS_INVALID_VALUE, "the algorithm needs more workspace");
    if (algorithm.workspace > 0 && !aligned(at.workspace, 256))
        return lt_refuse(CUBLAS_STATUS_INVALID_VALUE, "the workspace is not aligned to 256 bytes");
    return CUBLAS_STATUS_SUCCESS;
}

/* One kernel of the library. */
cudaError_t add_kernel(CUstream_st *stream, const char *name, cudaError_t fault,
                       std::function<void()> run)
{
    Work work;
    work.type = cudaGraphNodeTypeKernel;
    work.name = name;
    work.fault = fault;
    work.run = [run] {
        run();
        return cudaSuccess;
    };
    return enqueue(stream, std::move(work));
}

/* The kernels of the matmul, in their order. */
cudaError_t add_kernels(CUstream_st *stream, const LtRun &run, uint64_t workspace,
                        cudaError_t fault)
{
    const simcuda_lt setting = simcuda_configuration()->lt;
    const bool separate =
        setting == SIMCUDA_LT_SPLIT ||
        (setting == SIMCUDA_LT_UNFUSED && run.problem.desc.epilogue != CUBLASLT_EPILOGUE_DEFAULT);
    cudaError_t error = cudaSuccess;
    if (run.splits > 1) {
        error = add_kernel(stream, "cublasLt gemm", fault, [run] { lt_partial_products(run); });
        if (error != cudaSuccess) return error;
    }
    error = add_kernel(stream, run.splits > 1 ? "cublasLt split-K sum" : "cublasLt gemm", fault,
                       [run, separate, workspace] {
                           if (run.splits == 1 && workspace > 0)
                               mark_written(run.at.workspace, workspace, "cublasLtMatmul");
                           lt_whole(run, !separate);
                       });
    if (error != cudaSuccess || !separate) return error;
    return add_kernel(stream, "cublasLt epilogue", fault, [run] { lt_epilogue(run); });
}

cublasStatus_t status_of(cudaError_t error)
{
    return error == cudaSuccess ? CUBLAS_STATUS_SUCCESS : CUBLAS_STATUS_EXECUTION_FAILED;
}

} // namespace

} // namespace simcuda

using namespace simcuda;

cublasStatus_t
simcuda_cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                                       cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                       cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                       cublasLtMatmulPreference_t preference, int wanted,
                                       cublasLtMatmulHeuristicResult_t *results, int *count)
{
    const LtCall call(CUBLAS_STATUS_INTERNAL_ERROR);
    if (call.refused()) return call.end();
    if (!lt_is_handle(handle)) return call.end(CUBLAS_STATUS_NOT_INITIALIZED);
    if (!lt_find(desc) || !lt_find(a) || !lt_find(b) || !lt_find(c) || !lt_find(d) ||
        !lt_find(preference) || results == nullptr || count == nullptr || wanted < 1)
        return call.end(lt_refuse(CUBLAS_STATUS_INVALID_VALUE, "an argument is missing"));
    *count = 0;
    LtProblem problem;
    const cublasStatus_t status =
        lt_problem(*lt_find(desc), *lt_find(a), *lt_find(b), *lt_find(c), *lt_find(d), &problem);
    if (status != CUBLAS_STATUS_SUCCESS) return call.end(status);
    LtPreference limits = *lt_find(preference);
    const Algorithm best = choose(problem, limits);
    put(&results[(*count)++], best);
    limits.workspace = 0;
    if (wanted > 1 && best.workspace > 0) put(&results[(*count)++], choose(problem, limits));
    return call.end();
}

cublasStatus_t simcuda_cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                                      const void *alpha, const void *a,
                                      cublasLtMatrixLayout_t a_layout, const void *b,
                                      cublasLtMatrixLayout_t b_layout, const void *beta,
                                      const void *c, cublasLtMatrixLayout_t c_layout, void *d,
                                      cublasLtMatrixLayout_t d_layout,
                                      const cublasLtMatmulAlgo_t *algo, void *workspace,
                                      size_t workspace_bytes, cudaStream_t stream_handle)
{
    const LtCall call(CUBLAS_STATUS_EXECUTION_FAILED, Call::kLaunches);
    if (call.refused()) return call.end();
    if (!lt_is_handle(handle)) return call.end(CUBLAS_STATUS_NOT_INITIALIZED);
    CUstream_st *stream = find_stream(stream_handle);
    if (!lt_find(desc) || !lt_find(a_layout) || !lt_find(b_layout) || !lt_find(c_layout) ||
        !lt_find(d_layout) || alpha == nullptr || beta == nullptr || stream == nullptr)
        return call.end(lt_refuse(CUBLAS_STATUS_INVALID_VALUE, "an argument is missing"));
    LtRun run = {};
    const cublasStatus_t status = lt_problem(*lt_find(desc), *lt_find(a_layout), *lt_find(b_layout),
                                             *lt_find(c_layout), *lt_find(d_layout), &run.problem);
    if (status != CUBLAS_STATUS_SUCCESS) return call.end(status);
    run.at = {alpha, beta, 1, 1, a, b, c, d, workspace};
    if (run.problem.desc.pointer_mode == CUBLASLT_POINTER_MODE_HOST) {
        run.at.alpha_value = *static_cast<const float *>(alpha);
        run.at.beta_value = *static_cast<const float *>(beta);
    }
    Algorithm algorithm = choose(run.problem, preference_for(workspace_bytes));
    if (algo != nullptr) memcpy(&algorithm, algo, sizeof algorithm);
    if (algorithm.mark != kMark || algorithm.problem != hash(run.problem))
        return call.end(
            lt_refuse(CUBLAS_STATUS_INVALID_VALUE, "the algorithm is for another problem"));
    const cublasStatus_t pointers = check_pointers(run.at, algorithm, workspace_bytes);
    if (pointers != CUBLAS_STATUS_SUCCESS) return call.end(pointers);
    if (!all_reach(run.problem, run.at, algorithm.workspace))
        return call.end(CUBLAS_STATUS_EXECUTION_FAILED);
    report_overlap("A", a, run.problem.a, run.problem, run.at);
    report_overlap("B", b, run.problem.b, run.problem, run.at);
    run.splits = static_cast<int>(algorithm.splits);
    return call.end(status_of(add_kernels(stream, run, algorithm.workspace, call.fault())));
}
