/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One matmul of the fake cuBLASLt, as the tests set it up and as plain loops compute it. */
#ifndef CUPEL_SIMCUDA_SIM_LT_H
#define CUPEL_SIMCUDA_SIM_LT_H

#include "sim_support.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What a test chooses, and then what it can change before it asks. */
typedef struct matmul {
    int m, n, k;
    bool transpose_a, transpose_b;
    cudaDataType_t factors, result;
    cublasComputeType_t compute;
    cublasLtEpilogue_t epilogue;
    float alpha, beta;

    int lda, ldb, ldd;
    float *a, *b, *d;  /* of the host, without gaps, rounded to their types */
    float *bias, *aux; /* m values; m x n values, of the host */
    void *device_a, *device_b, *device_d, *device_bias, *device_aux, *workspace;
    size_t workspace_bytes;
    int64_t aux_ld;
    cupel_lt_table lt;
    cublasLtHandle_t handle;
    cublasLtMatmulDesc_t desc;
    cublasLtMatrixLayout_t layout_a, layout_b, layout_d;
    cublasLtMatmulPreference_t preference;
    cublasLtMatmulHeuristicResult_t found;
    int count;
    cudaStream_t stream;
} matmul;

/* A call of cuBLASLt that is to succeed. */
#define LT(call)                                                                       \
    do {                                                                               \
        const cublasStatus_t status_ = (call);                                         \
        cr_assert(status_ == CUBLAS_STATUS_SUCCESS, "%s: %d, %s", #call, (int)status_, \
                  simcuda_lt_refusal());                                               \
    } while (0)

static inline size_t bytes_of(cudaDataType_t type)
{
    return type == CUDA_R_16BF ? 2 : 4;
}

static inline uint16_t to_bf16(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (uint16_t)((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
}

static inline float from_bf16(uint16_t value)
{
    const uint32_t bits = (uint32_t)value << 16;
    float result;
    memcpy(&result, &bits, sizeof result);
    return result;
}

static inline float as_type(float value, cudaDataType_t type)
{
    return type == CUDA_R_16BF ? from_bf16(to_bf16(value)) : value;
}

/* Numbers in [-1, 1), rounded to the type. */
static inline float *some_numbers(int n, cudaDataType_t type)
{
    static uint32_t state = 7;
    float *values = malloc((size_t)n * sizeof *values);
    for (int i = 0; i < n; i++) {
        state = state * 1664525U + 1013904223U;
        values[i] = as_type((float)(int32_t)state / 2147483648.0F, type);
    }
    return values;
}

/* Uploads columns of so many rows with a leading dimension; the gaps are never written. */
static inline void *upload_matrix(const float *values, int rows, int columns, int ld,
                                  cudaDataType_t type)
{
    const size_t size = bytes_of(type);
    void *device = NULL;
    CUDA(cudaMalloc(&device, ((size_t)ld * (size_t)(columns - 1) + (size_t)rows) * size));
    for (int j = 0; values != NULL && j < columns; j++) {
        uint16_t narrow[512];
        const float *column = values + (size_t)j * (size_t)rows;
        cr_assert_leq(rows, 512);
        for (int i = 0; i < rows; i++)
            narrow[i] = to_bf16(column[i]);
        CUDA(cudaMemcpy((char *)device + (size_t)j * (size_t)ld * size,
                        type == CUDA_R_16BF ? (const void *)narrow : (const void *)column,
                        (size_t)rows * size, cudaMemcpyHostToDevice));
    }
    return device;
}

static inline float *download_matrix(const void *device, int rows, int columns, int ld,
                                     cudaDataType_t type)
{
    const size_t size = bytes_of(type);
    float *values = malloc((size_t)rows * (size_t)columns * sizeof *values);
    for (int j = 0; j < columns; j++) {
        uint16_t narrow[512];
        float *column = values + (size_t)j * (size_t)rows;
        CUDA(cudaMemcpy(type == CUDA_R_16BF ? (void *)narrow : (void *)column,
                        (const char *)device + (size_t)j * (size_t)ld * size, (size_t)rows * size,
                        cudaMemcpyDeviceToHost));
        for (int i = 0; type == CUDA_R_16BF && i < rows; i++)
            column[i] = from_bf16(narrow[i]);
    }
    return values;
}

static inline void set_desc(matmul *x, cublasLtMatmulDescAttributes_t attribute, const void *value,
                            size_t bytes)
{
    LT(x->lt.desc_set(x->desc, attribute, value, bytes));
}

static inline void set_alignment(matmul *x, uint32_t bytes)
{
    for (int i = CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES;
         i <= CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES; i++)
        LT(x->lt.preference_set(x->preference, (cublasLtMatmulPreferenceAttributes_t)i, &bytes,
                                sizeof bytes));
}

/* Fills what is not chosen, uploads the matrices, and makes the descriptors. Where lda and so on
 * are 0 there are no gaps. */
static inline void matmul_begin(matmul *x)
{
    const int a_rows = x->transpose_a ? x->k : x->m;
    const int a_columns = x->transpose_a ? x->m : x->k;
    const int b_rows = x->transpose_b ? x->n : x->k;
    const int b_columns = x->transpose_b ? x->k : x->n;
    const int32_t transpose = CUBLAS_OP_T;
    if (x->lda == 0) x->lda = a_rows;
    if (x->ldb == 0) x->ldb = b_rows;
    if (x->ldd == 0) x->ldd = x->m;
    if (x->workspace_bytes == 0) x->workspace_bytes = 1 << 20;
    x->a = some_numbers(x->m * x->k, x->factors);
    x->b = some_numbers(x->k * x->n, x->factors);
    x->d = some_numbers(x->m * x->n, x->result);
    x->bias = some_numbers(x->m, x->result);
    x->aux = some_numbers(x->m * x->n, x->result);
    x->device_a = upload_matrix(x->a, a_rows, a_columns, x->lda, x->factors);
    x->device_b = upload_matrix(x->b, b_rows, b_columns, x->ldb, x->factors);
    x->device_d = upload_matrix(x->d, x->m, x->n, x->ldd, x->result);
    CUDA(cudaMalloc(&x->workspace, x->workspace_bytes));
    CUDA(cudaStreamCreateWithFlags(&x->stream, cudaStreamNonBlocking));
    simcuda_fill_lt(&x->lt);
    LT(x->lt.create(&x->handle));
    LT(x->lt.desc_create(&x->desc, x->compute, CUDA_R_32F));
    LT(x->lt.layout_create(&x->layout_a, x->factors, (uint64_t)a_rows, (uint64_t)a_columns,
                           x->lda));
    LT(x->lt.layout_create(&x->layout_b, x->factors, (uint64_t)b_rows, (uint64_t)b_columns,
                           x->ldb));
    LT(x->lt.layout_create(&x->layout_d, x->result, (uint64_t)x->m, (uint64_t)x->n, x->ldd));
    LT(x->lt.preference_create(&x->preference));
    LT(x->lt.preference_set(x->preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES,
                            &x->workspace_bytes, sizeof x->workspace_bytes));
    if (x->transpose_a) set_desc(x, CUBLASLT_MATMUL_DESC_TRANSA, &transpose, sizeof transpose);
    if (x->transpose_b) set_desc(x, CUBLASLT_MATMUL_DESC_TRANSB, &transpose, sizeof transpose);
    const uint32_t epilogue = x->epilogue;
    set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof epilogue);
    CUDA(cudaDeviceSynchronize());
}

static inline cublasStatus_t matmul_ask(matmul *x)
{
    return x->lt.heuristic(x->handle, x->desc, x->layout_a, x->layout_b, x->layout_d, x->layout_d,
                           x->preference, 1, &x->found, &x->count);
}

static inline cublasStatus_t matmul_run(matmul *x)
{
    return x->lt.matmul(x->handle, x->desc, &x->alpha, x->device_a, x->layout_a, x->device_b,
                        x->layout_b, &x->beta, x->device_d, x->layout_d, x->device_d, x->layout_d,
                        &x->found.algo, x->workspace, x->workspace_bytes, x->stream);
}

static inline void matmul_end(matmul *x)
{
    CUDA(cudaDeviceSynchronize());
    LT(x->lt.preference_destroy(x->preference));
    LT(x->lt.layout_destroy(x->layout_a));
    LT(x->lt.layout_destroy(x->layout_b));
    LT(x->lt.layout_destroy(x->layout_d));
    LT(x->lt.desc_destroy(x->desc));
    LT(x->lt.destroy(x->handle));
    CUDA(cudaStreamDestroy(x->stream));
    CUDA(cudaFree(x->device_a));
    CUDA(cudaFree(x->device_b));
    CUDA(cudaFree(x->device_d));
    CUDA(cudaFree(x->device_bias));
    CUDA(cudaFree(x->device_aux));
    CUDA(cudaFree(x->workspace));
    free(x->a);
    free(x->b);
    free(x->d);
    free(x->bias);
    free(x->aux);
    cr_expect_eq(simcuda_live_objects(), 0);
    cr_expect_eq(simcuda_live_bytes(), 0);
}

/* Element (i, j) of alpha a b + beta d, and the sum of the absolute values of what it adds up. */
static inline double expected_product(const matmul *x, int i, int j, double *size)
{
    double sum = 0;
    *size = 0;
    for (int p = 0; p < x->k; p++) {
        const float a = x->a[x->transpose_a ? i * x->k + p : p * x->m + i];
        const float b = x->b[x->transpose_b ? p * x->n + j : j * x->k + p];
        sum += (double)x->alpha * a * b;
        *size += fabs((double)x->alpha * a * b);
    }
    const double old = (double)x->beta * x->d[j * x->m + i];
    *size += fabs(old);
    return sum + old;
}

/* Bounds of the error of a sum of such a size that is then rounded to D's type. */
static inline double bound(const matmul *x, double size, double value)
{
    double gate = 1e-6;
    if (x->compute == CUBLAS_COMPUTE_32F_FAST_TF32) gate = 1e-3;
    if (x->compute == CUBLAS_COMPUTE_32F_FAST_16BF) gate = 8e-3;
    return gate * size + fabs(value) * (x->result == CUDA_R_16BF ? 0x1p-8 : 0x1p-23) + 1e-30;
}

/* A product of floats without an epilogue. */
static inline matmul plain(int m, int n, int k)
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

#endif
