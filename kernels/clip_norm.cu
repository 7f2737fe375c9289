/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * scale[tensors] = the factor that clips the gradients g by the norm of each tensor, or of all of
 * them together. Every gradient is read once, 4 bytes and one multiplication: the memory bounds it.
 * No value goes to the host: the optimizer's kernel reads scale.
 *
 * The first kernel sums squares. A block has a chunk of kChunk slices; the slices of a tensor that
 * lie side by side in it are a run, and the sum of a run goes to the slot of its first slice. The
 * tensors lie in the arrays in ascending order, so a tensor's runs begin at its first slice and,
 * after that, where chunks begin. The second kernel adds them in that order, a block a tensor.
 *
 * A slice is summed in float and, where that leaves the range in which squares of floats are sure
 * to be whole, again in double: the norm of large but finite gradients is finite. */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "reduce.cuh"
#include <cupel/types.h>

namespace
{

constexpr int kWidth = kVector<float>;
constexpr int kWarps = kBlock / kWarp;
constexpr int kChunk = 4 * kWarps;

static_assert(kWarp * kWidth == CUPEL_SLICE, "a warp takes a slice at once");

/* A sum of squares in float between these has lost none to underflow that matters, and nothing to
 * overflow. */
constexpr float kLeast = 1e-30F;
constexpr float kMost = 1e38F;

/* What lies in the scratch memory: the sums of the runs, then where each tensor's slices begin. */
struct layout {
    double *slot;   /* [blocks] */
    int64_t *begin; /* [tensors + 1] */
};

inline layout layout_of(void *scratch, int64_t blocks)
{
    double *slot = static_cast<double *>(scratch);
    return {slot, reinterpret_cast<int64_t *>(slot + blocks)};
}

__device__ __forceinline__ double sum_of_squares(const float (&v)[kWidth])
{
    const float sum = warp_sum((v[0] * v[0] + v[1] * v[1]) + (v[2] * v[2] + v[3] * v[3]));
    if (sum >= kLeast && sum <= kMost) return static_cast<double>(sum);
    double exact = 0;
#pragma unroll
    for (int i = 0; i < kWidth; i++)
        exact += static_cast<double>(v[i]) * static_cast<double>(v[i]);
    return warp_sum(exact);
}

/* part[0 .. kChunk) = the sums of the slices of a chunk, those beyond the last one 0. */
__device__ __forceinline__ void sum_slices(const float *g, int64_t first, int64_t blocks,
                                           double *part)
{
    constexpr int each = kChunk / kWarps;
    const int warp = static_cast<int>(threadIdx.x) / kWarp * each;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    float v[each][kWidth];
#pragma unroll
    for (int i = 0; i < each; i++) {
        const int64_t slice = first + warp + i;
        const int64_t left = slice < blocks ? kWidth : 0;
        load(g + slice * CUPEL_SLICE + lane * kWidth, left, true, v[i]);
    }
#pragma unroll
    for (int i = 0; i < each; i++) {
        const double sum = sum_of_squares(v[i]);
        if (lane == 0) part[warp + i] = sum;
    }
}

/* tensor is NULL where all slices count as those of one tensor. */
__global__ void __launch_bounds__(kBlock)
    squares_kernel(const float *__restrict__ g, const int32_t *tensor, layout to, int64_t blocks,
                   int64_t tensors)
{
    __shared__ double part[kChunk];
    __shared__ int64_t owner[kChunk];
    const int at = static_cast<int>(threadIdx.x);
    const int64_t first = static_cast<int64_t>(blockIdx.x) * kChunk;
    const int64_t slice = first + at;
    const bool mine = at < kChunk && slice < blocks;
    if (mine) owner[at] = tensor != nullptr ? tensor[slice] : 0;
    sum_slices(g, first, blocks, part);
    __syncthreads();
    if (!mine) return;
    const int size = static_cast<int>(blocks - first < kChunk ? blocks - first : kChunk);
    const int64_t own = owner[at];
    int64_t before = -1;
    if (slice > 0) before = tensor != nullptr ? tensor[slice - 1] : 0;
    if (at == 0 || before != own) {
        double sum = part[at];
        for (int i = at + 1; i < size && owner[i] == own; i++)
            sum += part[i];
        to.slot[slice] = sum;
    }
    /* Tensors without a slice begin where the next one does. */
    for (int64_t i = before + 1; i <= own; i++)
        to.begin[i] = slice;
    if (slice == blocks - 1) {
        for (int64_t i = own + 1; i <= tensors; i++)
            to.begin[i] = blocks;
    }
}

/* A norm that is not finite must not leave a step that looks harmless. With TORCH infinity gives 0,
 * and 0 times the infinite gradient is NaN where it stands; with KERAS all of them are NaN at once,
 * but a tensor's own norm gives 0 as well. */
__device__ __forceinline__ double clip_factor(double norm, double limit, bool global, bool torch)
{
    if (isnan(norm)) return norm;
    if (torch) {
        const double factor = limit / (norm + 1e-6);
        return factor < 1 ? factor : 1;
    }
    if (global && isinf(norm)) return norm - norm;
    return norm > limit ? limit / norm : 1;
}

__global__ void __launch_bounds__(kBlock) factors_kernel(layout from, float *scale, int64_t tensors,
                                                         double limit, bool global, bool torch)
{
    const int64_t groups = global ? 1 : tensors;
    for (int64_t t = blockIdx.x; t < groups; t += gridDim.x) {
        const int64_t first = from.begin[t];
        const int64_t end = from.begin[t + 1];
        const int64_t next = (first / kChunk + 1) * kChunk;
        double sum = threadIdx.x == 0 && first < end ? from.slot[first] : 0;
#pragma unroll 4
        for (int64_t i = next + static_cast<int64_t>(threadIdx.x) * kChunk; i < end;
             i += static_cast<int64_t>(kBlock) * kChunk)
            sum += from.slot[i];
        sum = block_sum<kBlock>(sum);
        if (threadIdx.x > 0) continue;
        const float factor = static_cast<float>(clip_factor(sqrt(sum), limit, global, torch));
        for (int64_t i = global ? 0 : t; i < (global ? tensors : t + 1); i++)
            scale[i] = factor;
    }
}

template <class T> int64_t clip_norm_needs(const cupel_clip_norm_args *args)
{
    return args->blocks * static_cast<int64_t>(sizeof(double)) +
           (args->tensors + 1) * static_cast<int64_t>(sizeof(int64_t));
}

/* The same for both types of real. */
template <class T> cupel_status clip_norm(cupel_exec *x, const cupel_clip_norm_args *args)
{
    const bool global = args->global != 0;
    const layout scratch = layout_of(x->scratch, args->blocks);
    const int64_t groups = global ? 1 : args->tensors;
    const cupel_status status = launch(
        x, "clip_norm", squares_kernel, static_cast<unsigned>(ceil_div(args->blocks, kChunk)),
        kBlock, 0, args->g, global ? nullptr : args->tensor, scratch, args->blocks, groups);
    if (status != CUPEL_OK) return status;
    return launch(x, "clip_norm", factors_kernel, blocks_for(groups, 1), kBlock, 0, scratch,
                  args->scale, args->tensors, args->limit, global, args->flavour == CUPEL_TORCH);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(clip_norm)
CUPEL_CUDA_NEEDS(clip_norm)
