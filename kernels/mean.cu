/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * control.value[index] = sum(value[count]) / count + sum(penalty[penalties]), and
 * control.sum[index] grows by that times control.rows. Each value is read once; there is one a row,
 * little beside what made them, so they are summed in double. Every block writes its sum to a slot,
 * and the last one to finish adds them in order. */
#include "launch.cuh"
#include "ops.cuh"
#include "reduce.cuh"

namespace
{

/* Values of a thread, so that few slots are left to the last block. */
constexpr int kValues = 8;

__global__ void __launch_bounds__(kBlock)
    mean_kernel(cupel_control *control, const float *value, const float *penalty, double *slot,
                int64_t count, int64_t penalties, int index)
{
    const int64_t step = static_cast<int64_t>(gridDim.x) * kBlock;
    double sum = 0;
#pragma unroll 4
    for (int64_t i = static_cast<int64_t>(blockIdx.x) * kBlock + threadIdx.x; i < count; i += step)
        sum += static_cast<double>(value[i]);
    sum = block_sum<kBlock>(sum);
    if (threadIdx.x == 0) slot[blockIdx.x] = sum;
    if (!is_last_block(&control->ticket[0])) return;
    sum_columns<kBlock>(slot, gridDim.x, 1, [=](int64_t, double total) {
        double mean = total / static_cast<double>(count);
        for (int64_t i = 0; i < penalties; i++)
            mean += static_cast<double>(penalty[i]);
        control->value[index] = mean;
        control->sum[index] += mean * static_cast<double>(control->rows);
    });
}

template <class T> int64_t mean_needs(const cupel_mean_args *args)
{
    return blocks_for(args->count, kBlock * kValues) * static_cast<int64_t>(sizeof(double));
}

/* The same for both types of real. */
template <class T> cupel_status mean(cupel_exec *x, const cupel_mean_args *args)
{
    return launch(x, "mean", mean_kernel, blocks_for(args->count, kBlock * kValues), kBlock, 0,
                  x->control, args->value, args->penalty, x->scratch, args->count, args->penalties,
                  args->index);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(mean)
CUPEL_CUDA_NEEDS(mean)
