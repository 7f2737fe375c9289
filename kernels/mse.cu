/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The mean squared error: loss = weight mean (p - t)^2 by row, dp = weight 2 (p - t) / (n rows).
 * Three accesses an element, the memory bounds it. */
#include "row_mean.cuh"

namespace
{

struct squared_distance {
    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        const float distance = p - t;
        slope = 2.0F * distance;
        return distance * distance;
    }
};

template <class T> cupel_status mse(cupel_exec *x, const cupel_mse_args *args)
{
    return launch_loss<T>(x, "mse", args, squared_distance());
}

} // namespace

CUPEL_CUDA_LAUNCHERS(mse)
