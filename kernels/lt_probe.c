/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Is an epilogue really fused? cuBLASLt takes epilogues that its kernels do not have, and then runs
 * a slow kernel behind the product. A call that is captured into a graph shows how many there are.
 */
#include "cuda_error.h"
#include "lt_plan.h"

/* The nodes of a graph into which one call is captured on the stream. */
static cupel_status capture(const cupel_cuda_products *products, const cupel_exec *x,
                            const cupel_product *product, cudaStream_t stream, cupel_lt_plan *plan,
                            size_t *nodes)
{
    cudaGraph_t graph = NULL;
    CUPEL_TRY(cupel_cuda_result(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal),
                                "cudaStreamBeginCapture"));
    cupel_status status = cupel_lt_plan_run(products, x, product, stream, plan);
    /* Whatever has happened the capture is ended; of two failures the first one is reported. */
    cudaError_t error = cudaStreamEndCapture(stream, &graph);
    if (status != CUPEL_OK) {
        (void)cudaGetLastError();
    } else {
        status = cupel_cuda_result(error, "cudaStreamEndCapture");
    }
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaGraphGetNodes(graph, NULL, nodes), "cudaGraphGetNodes");
    if (graph != NULL) cudaGraphDestroy(graph);
    return status;
}

cupel_status cupel_lt_plan_count(const cupel_cuda_products *products, const cupel_exec *x,
                                 const cupel_product *product, cupel_lt_plan *plan)
{
    cudaStream_t stream = NULL;
    size_t nodes = 0;
    CUPEL_TRY(cupel_cuda_result(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking),
                                "cudaStreamCreateWithFlags"));
    const cupel_status status = capture(products, x, product, stream, plan, &nodes);
    cudaStreamDestroy(stream);
    plan->nodes = (int64_t)nodes;
    return status;
}

/* One product with a bias of NaN, of which the first element is fetched. */
static cupel_status first_element(const cupel_cuda_products *products, const cupel_exec *x,
                                  const cupel_product *product, void *bias, size_t bytes,
                                  cupel_lt_plan *plan, uint32_t *first)
{
    const cudaStream_t stream = (cudaStream_t)x->stream;
    const size_t size = plan->key.result == CUDA_R_32F ? sizeof(float) : sizeof(uint16_t);
    cupel_product changed = *product;
    changed.bias = bias;
    CUPEL_TRY(cupel_cuda_result(cudaMemsetAsync(bias, 0xff, bytes, stream), "cudaMemsetAsync"));
    CUPEL_TRY(cupel_lt_plan_run(products, x, &changed, stream, plan));
    CUPEL_TRY(cupel_cuda_result(
        cudaMemcpyAsync(first, product->gemm.c, size, cudaMemcpyDeviceToHost, stream),
        "cudaMemcpyAsync"));
    return cupel_cuda_result(cudaStreamSynchronize(stream), "cudaStreamSynchronize");
}

cupel_status cupel_lt_plan_try_nan(const cupel_cuda_products *products, const cupel_exec *x,
                                   const cupel_product *product, cupel_lt_plan *plan, bool *kept)
{
    uint32_t first = 0;
    void *bias = (unsigned char *)x->workspace + plan->key.workspace;
    const size_t bytes = (size_t)product->gemm.n * sizeof(float);
    const cupel_status status = first_element(products, x, product, bias, bytes, plan, &first);
    /* All bits of the exponent, and one below. */
    *kept = plan->key.result == CUDA_R_32F ? (first & 0x7fffffffU) > 0x7f800000U
                                           : (first & 0x7fffU) > 0x7f80U;
    return status;
}
