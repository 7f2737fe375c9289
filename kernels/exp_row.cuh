/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The maximum of a row and sum exp(v - max), for the kernels that contain a softmax. The largest
 * element's exponential is 1, so no sum vanishes or overflows, whatever the size of the numbers. */
#ifndef CUPEL_EXP_ROW_CUH
#define CUPEL_EXP_ROW_CUH

#include "row.cuh"
#include <float.h>

namespace
{

/* The maximum of a row that is held in registers. */
template <int kVectors, bool kWide>
__device__ __forceinline__ float max_of_row(const row_team<kWide> &team, int n,
                                            const float (&v)[kVectors][kPiece])
{
    float max = -INFINITY;
    each_of_row<kVectors>(team, n, [&](int j, int i, int) { max = fmaxf(max, v[j][i]); });
    return team.max(max);
}

/* Both in one pass over numbers that are not held. The maximum begins with the lowest number that
 * is finite, so that minus infinity may come first: infinity less infinity is never taken. */
struct exp_sum {
    float max;
    float sum;
};

__device__ __forceinline__ exp_sum no_exp_sum()
{
    return {-FLT_MAX, 0.0F};
}

/* Takes a vector in, of which left elements are there, and returns the maximum before. */
__device__ __forceinline__ float add_exp(exp_sum &s, const float (&v)[kPiece], int64_t left)
{
    const float before = s.max;
#pragma unroll
    for (int i = 0; i < kPiece; i++) {
        if (i < left) s.max = fmaxf(s.max, v[i]);
    }
    if (s.max > before) s.sum *= expf(before - s.max);
#pragma unroll
    for (int i = 0; i < kPiece; i++) {
        if (i < left) s.sum += expf(v[i] - s.max);
    }
    return before;
}

/* Those of the whole row, from every thread's own. */
template <bool kWide>
__device__ __forceinline__ exp_sum team_exp_sum(const row_team<kWide> &team, const exp_sum &own)
{
    const float max = team.max(own.max);
    return {max, team.sum(own.sum * expf(own.max - max))};
}

} // namespace

#endif
