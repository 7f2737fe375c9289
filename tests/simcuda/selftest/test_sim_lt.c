/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fake cuBLASLt: products and their kernels. */
#include "sim_lt.h"

static void expect_product(matmul *x)
{
    CUDA(cudaStreamSynchronize(x->stream));
    float *got = download_matrix(x->device_d, x->m, x->n, x->ldd, x->result);
    for (int j = 0; j < x->n; j++) {
        for (int i = 0; i < x->m; i++) {
            double size;
            const double expected = expected_product(x, i, j, &size);
            const double error = fabs(got[j * x->m + i] - expected);
            cr_assert(error <= bound(x, size, expected), "%d x %d x %d at %d, %d: %g, not %g", x->m,
                      x->n, x->k, i, j, (double)got[j * x->m + i], expected);
        }
    }
    free(got);
}

/* All transpositions, types, settings, splits and modes of the streams. */
Test(sim_lt, products)
{
    const int shapes[][3] = {{1, 1, 1}, {7, 5, 3}, {64, 33, 100}, {10, 128, 257}};
    const cudaDataType_t types[][2] = {
        {CUDA_R_32F, CUDA_R_32F}, {CUDA_R_16BF, CUDA_R_16BF}, {CUDA_R_16BF, CUDA_R_32F}};
    simcuda_config *config = simcuda_configuration();
    for (int c = 0; c < 4 * 4 * 3 * 2; c++) {
        matmul x = plain(shapes[c % 4][0], shapes[c % 4][1], shapes[c % 4][2]);
        x.transpose_a = c / 4 % 2;
        x.transpose_b = c / 8 % 2;
        x.factors = types[c / 16 % 3][0];
        x.result = types[c / 16 % 3][1];
        const bool separate = c / 48 % 2;
        x.alpha = separate ? 0.5F : 1;
        x.beta = c % 3 == 0 ? 0.25F : 0;
        config->lt = separate ? SIMCUDA_LT_SPLIT : SIMCUDA_LT_FUSED;
        config->lt_splits = c % 5 == 0 ? 3 : 1;
        config->streams = (simcuda_streams)(c % STREAM_MODES);
        matmul_begin(&x);
        LT(matmul_ask(&x));
        cr_assert_eq(x.count, 1);
        LT(matmul_run(&x));
        /* With two kernels bf16 is rounded twice. */
        expect_product(&x);
        matmul_end(&x);
    }
    cr_expect_eq(all_reports(), 0);
}

Test(sim_lt, leading_dimensions)
{
    matmul x = plain(10, 6, 20);
    x.transpose_a = true;
    x.lda = 24;
    x.ldb = 21;
    x.ldd = 16;
    x.beta = 1;
    matmul_begin(&x);
    LT(matmul_ask(&x));
    LT(matmul_run(&x));
    expect_product(&x);
    matmul_end(&x);
    cr_expect_eq(all_reports(), 0);
}

Test(sim_lt, rounded_factors)
{
    const cublasComputeType_t computes[] = {CUBLAS_COMPUTE_32F_FAST_TF32,
                                            CUBLAS_COMPUTE_32F_FAST_16BF};
    for (int c = 0; c < 2; c++) {
        matmul x = plain(8, 8, 64);
        x.compute = computes[c];
        matmul_begin(&x);
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        expect_product(&x);
        /* The factors are rounded: the result is not that of float. */
        float *got = download_matrix(x.device_d, 8, 8, 8, CUDA_R_32F);
        double worst = 0;
        for (int i = 0; i < 64; i++) {
            double size;
            const double expected = expected_product(&x, i % 8, i / 8, &size);
            worst = fmax(worst, fabs(got[i] - expected) / size);
        }
        cr_expect_gt(worst, 1e-5);
        free(got);
        matmul_end(&x);
    }
}

/* The kernels of one call: what a program counts to learn whether an epilogue is fused. */
Test(sim_lt, kernel_nodes)
{
    for (int c = 0; c < 2 * (SIMCUDA_LT_UNFUSED + 1); c++) {
        const simcuda_lt setting = (simcuda_lt)(c / 2);
        const bool epilogue = c % 2 != 0;
        simcuda_configuration()->lt = setting;
        matmul x = plain(16, 16, 16);
        if (epilogue) x.epilogue = CUBLASLT_EPILOGUE_RELU;
        matmul_begin(&x);
        LT(matmul_ask(&x));
        cudaGraph_t graph = NULL;
        size_t count = 0;
        CUDA(cudaStreamBeginCapture(x.stream, cudaStreamCaptureModeThreadLocal));
        LT(matmul_run(&x));
        CUDA(cudaStreamEndCapture(x.stream, &graph));
        CUDA(cudaGraphGetNodes(graph, NULL, &count));
        const bool two = setting == SIMCUDA_LT_SPLIT || (setting == SIMCUDA_LT_UNFUSED && epilogue);
        cr_expect_eq(count, two ? 2 : 1);
        cudaGraphNode_t nodes[2];
        CUDA(cudaGraphGetNodes(graph, nodes, &count));
        for (size_t i = 0; i < count; i++) {
            enum cudaGraphNodeType type;
            struct cudaKernelNodeParams parameters;
            CUDA(cudaGraphNodeGetType(nodes[i], &type));
            cr_expect_eq(type, cudaGraphNodeTypeKernel);
            CUDA_FAILS(cudaErrorInvalidDeviceFunction,
                       cudaGraphKernelNodeGetParams(nodes[i], &parameters));
        }
        cudaGraphExec_t executable;
        CUDA(cudaGraphInstantiate(&executable, graph, 0));
        CUDA(cudaGraphDestroy(graph));
        CUDA(cudaGraphLaunch(executable, x.stream));
        if (!epilogue) expect_product(&x);
        CUDA(cudaStreamSynchronize(x.stream));
        CUDA(cudaGraphExecDestroy(executable));
        matmul_end(&x);
    }
}

Test(sim_lt, every_call_fails)
{
    simcuda_config *config = simcuda_configuration();
    config->calls = 0;
    matmul x = plain(8, 8, 8);
    matmul_begin(&x);
    config->fail_call = config->calls + 1;
    cr_expect_eq(matmul_ask(&x), CUBLAS_STATUS_INTERNAL_ERROR);
    LT(matmul_ask(&x));
    config->fail_call = config->calls + 1;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_EXECUTION_FAILED);
    cublasLtMatmulDesc_t desc = NULL;
    config->fail_call = config->calls + 1;
    cr_expect_eq(x.lt.desc_create(&desc, CUBLAS_COMPUTE_32F, CUDA_R_32F),
                 CUBLAS_STATUS_ALLOC_FAILED);
    cr_expect_null(desc);
    LT(matmul_run(&x));
    expect_product(&x);
    matmul_end(&x);
}
