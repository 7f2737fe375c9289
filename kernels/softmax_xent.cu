/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Softmax and cross-entropy of logits p[rows, n], loss and gradient in one kernel:
 *     loss = weight (sum(t) log sum exp(p - max) - sum t (p - max))
 *     dp   = weight / rows (sum(t) softmax(p) - t)
 * with a distribution t[rows, n], smoothed, or a class number, for which t is 1 at label and 0
 * elsewhere. The maximum is subtracted on both sides, so the loss is a sum of two terms of which
 * none is negative, right at logits of any size.
 *
 * Each logit and target is read once and its gradient written, 8 bytes an element with a class
 * number and 12 with a distribution, in float: the memory bounds it. The row, of up to 16,384
 * classes, is held in the registers of its team. A longer one is read twice: once for maximum and
 * sums together, then from its end, where the cache still has it, for the gradient. */
#include "exp_row.cuh"
#include "loss.cuh"
#include "ops.cuh"

namespace
{

template <class T, bool kWide, int kVectors>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    softmax_xent_kernel(const cupel_control *control, const float *p, const float *t, T *dp,
                        float *loss, smoothed target, int64_t group, int64_t rows, int n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, p, t, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int size = row < rows ? n : 0;
        float v[kVectors][kPiece], u[kVectors][kPiece];
        load_row(team, p + row * n, size, aligned, v);
        load_row(team, t + row * n, size, aligned, u);
        const float max = max_of_row(team, size, v);
        float sum = 0, targets = 0, dot = 0;
        each_of_row<kVectors>(team, size, [&](int j, int i, int) {
            u[j][i] = target(u[j][i]);
            targets += u[j][i];
            dot = fmaf(u[j][i], v[j][i] - max, dot);
            v[j][i] = expf(v[j][i] - max);
            sum += v[j][i];
        });
        sum = team.sum(sum);
        targets = team.sum(targets);
        dot = team.sum(dot);
        if (size == 0) continue;
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * (targets * logf(sum) - dot);
        if (dp == nullptr) continue;
        const float share = weight / static_cast<float>(rows);
        const float factor = share * targets / sum;
        each_of_row<kVectors>(
            team, size, [&](int j, int i, int) { v[j][i] = v[j][i] * factor - share * u[j][i]; });
        store_row(team, dp + row * n, size, aligned, v);
    }
}

/* A rise of the maximum lessens p - max for what has been summed. */
template <class T>
__global__ void __launch_bounds__(kWideBlock)
    long_softmax_xent_kernel(const cupel_control *control, const float *p, const float *t, T *dp,
                             float *loss, smoothed target, int64_t group, int64_t rows, int64_t n,
                             int lanes)
{
    const row_team<true> team(lanes);
    const bool aligned = aligned_rows(n, p, t, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        exp_sum own = no_exp_sum();
        float targets = 0, dot = 0;
        for (int64_t at = team.rank * kPiece; at < n; at += kWideBlock * kPiece) {
            float v[kPiece], u[kPiece];
            load(p + first + at, n - at, aligned, v);
            load(t + first + at, n - at, aligned, u);
            const float before = add_exp(own, v, n - at);
            if (targets != 0) dot -= targets * (own.max - before);
#pragma unroll
            for (int i = 0; i < kPiece; i++) {
                if (i >= n - at) continue;
                targets += target(u[i]);
                dot = fmaf(target(u[i]), v[i] - own.max, dot);
            }
        }
        const exp_sum all = team_exp_sum(team, own);
        if (targets != 0) dot -= targets * (all.max - own.max);
        targets = team.sum(targets);
        dot = team.sum(dot);
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * (targets * logf(all.sum) - dot);
        if (dp == nullptr) continue;
        const float share = weight / static_cast<float>(rows);
        const float factor = share * targets / all.sum;
        for (int64_t at = team.last(n); at >= 0; at -= kWideBlock * kPiece) {
            float v[kPiece], u[kPiece];
            load(p + first + at, n - at, aligned, v);
            load(t + first + at, n - at, aligned, u);
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] = expf(v[i] - all.max) * factor - share * target(u[i]);
            store(dp + first + at, n - at, aligned, v);
        }
    }
}

template <class T, bool kWide, int kVectors>
__global__ void __launch_bounds__(kRowBlock<kWide>, 1)
    softmax_xent_sparse_kernel(const cupel_control *control, const float *p, const int32_t *label,
                               T *dp, float *loss, int64_t group, int64_t rows, int n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, p, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int size = row < rows ? n : 0;
        float v[kVectors][kPiece];
        load_row(team, p + row * n, size, aligned, v);
        const float max = max_of_row(team, size, v);
        float sum = 0;
        each_of_row<kVectors>(team, size, [&](int j, int i, int) {
            v[j][i] = expf(v[j][i] - max);
            sum += v[j][i];
        });
        sum = team.sum(sum);
        if (size == 0) continue;
        const int right = label[row];
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * (logf(sum) + (max - p[row * n + right]));
        if (dp == nullptr) continue;
        const float share = weight / static_cast<float>(rows);
        const float factor = share / sum;
        each_of_row<kVectors>(team, size, [&](int j, int i, int index) {
            v[j][i] = v[j][i] * factor - (index == right ? share : 0.0F);
        });
        store_row(team, dp + row * n, size, aligned, v);
    }
}

template <class T>
__global__ void __launch_bounds__(kWideBlock)
    long_softmax_xent_sparse_kernel(const cupel_control *control, const float *p,
                                    const int32_t *label, T *dp, float *loss, int64_t group,
                                    int64_t rows, int64_t n, int lanes)
{
    const row_team<true> team(lanes);
    const bool aligned = aligned_rows(n, p, dp);
    const float *weights = control->batch_weights;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        exp_sum own = no_exp_sum();
        for (int64_t at = team.rank * kPiece; at < n; at += kWideBlock * kPiece) {
            float v[kPiece];
            load(p + first + at, n - at, aligned, v);
            add_exp(own, v, n - at);
        }
        const exp_sum all = team_exp_sum(team, own);
        const int64_t right = label[row];
        const float weight = sample_weight(weights, row, group);
        if (team.rank == 0) loss[row] = weight * (logf(all.sum) + (all.max - p[first + right]));
        if (dp == nullptr) continue;
        const float share = weight / static_cast<float>(rows);
        const float factor = share / all.sum;
        for (int64_t at = team.last(n); at >= 0; at -= kWideBlock * kPiece) {
            float v[kPiece];
            load(p + first + at, n - at, aligned, v);
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] = expf(v[i] - all.max) * factor - (at + i == right ? share : 0.0F);
            store(dp + first + at, n - at, aligned, v);
        }
    }
}

template <class T> cupel_status softmax_xent(cupel_exec *x, const cupel_softmax_xent_args *args)
{
    return with_row_held(args->n, [=](auto plan) {
        using P = decltype(plan);
        const auto start = [=](auto *kernel) {
            return launch_rows(x, "softmax_xent", plan, kernel, args->rows, args->n, x->control,
                               args->p, args->t, args->dp, args->loss,
                               smooth(args->smoothing, static_cast<double>(args->n)), args->group);
        };
        if constexpr (P::kVectors > 0)
            return start(softmax_xent_kernel<T, P::kWide, P::kVectors>);
        else
            return start(long_softmax_xent_kernel<T>);
    });
}

template <class T>
cupel_status softmax_xent_sparse(cupel_exec *x, const cupel_softmax_xent_sparse_args *args)
{
    return with_row_held(args->n, [=](auto plan) {
        using P = decltype(plan);
        const auto start = [=](auto *kernel) {
            return launch_rows(x, "softmax_xent_sparse", plan, kernel, args->rows, args->n,
                               x->control, args->p, args->label, args->dp, args->loss, args->group);
        };
        if constexpr (P::kVectors > 0)
            return start(softmax_xent_sparse_kernel<T, P::kWide, P::kVectors>);
        else
            return start(long_softmax_xent_sparse_kernel<T>);
    });
}

} // namespace

CUPEL_CUDA_LAUNCHERS(softmax_xent)
CUPEL_CUDA_LAUNCHERS(softmax_xent_sparse)
