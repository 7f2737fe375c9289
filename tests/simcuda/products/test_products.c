/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The products of dense layers by cuBLASLt in each of its ways, and by cupel's own kernel. */
#include "dense_run.h"

#include <stdio.h>

static const simcuda_lt settings[] = {SIMCUDA_LT_FUSED, SIMCUDA_LT_UNFUSED, SIMCUDA_LT_SPLIT,
                                      SIMCUDA_LT_REFUSES, SIMCUDA_LT_ABSENT};
static const char *const setting_names[] = {"fused", "unfused", "split", "refuses", "absent"};
static const cupel_precision precisions[] = {CUPEL_PRECISION_FLOAT32, CUPEL_PRECISION_TF32,
                                             CUPEL_PRECISION_BFLOAT16};

#define SETTINGS 5
#define PRECISIONS 3

/* Outputs and arguments that models have, and that the row of the op allows. */
enum { RELU, LINEAR, RELU_ALONE, LINEAR_ALONE, GELU, LOGITS, LOGITS_ALONE, LOGITS_AND_Y, FORWARDS };

static cupel_dense_args arguments(const dense_run *r, int forward)
{
    static const cupel_activation kinds[] = {CUPEL_RELU, CUPEL_LINEAR, CUPEL_RELU, CUPEL_LINEAR,
                                             CUPEL_GELU, CUPEL_LINEAR, CUPEL_RELU, CUPEL_LINEAR};
    cupel_dense_args args = forward_args(r, kinds[forward]);
    if (forward != GELU) args.z = NULL;
    if (forward < LOGITS) args.logits = NULL;
    if (forward == LOGITS || forward == LOGITS_ALONE) args.y = NULL;
    if (forward == RELU_ALONE || forward == LINEAR_ALONE || forward == LOGITS_ALONE) args.b = NULL;
    return args;
}

static void expect_forward(dense_run *r, int forward)
{
    const cupel_dense_args args = arguments(r, forward);
    const expected_sum e = expected_forward(r, &args);
    expected_sum before = e;
    before.activation = CUPEL_LINEAR;
    cr_assert_eq(run_op(r, CUPEL_OP_dense, &args), CUPEL_OK, "%s", cupel_last_error());
    CUDA(cudaStreamSynchronize((cudaStream_t)r->exec.stream));
    if (args.y != NULL) expect_sum(r, &e, args.y, false, true);
    if (args.z != NULL) expect_sum(r, &before, args.z, false, true);
    /* They are not rounded to bf16 on the way. */
    if (args.logits != NULL) expect_sum(r, &e, args.logits, true, false);
}

static void expect_gradients(dense_run *r)
{
    const expected_sum kernel = expected_kernel_gradient(r), input = expected_input_gradient(r);
    cr_assert_eq(run_kernel_gradient(r), CUPEL_OK, "%s", cupel_last_error());
    cr_assert_eq(run_input_gradient(r), CUPEL_OK, "%s", cupel_last_error());
    CUDA(cudaStreamSynchronize((cudaStream_t)r->exec.stream));
    expect_sum(r, &kernel, r->dkernel, true, false);
    expect_sum(r, &input, r->dinput, false, false);
}

/* Sides below 8 are never cuBLASLt's; a long batch makes cupel's own product cut it into parts. */
Test(products, every_way)
{
    const int shapes[][3] = {{20, 24, 16}, {9, 7, 40}, {33, 40, 5}, {1, 8, 8}, {600, 12, 70}};
    for (int c = 0; c < SETTINGS * PRECISIONS * 5; c++) {
        const int *shape = shapes[c % 5];
        dense_run r;
        simcuda_configuration()->lt = settings[c / 5 % SETTINGS];
        simcuda_configuration()->lt_splits = c % 2 == 0 ? 1 : 3;
        simcuda_configuration()->streams = (simcuda_streams)(c % STREAM_MODES);
        run_begin(&r, shape[0], shape[1], shape[2], precisions[c / 5 / SETTINGS]);
        run_open(&r);
        cr_expect_eq(r.exec.products == NULL, settings[c / 5 % SETTINGS] == SIMCUDA_LT_ABSENT);
        for (int forward = 0; forward < FORWARDS; forward++)
            expect_forward(&r, forward);
        expect_gradients(&r);
        /* What was chosen is used again. */
        expect_forward(&r, RELU);
        expect_gradients(&r);
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}

/* In cupel's own product the sum in float meets the bias: bf16 is rounded once. */
Test(products, own_product_rounds_once)
{
    simcuda_configuration()->lt = SIMCUDA_LT_REFUSES;
    dense_run r;
    run_begin(&r, 40, 100, 30, CUPEL_PRECISION_BFLOAT16);
    run_open(&r);
    const cupel_dense_args args = relu_args(&r);
    const expected_sum e = expected_forward(&r, &args);
    cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
    CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
    expect_sum(&r, &e, r.y, false, false);
    run_end(&r);
}

/* TF32 is what was asked for: it shows. True float is what is asked for by default. */
Test(products, precision)
{
    double worst[2] = {0, 0};
    for (int tf32 = 0; tf32 < 2; tf32++) {
        dense_run r;
        run_begin(&r, 16, 64, 16, tf32 ? CUPEL_PRECISION_TF32 : CUPEL_PRECISION_FLOAT32);
        run_open(&r);
        cr_assert_eq(run_input_gradient(&r), CUPEL_OK);
        CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
        float *got = download_matrix(r.dinput, r.n_in, r.rows, r.n_in, CUDA_R_32F);
        for (int i = 0; i < r.rows * r.n_in; i++) {
            double sum = 0;
            for (int p = 0; p < r.n_out; p++)
                sum +=
                    (double)r.dy[i / r.n_in * r.n_out + p] * (double)r.w[p * r.n_in + i % r.n_in];
            worst[tf32] = fmax(worst[tf32], fabs(got[i] - sum));
        }
        free(got);
        run_end(&r);
    }
    cr_expect_lt(worst[0], 1e-6);
    cr_expect_gt(worst[1], 1e-5);
}

/* The launches of a captured layer: an epilogue that is not fused is cupel's own kernel. */
Test(products, captured_nodes)
{
    const int relu[SETTINGS] = {1, 2, 2, 1, 1}, gelu[SETTINGS] = {2, 2, 3, 1, 1};
    for (int s = 0; s < SETTINGS; s++) {
        dense_run r;
        cudaGraph_t graph = NULL;
        cudaGraphExec_t executable = NULL;
        simcuda_configuration()->lt = settings[s];
        run_begin(&r, 32, 24, 16, CUPEL_PRECISION_FLOAT32);
        run_open(&r);
        for (int forward = RELU; forward <= GELU; forward += GELU - RELU) {
            const cupel_dense_args args = arguments(&r, forward);
            const expected_sum e = expected_forward(&r, &args);
            cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
            CUDA(cudaMemsetAsync(r.y, 0, 32 * 16 * 4, (cudaStream_t)r.exec.stream));
            const int nodes = captured_nodes(&r, &args, &graph);
            fprintf(stderr, "%-7s %s with bias: %d kernel nodes\n", setting_names[s],
                    forward == RELU ? "relu" : "gelu", nodes);
            cr_expect_eq(nodes, forward == RELU ? relu[s] : gelu[s], "%s", setting_names[s]);
            CUDA(cudaGraphInstantiate(&executable, graph, 0));
            CUDA(cudaGraphDestroy(graph));
            CUDA(cudaGraphLaunch(executable, (cudaStream_t)r.exec.stream));
            CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
            expect_sum(&r, &e, r.y, false, false);
            CUDA(cudaGraphExecDestroy(executable));
        }
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}

/* Where cuBLASLt's ReLU makes 0 of NaN it is not used: a network that is lost must not look well. */
Test(products, nan_comes_through)
{
    for (int c = 0; c < 4; c++) {
        dense_run r;
        cudaGraph_t graph = NULL;
        simcuda_configuration()->lt_drops_nan = c % 2 != 0;
        run_begin(&r, 32, 24, 16, c / 2 ? CUPEL_PRECISION_BFLOAT16 : CUPEL_PRECISION_FLOAT32);
        run_open(&r);
        const cupel_dense_args args = relu_args(&r);
        const expected_sum e = expected_forward(&r, &args);
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK, "%s", cupel_last_error());
        cr_expect_eq(captured_nodes(&r, &args, &graph), c % 2 != 0 ? 2 : 1);
        CUDA(cudaGraphDestroy(graph));
        CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
        expect_sum(&r, &e, r.y, false, true);
        CUDA(cudaMemset(r.dx, 0xff, bytes_of(r.type)));
        CUDA(cudaDeviceSynchronize());
        cr_assert_eq(run_op(&r, CUPEL_OP_dense, &args), CUPEL_OK);
        CUDA(cudaStreamSynchronize((cudaStream_t)r.exec.stream));
        float *got = download_matrix(r.y, r.n_out, r.rows, r.n_out, r.type);
        cr_expect(isnan(got[0]) && isnan(got[15]) && !isnan(got[16]), "case %d: %g, %g", c,
                  (double)got[0], (double)got[16]);
        free(got);
        run_end(&r);
    }
    cr_expect_eq(all_reports(), 0);
}
