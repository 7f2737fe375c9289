/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The tiles of cupel's own matrix product, in shared memory as float, [k][64], so that a thread
 * reads 4 neighbours of each at once. A row of a tile is stored with the groups of 8 exchanged,
 * differently for each vector along k, as the lanes of a warp that transpose an operand would else
 * all write to the same banks. */
#ifndef CUPEL_GEMM_TILE_CUH
#define CUPEL_GEMM_TILE_CUH

#include "element.cuh"

namespace
{

constexpr int kTile = 64; /* of c, in both directions */
constexpr int kPart = 4;  /* of a thread, in both directions */
constexpr int kSide = kTile / kPart;

static_assert(kSide * kSide == kBlock, "the threads cover the tile");

/* A tile has 4 vectors along k, whatever the type, so that each thread loads one vector. */
template <class T> constexpr int kDepth = 4 * kVector<T>;

template <class T> using tile = float[kDepth<T>][kTile];

/* An operand, [outer_size, k_size], or [k_size, outer_size] if k_rows, where outer is the index
 * that c has too. Nothing is read from k_end on. */
template <class T, bool k_rows> struct operand {
    const T *at;
    int64_t outer_size;
    int64_t k_size;
    int64_t k_end;
    bool aligned; /* every row begins at a multiple of 16 bytes */
};

template <class T, bool k_rows>
__device__ __forceinline__ operand<T, k_rows> make_operand(const T *at, int64_t outer_size,
                                                           int64_t k_size)
{
    const int64_t row = k_rows ? outer_size : k_size;
    return {at, outer_size, k_size, k_size, aligned_16(at) && row % kVector<T> == 0};
}

/* Where the vector of this thread lies in the tile. */
template <class T, bool k_rows> __device__ __forceinline__ int vector_outer()
{
    constexpr int across = kTile / kVector<T>;
    const int thread = static_cast<int>(threadIdx.x);
    return k_rows ? thread % across * kVector<T> : thread / 4;
}

template <class T, bool k_rows> __device__ __forceinline__ int vector_k()
{
    constexpr int across = kTile / kVector<T>;
    const int thread = static_cast<int>(threadIdx.x);
    return k_rows ? thread / across : thread % 4 * kVector<T>;
}

/* The place of an outer index in row k of a tile. */
template <class T> __device__ __forceinline__ int place(int k, int outer)
{
    return outer ^ k / kVector<T> % 4 * 8;
}

/* This thread's vector of the tile that begins at (outer, k); 0 where it is outside the operand. */
template <class T, bool k_rows>
__device__ __forceinline__ void fetch(const operand<T, k_rows> &from, int64_t outer, int64_t k,
                                      float (&v)[kVector<T>])
{
    outer += vector_outer<T, k_rows>();
    k += vector_k<T, k_rows>();
    if (k_rows) {
        const int64_t left = k < from.k_end ? from.outer_size - outer : 0;
        load(from.at + k * from.outer_size + outer, left, from.aligned, v);
    } else {
        const int64_t left = outer < from.outer_size ? from.k_end - k : 0;
        load(from.at + outer * from.k_size + k, left, from.aligned, v);
    }
}

/* Puts it into the tile. */
template <class T, bool k_rows>
__device__ __forceinline__ void put(const float (&v)[kVector<T>], tile<T> &to)
{
    const int outer = vector_outer<T, k_rows>();
    const int k = vector_k<T, k_rows>();
    if (k_rows) {
        float *row = &to[k][place<T>(k, outer)];
#pragma unroll
        for (int i = 0; i < kVector<T>; i += 4)
            *reinterpret_cast<float4 *>(row + i) = make_float4(v[i], v[i + 1], v[i + 2], v[i + 3]);
    } else {
#pragma unroll
        for (int i = 0; i < kVector<T>; i++)
            to[k + i][place<T>(k, outer)] = v[i];
    }
}

/* sum += the product of the two tiles, for this thread's part. */
template <class T>
__device__ __forceinline__ void multiply(const tile<T> &a, const tile<T> &b, int row, int column,
                                         float (&sum)[kPart][kPart])
{
#pragma unroll
    for (int k = 0; k < kDepth<T>; k++) {
        float u[kPart], v[kPart];
        load(&a[k][place<T>(k, row)], u);
        load(&b[k][place<T>(k, column)], v);
#pragma unroll
        for (int i = 0; i < kPart; i++) {
#pragma unroll
            for (int j = 0; j < kPart; j++)
                sum[i][j] = fmaf(u[i], v[j], sum[i][j]);
        }
    }
}

} // namespace

#endif
