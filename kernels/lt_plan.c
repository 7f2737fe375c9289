/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cuBLASLt's matrices are stored column by column. A row-major matrix is taken for its transpose,
 * so that c = a b becomes c^T = b^T a^T: b is the library's first factor, and its m is the n of c.
 * The library's row-major order is not used, as it goes with no epilogue. */
#include "lt_plan.h"

#define LT_TRY(member, ...) CUPEL_LT_TRY(lt, op, member, __VA_ARGS__)

static const float one = 1;
static const float zero = 0;

/* The largest power of two up to 256 that divides the address. */
static int32_t alignment(const void *pointer)
{
    const uintptr_t address = (uintptr_t)pointer | 256;
    return (int32_t)(address & (~address + 1));
}

static int32_t epilogue_of(const cupel_product *product)
{
    if (product->bias == NULL) return CUBLASLT_EPILOGUE_DEFAULT;
    return product->relu ? CUBLASLT_EPILOGUE_RELU_BIAS : CUBLASLT_EPILOGUE_BIAS;
}

static bool has_bias(int32_t epilogue)
{
    return epilogue != CUBLASLT_EPILOGUE_DEFAULT;
}

/* Bytes at the end of the workspace that are kept from the product: there stands the bias of NaN
 * by which a ReLU is tried, so that nothing is taken that is not in the plan of the memory. */
static int64_t kept_back(const cupel_product *product, int32_t epilogue)
{
    const int64_t bytes = product->gemm.n * (int64_t)sizeof(float);
    return epilogue == CUBLASLT_EPILOGUE_RELU_BIAS ? (bytes + 255) / 256 * 256 : 0;
}

cupel_lt_key cupel_lt_key_of(const cupel_exec *x, const cupel_product *product, bool plain)
{
    const cupel_gemm *g = &product->gemm;
    const bool bf16 = product->type == CUPEL_BFLOAT16;
    const bool tf32 = !bf16 && x->precision == CUPEL_PRECISION_TF32;
    const int32_t epilogue = plain ? CUBLASLT_EPILOGUE_DEFAULT : epilogue_of(product);
    const int64_t workspace = x->workspace_bytes - kept_back(product, epilogue);
    return (cupel_lt_key){
        .m = g->m,
        .n = g->n,
        .k = g->k,
        .workspace = workspace,
        .transpose_a = g->transpose_a != 0,
        .transpose_b = g->transpose_b != 0,
        .type = bf16 ? CUDA_R_16BF : CUDA_R_32F,
        .result = bf16 && !g->wide ? CUDA_R_16BF : CUDA_R_32F,
        .compute = tf32 ? CUBLAS_COMPUTE_32F_FAST_TF32 : CUBLAS_COMPUTE_32F,
        .epilogue = epilogue,
        .align_a = alignment(g->a),
        .align_b = alignment(g->b),
        .align_c = alignment(g->c),
        .align_bias = has_bias(epilogue) ? alignment(product->bias) : 0,
    };
}

/* A row-major matrix of so many rows and columns, or its transpose where that is what is stored. */
static cupel_status describe(const cupel_lt_table *lt, const char *op, int32_t type, int64_t rows,
                             int64_t columns, bool transposed, cublasLtMatrixLayout_t *layout)
{
    const int64_t stored_rows = transposed ? columns : rows;
    const int64_t stored_columns = transposed ? rows : columns;
    LT_TRY(layout_create, layout, (cudaDataType)type, (uint64_t)stored_columns,
           (uint64_t)stored_rows, stored_columns);
    return CUPEL_OK;
}

static cupel_status set_bias(const cupel_lt_table *lt, const char *op, cublasLtMatmulDesc_t desc,
                             const void *bias)
{
    LT_TRY(desc_set, desc, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &bias, sizeof bias);
    return CUPEL_OK;
}

/* The plan's descriptors. */
static cupel_status describe_all(const cupel_lt_table *lt, const cupel_product *product,
                                 cupel_lt_plan *plan)
{
    const char *op = product->op;
    const cupel_lt_key *key = &plan->key;
    const int32_t first = key->transpose_b ? CUBLAS_OP_T : CUBLAS_OP_N;
    const int32_t second = key->transpose_a ? CUBLAS_OP_T : CUBLAS_OP_N;
    const uint32_t epilogue = (uint32_t)key->epilogue;
    CUPEL_TRY(describe(lt, op, key->type, key->m, key->k, key->transpose_a, &plan->a));
    CUPEL_TRY(describe(lt, op, key->type, key->k, key->n, key->transpose_b, &plan->b));
    CUPEL_TRY(describe(lt, op, key->result, key->m, key->n, false, &plan->c));
    LT_TRY(desc_create, &plan->desc, (cublasComputeType_t)key->compute, CUDA_R_32F);
    LT_TRY(desc_set, plan->desc, CUBLASLT_MATMUL_DESC_TRANSA, &first, sizeof first);
    LT_TRY(desc_set, plan->desc, CUBLASLT_MATMUL_DESC_TRANSB, &second, sizeof second);
    LT_TRY(desc_set, plan->desc, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof epilogue);
    /* The choice of an algorithm looks at the pointer's alignment. */
    if (has_bias(key->epilogue)) return set_bias(lt, op, plan->desc, product->bias);
    return CUPEL_OK;
}

/* What the algorithm may rely on. */
static cupel_status prefer(const cupel_lt_table *lt, const char *op, const cupel_lt_key *key,
                           cublasLtMatmulPreference_t preference)
{
    const uint64_t workspace = (uint64_t)key->workspace;
    const uint32_t first = (uint32_t)key->align_b, second = (uint32_t)key->align_a;
    const uint32_t result = (uint32_t)key->align_c;
    LT_TRY(preference_set, preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &workspace,
           sizeof workspace);
    LT_TRY(preference_set, preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, &first,
           sizeof first);
    LT_TRY(preference_set, preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, &second,
           sizeof second);
    LT_TRY(preference_set, preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, &result,
           sizeof result);
    LT_TRY(preference_set, preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, &result,
           sizeof result);
    return CUPEL_OK;
}

/* The algorithm that the library thinks best: asked again it gives the same one, so that a run can
 * be repeated, which a choice by time cannot promise. */
static cupel_status ask(const cupel_cuda_products *products, const char *op,
                        cublasLtMatmulPreference_t preference, cupel_lt_plan *plan)
{
    const cupel_lt_table *lt = products->lt;
    cublasLtMatmulHeuristicResult_t found = {.state = CUBLAS_STATUS_NOT_SUPPORTED};
    int count = 0;
    CUPEL_TRY(prefer(lt, op, &plan->key, preference));
    const cublasStatus_t result = lt->heuristic(products->handle, plan->desc, plan->b, plan->a,
                                                plan->c, plan->c, preference, 1, &found, &count);
    plan->refused =
        cupel_cuda_lt_refused(result) || count == 0 || found.state != CUBLAS_STATUS_SUCCESS;
    plan->algorithm = found.algo;
    if (cupel_cuda_lt_refused(result)) return CUPEL_OK;
    return cupel_cuda_lt_result(lt, result, cupel_lt_name.heuristic, op);
}

void cupel_lt_plan_refuse(const cupel_cuda_products *products, cupel_lt_plan *plan)
{
    const cupel_lt_table *lt = products->lt;
    if (plan->desc != NULL) lt->desc_destroy(plan->desc);
    if (plan->a != NULL) lt->layout_destroy(plan->a);
    if (plan->b != NULL) lt->layout_destroy(plan->b);
    if (plan->c != NULL) lt->layout_destroy(plan->c);
    *plan = (cupel_lt_plan){.key = plan->key, .refused = true, .next = plan->next};
}

cupel_status cupel_lt_plan_choose(const cupel_cuda_products *products, const cupel_product *product,
                                  cupel_lt_plan *plan)
{
    const cupel_lt_table *lt = products->lt;
    cublasLtMatmulPreference_t preference = NULL;
    cupel_status status = cupel_cuda_lt_result(lt, lt->preference_create(&preference),
                                               cupel_lt_name.preference_create, product->op);
    if (status == CUPEL_OK) status = describe_all(lt, product, plan);
    if (status == CUPEL_OK) status = ask(products, product->op, preference, plan);
    if (preference != NULL) lt->preference_destroy(preference);
    if (status != CUPEL_OK || plan->refused) cupel_lt_plan_refuse(products, plan);
    return status;
}

cupel_status cupel_lt_plan_run(const cupel_cuda_products *products, const cupel_exec *x,
                               const cupel_product *product, cudaStream_t stream,
                               cupel_lt_plan *plan)
{
    const cupel_lt_table *lt = products->lt;
    const cupel_gemm *g = &product->gemm;
    /* Layers of one shape share a plan. */
    if (has_bias(plan->key.epilogue))
        CUPEL_TRY(set_bias(lt, product->op, plan->desc, product->bias));
    const cublasStatus_t result = lt->matmul(
        products->handle, plan->desc, &one, g->b, plan->b, g->a, plan->a, &zero, g->c, plan->c,
        g->c, plan->c, &plan->algorithm, x->workspace, (size_t)plan->key.workspace, stream);
    if (cupel_cuda_lt_refused(result)) {
        cupel_lt_plan_refuse(products, plan);
        return CUPEL_OK;
    }
    return cupel_cuda_lt_result(lt, result, cupel_lt_name.matmul, product->op);
}
