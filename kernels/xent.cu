/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The cross-entropy of probabilities p[rows, n], which are first divided by their sum: q = p / sum
 * p, c = q clipped, d = the derivative of the clip: loss = -weight sum t log c dp   = weight / rows
 * (sum(d t) - d t / c) / sum p with a distribution t, smoothed, or a class number, for which t is 1
 * at label and 0 elsewhere. The first term of dp is what the division by sum p adds.
 *
 * Each probability and target is read once and its gradient written, in float 12 bytes an element
 * with a distribution and 8 with a class number: the memory bounds it. With a distribution the row
 * is held in the registers of its team; one of more than 16,384 elements is read three times. With
 * a class number a row need not be held: the gradient is one number everywhere but at label. */
#include "loss.cuh"
#include "ops.cuh"
#include "row.cuh"

namespace
{

template <class T, bool kWide, int kVectors>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    xent_kernel(const cupel_control *control, const float *p, const float *t, T *dp, float *loss,
                smoothed target, clip_bounds clip, int64_t group, int64_t rows, int n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, p, t, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int size = row < rows ? n : 0;
        float v[kVectors][kPiece], u[kVectors][kPiece];
        load_row(team, p + row * n, size, aligned, v);
        load_row(team, t + row * n, size, aligned, u);
        float sum = 0;
        each_of_row<kVectors>(team, size, [&](int j, int i, int) { sum += v[j][i]; });
        sum = team.sum(sum);
        float value = 0, live = 0;
        each_of_row<kVectors>(team, size, [&](int j, int i, int) {
            const float q = v[j][i] / sum, c = clip(q), wanted = target(u[j][i]);
            const float passed = clip.slope(q) * wanted;
            value = fmaf(-wanted, logf(c), value);
            live += passed;
            v[j][i] = passed / c;
        });
        value = team.sum(value);
        live = team.sum(live);
        if (size == 0) continue;
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * value;
        if (dp == nullptr) continue;
        const float share = weight / (static_cast<float>(rows) * sum);
        each_of_row<kVectors>(team, size,
                              [&](int j, int i, int) { v[j][i] = share * (live - v[j][i]); });
        store_row(team, dp + row * n, size, aligned, v);
    }
}

template <class T>
__global__ void __launch_bounds__(kWideBlock)
    long_xent_kernel(const cupel_control *control, const float *p, const float *t, T *dp, float *loss,
                     smoothed target, clip_bounds clip, int64_t group, int64_t rows, int64_t n,
                     int lanes)
{
    constexpr int64_t step = kWideBlock * kPiece;
    const row_team<true> team(lanes);
    const bool aligned = aligned_rows(n, p, t, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        float sum = 0, value = 0, live = 0;
        for (int64_t at = team.rank * kPiece; at < n; at += step) {
            float v[kPiece];
            load(p + first + at, n - at, aligned, v);
            sum += (v[0] + v[1]) + (v[2] + v[3]);
        }
        sum = team.sum(sum);
        for (int64_t at = team.last(n); at >= 0; at -= step) {
            float v[kPiece], u[kPiece];
            load(p + first + at, n - at, aligned, v);
            load(t + first + at, n - at, aligned, u);
#pragma unroll
            for (int i = 0; i < kPiece; i++) {
                if (i >= n - at) continue;
                const float q = v[i] / sum, wanted = target(u[i]);
                value = fmaf(-wanted, logf(clip(q)), value);
                live = fmaf(clip.slope(q), wanted, live);
            }
        }
        value = team.sum(value);
        live = team.sum(live);
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * value;
        if (dp == nullptr) continue;
        const float share = weight / (static_cast<float>(rows) * sum);
        for (int64_t at = team.rank * kPiece; at < n; at += step) {
            float v[kPiece], u[kPiece];
            load(p + first + at, n - at, aligned, v);
            load(t + first + at, n - at, aligned, u);
#pragma unroll
            for (int i = 0; i < kPiece; i++) {
                const float q = v[i] / sum;
                v[i] = share * (live - clip.slope(q) * target(u[i]) / clip(q));
            }
            store(dp + first + at, n - at, aligned, v);
        }
    }
}

template <class T, bool kWide>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    xent_sparse_kernel(const cupel_control *control, const float *p, const int32_t *label, T *dp,
                       float *loss, clip_bounds clip, int64_t group, int64_t rows, int64_t n,
                       int lanes)
{
    const row_team<kWide> team(lanes);
    const int64_t step = static_cast<int64_t>(team.size) * kPiece;
    const bool aligned = aligned_rows(n, p, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        const int64_t size = row < rows ? n : 0;
        float sum = 0;
        for (int64_t at = team.rank * kPiece; at < size; at += step) {
            float v[kPiece];
            load(p + first + at, size - at, aligned, v);
            sum += (v[0] + v[1]) + (v[2] + v[3]);
        }
        sum = team.sum(sum);
        if (size == 0) continue;
        const int64_t right = label[row];
        const float q = p[first + right] / sum;
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = -weight * logf(clip(q));
        if (dp == nullptr) continue;
        const float share = weight * clip.slope(q) / (static_cast<float>(rows) * sum);
        const float at_right = share - share / clip(q);
        for (int64_t at = team.rank * kPiece; at < n; at += step) {
            float v[kPiece];
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] = at + i == right ? at_right : share;
            store(dp + first + at, n - at, aligned, v);
        }
    }
}

template <class T> cupel_status xent(cupel_exec *x, const cupel_xent_args *args)
{
    return with_row_held(args->n, [=](auto plan) {
        using P = decltype(plan);
        const auto start = [=](auto *kernel) {
            return launch_rows(x, "xent", plan, kernel, args->rows, args->n, x->control, args->p,
                               args->t, args->dp, args->loss,
                               smooth(args->smoothing, static_cast<double>(args->n)),
                               clip_to(args->epsilon), args->group);
        };
        if constexpr (P::kVectors > 0)
            return start(xent_kernel<T, P::kWide, P::kVectors>);
        else
            return start(long_xent_kernel<T>);
    });
}

template <class T> cupel_status xent_sparse(cupel_exec *x, const cupel_xent_sparse_args *args)
{
    return with_row_read(args->n, [=](auto plan) {
        using P = decltype(plan);
        return launch_rows(x, "xent_sparse", plan, xent_sparse_kernel<T, P::kWide>, args->rows,
                           args->n, x->control, args->p, args->label, args->dp, args->loss,
                           clip_to(args->epsilon), args->group);
    });
}

} // namespace

CUPEL_CUDA_LAUNCHERS(xent)
CUPEL_CUDA_LAUNCHERS(xent_sparse)
