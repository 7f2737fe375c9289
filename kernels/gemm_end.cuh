/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a thread of cupel's own matrix product does with its sums: kPart neighbours of a row at a
 * time, while they are still float. */
#ifndef CUPEL_GEMM_END_CUH
#define CUPEL_GEMM_END_CUH

#include "activate.cuh"
#include "gemm_tile.cuh"

namespace
{

/* They are stored. */
template <class C> struct stored {
    static constexpr bool kLong = false;
    C *c;

    /* Begins with the columns of a thread, of which so many are left. */
    __device__ __forceinline__ void begin(int64_t n, int64_t first, int64_t in_row)
    {
        width = n;
        column = first;
        left = in_row;
        aligned = aligned_16(c) && n % kPart == 0;
    }

    __device__ __forceinline__ void end(int64_t row, float (&v)[kPart])
    {
        store(c + row * width + column, left, aligned, v);
    }

    int64_t width, column, left;
    bool aligned;
};

/* Or they get a bias and go through an activation. */
template <class T> struct activated {
    static constexpr bool kLong = true;
    const T *bias;
    T *y;
    T *z;
    float *logits;
    int kind;
    float slope;

    __device__ __forceinline__ void begin(int64_t n, int64_t first, int64_t in_row)
    {
        width = n;
        column = first;
        left = in_row;
        aligned = aligned_16(bias) && aligned_16(y, z) && aligned_16(logits) && n % kPart == 0;
        if (bias != nullptr) load(bias + column, left, aligned, add);
    }

    __device__ __forceinline__ void end(int64_t row, float (&v)[kPart])
    {
        const int64_t at = row * width + column;
        if (bias != nullptr) {
#pragma unroll
            for (int i = 0; i < kPart; i++)
                v[i] += add[i];
        }
        if (z != nullptr) store(z + at, left, aligned, v);
        activate(kind, slope, v);
        if (y != nullptr) store(y + at, left, aligned, v);
        if (logits != nullptr) store(logits + at, left, aligned, v);
    }

    int64_t width, column, left;
    bool aligned;
    float add[kPart];
};

} // namespace

#endif
