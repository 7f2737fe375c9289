/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * penalty[index] = l1 sum |w| + l2 sum w^2 and, where dw is not NULL, dw += l1 sign(w) + 2 l2 w, in
 * one pass: 4 bytes an element, 12 with the gradient, the memory bounds it. A thread sums a vector
 * in float and the vectors in double; the sums of the blocks go to slots, and the last block to
 * finish adds them in order. */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "reduce.cuh"

namespace
{

constexpr int kWidth = kVector<float>;

__global__ void __launch_bounds__(kBlock)
    penalty_kernel(uint32_t *ticket, const float *__restrict__ w, float *__restrict__ dw,
                   float *penalty, double *slot, int64_t count, double l1, double l2)
{
    const bool aligned = aligned_16(w, dw);
    const float slope_1 = static_cast<float>(l1);
    const float slope_2 = static_cast<float>(2 * l2);
    double ones = 0, squares = 0;
    for (int64_t i = first_element<kWidth>(); i < count; i += element_step<kWidth>()) {
        float v[kWidth], d[kWidth];
        load(w + i, count - i, aligned, v);
        if (dw != nullptr) load(dw + i, count - i, aligned, d);
        ones += static_cast<double>((fabsf(v[0]) + fabsf(v[1])) + (fabsf(v[2]) + fabsf(v[3])));
        squares += static_cast<double>((v[0] * v[0] + v[1] * v[1]) + (v[2] * v[2] + v[3] * v[3]));
        if (dw == nullptr) continue;
#pragma unroll
        for (int j = 0; j < kWidth; j++) {
            const float sign = v[j] > 0 ? 1.0F : v[j] < 0 ? -1.0F : 0.0F;
            d[j] += slope_1 * sign + slope_2 * v[j];
        }
        store(dw + i, count - i, aligned, d);
    }
    const double sum = block_sum<kBlock>(l1 * ones + l2 * squares);
    if (threadIdx.x == 0) slot[blockIdx.x] = sum;
    if (!is_last_block(ticket)) return;
    sum_columns<kBlock>(slot, gridDim.x, 1,
                        [=](int64_t, double total) { *penalty = static_cast<float>(total); });
}

template <class T> int64_t penalty_needs(const cupel_penalty_args *args)
{
    return blocks_for(args->count, kBlock * kWidth) * static_cast<int64_t>(sizeof(double));
}

/* The same for both types of real. */
template <class T> cupel_status penalty(cupel_exec *x, const cupel_penalty_args *args)
{
    return launch(x, "penalty", penalty_kernel, blocks_for(args->count, kBlock * kWidth), kBlock, 0,
                  &x->control->ticket[0], args->w, args->dw,
                  static_cast<float *>(args->penalty) + args->index, x->scratch, args->count,
                  args->l1, args->l2);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(penalty)
CUPEL_CUDA_NEEDS(penalty)
