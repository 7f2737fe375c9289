/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One product as cuBLASLt wants it described, and the algorithm that it has chosen for it. */
#ifndef CUPEL_LT_PLAN_H
#define CUPEL_LT_PLAN_H

#include "lt_error.h"
#include "products.h"

/* What the choice of an algorithm depends on. Without padding, so that keys are compared by their
 * bytes. */
typedef struct cupel_lt_key {
    int64_t m, n, k;   /* as in cupel_gemm */
    int64_t workspace; /* bytes */
    int32_t transpose_a, transpose_b;
    int32_t type;                                  /* cudaDataType_t of a and b */
    int32_t result;                                /* cudaDataType_t of c */
    int32_t compute;                               /* cublasComputeType_t */
    int32_t epilogue;                              /* cublasLtEpilogue_t */
    int32_t align_a, align_b, align_c, align_bias; /* the powers of two that divide the pointers */
} cupel_lt_key;

typedef struct cupel_lt_plan {
    cupel_lt_key key;
    bool refused;  /* the rest is empty: cuBLASLt does not do this, or not in fewer kernels */
    int64_t nodes; /* of a graph into which one call is captured; 0: not counted */
    cublasLtMatmulDesc_t desc;
    cublasLtMatrixLayout_t a, b, c; /* of cupel_gemm's matrices */
    cublasLtMatmulAlgo_t algorithm;
    struct cupel_lt_plan *next; /* in the cache */
} cupel_lt_plan;

struct cupel_cuda_products {
    const cupel_lt_table *lt;
    cublasLtHandle_t handle;
    cupel_lt_plan *plans; /* a list, the most recently used first */
    int64_t plan_count;
};

/* The key of a product; of the product alone where plain. */
cupel_lt_key cupel_lt_key_of(const cupel_exec *x, const cupel_product *product, bool plain);

/* Fills a plan, whose key is set and which is else empty, or sets refused. On failure there is
 * nothing left in it. */
cupel_status cupel_lt_plan_choose(const cupel_cuda_products *products, const cupel_product *product,
                                  cupel_lt_plan *plan);

/* Destroys what the plan holds and sets refused. */
void cupel_lt_plan_refuse(const cupel_cuda_products *products, cupel_lt_plan *plan);

/* Starts the product. Sets refused where cuBLASLt changes its mind. */
cupel_status cupel_lt_plan_run(const cupel_cuda_products *products, const cupel_exec *x,
                               const cupel_product *product, cudaStream_t stream,
                               cupel_lt_plan *plan);

/* plan->nodes, by capturing one call on a stream of its own. Nothing is computed. */
cupel_status cupel_lt_plan_count(const cupel_cuda_products *products, const cupel_exec *x,
                                 const cupel_product *product, cupel_lt_plan *plan);

/* *kept is whether NaN comes through the plan's epilogue, which has a bias. Overwrites c and waits for
 * the stream of the run. */
cupel_status cupel_lt_plan_try_nan(const cupel_cuda_products *products, const cupel_exec *x,
                                   const cupel_product *product, cupel_lt_plan *plan, bool *kept);

#endif
