/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * value[rows] = 1 where p[n] is largest at the right class, else 0; the right class is a number, or
 * where t[n] is largest. Of equal maxima the first counts: those before it are less, those after it
 * not more. NaN counts as larger than every number, as in PyTorch and NumPy. And the share of the n
 * elements for which (p > threshold) == t. One read of each element, the memory bounds them. */
#include "row_mean.cuh"

namespace
{

struct smaller {
    __device__ __forceinline__ int64_t operator()(int64_t a, int64_t b) const
    {
        return b < a ? b : a;
    }
};

struct greater {
    __device__ __forceinline__ uint32_t operator()(uint32_t a, uint32_t b) const
    {
        return b > a ? b : a;
    }
};

/* Integers in the order of the numbers, NaN above all; the two zeros are equal. None is 0. */
__device__ __forceinline__ uint32_t order_of(float value)
{
    if (isnan(value)) return 0xffffffffU;
    const uint32_t bits = __float_as_uint(value + 0.0F);
    return bits >> 31 != 0 ? ~bits : bits | 0x80000000U;
}

/* Whether a row of p is largest at right, in every thread of its team; size 0 gives true. */
template <bool kWide>
__device__ __forceinline__ bool is_argmax(const row_team<kWide> &team, const float *p, int64_t size,
                                          int64_t right, bool aligned)
{
    const int64_t step = static_cast<int64_t>(team.size) * kPiece;
    const uint32_t best = size > 0 ? order_of(p[right]) : 0;
    int wrong = 0;
    for (int64_t at = team.rank * kPiece; at < size; at += step) {
        float v[kPiece];
        load(p + at, size - at, aligned, v);
#pragma unroll
        for (int i = 0; i < kPiece; i++) {
            if (i >= size - at) continue;
            const uint32_t order = order_of(v[i]);
            wrong |= at + i < right ? order >= best : order > best;
        }
    }
    return team.sum(wrong) == 0;
}

/* The first index of the maximum of a row of t, in every thread of its team. A thread without
 * elements is below all others. */
template <bool kWide>
__device__ __forceinline__ int64_t argmax(const row_team<kWide> &team, const float *t, int64_t size,
                                          bool aligned)
{
    const int64_t step = static_cast<int64_t>(team.size) * kPiece;
    uint32_t best = 0;
    int64_t index = 0;
    for (int64_t at = team.rank * kPiece; at < size; at += step) {
        float v[kPiece];
        load(t + at, size - at, aligned, v);
#pragma unroll
        for (int i = 0; i < kPiece; i++) {
            if (i >= size - at) continue;
            const uint32_t order = order_of(v[i]);
            if (order > best) {
                best = order;
                index = at + i;
            }
        }
    }
    const uint32_t most = team.combine(best, greater());
    return team.combine(best == most ? index : size, smaller());
}

template <bool kWide>
__global__ void __launch_bounds__(kRowBlock<kWide>)
    accuracy_sparse_kernel(const float *p, const int32_t *label, float *value, int64_t rows,
                           int64_t n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, p);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const bool inside = row < rows;
        const int64_t right = inside ? label[row] : 0;
        const bool hit = is_argmax(team, p + row * n, inside ? n : 0, right, aligned);
        if (inside && team.rank == 0) value[row] = hit ? 1.0F : 0.0F;
    }
}

template <bool kWide>
__global__ void __launch_bounds__(kRowBlock<kWide>)
    accuracy_categorical_kernel(const float *p, const float *t, float *value, int64_t rows,
                                int64_t n, int lanes)
{
    const row_team<kWide> team(lanes);
    const bool aligned = aligned_rows(n, p, t);
    for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
        const int64_t size = row < rows ? n : 0;
        const int64_t right = argmax(team, t + row * n, size, aligned);
        const bool hit = is_argmax(team, p + row * n, size, right, aligned);
        if (size > 0 && team.rank == 0) value[row] = hit ? 1.0F : 0.0F;
    }
}

struct is_right_side {
    float threshold;

    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        slope = 0.0F;
        return (p > threshold ? 1.0F : 0.0F) == t ? 1.0F : 0.0F;
    }
};

/* The same for both types of real. */
template <class T>
cupel_status accuracy_sparse(cupel_exec *x, const cupel_accuracy_sparse_args *args)
{
    return with_row_read(args->n, [=](auto plan) {
        return launch_rows(x, "accuracy_sparse", plan,
                           accuracy_sparse_kernel<decltype(plan)::kWide>, args->rows, args->n,
                           args->p, args->label, args->value);
    });
}

/* The same for both types of real. */
template <class T>
cupel_status accuracy_categorical(cupel_exec *x, const cupel_accuracy_categorical_args *args)
{
    return with_row_read(args->n, [=](auto plan) {
        return launch_rows(x, "accuracy_categorical", plan,
                           accuracy_categorical_kernel<decltype(plan)::kWide>, args->rows,
                           args->n, args->p, args->t, args->value);
    });
}

template <class T>
cupel_status accuracy_binary(cupel_exec *x, const cupel_accuracy_binary_args *args)
{
    return launch_metric<T>(x, "accuracy_binary", args,
                            is_right_side{static_cast<float>(args->threshold)});
}

} // namespace

CUPEL_CUDA_LAUNCHERS(accuracy_sparse)
CUPEL_CUDA_LAUNCHERS(accuracy_categorical)
CUPEL_CUDA_LAUNCHERS(accuracy_binary)
