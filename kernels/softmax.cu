/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * y[rows, n] = exp(x - max) / sum exp(x - max) by row, and dx[rows, n] = y (dy - sum(y dy)). Two
 * accesses an element forward, three backward: the memory bounds both. A row is held in the
 * registers of its team, so that each element is read once; one of more than 16,384 elements is
 * read twice, the second time from its end, where the cache still has it. */
#include "exp_row.cuh"
#include "ops.cuh"

namespace
{

template <class T, bool kWide, int kVectors>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    softmax_kernel(const T *x, T *y, int64_t rows, int n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, x, y);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int size = row < rows ? n : 0;
        float v[kVectors][kPiece];
        load_row(team, x + row * n, size, aligned, v);
        const float max = max_of_row(team, size, v);
        float sum = 0;
        each_of_row<kVectors>(team, size, [&](int j, int i, int) {
            v[j][i] = expf(v[j][i] - max);
            sum += v[j][i];
        });
        const float factor = 1.0F / team.sum(sum);
        each_of_row<kVectors>(team, size, [&](int j, int i, int) { v[j][i] *= factor; });
        store_row(team, y + row * n, size, aligned, v);
    }
}

template <class T>
__global__ void __launch_bounds__(kWideBlock)
    long_softmax_kernel(const T *x, T *y, int64_t rows, int64_t n, int lanes)
{
    const row_team<true> team(lanes);
    const bool aligned = aligned_rows(n, x, y);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const T *from = x + row * n;
        exp_sum own = no_exp_sum();
        for (int64_t at = team.rank * kPiece; at < n; at += kWideBlock * kPiece) {
            float v[kPiece];
            load(from + at, n - at, aligned, v);
            add_exp(own, v, n - at);
        }
        const exp_sum all = team_exp_sum(team, own);
        const float factor = 1.0F / all.sum;
        for (int64_t at = team.last(n); at >= 0; at -= kWideBlock * kPiece) {
            float v[kPiece];
            load(from + at, n - at, aligned, v);
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] = expf(v[i] - all.max) * factor;
            store(y + row * n + at, n - at, aligned, v);
        }
    }
}

template <class T, bool kWide, int kVectors>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    softmax_backward_kernel(const T *dy, const T *y, T *dx, int64_t rows, int n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, dy, y, dx);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int size = row < rows ? n : 0;
        float d[kVectors][kPiece], v[kVectors][kPiece];
        load_row(team, dy + row * n, size, aligned, d);
        load_row(team, y + row * n, size, aligned, v);
        float dot = 0;
        each_of_row<kVectors>(team, size,
                              [&](int j, int i, int) { dot = fmaf(v[j][i], d[j][i], dot); });
        dot = team.sum(dot);
        each_of_row<kVectors>(team, size, [&](int j, int i, int) { v[j][i] *= d[j][i] - dot; });
        store_row(team, dx + row * n, size, aligned, v);
    }
}

template <class T>
__global__ void __launch_bounds__(kWideBlock)
    long_softmax_backward_kernel(const T *dy, const T *y, T *dx, int64_t rows, int64_t n, int lanes)
{
    const row_team<true> team(lanes);
    const bool aligned = aligned_rows(n, dy, y, dx);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        float dot = 0;
        for (int64_t at = team.rank * kPiece; at < n; at += kWideBlock * kPiece) {
            float d[kPiece], v[kPiece];
            load(dy + first + at, n - at, aligned, d);
            load(y + first + at, n - at, aligned, v);
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                dot = fmaf(v[i], d[i], dot);
        }
        dot = team.sum(dot);
        for (int64_t at = team.last(n); at >= 0; at -= kWideBlock * kPiece) {
            float d[kPiece], v[kPiece];
            load(dy + first + at, n - at, aligned, d);
            load(y + first + at, n - at, aligned, v);
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] *= d[i] - dot;
            store(dx + first + at, n - at, aligned, v);
        }
    }
}

template <class T> cupel_status softmax(cupel_exec *x, const cupel_softmax_args *args)
{
    return with_row_held(args->n, [=](auto plan) {
        using P = decltype(plan);
        if constexpr (P::kVectors > 0) {
            return launch_rows(x, "softmax", plan, softmax_kernel<T, P::kWide, P::kVectors>,
                               args->rows, args->n, args->x, args->y);
        } else {
            return launch_rows(x, "softmax", plan, long_softmax_kernel<T>, args->rows, args->n,
                               args->x, args->y);
        }
    });
}

template <class T>
cupel_status softmax_backward(cupel_exec *x, const cupel_softmax_backward_args *args)
{
    return with_row_held(args->n, [=](auto plan) {
        using P = decltype(plan);
        if constexpr (P::kVectors > 0) {
            return launch_rows(x, "softmax_backward", plan,
                               softmax_backward_kernel<T, P::kWide, P::kVectors>, args->rows,
                               args->n, args->dy, args->y, args->dx);
        } else {
            return launch_rows(x, "softmax_backward", plan, long_softmax_backward_kernel<T>,
                               args->rows, args->n, args->dy, args->y, args->dx);
        }
    });
}

} // namespace

CUPEL_CUDA_LAUNCHERS(softmax)
CUPEL_CUDA_LAUNCHERS(softmax_backward)
