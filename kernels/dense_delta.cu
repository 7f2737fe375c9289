/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Backward through the end of a dense layer: dy *= activation'(.) with db[n] = the sum of that over
 * the rows.
 *
 * The kernel reads and writes [rows, n] once, at 3 accesses an element: the memory bounds it. Sums
 * are float: a thread adds its rows, a tree adds the threads of a block, and the last block adds
 * the slabs, all in an order that the shape fixes. */
#include "activate.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "panel.cuh"
#include "reduce.cuh"

namespace
{

/* Blocks of the backward kernel, about as many as a large card runs at once: more of them would
 * mean more slabs for the last one to add. */
constexpr int64_t kDeltaBlocks = 1024;

/* dy *= activation'(.) by from, which is y or z, and db = its sums over the rows, by way of
 * partial[slabs, n]. */
template <class T>
__global__ void __launch_bounds__(kBlock)
    dense_delta_kernel(T *__restrict__ dy, const T *__restrict__ from, float *db, float *partial,
                       uint32_t *ticket, int64_t rows, int64_t n, int kind, float slope, cover c)
{
    constexpr int N = kVector<T>;
    const walk w = walk_of<T>(c);
    const int64_t left = n - w.column;
    const bool aligned = aligned_16(dy, from) && n % N == 0;
    float sum[N] = {};
    for (int64_t row = w.row; row < rows; row += w.step) {
        const int64_t at = row * n + w.column;
        float d[N];
        load(dy + at, left, aligned, d);
        if (kind != CUPEL_LINEAR) {
            float v[N];
            load(from + at, left, aligned, v);
            activate_backward(kind, slope, v, d);
            store(dy + at, left, aligned, d);
        }
#pragma unroll
        for (int i = 0; i < N; i++)
            sum[i] += d[i];
    }
    sum_lanes<kBlock>(c.lanes, sum);
    if (static_cast<int>(threadIdx.x) < c.lanes) {
#pragma unroll
        for (int i = 0; i < N; i++) {
            if (i < left) partial[w.slab * n + w.column + i] = sum[i];
        }
    }
    if (!is_last_block(ticket)) return;
    sum_columns<kBlock>(partial, c.slabs, n, [db](int64_t column, float all) { db[column] = all; });
}

/* Without a bias nothing is summed, and the matrix is a flat array. */
template <class T> cupel_status delta_alone(cupel_exec *x, const cupel_dense_delta_args *args)
{
    if (args->activation == CUPEL_LINEAR) return CUPEL_OK;
    cupel_activation_backward_args flat = {};
    flat.dy = args->dy;
    flat.y = args->y;
    flat.x = args->z;
    flat.dx = args->dy;
    flat.count = args->rows * args->n_out;
    flat.activation = args->activation;
    flat.slope = args->slope;
    if constexpr (sizeof(T) == sizeof(float)) return cupel_cuda_f32_activation_backward(x, &flat);
    return cupel_cuda_bf16_activation_backward(x, &flat);
}

template <class T> cupel_status dense_delta(cupel_exec *x, const cupel_dense_delta_args *args)
{
    if (args->db == nullptr) return delta_alone<T>(x, args);
    const void *from = needs_input(args->activation) ? args->z : args->y;
    const cover c = cover_of<T>(args->rows, args->n_out, kDeltaBlocks);
    return launch(x, "dense_delta", dense_delta_kernel<T>, grid_of(c), kBlock, 0, args->dy, from,
                  args->db, x->scratch, &x->control->ticket[0], args->rows, args->n_out,
                  args->activation, args->slope, c);
}

template <class T> int64_t dense_delta_needs(const cupel_dense_delta_args *args)
{
    const cover c = cover_of<T>(args->rows, args->n_out, kDeltaBlocks);
    return c.slabs * args->n_out * static_cast<int64_t>(sizeof(float));
}

} // namespace

CUPEL_CUDA_LAUNCHERS(dense_delta)
CUPEL_CUDA_NEEDS(dense_delta)
