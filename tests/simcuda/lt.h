/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fake cuBLASLt. It accepts no more than the real library is known to accept (lt_rules.cpp), so
 * that what runs here has a chance there, and computes on the CPU. */
#ifndef SIMCUDA_LT_H
#define SIMCUDA_LT_H

#include "runtime.h"

#include <cublasLt.h>

namespace simcuda
{

/* What the attributes of a cublasLtMatmulDesc_t hold; defaults are those of cublasLt.h. */
struct LtDesc {
    int32_t compute = CUBLAS_COMPUTE_32F;
    int32_t scale = CUDA_R_32F;
    int32_t pointer_mode = CUBLASLT_POINTER_MODE_HOST;
    int32_t a_operation = CUBLAS_OP_N;
    int32_t b_operation = CUBLAS_OP_N;
    int32_t c_operation = CUBLAS_OP_N;
    uint32_t epilogue = CUBLASLT_EPILOGUE_DEFAULT;
    void *bias = nullptr;
    int64_t bias_stride = 0;
    int32_t bias_type = -1;
    void *aux = nullptr;
    int64_t aux_ld = 0;
    int64_t aux_stride = 0;
    int32_t aux_type = -1;
    int32_t multiprocessors = 0;
};

struct LtLayout {
    uint32_t type = CUDA_R_32F;
    uint64_t rows = 0;
    uint64_t columns = 0;
    int64_t ld = 0;
    int32_t order = CUBLASLT_ORDER_COL;
    int32_t batch = 1;
    int64_t stride = 0; /* between the matrices of a batch */
};

struct LtPreference {
    uint32_t search = CUBLASLT_SEARCH_BEST_FIT;
    uint64_t workspace = 0;
    uint32_t reductions = CUBLASLT_REDUCTION_SCHEME_MASK;
    uint32_t a_alignment = 256;
    uint32_t b_alignment = 256;
    uint32_t c_alignment = 256;
    uint32_t d_alignment = 256;
    float waves = 0;
};

enum class LtAux { kNone, kWritesMask, kReadsMask, kWritesInput, kReadsInput };
enum class LtSum { kNone, kOfD, kOfA, kOfB }; /* what a bias gradient is the sum of */

/* An epilogue and what belongs to it. */
struct LtEpilogue {
    uint32_t value;
    bool bias; /* adds a bias, one value a row of D */
    LtAux aux;
    bool relu; /* or its derivative, where aux is read */
    bool gelu;
    LtSum sum;
};

/* A matmul without its pointers: d = epilogue(alpha a b + beta c), where a is m x k and b is k x n,
 * both after their transpositions. */
struct LtProblem {
    LtDesc desc;
    LtLayout a, b, c, d;
    LtEpilogue epilogue;
    uint64_t m, n, k;
};

/* Its pointers. alpha and beta are of the host unless the descriptor says otherwise. */
struct LtPointers {
    const void *alpha, *beta;
    float alpha_value, beta_value; /* of the host's pointer mode */
    const void *a, *b, *c;
    void *d;
    void *workspace;
};

/* Bytes of one element. */
size_t lt_bytes(uint32_t type);

/* Bytes from a matrix's first element to behind its last. */
size_t lt_extent(const LtLayout &layout);

/* Puts the problem together and refuses what the real library refuses, or may refuse. */
cublasStatus_t lt_problem(const LtDesc &desc, const LtLayout &a, const LtLayout &b,
                          const LtLayout &c, const LtLayout &d, LtProblem *problem);

/* Remembers a sentence for simcuda_lt_refusal. */
cublasStatus_t lt_refuse(cublasStatus_t status, const char *why);

/* The parts of a matmul, as its kernels run them. */
struct LtRun {
    LtProblem problem;
    LtPointers at;
    int splits; /* of k; the partial products stand in the workspace */
};

/* The splits' products, to the workspace. */
void lt_partial_products(const LtRun &run);
/* D from the product, or with splits from the sum of the partial ones; and the epilogue. */
void lt_whole(const LtRun &run, bool with_epilogue);
/* The epilogue over a D that has been written without it. */
void lt_epilogue(const LtRun &run);

/* out, m x n without gaps, column after column: the product over the range of k. */
void lt_product(const LtRun &run, uint64_t batch, uint64_t k_begin, uint64_t k_end, float *out);

/* Elements as float, and back with rounding to nearest even. */
float lt_load(const void *start, uint32_t type, uint64_t index);
void lt_store(void *start, uint32_t type, uint64_t index, float value);

/* The objects behind the handles, NULL where a handle is none. */
const LtDesc *lt_find(cublasLtMatmulDesc_t handle);
const LtLayout *lt_find(cublasLtMatrixLayout_t handle);
const LtPreference *lt_find(cublasLtMatmulPreference_t handle);
bool lt_is_handle(cublasLtHandle_t handle);

/* A call of cuBLASLt, with the meaning of Call; its own errors are no CUDA runtime errors. */
class LtCall
{
  public:
    explicit LtCall(cublasStatus_t usual, Call::Kind kind = Call::kPlain);
    bool refused() const
    {
        return call_.refused();
    }
    cudaError_t fault() const
    {
        return call_.fault();
    }
    cublasStatus_t end(cublasStatus_t result = CUBLAS_STATUS_SUCCESS) const;

  private:
    Call call_;
    cublasStatus_t usual_;
};

} // namespace simcuda

/* The functions of the table. */
extern "C" {
size_t simcuda_cublasLtGetVersion(void);
const char *simcuda_cublasLtGetStatusName(cublasStatus_t status);
cublasStatus_t simcuda_cublasLtCreate(cublasLtHandle_t *handle);
cublasStatus_t simcuda_cublasLtDestroy(cublasLtHandle_t handle);
cublasStatus_t simcuda_cublasLtMatmulDescCreate(cublasLtMatmulDesc_t *desc,
                                                cublasComputeType_t compute, cudaDataType_t scale);
cublasStatus_t simcuda_cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t desc);
cublasStatus_t simcuda_cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t desc,
                                                      cublasLtMatmulDescAttributes_t attribute,
                                                      const void *value, size_t bytes);
cublasStatus_t simcuda_cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t *layout, cudaDataType type,
                                                  uint64_t rows, uint64_t columns, int64_t ld);
cublasStatus_t simcuda_cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t layout);
cublasStatus_t simcuda_cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t layout,
                                                        cublasLtMatrixLayoutAttribute_t attribute,
                                                        const void *value, size_t bytes);
cublasStatus_t simcuda_cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t *preference);
cublasStatus_t simcuda_cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t preference);
cublasStatus_t
simcuda_cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t preference,
                                             cublasLtMatmulPreferenceAttributes_t attribute,
                                             const void *value, size_t bytes);
cublasStatus_t
simcuda_cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                                       cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                                       cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                                       cublasLtMatmulPreference_t preference, int wanted,
                                       cublasLtMatmulHeuristicResult_t *results, int *count);
cublasStatus_t simcuda_cublasLtMatmul(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                                      const void *alpha, const void *a,
                                      cublasLtMatrixLayout_t a_layout, const void *b,
                                      cublasLtMatrixLayout_t b_layout, const void *beta,
                                      const void *c, cublasLtMatrixLayout_t c_layout, void *d,
                                      cublasLtMatrixLayout_t d_layout,
                                      const cublasLtMatmulAlgo_t *algo, void *workspace,
                                      size_t workspace_bytes, cudaStream_t stream);
}

#endif
