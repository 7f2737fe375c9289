/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Which plan a product runs by. */
#include "products.h"

#include "base/memory.h"
#include "cuda_error.h"
#include "plan_cache.h"

/* What cuBLASLt's kernels read at a time; cupel's arenas are aligned to more. */
#define LEAST_ALIGNMENT 16

cupel_status cupel_cuda_products_open(cupel_cuda_products **products)
{
    *products = NULL;
    const cupel_lt_table *lt = cupel_cuda_lt_table();
    if (lt == NULL) return CUPEL_OK;
    cupel_cuda_products *p = cupel_alloc(1, sizeof *p);
    if (p == NULL) return CUPEL_ERROR_MEMORY;
    p->lt = lt;
    const cupel_status status = cupel_cuda_lt_result(lt, lt->create(&p->handle),
                                                     cupel_lt_name.create, "the matrix products");
    if (status != CUPEL_OK) {
        cupel_free(p);
        return status;
    }
    *products = p;
    return CUPEL_OK;
}

void cupel_cuda_products_close(cupel_cuda_products *products)
{
    if (products == NULL) return;
    cupel_plans_clear(products);
    products->lt->destroy(products->handle);
    cupel_free(products);
}

/* The library is for tensors that are aligned, with room for its trial of a ReLU. */
static bool is_fit(const cupel_lt_key *key)
{
    return key->workspace >= 0 && key->align_a >= LEAST_ALIGNMENT &&
           key->align_b >= LEAST_ALIGNMENT && key->align_c >= LEAST_ALIGNMENT;
}

/* *answer is whether the stream of the run is being captured. */
static cupel_status is_captured(const cupel_exec *x, bool *answer)
{
    enum cudaStreamCaptureStatus capture = cudaStreamCaptureStatusNone;
    const cudaError_t error = cudaStreamIsCapturing((cudaStream_t)x->stream, &capture);
    *answer = capture != cudaStreamCaptureStatusNone;
    return cupel_cuda_result(error, "cudaStreamIsCapturing");
}

static cupel_status find_plan(cupel_cuda_products *products, const cupel_exec *x,
                              const cupel_product *product, bool plain, cupel_lt_plan **plan);

/* Refuses a plan with an epilogue that needs a kernel more than the plain product does: cupel's own
 * kernel is the better one. Both may have a kernel that adds parts of the sums. */
static cupel_status compare(cupel_cuda_products *products, const cupel_exec *x,
                            const cupel_product *product, cupel_lt_plan *plan)
{
    cupel_lt_plan *other = NULL;
    CUPEL_TRY(cupel_lt_plan_count(products, x, product, plan));
    if (plan->refused || plan->nodes == 1) return CUPEL_OK;
    CUPEL_TRY(find_plan(products, x, product, true, &other));
    if (other != NULL && !other->refused && other->nodes == 0)
        CUPEL_TRY(cupel_lt_plan_count(products, x, product, other));
    if (other != NULL && !other->refused && plan->nodes > other->nodes)
        cupel_lt_plan_refuse(products, plan);
    return CUPEL_OK;
}

/* Refuses a plan whose ReLU makes 0 of NaN. */
static cupel_status try_nan(const cupel_cuda_products *products, const cupel_exec *x,
                            const cupel_product *product, cupel_lt_plan *plan)
{
    bool kept = true;
    if (plan->refused || !product->relu) return CUPEL_OK;
    CUPEL_TRY(cupel_lt_plan_try_nan(products, x, product, plan, &kept));
    if (!kept) cupel_lt_plan_refuse(products, plan);
    return CUPEL_OK;
}

/* *plan, which may have refused, or NULL where there is none and this is no time to make one. */
static cupel_status find_plan(cupel_cuda_products *products, const cupel_exec *x,
                              const cupel_product *product, bool plain, cupel_lt_plan **plan)
{
    const cupel_lt_key key = cupel_lt_key_of(x, product, plain);
    bool captured = false;
    *plan = is_fit(&key) ? cupel_plan_find(products, &key) : NULL;
    if (*plan != NULL || !is_fit(&key)) return CUPEL_OK;
    CUPEL_TRY(is_captured(x, &captured));
    if (captured) return CUPEL_OK;
    cupel_lt_plan *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    made->key = key;
    cupel_status status = cupel_lt_plan_choose(products, product, made);
    if (status == CUPEL_OK && !made->refused && key.epilogue != CUBLASLT_EPILOGUE_DEFAULT) {
        status = compare(products, x, product, made);
        if (status == CUPEL_OK) status = try_nan(products, x, product, made);
    }
    if (status != CUPEL_OK) {
        cupel_plan_free(products, made);
        return status;
    }
    cupel_plan_keep(products, made);
    *plan = made;
    return CUPEL_OK;
}

/* *ran is whether there is a plan for it. */
static cupel_status run(const cupel_exec *x, const cupel_product *product, bool plain, bool *ran)
{
    cupel_cuda_products *products = x->products;
    cupel_lt_plan *plan = NULL;
    *ran = false;
    CUPEL_TRY(find_plan(products, x, product, plain, &plan));
    if (plan == NULL || plan->refused) return CUPEL_OK;
    CUPEL_TRY(cupel_lt_plan_run(products, x, product, (cudaStream_t)x->stream, plan));
    *ran = !plan->refused;
    return CUPEL_OK;
}

cupel_status cupel_cuda_product(const cupel_exec *x, const cupel_product *product,
                                cupel_product_done *done)
{
    bool ran = false;
    *done = CUPEL_PRODUCT_REFUSED;
    if (x->products == NULL || x->workspace == NULL) return CUPEL_OK;
    CUPEL_TRY(run(x, product, false, &ran));
    if (ran) *done = CUPEL_PRODUCT_WHOLE;
    if (ran || product->bias == NULL) return CUPEL_OK;
    CUPEL_TRY(run(x, product, true, &ran));
    if (ran) *done = CUPEL_PRODUCT_PLAIN;
    return CUPEL_OK;
}
