/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the fake cuBLASLt refuses, and what it reports. */
#include "sim_lt.h"

Test(sim_lt_refusals, refuses_everything)
{
    simcuda_configuration()->lt = SIMCUDA_LT_REFUSES;
    matmul x = plain(16, 16, 16);
    matmul_begin(&x);
    cr_expect_eq(matmul_ask(&x), CUBLAS_STATUS_NOT_SUPPORTED);
    cr_expect_eq(x.count, 0);
    matmul_end(&x);
}

Test(sim_lt_refusals, attributes)
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

Test(sim_lt_refusals, types)
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

Test(sim_lt_refusals, shapes)
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

Test(sim_lt_refusals, alignment_and_workspace)
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
Test(sim_lt_refusals, extents)
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

Test(sim_lt_refusals, overlap)
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
Test(sim_lt_refusals, shared_workspace)
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
