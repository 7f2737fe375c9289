/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fake cuBLASLt: products, and what it refuses. */
#include "sim_lt.h"

static matmul plain(int m, int n, int k)
{
    const matmul x = {.m = m,
                      .n = n,
                      .k = k,
                      .factors = CUDA_R_32F,
                      .result = CUDA_R_32F,
                      .compute = CUBLAS_COMPUTE_32F,
                      .epilogue = CUBLASLT_EPILOGUE_DEFAULT,
                      .alpha = 1};
    return x;
}

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
    for (int setting = SIMCUDA_LT_FUSED; setting <= SIMCUDA_LT_SPLIT; setting++) {
        simcuda_configuration()->lt = (simcuda_lt)setting;
        matmul x = plain(16, 16, 16);
        matmul_begin(&x);
        LT(matmul_ask(&x));
        cudaGraph_t graph = NULL;
        size_t count = 0;
        CUDA(cudaStreamBeginCapture(x.stream, cudaStreamCaptureModeThreadLocal));
        LT(matmul_run(&x));
        CUDA(cudaStreamEndCapture(x.stream, &graph));
        CUDA(cudaGraphGetNodes(graph, NULL, &count));
        cr_expect_eq(count, setting == SIMCUDA_LT_FUSED ? 1 : 2);
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
        expect_product(&x);
        CUDA(cudaGraphExecDestroy(executable));
        matmul_end(&x);
    }
}

Test(sim_lt, refuses_everything)
{
    simcuda_configuration()->lt = SIMCUDA_LT_REFUSES;
    matmul x = plain(16, 16, 16);
    matmul_begin(&x);
    cr_expect_eq(matmul_ask(&x), CUBLAS_STATUS_NOT_SUPPORTED);
    cr_expect_eq(x.count, 0);
    matmul_end(&x);
}

Test(sim_lt, attributes)
{
    matmul x = plain(16, 16, 16);
    const int64_t wide = 1;
    const int32_t order = CUBLASLT_ORDER_ROW;
    matmul_begin(&x);
    cr_expect_eq(x.lt.desc_set(x.desc, CUBLASLT_MATMUL_DESC_TRANSA, &wide, sizeof wide),
                 CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(x.lt.desc_set(x.desc, CUBLASLT_MATMUL_DESC_TRANSA, NULL, 4),
                 CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(x.lt.desc_set(x.desc, (cublasLtMatmulDescAttributes_t)999, &order, 4),
                 CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(x.lt.layout_set(x.layout_a, CUBLASLT_MATRIX_LAYOUT_ROWS, &order, 4),
                 CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(
        x.lt.preference_set(x.preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &order, 4),
        CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(all_reports(), 0);
    /* One that the real library has is refused with a report. */
    simcuda_reports_expected(true);
    cr_expect_eq(x.lt.desc_set(x.desc, CUBLASLT_MATMUL_DESC_FILL_MODE, &order, 4),
                 CUBLAS_STATUS_INVALID_VALUE);
    cr_expect_eq(reports_of(SIMCUDA_APICHECK), 1);
    simcuda_reports_clear();
    LT(x.lt.layout_set(x.layout_a, CUBLASLT_MATRIX_LAYOUT_ORDER, &order, 4));
    cr_expect_eq(matmul_ask(&x), CUBLAS_STATUS_NOT_SUPPORTED);
    cr_expect(strlen(simcuda_lt_refusal()) > 0);
    cr_expect_str_eq(x.lt.status_name(CUBLAS_STATUS_NOT_SUPPORTED), "CUBLAS_STATUS_NOT_SUPPORTED");
    cr_expect_gt(x.lt.version(), 0);
    matmul_end(&x);
}

static void expect_refused(matmul *x, cublasStatus_t expected, const char *what)
{
    matmul_begin(x);
    const cublasStatus_t status = matmul_ask(x);
    cr_expect_eq(status, expected, "%s: %d", what, (int)status);
    cr_expect_eq(x->count, 0);
    matmul_end(x);
}

Test(sim_lt, types)
{
    matmul x = plain(8, 8, 8);
    x.result = CUDA_R_16BF;
    expect_refused(&x, CUBLAS_STATUS_NOT_SUPPORTED, "bf16 from float");
    x = plain(8, 8, 8);
    x.factors = x.result = CUDA_R_16BF;
    x.compute = CUBLAS_COMPUTE_32F_FAST_TF32;
    expect_refused(&x, CUBLAS_STATUS_NOT_SUPPORTED, "TF32 of bf16");
    x = plain(8, 8, 8);
    x.compute = CUBLAS_COMPUTE_16F;
    expect_refused(&x, CUBLAS_STATUS_NOT_SUPPORTED, "half arithmetic");
}

Test(sim_lt, shapes)
{
    for (int c = 0; c < 3; c++) {
        matmul x = plain(8, 12, 16);
        matmul_begin(&x);
        const uint64_t rows = 15, few = 7;
        const int64_t ld = 7;
        if (c == 0) LT(x.lt.layout_set(x.layout_b, CUBLASLT_MATRIX_LAYOUT_ROWS, &rows, 8));
        if (c == 1) LT(x.lt.layout_set(x.layout_d, CUBLASLT_MATRIX_LAYOUT_ROWS, &few, 8));
        if (c == 2) LT(x.lt.layout_set(x.layout_a, CUBLASLT_MATRIX_LAYOUT_LD, &ld, 8));
        cr_expect_eq(matmul_ask(&x), CUBLAS_STATUS_INVALID_VALUE);
        matmul_end(&x);
    }
}

Test(sim_lt, alignment_and_workspace)
{
    matmul x = plain(16, 16, 16);
    matmul_begin(&x);
    LT(matmul_ask(&x));
    cr_expect_gt(x.found.workspaceSize, 0);
    const size_t bytes = x.workspace_bytes;
    x.workspace_bytes = x.found.workspaceSize - 1;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE);
    x.workspace_bytes = bytes;
    void *workspace = x.workspace;
    x.workspace = (char *)workspace + 16;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE);
    x.workspace = NULL;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE);
    x.workspace = workspace;

    /* Chosen for 256 bytes, given 16. */
    void *d = x.device_d;
    const uint64_t columns = 15;
    LT(x.lt.layout_set(x.layout_d, CUBLASLT_MATRIX_LAYOUT_COLS, &columns, 8));
    LT(x.lt.layout_set(x.layout_b, CUBLASLT_MATRIX_LAYOUT_COLS, &columns, 8));
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE); /* an algorithm of another shape */
    LT(matmul_ask(&x));
    x.device_d = (char *)d + 16;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE);
    set_alignment(&x, 16);
    LT(matmul_ask(&x));
    LT(matmul_run(&x));
    x.device_d = (char *)d + 4;
    cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_INVALID_VALUE);
    x.device_d = d;
    matmul_end(&x);
}

/* Matrices that reach beyond their allocation, or lie on the host. */
Test(sim_lt, extents)
{
    simcuda_reports_expected(true);
    for (int c = 0; c < 3; c++) {
        matmul x = plain(16, 16, 16);
        float host[256];
        matmul_begin(&x);
        set_alignment(&x, 16);
        LT(matmul_ask(&x));
        void *d = x.device_d, *a = x.device_a;
        if (c == 0) x.device_d = (char *)d + 16;
        if (c == 1) x.device_a = (char *)a + 64;
        if (c == 2) x.device_d = (void *)(((uintptr_t)host + 15) / 16 * 16);
        cr_expect_eq(matmul_run(&x), CUBLAS_STATUS_EXECUTION_FAILED);
        cr_expect_gt(reports_of(SIMCUDA_MEMCHECK), 0);
        simcuda_reports_clear();
        x.device_d = d;
        x.device_a = a;
        matmul_end(&x);
    }
}

Test(sim_lt, overlap)
{
    simcuda_reports_expected(true);
    matmul x = plain(16, 16, 16);
    matmul_begin(&x);
    void *d = x.device_d;
    LT(matmul_ask(&x));
    x.device_d = x.device_b;
    LT(matmul_run(&x));
    cr_expect_eq(reports_of(SIMCUDA_APICHECK), 1);
    simcuda_reports_clear();
    x.device_d = d;
    matmul_end(&x);
}

/* Two streams with one workspace: nothing orders them. */
Test(sim_lt, shared_workspace)
{
#if FINDS_RACES
    simcuda_reports_expected(true);
    for (int mode = 0; mode < STREAM_MODES; mode++) {
        simcuda_configuration()->streams = (simcuda_streams)mode;
        simcuda_configuration()->lt_splits = 1 + mode % 2;
        simcuda_reports_clear();
        matmul x = plain(16, 16, 16);
        matmul_begin(&x);
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        cr_expect_eq(all_reports(), 0);
        cudaStream_t first = x.stream;
        void *first_d = x.device_d;
        CUDA(cudaMalloc(&x.device_d, 16 * 16 * 4));
        CUDA(cudaStreamCreateWithFlags(&x.stream, cudaStreamNonBlocking));
        LT(matmul_run(&x));
        CUDA(cudaStreamSynchronize(x.stream));
        CUDA(cudaStreamSynchronize(first));
        cr_expect_gt(reports_of(SIMCUDA_STREAMCHECK), 0, "mode %d", mode);
        CUDA(cudaStreamDestroy(first));
        CUDA(cudaFree(first_d));
        matmul_end(&x);
    }
    simcuda_reports_clear();
#endif
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
