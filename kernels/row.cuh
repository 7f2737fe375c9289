/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Ops by row of a matrix [rows, n]. A row is worked on by a team of threads: a power of two of the
 * lanes of a warp, so that short rows go several to a warp, or a whole block where rows are long.
 * Rank r of a team of s threads takes the elements 4 (r + s j) to 4 (r + s j) + 3, j = 0, 1, ...:
 * 16 bytes of float at a time where rows are aligned, an element at a time where not, and in both
 * cases the same elements, so that the alignment of a tensor does not show in a sum.
 *
 *     for (int64_t row = team.first(); team.any(row, rows); row += team.step()) {
 *         const int size = row < rows ? n : 0;
 *
 * All teams of a warp leave that loop together, since all lanes take part in a reduction; teams
 * beyond the last row go along with rows of no elements. */
#ifndef CUPEL_ROW_CUH
#define CUPEL_ROW_CUH

#include "element.cuh"
#include "launch.cuh"
#include "reduce.cuh"

namespace
{

/* Threads of a block that is one team: at 32 elements of two rows each, 128 registers, it has all
 * registers of a multiprocessor. Kernels that hold rows ask for at least one block there in their
 * __launch_bounds__, as the compiler else goes for two and spills. */
constexpr int kWideBlock = 512;

template <bool kWide> constexpr int kRowBlock = kWide ? kWideBlock : kBlock;

/* Elements of a thread's vector. */
constexpr int kPiece = 4;

template <bool kWide> struct row_team {
    int size;  /* threads of the team */
    int rank;  /* this one's place among them */
    int ahead; /* teams before it in its warp */

    /* lanes: those of a team where it is not the whole block. */
    __device__ __forceinline__ explicit row_team(int lanes)
    {
        const int thread = static_cast<int>(threadIdx.x);
        size = kWide ? kWideBlock : lanes;
        rank = kWide ? thread : thread & (lanes - 1);
        ahead = kWide ? 0 : thread % kWarp / lanes;
    }

    __device__ __forceinline__ int64_t first() const
    {
        if (kWide) return blockIdx.x;
        return static_cast<int64_t>(blockIdx.x) * (kBlock / size) +
               static_cast<int>(threadIdx.x) / size;
    }

    __device__ __forceinline__ int64_t step() const
    {
        return kWide ? gridDim.x : static_cast<int64_t>(gridDim.x) * (kBlock / size);
    }

    /* Whether a team of this warp still has a row; row is this team's. */
    __device__ __forceinline__ bool any(int64_t row, int64_t rows) const
    {
        return row - ahead < rows;
    }

    /* Where this thread's last vector of a row begins, of a row with one for every thread. */
    __device__ __forceinline__ int64_t last(int64_t n) const
    {
        const int64_t vector = ceil_div(n, kPiece) - 1 - rank;
        return (vector / size * size + rank) * kPiece;
    }

    /* f over the values of the team, in every thread of it. */
    template <class T, class F> __device__ __forceinline__ T combine(T value, F f) const
    {
        if constexpr (kWide) {
            return block_combine<kWideBlock>(value, f);
        } else {
            for (int distance = size / 2; distance > 0; distance /= 2)
                value = f(value, __shfl_xor_sync(kAllLanes, value, distance));
            return value;
        }
    }

    template <class T> __device__ __forceinline__ T sum(T value) const
    {
        return combine(value, plus());
    }

    /* Without NaN, where there is anything else. */
    __device__ __forceinline__ float max(float value) const
    {
        return combine(value, larger());
    }
};

/* function(j, i, index) for every element of the row that v[j][i] of this thread holds. */
template <int kVectors, bool kWide, class F>
__device__ __forceinline__ void each_of_row(const row_team<kWide> &team, int n, F function)
{
#pragma unroll
    for (int j = 0; j < kVectors; j++) {
        const int at = (j * team.size + team.rank) * kPiece;
#pragma unroll
        for (int i = 0; i < kPiece; i++) {
            if (at + i < n) function(j, i, at + i);
        }
    }
}

/* v = this thread's part of a row of n elements, 0 beyond its end. Of an aligned row a vector is
 * there as a whole or not at all. The two ways stand apart, as a compiler that mixes them for each
 * vector needs more registers than there are. */
template <int kVectors, bool kWide, class T>
__device__ __forceinline__ void load_row(const row_team<kWide> &team, const T *row, int n,
                                         bool aligned, float (&v)[kVectors][kPiece])
{
#pragma unroll
    for (int j = 0; j < kVectors; j++) {
#pragma unroll
        for (int i = 0; i < kPiece; i++)
            v[j][i] = 0.0F;
    }
    if (aligned) {
#pragma unroll
        for (int j = 0; j < kVectors; j++) {
            const int at = (j * team.size + team.rank) * kPiece;
            if (at < n) load(row + at, v[j]);
        }
    } else {
        each_of_row<kVectors>(team, n, [&](int j, int i, int at) { v[j][i] = to_float(row[at]); });
    }
}

template <int kVectors, bool kWide, class T>
__device__ __forceinline__ void store_row(const row_team<kWide> &team, T *row, int n, bool aligned,
                                          const float (&v)[kVectors][kPiece])
{
    if (aligned) {
#pragma unroll
        for (int j = 0; j < kVectors; j++) {
            const int at = (j * team.size + team.rank) * kPiece;
            if (at < n) store(row + at, v[j]);
        }
    } else {
        each_of_row<kVectors>(team, n,
                              [&](int j, int i, int at) { row[at] = from_float<T>(v[j][i]); });
    }
}

/* Whether every row of each of the matrices begins at an address of which 4 elements can be loaded
 * at once. */
template <class... P> __device__ __forceinline__ bool aligned_rows(int64_t n, const P *...matrices)
{
    return n % kPiece == 0 && aligned_16(matrices...);
}

/* How a row is worked on: by which team, with how many vectors of it in each thread's registers; 0
 * where a row is not held but read again. */
template <bool kWideTeam, int kVectorsHeld> struct row_plan {
    static constexpr bool kWide = kWideTeam;
    static constexpr int kVectors = kVectorsHeld;
};

/* The most elements of a row that a warp, and a block, works on with the row in registers. */
constexpr int64_t kMostOfWarp = kWarp * kPiece * 8;
constexpr int64_t kMostHeld = kWideBlock * kPiece * 8;

/* function(plan) for a kernel that holds its rows. */
template <class F> cupel_status with_row_held(int64_t n, F function)
{
    if (n <= kMostOfWarp / 8) return function(row_plan<false, 1>());
    if (n <= kMostOfWarp / 4) return function(row_plan<false, 2>());
    if (n <= kMostOfWarp / 2) return function(row_plan<false, 4>());
    if (n <= kMostOfWarp) return function(row_plan<false, 8>());
    if (n <= kMostHeld / 4) return function(row_plan<true, 2>());
    if (n <= kMostHeld / 2) return function(row_plan<true, 4>());
    if (n <= kMostHeld) return function(row_plan<true, 8>());
    return function(row_plan<true, 0>());
}

/* function(plan) for a kernel that goes along its rows. */
template <class F> cupel_status with_row_read(int64_t n, F function)
{
    if (n <= kMostOfWarp) return function(row_plan<false, 0>());
    return function(row_plan<true, 0>());
}

/* Starts a kernel by row, whose last parameters are rows, n and the lanes of a team. */
template <class Plan, class... P, class... A>
cupel_status launch_rows(const cupel_exec *x, const char *op, Plan, void (*kernel)(P...),
                         int64_t rows, int64_t n, A... arguments)
{
    int lanes = 1;
    while (lanes < kWarp && lanes * kPiece < n)
        lanes *= 2;
    const unsigned grid = blocks_for(rows, Plan::kWide ? 1 : kBlock / lanes);
    return launch(x, op, kernel, grid, kRowBlock<Plan::kWide>, 0, arguments..., rows, n, lanes);
}

} // namespace

#endif
