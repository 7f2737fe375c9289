/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * c[m, n] = a b in float, each of a and b stored as it is or transposed: the plain product, for
 * what cuBLASLt refuses. 2 m n k flops, 64 of them for each element that is read: the arithmetic
 * bounds it, not the memory.
 *
 * A block computes a tile of 64 x 64 of c, each of its 256 threads 4 x 4 of it in registers. It
 * goes along k by tiles of both operands in shared memory. There are two of each: while one is
 * multiplied, the next one is on its way from memory into registers and then into the other.
 *
 * Every element of c is summed along k in order by one thread. Each kChain tiles the sum so far is
 * put aside, so that the rounding of a sum over a long batch grows with the number of chains and
 * their length, not with their product. The weights' gradient has few tiles and a long k: there k
 * is cut into parts, whose products go to scratch memory and are added in order by another kernel.
 *
 * The layer's bias and activation are applied to the sums before they are rounded and stored. */
#include "gemm.cuh"
#include "gemm_end.cuh"
#include "gemm_tile.cuh"
#include "launch.cuh"

namespace
{

constexpr int kChain = 16;

/* Blocks that a multiprocessor is to hold: the registers of a thread stay below 86, or below 129
 * for bf16, whose vectors are longer, and where activations follow. */
template <class T, class End> constexpr int kResident = kVector<T> == 4 && !End::kLong ? 3 : 2;

/* Blocks that there are to be where k is cut: a large card runs about 400 at once. */
constexpr int64_t kPartBlocks = 512;
/* The least that a part has of k: fewer would not pay for writing and reading its product. */
constexpr int64_t kPartDepth = 256;

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

/* How k is cut. */
struct cut {
    int64_t parts;
    int64_t depth; /* of a part */
};

/* end is told the rows of [parts, m]. */
template <class T, class End, bool transpose_a, bool transpose_b>
__global__ void __launch_bounds__(kBlock, kResident<T, End>)
    gemm_kernel(const T *a, const T *b, End end, int64_t m, int64_t n, int64_t k, cut along)
{
    __shared__ __align__(16) tile<T> a_tile[2];
    __shared__ __align__(16) tile<T> b_tile[2];
    auto a_from = make_operand<T, transpose_a>(a, m, k);
    auto b_from = make_operand<T, !transpose_b>(b, n, k);
    const int row = static_cast<int>(threadIdx.x) / kSide * kPart;
    const int column = static_cast<int>(threadIdx.x) % kSide * kPart;
    const int64_t across = ceil_div(n, kTile);
    const int64_t tiles = ceil_div(m, kTile) * across;

    for (int64_t t = blockIdx.x; t < tiles * along.parts; t += gridDim.x) {
        const int64_t part = t / tiles;
        const int64_t m_begin = t % tiles / across * kTile;
        const int64_t n_begin = t % tiles % across * kTile;
        const int64_t k_begin = part * along.depth;
        const int64_t k_end = k - k_begin < along.depth ? k : k_begin + along.depth;
        const int64_t steps = ceil_div(k_end - k_begin, kDepth<T>);
        float sum[kPart][kPart] = {};
        float total[kPart][kPart] = {};
        float u[kVector<T>], v[kVector<T>];
        a_from.k_end = b_from.k_end = k_end;
        fetch(a_from, m_begin, k_begin, u);
        fetch(b_from, n_begin, k_begin, v);
        put<T, transpose_a>(u, a_tile[0]);
        put<T, !transpose_b>(v, b_tile[0]);
        __syncthreads(); /* the first tiles are there */
        for (int64_t step = 0; step < steps; step++) {
            const int now = static_cast<int>(step % 2);
            fetch(a_from, m_begin, k_begin + (step + 1) * kDepth<T>, u);
            fetch(b_from, n_begin, k_begin + (step + 1) * kDepth<T>, v);
            multiply<T>(a_tile[now], b_tile[now], row, column, sum);
            if ((step + 1) % kChain == 0) put_aside(sum, total);
            put<T, transpose_a>(u, a_tile[1 - now]);
            put<T, !transpose_b>(v, b_tile[1 - now]);
            __syncthreads(); /* these tiles have been read and the next ones are there */
        }
        put_aside(sum, total);
        end.begin(n, n_begin + column, n - n_begin - column);
#pragma unroll
        for (int i = 0; i < kPart; i++) {
            const int64_t at = m_begin + row + i;
            if (at < m) end.end(part * m + at, total[i]);
        }
    }
}

/* c[size] = the sum of the parts, [parts, size], in their order. They lie in the scratch memory,
 * which begins at a multiple of 16 bytes. */
__global__ void __launch_bounds__(kBlock)
    gemm_parts_kernel(const float *partial, float *c, int64_t size, int64_t parts)
{
    constexpr int N = kVector<float>;
    const bool aligned = aligned_16(c) && size % N == 0;
    for (int64_t i = first_element<N>(); i < size; i += element_step<N>()) {
        float sum[N] = {};
        for (int64_t part = 0; part < parts; part++) {
            float v[N];
            load(partial + part * size + i, size - i, aligned, v);
#pragma unroll
            for (int j = 0; j < N; j++)
                sum[j] += v[j];
        }
        store(c + i, size - i, aligned, sum);
    }
}

/* The most parts of k: it depends on the shape alone and grows with k. */
int64_t most_parts(int64_t m, int64_t n, int64_t k)
{
    const int64_t blocks = kPartBlocks / (ceil_div(m, kTile) * ceil_div(n, kTile));
    const int64_t parts = blocks < k / kPartDepth ? blocks : k / kPartDepth;
    return parts < 1 ? 1 : parts;
}

/* Parts of whole tiles. */
template <class T> cut cut_of(int64_t m, int64_t n, int64_t k)
{
    const int64_t depth = ceil_div(ceil_div(k, most_parts(m, n, k)), kDepth<T>) * kDepth<T>;
    return {ceil_div(k, depth), depth};
}

template <class T, bool transpose_a, bool transpose_b, class End>
cupel_status start(cupel_exec *x, const cupel_gemm *g, const End &end, const cut &along,
                   const char *op)
{
    const int64_t tiles = ceil_div(g->m, kTile) * ceil_div(g->n, kTile);
    return launch(x, op, gemm_kernel<T, End, transpose_a, transpose_b>,
                  blocks_for(tiles * along.parts, 1), kBlock, 0, g->a, g->b, end, g->m, g->n, g->k,
                  along);
}

template <class C> stored<C> store_to(void *c)
{
    stored<C> end = {};
    end.c = static_cast<C *>(c);
    return end;
}

template <class T>
cupel_status layer(cupel_exec *x, const cupel_gemm *g, const cupel_gemm_end *e, const char *op)
{
    activated<T> end = {};
    end.bias = static_cast<const T *>(e->bias);
    end.y = static_cast<T *>(e->y);
    end.z = static_cast<T *>(e->z);
    end.logits = static_cast<float *>(e->logits);
    end.kind = static_cast<int>(e->activation);
    end.slope = static_cast<float>(e->slope);
    return start<T, false, true>(x, g, end, {1, g->k}, op);
}

template <class T> cupel_status gradient(cupel_exec *x, const cupel_gemm *g, const char *op)
{
    const cut along = cut_of<T>(g->m, g->n, g->k);
    if (along.parts == 1) return start<T, true, false>(x, g, store_to<float>(g->c), along, op);
    const int64_t size = g->m * g->n;
    const cupel_status status = start<T, true, false>(x, g, store_to<float>(x->scratch), along, op);
    if (status != CUPEL_OK) return status;
    return launch(x, op, gemm_parts_kernel, blocks_for(size, kBlock * kVector<float>), kBlock, 0,
                  x->scratch, g->c, size, along.parts);
}

/* A dense layer needs no product of two transposed matrices. */
template <class T>
cupel_status gemm(cupel_exec *x, const cupel_gemm *g, const cupel_gemm_end *end, const char *op)
{
    if (end != nullptr) return layer<T>(x, g, end, op);
    if (g->transpose_a) return gradient<T>(x, g, op);
    return start<T, false, false>(x, g, store_to<T>(g->c), {1, g->k}, op);
}

} // namespace

extern "C" cupel_status cupel_cuda_f32_gemm(cupel_exec *x, const cupel_gemm *product,
                                            const cupel_gemm_end *end, const char *op)
{
    return gemm<float>(x, product, end, op);
}

extern "C" cupel_status cupel_cuda_bf16_gemm(cupel_exec *x, const cupel_gemm *product,
                                             const cupel_gemm_end *end, const char *op)
{
    return gemm<__nv_bfloat16>(x, product, end, op);
}

extern "C" int64_t cupel_cuda_gemm_needs(int64_t m, int64_t n, int64_t k)
{
    const int64_t parts = most_parts(m, n, k);
    return parts == 1 ? 0 : parts * m * n * static_cast<int64_t>(sizeof(float));
}
