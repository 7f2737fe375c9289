/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The metrics mean |p - t| and mean (p - t)^2 by row. Two reads an element, the memory bounds them.
 */
#include "row_mean.cuh"

namespace
{

struct absolute_distance {
    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        slope = 0.0F;
        return fabsf(p - t);
    }
};

struct square_of_distance {
    __device__ __forceinline__ float operator()(float p, float t, float &slope) const
    {
        slope = 0.0F;
        return (p - t) * (p - t);
    }
};

template <class T> cupel_status absolute_error(cupel_exec *x, const cupel_absolute_error_args *args)
{
    return launch_metric<T>(x, "absolute_error", args, absolute_distance());
}

template <class T> cupel_status squared_error(cupel_exec *x, const cupel_squared_error_args *args)
{
    return launch_metric<T>(x, "squared_error", args, square_of_distance());
}

} // namespace

CUPEL_CUDA_LAUNCHERS(absolute_error)
CUPEL_CUDA_LAUNCHERS(squared_error)
