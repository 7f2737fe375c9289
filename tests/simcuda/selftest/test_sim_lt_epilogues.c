/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Epilogues of the fake cuBLASLt: what they compute and what restricts them. */
#include "sim_lt.h"

static matmul with_epilogue(cublasLtEpilogue_t epilogue, cudaDataType_t factors,
                            cudaDataType_t result)
{
    const matmul x = {.m = 24,
                      .n = 10,
                      .k = 16,
                      .factors = factors,
                      .result = result,
                      .compute = CUBLAS_COMPUTE_32F,
                      .epilogue = epilogue,
                      .alpha = 1};
    return x;
}

static bool has(cublasLtEpilogue_t epilogue, int bit)
{
    return ((int)epilogue & bit) != 0;
}

static bool is_derivative(cublasLtEpilogue_t epilogue)
{
    return has(epilogue, 8) || has(epilogue, 64);
}

static bool is_relu(cublasLtEpilogue_t epilogue)
{
    return has(epilogue, 2) || has(epilogue, 8);
}

/* Gives the descriptor the bias and the auxiliary buffer that the epilogue wants. */
static void give_buffers(matmul *x)
{
    x->device_bias = upload_matrix(x->bias, x->m, 1, x->m, x->result);
    x->aux_ld = is_relu(x->epilogue) ? 128 : x->m;
    const size_t bytes = is_relu(x->epilogue) ? 16 * (size_t)x->n : 0;
    if (bytes > 0)
        CUDA(cudaMalloc(&x->device_aux, bytes));
    else
        x->device_aux = upload_matrix(x->aux, x->m, x->n, x->m, x->result);
    if (has(x->epilogue, 4 | 16 | 256 | 512))
        set_desc(x, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &x->device_bias, sizeof(void *));
    if (has(x->epilogue, 128)) {
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, &x->device_aux, sizeof(void *));
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, &x->aux_ld, sizeof x->aux_ld);
    }
    CUDA(cudaDeviceSynchronize());
}

static double gelu(double v)
{
    return 0.5 * v * (1 + tanh(0.7978845608028654 * (v + 0.044715 * v * v * v)));
}

static double gelu_slope(double v)
{
    const double t = tanh(0.7978845608028654 * (v + 0.044715 * v * v * v));
    return 0.5 * (1 + t) + 0.5 * v * (1 - t * t) * 0.7978845608028654 * (1 + 3 * 0.044715 * v * v);
}

/* D of a forward epilogue at one element; *input is what goes into the activation. */
static double forward(const matmul *x, int i, int j, double *input, double *limit)
{
    double size;
    double v = expected_product(x, i, j, &size);
    /* With two kernels the product is rounded before the bias is added. */
    *limit = 2 * bound(x, size + 1, fabs(v) + 1);
    if (has(x->epilogue, 4)) v += x->bias[i];
    *input = v;
    if (has(x->epilogue, 2)) return v > 0 ? v : 0;
    return has(x->epilogue, 32) ? gelu(v) : v;
}

static const cublasLtEpilogue_t forwards[] = {
    CUBLASLT_EPILOGUE_RELU,      CUBLASLT_EPILOGUE_RELU_AUX,     CUBLASLT_EPILOGUE_BIAS,
    CUBLASLT_EPILOGUE_RELU_BIAS, CUBLASLT_EPILOGUE_GELU,         CUBLASLT_EPILOGUE_GELU_AUX,
    CUBLASLT_EPILOGUE_GELU_BIAS, CUBLASLT_EPILOGUE_GELU_AUX_BIAS};

static const cudaDataType_t types[][2] = {
    {CUDA_R_32F, CUDA_R_32F}, {CUDA_R_16BF, CUDA_R_16BF}, {CUDA_R_16BF, CUDA_R_32F}};

Test(sim_lt_epilogues, forward)
{
    for (size_t c = 0; c < 8 * 3 * 2; c++) {
        simcuda_configuration()->lt = c / 24 ? SIMCUDA_LT_SPLIT : SIMCUDA_LT_FUSED;
        simcuda_configuration()->streams = (simcuda_streams)(c % STREAM_MODES);
        matmul x = with_epilogue(forwards[c % 8], types[c / 8 % 3][0], types[c / 8 % 3][1]);
        matmul_begin(&x);
        give_buffers(&x);
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        CUDA(cudaStreamSynchronize(x.stream));
        float *got = download_matrix(x.device_d, x.m, x.n, x.ldd, x.result);
        float *aux = NULL;
        if (has(x.epilogue, 128) && has(x.epilogue, 32))
            aux = download_matrix(x.device_aux, x.m, x.n, x.m, x.result);
        for (int e = 0; e < x.m * x.n; e++) {
            double input, limit;
            const double expected = forward(&x, e % x.m, e / x.m, &input, &limit);
            cr_assert_float_eq(got[e], expected, limit, "epilogue %d", (int)x.epilogue);
            if (aux != NULL) cr_assert_float_eq(aux[e], input, limit);
        }
        free(got);
        free(aux);
        matmul_end(&x);
    }
    cr_expect_eq(all_reports(), 0);
}

/* The derivative of ReLU reads the mask that a forward call has written; that of GELU its input.
 * The bias gradient is the sum of D's rows. */
Test(sim_lt_epilogues, backward)
{
    const cublasLtEpilogue_t backwards[] = {CUBLASLT_EPILOGUE_DRELU, CUBLASLT_EPILOGUE_DRELU_BGRAD,
                                            CUBLASLT_EPILOGUE_DGELU, CUBLASLT_EPILOGUE_DGELU_BGRAD};
    for (size_t c = 0; c < 4 * 3 * 2; c++) {
        simcuda_configuration()->lt = c / 12 ? SIMCUDA_LT_SPLIT : SIMCUDA_LT_FUSED;
        matmul x =
            with_epilogue(CUBLASLT_EPILOGUE_RELU_AUX, types[c / 4 % 3][0], types[c / 4 % 3][1]);
        const cublasLtEpilogue_t epilogue = backwards[c % 4];
        x.epilogue = is_relu(epilogue) ? CUBLASLT_EPILOGUE_RELU_AUX : CUBLASLT_EPILOGUE_GELU_AUX;
        matmul_begin(&x);
        give_buffers(&x);
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        x.epilogue = epilogue;
        const uint32_t value = epilogue;
        set_desc(&x, CUBLASLT_MATMUL_DESC_EPILOGUE, &value, sizeof value);
        if (has(epilogue, 16))
            set_desc(&x, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &x.device_bias, sizeof(void *));
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        CUDA(cudaStreamSynchronize(x.stream));
        float *got = download_matrix(x.device_d, x.m, x.n, x.ldd, x.result);
        float *bias = download_matrix(x.device_bias, x.m, 1, x.m, x.result);
        double sums[512] = {0};
        for (int e = 0; e < x.m * x.n; e++) {
            double size;
            const double v = expected_product(&x, e % x.m, e / x.m, &size);
            const double slope = is_relu(epilogue) ? v > 0 : gelu_slope(v);
            cr_assert_float_eq(got[e], v * slope, 4 * bound(&x, size + 1, v) + 1e-5, "epilogue %d",
                               (int)epilogue);
            sums[e % x.m] += got[e];
        }
        for (int i = 0; has(epilogue, 16) && i < x.m; i++)
            cr_assert_float_eq(bias[i], sums[i], bound(&x, 100, fabs(sums[i]) * 8 + 1));
        free(got);
        free(bias);
        matmul_end(&x);
    }
    cr_expect_eq(all_reports(), 0);
}

/* Bias gradients of the factors: of A's rows and of B's columns. */
Test(sim_lt_epilogues, sums_of_factors)
{
    for (int c = 0; c < 4; c++) {
        simcuda_configuration()->lt = c / 2 ? SIMCUDA_LT_SPLIT : SIMCUDA_LT_FUSED;
        const bool of_a = c % 2 == 0;
        matmul x = with_epilogue(of_a ? CUBLASLT_EPILOGUE_BGRADA : CUBLASLT_EPILOGUE_BGRADB,
                                 CUDA_R_32F, CUDA_R_32F);
        x.transpose_b = true;
        matmul_begin(&x);
        give_buffers(&x);
        LT(matmul_ask(&x));
        LT(matmul_run(&x));
        CUDA(cudaStreamSynchronize(x.stream));
        const int length = of_a ? x.m : x.n;
        float *bias = download_matrix(x.device_bias, length, 1, length, CUDA_R_32F);
        for (int i = 0; i < length; i++) {
            double sum = 0;
            for (int p = 0; p < x.k; p++)
                sum += of_a ? x.a[p * x.m + i] : x.b[p * x.n + i];
            cr_assert_float_eq(bias[i], sum, 1e-5);
        }
        free(bias);
        matmul_end(&x);
    }
    cr_expect_eq(all_reports(), 0);
}

/* What breaks one restriction each. */
typedef enum breach {
    NO_BIAS,
    NEEDLESS_BIAS,
    ODD_BIAS,
    BIAS_TYPE,
    NO_AUX,
    ODD_AUX,
    AUX_LD_UNSET,
    AUX_LD_ODD,
    AUX_LD_SMALL,
    MASK_TYPE,
    TRANSPOSED_A,
    PLAIN_B,
    ONE_K,
    ONE_ROW,
    ONE_COLUMN,
    NO_SUCH
} breach;

typedef struct rule {
    cublasLtEpilogue_t epilogue;
    breach breach;
    cublasStatus_t expected;
} rule;

static const rule rules[] = {
    {CUBLASLT_EPILOGUE_BIAS, NO_BIAS, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_DRELU_BGRAD, NO_BIAS, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_RELU, NEEDLESS_BIAS, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_BIAS, ODD_BIAS, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_BIAS, BIAS_TYPE, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_RELU_AUX, NO_AUX, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_GELU_AUX_BIAS, ODD_AUX, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_RELU_AUX_BIAS, AUX_LD_UNSET, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_DRELU, AUX_LD_ODD, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_DGELU, AUX_LD_ODD, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_DGELU, AUX_LD_SMALL, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_RELU_AUX, MASK_TYPE, CUBLAS_STATUS_INVALID_VALUE},
    {CUBLASLT_EPILOGUE_BGRADA, TRANSPOSED_A, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_BGRADB, PLAIN_B, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_DRELU, ONE_K, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_DGELU_BGRAD, ONE_K, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_BGRADA, ONE_ROW, CUBLAS_STATUS_NOT_SUPPORTED},
    {CUBLASLT_EPILOGUE_DRELU_BGRAD, ONE_COLUMN, CUBLAS_STATUS_NOT_SUPPORTED},
    {(cublasLtEpilogue_t)1024, NO_SUCH, CUBLAS_STATUS_NOT_SUPPORTED},
};

static void break_rule(matmul *x, breach b)
{
    void *nothing = NULL;
    void *odd_bias = (char *)x->device_bias + 2;
    void *odd_aux = (char *)x->device_aux + 8;
    const int32_t type = CUDA_R_16BF;
    const int64_t lds[] = {0, 128 + 4, 8};
    switch (b) {
    case NO_BIAS:
        set_desc(x, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &nothing, sizeof(void *));
        break;
    case NEEDLESS_BIAS:
        set_desc(x, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &x->device_bias, sizeof(void *));
        break;
    case ODD_BIAS:
        set_desc(x, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &odd_bias, sizeof(void *));
        break;
    case BIAS_TYPE:
        set_desc(x, CUBLASLT_MATMUL_DESC_BIAS_DATA_TYPE, &type, sizeof type);
        break;
    case NO_AUX:
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, &nothing, sizeof(void *));
        break;
    case ODD_AUX:
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_POINTER, &odd_aux, sizeof(void *));
        break;
    case AUX_LD_UNSET:
    case AUX_LD_ODD:
    case AUX_LD_SMALL:
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_LD, &lds[b - AUX_LD_UNSET], sizeof *lds);
        break;
    case MASK_TYPE:
        set_desc(x, CUBLASLT_MATMUL_DESC_EPILOGUE_AUX_DATA_TYPE, &type, sizeof type);
        break;
    default:
        break;
    }
}

Test(sim_lt_epilogues, restrictions)
{
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        const rule *r = &rules[i];
        matmul x = with_epilogue(r->epilogue, CUDA_R_32F, CUDA_R_32F);
        x.transpose_a = r->breach == TRANSPOSED_A;
        x.transpose_b = r->epilogue == CUBLASLT_EPILOGUE_BGRADB && r->breach != PLAIN_B;
        if (r->breach == ONE_K) x.k = 1;
        if (r->breach == ONE_ROW) x.m = 1;
        if (r->breach == ONE_COLUMN) x.n = 1;
        matmul_begin(&x);
        give_buffers(&x);
        break_rule(&x, r->breach);
        const cublasStatus_t status = matmul_ask(&x);
        cr_expect_eq(status, r->expected, "rule %zu: %d", i, (int)status);
        cr_expect_eq(x.count, 0);
        matmul_end(&x);
    }
}
