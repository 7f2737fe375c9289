/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The plans of the products: chosen once a shape, never while a graph is captured, bounded in
 * number. */
#include "dense_run.h"
#include "plan_cache.h"

static int asked; /* how often an algorithm has been asked for */

static cublasStatus_t counted(cublasLtHandle_t handle, cublasLtMatmulDesc_t desc,
                              cublasLtMatrixLayout_t a, cublasLtMatrixLayout_t b,
                              cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t d,
                              cublasLtMatmulPreference_t preference, int wanted,
                              cublasLtMatmulHeuristicResult_t *results, int *count)
{
    asked++;
    return cupel_cuda_lt_table()->heuristic(handle, desc, a, b, c, d, preference, wanted, results,
                                            count);
}

/* Opens the products with a table that counts. */
static cupel_cuda_products *open_counted(dense_run *r, cupel_lt_table *table)
{
    run_open(r);
    cupel_cuda_products *products = r->exec.products;
    *table = *products->lt;
    table->heuristic = counted;
    products->lt = table;
    asked = 0;
    return products;
}

static void run_all(dense_run *r, const cupel_dense_args *args)
{
    cr_assert_eq(run_op(r, CUPEL_OP_dense, args), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(run_kernel_gradient(r), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(run_input_gradient(r), CUPEL_OK, "%s", cupel_last_error());
}

Test(product_plans, asked_once)
{
    /* Where an epilogue is not fused in one kernel the plain product is asked for as well. */
    const simcuda_lt settings[] = {SIMCUDA_LT_FUSED, SIMCUDA_LT_UNFUSED, SIMCUDA_LT_SPLIT,
                                   SIMCUDA_LT_REFUSES};
    const int expected[] = {3, 4, 4, 4};
    for (int s = 0; s < 4; s++) {
        dense_run r;
        cupel_lt_table table;
        cudaGraph_t graph = NULL;
        simcuda_configuration()->lt = settings[s];
        run_begin(&r, 32, 24, 16, CUPEL_PRECISION_FLOAT32);
        open_counted(&r, &table);
        cupel_dense_args args = relu_args(&r);
        run_all(&r, &args);
        cr_expect_eq(asked, expected[s], "setting %d: %d", s, asked);
        run_all(&r, &args);
        /* Another layer of that shape, and the capture of a step. */
        args.y = r.z;
        args.b = r.dy == NULL ? NULL : r.dd;
        run_all(&r, &args);
        captured_nodes(&r, &args, &graph);
        CUDA(cudaGraphDestroy(graph));
        cr_expect_eq(asked, expected[s], "setting %d: %d", s, asked);
        /* Other rows, another precision. */
        args.rows = 31;
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
        cr_expect_gt(asked, expected[s]);
        const int before = asked;
        r.exec.precision = CUPEL_PRECISION_TF32;
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
        cr_expect_gt(asked, before);
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}

/* Tensors that are less aligned than cuBLASLt wants, and sides that are too small for it. */
Test(product_plans, not_asked)
{
    for (int c = 0; c < 3; c++) {
        dense_run r;
        cupel_lt_table table;
        run_begin(&r, 32, c == 0 ? 7 : 24, c == 1 ? 7 : 16, CUPEL_PRECISION_FLOAT32);
        open_counted(&r, &table);
        cupel_dense_args args = relu_args(&r);
        if (c == 2) {
            args.y = (float *)r.y + 1;
            args.rows = 31;
            cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
            CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
            r.rows = 31;
            const expected_sum e = expected_forward(&r, &args);
            expect_sum(&r, &e, args.y, false, false);
        } else {
            run_all(&r, &args);
        }
        cr_expect_eq(asked, 0);
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}

Test(product_plans, not_while_captured)
{
    dense_run r;
    cupel_lt_table table;
    cudaGraph_t graph = NULL;
    cudaGraphExec_t executable = NULL;
    run_begin(&r, 32, 24, 16, CUPEL_PRECISION_FLOAT32);
    open_counted(&r, &table);
    const cupel_dense_args args = relu_args(&r);
    const expected_sum e = expected_forward(&r, &args);
    cr_expect_eq(captured_nodes(&r, &args, &graph), 1);
    cr_expect_eq(asked, 0);
    CUDA(cudaGraphInstantiate(&executable, graph, 0));
    CUDA(cudaGraphLaunch(executable, (cudaStream_t)r.exec.stream));
    CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
    expect_sum(&r, &e, r.y, false, false);
    CUDA(cudaGraphExecDestroy(executable));
    CUDA(cudaGraphDestroy(graph));
    run_end(&r);
    cr_expect_eq(all_reports(), 0);
}

/* The one that has not been used for longest goes. */
Test(product_plans, bounded)
{
    dense_run r;
    cupel_lt_table table;
    run_begin(&r, CUPEL_MOST_PLANS + 9, 8, 8, CUPEL_PRECISION_FLOAT32);
    cupel_cuda_products *products = open_counted(&r, &table);
    cupel_dense_args args = relu_args(&r);
    args.activation = CUPEL_LINEAR;
    args.b = NULL;
    for (int rows = 1; rows <= CUPEL_MOST_PLANS + 9; rows++) {
        args.rows = rows;
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK, "%s", cupel_last_error());
        args.rows = 1;
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK, "%s", cupel_last_error());
        cr_assert_eq(products->plan_count, rows < CUPEL_MOST_PLANS ? rows : CUPEL_MOST_PLANS);
    }
    cr_expect_eq(asked, CUPEL_MOST_PLANS + 9);
    args.rows = 11;
    cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
    cr_expect_eq(asked, CUPEL_MOST_PLANS + 9);
    args.rows = 2;
    cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
    cr_expect_eq(asked, CUPEL_MOST_PLANS + 10);
    run_end(&r);
}

/* Opens, runs, captures nothing; the first failure ends it. */
static cupel_status whole(dense_run *r)
{
    cupel_cuda_products *products = NULL;
    cupel_dense_args args = relu_args(r);
    const cupel_status opened = cupel_cuda_products_open(&products);
    r->exec.products = products;
    if (opened != CUPEL_OK) cr_assert_null(products);
    CUPEL_TRY(opened);
    CUPEL_TRY(run_op(r, CUPEL_OP_dense, &args));
    CUPEL_TRY(run_kernel_gradient(r));
    CUPEL_TRY(run_input_gradient(r));
    /* A kernel fails when it runs. */
    CUPEL_FAIL_IF(cudaStreamSynchronize((cudaStream_t)r->exec.stream) != cudaSuccess,
                  CUPEL_ERROR_DEVICE_LOST, "cudaStreamSynchronize");
    return CUPEL_OK;
}

/* Each call of CUDA and of cuBLASLt fails in turn, once and from then on. */
Test(product_plans, every_call_fails)
{
    simcuda_config *config = simcuda_configuration();
    const simcuda_lt settings[] = {SIMCUDA_LT_FUSED, SIMCUDA_LT_UNFUSED, SIMCUDA_LT_REFUSES};
    for (int c = 0; c < 6; c++) {
        dense_run r;
        cupel_status status = CUPEL_ERROR_CUDA; /* of the try before */
        int failures = 0;
        config->lt = settings[c / 2];
        config->fail_mode = c % 2 == 0 ? SIMCUDA_TRANSIENT : SIMCUDA_PERSISTENT;
        run_begin(&r, 32, 24, 16, CUPEL_PRECISION_FLOAT32);
        const int64_t objects = simcuda_live_objects();
        for (int n = 1; status != CUPEL_OK; n++) {
            cr_assert_lt(n, 1000);
            config->fail_call = config->calls + (uint64_t)n;
            status = whole(&r);
            config->fail_call = 0;
            failures += status != CUPEL_OK;
            const char *text = cupel_last_error();
            cr_expect(status == CUPEL_OK || strstr(text, "cublasLt") != NULL ||
                          strstr(text, "cuda") != NULL || strstr(text, "dense") != NULL,
                      "call %d: \"%s\"", n, text);
            simcuda_revive();
            /* The same state works once the failure is over. */
            if (r.exec.products != NULL) {
                const cupel_dense_args args = relu_args(&r);
                cr_expect_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK, "call %d, then %s", n,
                             cupel_last_error());
            }
            CUDA(cudaDeviceSynchronize());
            cupel_cuda_products_close(r.exec.products);
            r.exec.products = NULL;
            cr_assert_eq(simcuda_live_objects(), objects, "call %d: \"%s\"", n, text);
        }
        cr_expect_gt(failures, 10);
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}

Test(product_plans, errors_name_the_call)
{
    dense_run r;
    simcuda_config *config = simcuda_configuration();
    run_begin(&r, 32, 24, 16, CUPEL_PRECISION_FLOAT32);
    run_open(&r);
    const cupel_dense_args args = relu_args(&r);
    cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
    /* The first call sets the bias, the second one is the product. */
    config->fail_call = config->calls + 2;
    cr_expect_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_ERROR_CUDA);
    cr_expect_str_eq(cupel_last_error(), "dense: cublasLtMatmul: CUBLAS_STATUS_EXECUTION_FAILED");
    config->fail_call = config->calls + 1;
    cr_expect_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_ERROR_CUDA);
    cr_expect_str_eq(cupel_last_error(),
                     "dense: cublasLtMatmulDescSetAttribute: CUBLAS_STATUS_INTERNAL_ERROR");
    config->fail_call = 0;
    run_end(&r);
}
