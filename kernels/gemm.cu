/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * c[m, n] = a b in float, each of a and b stored as it is or transposed: the plain product, for
 * what cuBLASLt refuses. 2 m n k flops, 64 of them for each element that is read: the arithmetic
 * bounds it, not the memory.
 *
 * A block computes a tile of 64 x 64 of c, each of its 256 threads 4 x 4 of it in registers. It
 * goes along k by tiles of both operands, in shared memory as float, [k][64], so that a thread
 * reads 4 neighbours of each at once. There are two of each: while one is multiplied, the next one
 * is on its way from memory into registers and then into the other. A row of a tile is stored with
 * the groups of 8 exchanged, differently for each vector along k, as the lanes of a warp that
 * transpose an operand would else all write to the same banks.
 *
 * Every element of c is summed along k in order by one thread. Each kChain tiles the sum so far is
 * put aside, so that the rounding of a sum over a long batch grows with the number of chains and
 * their length, not with their product. */
#include "element.cuh"
#include "gemm.cuh"
#include "launch.cuh"

namespace
{

constexpr int kTile = 64; /* of c, in both directions */
constexpr int kPart = 4;  /* of a thread, in both directions */
constexpr int kSide = kTile / kPart;
constexpr int kChain = 16;

static_assert(kSide * kSide == kBlock, "the threads cover the tile");

/* A tile has 4 vectors along k, whatever the type, so that each thread loads one vector. */
template <class T> constexpr int kDepth = 4 * kVector<T>;

/* Blocks that a multiprocessor is to hold: the registers of a thread stay below 86, or below 129
 * for bf16, whose vectors are longer. */
template <class T> constexpr int kResident = kVector<T> == 4 ? 3 : 2;

template <class T> using tile = float[kDepth<T>][kTile];

/* An operand, [outer_size, k_size], or [k_size, outer_size] if k_rows, where outer is the index
 * that c has too. */
template <class T, bool k_rows> struct operand {
    const T *at;
    int64_t outer_size;
    int64_t k_size;
    bool aligned; /* every row begins at a multiple of 16 bytes */
};

template <class T, bool k_rows>
__device__ __forceinline__ operand<T, k_rows> make_operand(const T *at, int64_t outer_size,
                                                           int64_t k_size)
{
    const int64_t row = k_rows ? outer_size : k_size;
    return {at, outer_size, k_size, aligned_16(at) && row % kVector<T> == 0};
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
        const int64_t left = k < from.k_size ? from.outer_size - outer : 0;
        load(from.at + k * from.outer_size + outer, left, from.aligned, v);
    } else {
        const int64_t left = outer < from.outer_size ? from.k_size - k : 0;
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

/* total += sum; sum = 0. */
__device__ __forceinline__ void put_aside(float (&sum)[kPart][kPart], float (&total)[kPart][kPart])
{
#pragma unroll
    for (int i = 0; i < kPart; i++) {
#pragma unroll
        for (int j = 0; j < kPart; j++) {
            total[i][j] += sum[i][j];
            sum[i][j] = 0;
        }
    }
}

template <class T, class C, bool transpose_a, bool transpose_b>
__global__ void __launch_bounds__(kBlock, kResident<T>)
    gemm_kernel(const T *a, const T *b, C *c, int64_t m, int64_t n, int64_t k)
{
    __shared__ __align__(16) tile<T> a_tile[2];
    __shared__ __align__(16) tile<T> b_tile[2];
    const auto a_from = make_operand<T, transpose_a>(a, m, k);
    const auto b_from = make_operand<T, !transpose_b>(b, n, k);
    const bool c_aligned = aligned_16(c) && n % kPart == 0;
    const int row = static_cast<int>(threadIdx.x) / kSide * kPart;
    const int column = static_cast<int>(threadIdx.x) % kSide * kPart;
    const int64_t across = ceil_div(n, kTile);
    const int64_t tiles = ceil_div(m, kTile) * across;
    const int64_t steps = ceil_div(k, kDepth<T>);

    for (int64_t t = blockIdx.x; t < tiles; t += gridDim.x) {
        const int64_t m_begin = t / across * kTile;
        const int64_t n_begin = t % across * kTile;
        float sum[kPart][kPart] = {};
        float total[kPart][kPart] = {};
        float u[kVector<T>], v[kVector<T>];
        fetch(a_from, m_begin, 0, u);
        fetch(b_from, n_begin, 0, v);
        put<T, transpose_a>(u, a_tile[0]);
        put<T, !transpose_b>(v, b_tile[0]);
        __syncthreads(); /* the first tiles are there */
        for (int64_t step = 0; step < steps; step++) {
            const int now = static_cast<int>(step % 2);
            fetch(a_from, m_begin, (step + 1) * kDepth<T>, u);
            fetch(b_from, n_begin, (step + 1) * kDepth<T>, v);
            multiply<T>(a_tile[now], b_tile[now], row, column, sum);
            if ((step + 1) % kChain == 0) put_aside(sum, total);
            put<T, transpose_a>(u, a_tile[1 - now]);
            put<T, !transpose_b>(v, b_tile[1 - now]);
            __syncthreads(); /* these tiles have been read and the next ones are there */
        }
        put_aside(sum, total);
#pragma unroll
        for (int i = 0; i < kPart; i++) {
            const int64_t at = m_begin + row + i;
            if (at < m)
                store(c + at * n + n_begin + column, n - n_begin - column, c_aligned, total[i]);
        }
    }
}

template <class T, class C, bool transpose_a, bool transpose_b>
cupel_status start(cupel_exec *x, const cupel_gemm *g, const char *op)
{
    const int64_t tiles = ceil_div(g->m, kTile) * ceil_div(g->n, kTile);
    return launch(x, op, gemm_kernel<T, C, transpose_a, transpose_b>, blocks_for(tiles, 1), kBlock,
                  0, g->a, g->b, g->c, g->m, g->n, g->k);
}

/* A dense layer needs no product of two transposed matrices. */
template <class T> cupel_status gemm(cupel_exec *x, const cupel_gemm *g, const char *op)
{
    if (g->transpose_a) return start<T, float, true, false>(x, g, op);
    if (g->transpose_b) return start<T, T, false, true>(x, g, op);
    return start<T, T, false, false>(x, g, op);
}

} // namespace

extern "C" cupel_status cupel_cuda_f32_gemm(cupel_exec *x, const cupel_gemm *product,
                                            const char *op)
{
    return gemm<float>(x, product, op);
}

extern "C" cupel_status cupel_cuda_bf16_gemm(cupel_exec *x, const cupel_gemm *product,
                                             const char *op)
{
    return gemm<__nv_bfloat16>(x, product, op);
}
