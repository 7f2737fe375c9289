/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The functions of cuBLASLt that cupel uses, as a table. Linking the library would cost every program
 * 200 MB and a fraction of a second at its start, so it is opened by dlopen when a CUDA device is
 * opened and this table is filled from it; the simulated device fills the same table with its own. */
#ifndef CUPEL_LT_TABLE_H
#define CUPEL_LT_TABLE_H

#include <cublasLt.h>

/* One row a function: the member of the table and the end of the symbol's name, which begins with
 * cublasLt. */
#define CUPEL_LT_FUNCTIONS(X)                                                                      \
    X(version, GetVersion)                                                                         \
    X(status_name, GetStatusName)                                                                  \
    X(create, Create)                                                                              \
    X(destroy, Destroy)                                                                            \
    X(desc_create, MatmulDescCreate)                                                               \
    X(desc_destroy, MatmulDescDestroy)                                                             \
    X(desc_set, MatmulDescSetAttribute)                                                            \
    X(layout_create, MatrixLayoutCreate)                                                           \
    X(layout_destroy, MatrixLayoutDestroy)                                                         \
    X(layout_set, MatrixLayoutSetAttribute)                                                        \
    X(preference_create, MatmulPreferenceCreate)                                                   \
    X(preference_destroy, MatmulPreferenceDestroy)                                                 \
    X(preference_set, MatmulPreferenceSetAttribute)                                                \
    X(heuristic, MatmulAlgoGetHeuristic)                                                           \
    X(matmul, Matmul)

typedef struct cupel_lt_table {
    size_t (*version)(void);
    const char *(*status_name)(cublasStatus_t status);
    cublasStatus_t (*create)(cublasLtHandle_t *handle);
    cublasStatus_t (*destroy)(cublasLtHandle_t handle);
    cublasStatus_t (*desc_create)(cublasLtMatmulDesc_t *desc, cublasComputeType_t compute,
                                  cudaDataType_t scale);
    cublasStatus_t (*desc_destroy)(cublasLtMatmulDesc_t desc);
    cublasStatus_t (*desc_set)(cublasLtMatmulDesc_t desc, cublasLtMatmulDescAttributes_t attribute,
                               const void *value, size_t bytes);
    cublasStatus_t (*layout_create)(cublasLtMatrixLayout_t *layout, cudaDataType type,
                                    uint64_t rows, uint64_t columns, int64_t ld);
    cublasStatus_t (*layout_destroy)(cublasLtMatrixLayout_t layout);
    cublasStatus_t (*layout_set)(cublasLtMatrixLayout_t layout,
                                 cublasLtMatrixLayoutAttribute_t attribute, const void *value,
                                 size_t bytes);
    cublasStatus_t (*preference_create)(cublasLtMatmulPreference_t *preference);
    cublasStatus_t (*preference_destroy)(cublasLtMatmulPreference_t preference);
    cublasStatus_t (*preference_set)(cublasLtMatmulPreference_t preference,
                                     cublasLtMatmulPreferenceAttributes_t attribute,
                                     const void *value, size_t bytes);
    cublasStatus_t (*heuristic)(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                                cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                cublasLtMatmulPreference_t preference, int wanted,
                                cublasLtMatmulHeuristicResult_t *results, int *count);
    cublasStatus_t (*matmul)(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc, const void *alpha,
                             const void *a, cublasLtMatrixLayout_t a_layout, const void *b,
                             cublasLtMatrixLayout_t b_layout, const void *beta, const void *c,
                             cublasLtMatrixLayout_t c_layout, void *d,
                             cublasLtMatrixLayout_t d_layout, const cublasLtMatmulAlgo_t *algo,
                             void *workspace, size_t workspace_bytes, cudaStream_t stream);
} cupel_lt_table;

#ifdef __cplusplus
extern "C" {
#endif

/* The functions of this machine's cuBLASLt, or NULL where it has none, which has been logged. */
const cupel_lt_table *cupel_cuda_lt_table(void);

#ifdef __cplusplus
}
#endif

#endif
