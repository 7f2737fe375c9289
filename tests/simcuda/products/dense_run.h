/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops of a dense layer on the simulated device, as a model runs them: with the products' state,
 * a workspace and a stream of its own. */
#ifndef CUPEL_SIMCUDA_DENSE_RUN_H
#define CUPEL_SIMCUDA_DENSE_RUN_H

#include "base/status.h"
#include "lt_plan.h"
#include "sim_lt.h"
#include "table.h"

#define WORKSPACE (1 << 20)

typedef struct dense_run {
    int rows, n_in, n_out;
    cupel_precision precision;
    cudaDataType_t type;                     /* of activations and weights */
    float *x, *w, *b, *dy;                   /* of the host, rounded to the type */
    void *dx, *dw, *dd, *db;                 /* of the device: x, w, dy and b */
    void *y, *z, *logits, *dkernel, *dinput; /* of the device, for results */
    cupel_exec exec;
} dense_run;

static inline void *device_room(const dense_run *r, int elements, bool wide)
{
    void *room = NULL;
    CUDA(cudaMalloc(&room, (size_t)elements * (wide ? 4 : bytes_of(r->type))));
    return room;
}

/* Everything but the products' state: the layer's tensors hold numbers. */
static inline void run_begin(dense_run *r, int rows, int n_in, int n_out, cupel_precision precision)
{
    cudaStream_t stream = NULL;
    *r = (dense_run){.rows = rows, .n_in = n_in, .n_out = n_out, .precision = precision};
    r->type = precision == CUPEL_PRECISION_BFLOAT16 ? CUDA_R_16BF : CUDA_R_32F;
    r->x = some_numbers(rows * n_in, r->type);
    r->w = some_numbers(n_out * n_in, r->type);
    r->b = some_numbers(n_out, r->type);
    r->dy = some_numbers(rows * n_out, r->type);
    r->dx = upload_matrix(r->x, n_in, rows, n_in, r->type);
    r->dw = upload_matrix(r->w, n_in, n_out, n_in, r->type);
    r->db = upload_matrix(r->b, n_out, 1, n_out, r->type);
    r->dd = upload_matrix(r->dy, n_out, rows, n_out, r->type);
    r->y = device_room(r, rows * n_out, false);
    r->z = device_room(r, rows * n_out, false);
    r->logits = device_room(r, rows * n_out, true);
    r->dkernel = device_room(r, n_out * n_in, true);
    r->dinput = device_room(r, rows * n_in, false);
    CUDA(cudaMalloc(&r->exec.workspace, WORKSPACE));
    CUDA(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    r->exec.stream = stream;
    r->exec.workspace_bytes = WORKSPACE;
    r->exec.precision = precision;
    const cupel_dense_kernel_gradient_args args = {.rows = rows, .n_in = n_in, .n_out = n_out};
    const int64_t needs = cupel_cuda_f32_ops[CUPEL_OP_dense_kernel_gradient].needs(&args);
    if (needs > 0) CUDA(cudaMalloc(&r->exec.scratch, (size_t)needs));
    CUDA(cudaDeviceSynchronize());
}

static inline void run_open(dense_run *r)
{
    cupel_cuda_products *products = NULL;
    cr_assert_eq(cupel_cuda_products_open(&products), CUPEL_OK, "%s", cupel_last_error());
    r->exec.products = products;
}

static inline void run_end(dense_run *r)
{
    CUDA(cudaDeviceSynchronize());
    cupel_cuda_products_close(r->exec.products);
    CUDA(cudaStreamDestroy((cudaStream_t)r->exec.stream));
    void *const device[] = {r->dx,          r->dw,     r->db,      r->dd,     r->y,
                            r->z,           r->logits, r->dkernel, r->dinput, r->exec.workspace,
                            r->exec.scratch};
    for (size_t i = 0; i < sizeof device / sizeof device[0]; i++)
        CUDA(cudaFree(device[i]));
    free(r->x);
    free(r->w);
    free(r->b);
    free(r->dy);
    cr_expect_eq(simcuda_live_objects(), 0);
    cr_expect_eq(simcuda_live_bytes(), 0);
}

static inline cupel_status run_op(dense_run *r, cupel_op op, const void *args)
{
    const cupel_op_entry *ops =
        r->precision == CUPEL_PRECISION_BFLOAT16 ? cupel_cuda_bf16_ops : cupel_cuda_f32_ops;
    return ops[op].run(&r->exec, args);
}

/* The layer's arguments with every output; a test takes away what it does not want. */
static inline cupel_dense_args forward_args(const dense_run *r, cupel_activation activation)
{
    return (cupel_dense_args){.x = r->dx,
                              .w = r->dw,
                              .b = r->db,
                              .y = r->y,
                              .z = r->z,
                              .logits = r->logits,
                              .rows = r->rows,
                              .n_in = r->n_in,
                              .n_out = r->n_out,
                              .activation = activation};
}

static inline cupel_dense_args relu_args(const dense_run *r)
{
    cupel_dense_args args = forward_args(r, CUPEL_RELU);
    args.z = args.logits = NULL;
    return args;
}

static inline cupel_status run_kernel_gradient(dense_run *r)
{
    const cupel_dense_kernel_gradient_args args = {.dy = r->dd,
                                                   .x = r->dx,
                                                   .dw = r->dkernel,
                                                   .rows = r->rows,
                                                   .n_in = r->n_in,
                                                   .n_out = r->n_out};
    return run_op(r, CUPEL_OP_dense_kernel_gradient, &args);
}

static inline cupel_status run_input_gradient(dense_run *r)
{
    const cupel_dense_input_gradient_args args = {.dy = r->dd,
                                                  .w = r->dw,
                                                  .dx = r->dinput,
                                                  .rows = r->rows,
                                                  .n_in = r->n_in,
                                                  .n_out = r->n_out};
    return run_op(r, CUPEL_OP_dense_input_gradient, &args);
}

/* A row-major matrix that an op has written, compared with sums of products in double: of terms
 * a[i, p] b[p, j], each operand with its distances between elements. */
typedef struct expected_sum {
    const char *what;
    int rows, columns, terms;
    const float *a, *b;
    int a_row, a_term, b_term, b_column;
    const float *bias;
    cupel_activation activation; /* LINEAR, RELU or GELU */
} expected_sum;

static inline double activated(cupel_activation activation, double v)
{
    if (activation == CUPEL_RELU) return v > 0 ? v : 0;
    if (activation == CUPEL_GELU) return v * 0.5 * erfc(-v / sqrt(2.0));
    return v;
}

/* twice says that the value was rounded once before the bias. */
static inline void expect_sum(const dense_run *r, const expected_sum *e, const void *device,
                              bool wide, bool twice)
{
    const cudaDataType_t type = wide ? CUDA_R_32F : r->type;
    float *got = download_matrix(device, e->columns, e->rows, e->columns, type);
    const double ulp = type == CUDA_R_16BF ? 0x1p-8 : 0x1p-23;
    const double tau = r->precision == CUPEL_PRECISION_TF32 ? 1e-3 : 1e-6;
    for (int i = 0; i < e->rows; i++) {
        for (int j = 0; j < e->columns; j++) {
            double sum = 0, size = 0;
            for (int p = 0; p < e->terms; p++) {
                const double term = (double)e->a[i * e->a_row + p * e->a_term] *
                                    (double)e->b[p * e->b_term + j * e->b_column];
                sum += term;
                size += fabs(term);
            }
            const double bias = e->bias != NULL ? (double)e->bias[j] : 0;
            const double value = activated(e->activation, sum + bias);
            double limit = 1.2 * tau * (size + fabs(bias)) + ulp * fabs(value) + 1e-7;
            if (twice) limit += 1.2 * ulp * fabs(sum);
            const double error = fabs(got[i * e->columns + j] - value);
            cr_assert(error <= limit, "%s, %d x %d x %d, at %d, %d: %.9g, not %.9g", e->what,
                      r->rows, r->n_in, r->n_out, i, j, (double)got[i * e->columns + j], value);
        }
    }
    free(got);
}

static inline expected_sum expected_forward(const dense_run *r, const cupel_dense_args *args)
{
    return (expected_sum){.what = "y",
                          .rows = r->rows,
                          .columns = r->n_out,
                          .terms = r->n_in,
                          .a = r->x,
                          .b = r->w,
                          .a_row = r->n_in,
                          .a_term = 1,
                          .b_term = 1,
                          .b_column = r->n_in,
                          .bias = args->b != NULL ? r->b : NULL,
                          .activation = (cupel_activation)args->activation};
}

static inline expected_sum expected_kernel_gradient(const dense_run *r)
{
    return (expected_sum){.what = "dw",
                          .rows = r->n_out,
                          .columns = r->n_in,
                          .terms = r->rows,
                          .a = r->dy,
                          .b = r->x,
                          .a_row = 1,
                          .a_term = r->n_out,
                          .b_term = r->n_in,
                          .b_column = 1};
}

static inline expected_sum expected_input_gradient(const dense_run *r)
{
    return (expected_sum){.what = "dx",
                          .rows = r->rows,
                          .columns = r->n_in,
                          .terms = r->n_out,
                          .a = r->dy,
                          .b = r->w,
                          .a_row = r->n_out,
                          .a_term = 1,
                          .b_term = r->n_in,
                          .b_column = 1};
}

/* The nodes of a graph into which the layer's forward op is captured. */
static inline int captured_nodes(dense_run *r, const cupel_dense_args *args, cudaGraph_t *graph)
{
    size_t count = 0;
    cudaStream_t stream = (cudaStream_t)r->exec.stream;
    CUDA(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    cr_assert_eq(run_op(r, CUPEL_OP_dense, args), CUPEL_OK, "%s", cupel_last_error());
    CUDA(cudaStreamEndCapture(stream, graph));
    CUDA(cudaGraphGetNodes(*graph, NULL, &count));
    return (int)count;
}

#endif
