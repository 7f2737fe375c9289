/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The dense layer: y[rows, n] = activation(x w^T + b), and its gradients dw = dy^T x and dx = dy w.
 * The products are cuBLASLt's, or cupel's own where it is not there, refuses or is no good. What
 * follows them where cuBLASLt does not fuse it is a kernel here, which reads and writes [rows, n]
 * once, at 2 accesses an element: the memory bounds it. */
#include "activate.cuh"
#include "gemm.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "panel.cuh"
#include "products.h"

namespace
{

/* y = activation(product + b), and before it z = product + b. The product may be y, z or logits,
 * which are NULL where they are not wanted, as b may be; logits are y in float. */
template <class T, class P>
__global__ void __launch_bounds__(kBlock)
    dense_epilogue_kernel(const P *product, const T *b, T *y, T *z, float *logits, int64_t rows,
                          int64_t n, int kind, float slope, cover c)
{
    constexpr int N = kVector<T>;
    const walk w = walk_of<T>(c);
    const int64_t left = n - w.column;
    const bool aligned = aligned_16(b, y, z) && aligned_16(logits) && n % N == 0;
    float bias[N] = {};
    if (b != nullptr) load(b + w.column, left, aligned, bias);
    for (int64_t row = w.row; row < rows; row += w.step) {
        const int64_t at = row * n + w.column;
        float v[N];
        load(product + at, left, aligned, v);
#pragma unroll
        for (int i = 0; i < N; i++)
            v[i] += bias[i];
        if (z != nullptr) store(z + at, left, aligned, v);
        activate(kind, slope, v);
        if (y != nullptr) store(y + at, left, aligned, v);
        if (logits != nullptr) store(logits + at, left, aligned, v);
    }
}

/* cuBLASLt's kernels are made for larger matrices than this. */
constexpr int64_t kLeastSide = 8;

template <class T>
cupel_status own_product(cupel_exec *x, const cupel_gemm &g, const cupel_gemm_end *end,
                         const char *op)
{
    if constexpr (sizeof(T) == sizeof(float)) return cupel_cuda_f32_gemm(x, &g, end, op);
    return cupel_cuda_bf16_gemm(x, &g, end, op);
}

/* Offers a product to cuBLASLt. */
template <class T>
cupel_status offer(const cupel_exec *x, cupel_product *p, cupel_product_done *done)
{
    const cupel_gemm &g = p->gemm;
    const int64_t side = g.transpose_a ? g.m : g.k; /* that is not n and not the rows */
    *done = CUPEL_PRODUCT_REFUSED;
    if (g.n < kLeastSide || side < kLeastSide) return CUPEL_OK;
    p->type = sizeof(T) == sizeof(float) ? CUPEL_FLOAT32 : CUPEL_BFLOAT16;
    return cupel_cuda_product(x, p, done);
}

/* A product that nothing follows. */
template <class T> cupel_status multiply(cupel_exec *x, const cupel_gemm &g, const char *op)
{
    cupel_product p = {};
    cupel_product_done done;
    p.gemm = g;
    p.op = op;
    const cupel_status status = offer<T>(x, &p, &done);
    if (status != CUPEL_OK || done == CUPEL_PRODUCT_WHOLE) return status;
    return own_product<T>(x, g, nullptr, op);
}

template <class T, class P>
cupel_status epilogue(cupel_exec *x, const cupel_dense_args *args, const void *product)
{
    const cover c = cover_of<T>(args->rows, args->n_out, kMaxBlocks);
    return launch(x, "dense", dense_epilogue_kernel<T, P>, grid_of(c), kBlock, 0,
                  static_cast<const P *>(product), args->b, args->y, args->z, args->logits,
                  args->rows, args->n_out, args->activation, args->slope, c);
}

template <class T>
cupel_status own_dense(cupel_exec *x, const cupel_dense_args *args, const cupel_gemm &g)
{
    cupel_gemm_end end = {};
    end.bias = args->b;
    end.y = args->y;
    end.z = args->z;
    end.logits = args->logits;
    end.activation = args->activation;
    end.slope = args->slope;
    return own_product<T>(x, g, &end, "dense");
}

/* The product goes where it is rounded least. All of the rest goes with it where cuBLASLt has an
 * epilogue for it: one with a bias, that gives one matrix of the bias's type. */
template <class T> cupel_status dense(cupel_exec *x, const cupel_dense_args *args)
{
    const bool float_only = sizeof(T) == sizeof(float);
    const int outputs = (args->y != nullptr) + (args->z != nullptr) + (args->logits != nullptr);
    cupel_product p = {};
    p.op = "dense";
    p.gemm.m = args->rows;
    p.gemm.n = args->n_out;
    p.gemm.k = args->n_in;
    p.gemm.a = args->x;
    p.gemm.b = args->w;
    p.gemm.c = args->logits != nullptr ? args->logits : args->z != nullptr ? args->z : args->y;
    p.gemm.transpose_b = 1;
    p.gemm.wide = args->logits != nullptr;
    const bool linear = args->activation == CUPEL_LINEAR;
    const bool relu = args->activation == CUPEL_RELU;
    const bool biased = args->b != nullptr && (linear || relu) && (float_only || !p.gemm.wide);
    const bool fusible = outputs == 1 && (biased || (linear && args->b == nullptr));
    if (fusible) {
        p.bias = args->b;
        p.relu = relu;
    }
    cupel_product_done done;
    const cupel_status status = offer<T>(x, &p, &done);
    if (status != CUPEL_OK) return status;
    if (done == CUPEL_PRODUCT_REFUSED) return own_dense<T>(x, args, p.gemm);
    if (done == CUPEL_PRODUCT_WHOLE && fusible) return CUPEL_OK;
    return p.gemm.wide ? epilogue<T, float>(x, args, p.gemm.c) : epilogue<T, T>(x, args, p.gemm.c);
}

template <class T> int64_t dense_needs(const cupel_dense_args *)
{
    return 0;
}

template <class T>
cupel_status dense_kernel_gradient(cupel_exec *x, const cupel_dense_kernel_gradient_args *args)
{
    cupel_gemm g = {};
    g.m = args->n_out;
    g.n = args->n_in;
    g.k = args->rows;
    g.a = args->dy;
    g.b = args->x;
    g.c = args->dw;
    g.transpose_a = 1;
    g.wide = 1;
    return multiply<T>(x, g, "dense_kernel_gradient");
}

template <class T> int64_t dense_kernel_gradient_needs(const cupel_dense_kernel_gradient_args *args)
{
    return cupel_cuda_gemm_needs(args->n_out, args->n_in, args->rows);
}

template <class T>
cupel_status dense_input_gradient(cupel_exec *x, const cupel_dense_input_gradient_args *args)
{
    cupel_gemm g = {};
    g.m = args->rows;
    g.n = args->n_in;
    g.k = args->n_out;
    g.a = args->dy;
    g.b = args->w;
    g.c = args->dx;
    return multiply<T>(x, g, "dense_input_gradient");
}

template <class T> int64_t dense_input_gradient_needs(const cupel_dense_input_gradient_args *)
{
    return 0;
}

} // namespace

CUPEL_CUDA_LAUNCHERS(dense)
CUPEL_CUDA_NEEDS(dense)
CUPEL_CUDA_LAUNCHERS(dense_kernel_gradient)
CUPEL_CUDA_NEEDS(dense_kernel_gradient)
CUPEL_CUDA_LAUNCHERS(dense_input_gradient)
CUPEL_CUDA_NEEDS(dense_input_gradient)
