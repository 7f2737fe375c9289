/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Losses and metrics that are the mean over a row of a function of each element of p[rows, n] and
 * t[rows, n]: MSE, the binary cross-entropy, binary accuracy and so on. They give the function, a
 * struct with
 *
 *     float operator()(float p, float t, float &slope) const
 *
 * which returns the value and sets slope to its derivative by p. */
#ifndef CUPEL_ROW_MEAN_CUH
#define CUPEL_ROW_MEAN_CUH

#include "loss.cuh"
#include "ops.cuh"
#include "row.cuh"

namespace
{

/* out = weight mean f, by row, and dp = weight share f', where dp is not NULL. Two accesses an
 * element and one more for the gradient. The quotient is a true one, so that the mean of ones is 1.
 * A metric has no weights and no control. */
template <class T, bool kWide, class F>
__global__ void __launch_bounds__(kRowBlock<kWide>)
    row_mean_kernel(F f, const cupel_control *control, const float *__restrict__ p,
                    const float *__restrict__ t, T *__restrict__ dp, float *__restrict__ out,
                    float share, int64_t group, int64_t rows, int64_t n, int lanes)
{
    const row_team<kWide> team(lanes);
    const int64_t step = static_cast<int64_t>(team.size) * kPiece;
    const bool aligned = aligned_rows(n, p, t, dp);
    const float *weights = control != nullptr ? control->batch_weights : nullptr;
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t first = row * n;
        const int64_t size = row < rows ? n : 0;
        const float weight = size > 0 ? sample_weight(weights, row, group) : 0.0F;
        float sum = 0;
        for (int64_t at = team.rank * kPiece; at < size; at += step) {
            float v[kPiece], u[kPiece];
            load(p + first + at, size - at, aligned, v);
            load(t + first + at, size - at, aligned, u);
#pragma unroll
            for (int i = 0; i < kPiece; i++) {
                float slope;
                const float value = f(v[i], u[i], slope);
                if (i < size - at) sum += value;
                v[i] = slope * (weight * share);
            }
            if (dp != nullptr) store(dp + first + at, size - at, aligned, v);
        }
        sum = team.sum(sum);
        if (size > 0 && team.rank == 0) out[row] = weight * (sum / static_cast<float>(n));
    }
}

/* A loss of the fields p, t, dp, loss, rows, n and group. */
template <class T, class F, class A>
cupel_status launch_loss(const cupel_exec *x, const char *op, const A *args, F f)
{
    const double count = static_cast<double>(args->rows) * static_cast<double>(args->n);
    return with_row_read(args->n, [=](auto plan) {
        using P = decltype(plan);
        return launch_rows(x, op, plan, row_mean_kernel<T, P::kWide, F>, args->rows, args->n, f,
                           x->control, args->p, args->t, args->dp, args->loss, 1 / count,
                           args->group);
    });
}

/* A metric of the fields p, t, value, rows and n. */
template <class T, class F, class A>
cupel_status launch_metric(const cupel_exec *x, const char *op, const A *args, F f)
{
    return with_row_read(args->n, [=](auto plan) {
        using P = decltype(plan);
        return launch_rows(x, op, plan, row_mean_kernel<T, P::kWide, F>, args->rows, args->n, f,
                           nullptr, args->p, args->t, nullptr, args->value, 0.0F, 1);
    });
}

} // namespace

#endif
