/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the optimizers' kernels share: the walk over the flat parameter arrays and what is read for
 * a slice. The arrays begin at multiples of 16 bytes and hold whole slices, so that a warp takes a
 * slice at once, a vector a lane, and nothing is left over. It takes kSlices of them in a step, so
 * that many loads are in flight:
 *
 *     for (int64_t block = first_slice(); block < blocks; block += slice_step()) {
 *         const int64_t at = slice_place(block);
 */
#ifndef CUPEL_SLICES_CUH
#define CUPEL_SLICES_CUH

#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include <cupel/types.h>

namespace
{

constexpr int kSlices = 2;
constexpr int kLane = kVector<float>;

static_assert(kWarp * kLane == CUPEL_SLICE, "a warp takes a slice at once");

__device__ __forceinline__ int64_t first_slice()
{
    return (static_cast<int64_t>(blockIdx.x) * (kBlock / kWarp) + threadIdx.x / kWarp) * kSlices;
}

__device__ __forceinline__ int64_t slice_step()
{
    return static_cast<int64_t>(gridDim.x) * (kBlock / kWarp) * kSlices;
}

/* This lane's vector of a slice. */
__device__ __forceinline__ int64_t slice_place(int64_t block)
{
    return block * CUPEL_SLICE + static_cast<int>(threadIdx.x) % kWarp * kLane;
}

inline unsigned blocks_for_slices(int64_t blocks)
{
    return blocks_for(blocks, kBlock / kWarp * kSlices);
}

/* How the tensor of a slice is treated. */
struct treatment {
    float scale;  /* of the gradient */
    float l2;     /* what is added to it, times w */
    float shrink; /* what is taken from w, times w */
};

/* What does not change within a launch of an update. */
struct update {
    const cupel_control *control;
    const cupel_rate *rates;
    const int32_t *tensor;
    const float *scale; /* NULL for 1 */
    const cupel_rule *rule;
    int64_t blocks;
    float clip;       /* the bound of a gradient's element; infinity for none */
    bool decay_as_l2; /* the decay is added to the gradient, else taken from w */
    bool torch;

    __device__ __forceinline__ const cupel_rate &rate() const
    {
        return rates[control->step % CUPEL_RATES];
    }

    __device__ __forceinline__ treatment of(int64_t block, float rate_now) const
    {
        const int64_t t = tensor[block];
        const float decay = static_cast<float>(rule[t].decay);
        return {scale != nullptr ? scale[t] : 1.0F, decay_as_l2 ? decay : 0.0F,
                decay_as_l2 ? 0.0F : rate_now * decay};
    }

    /* The gradient that the step is taken with. NaN stays NaN. */
    __device__ __forceinline__ float gradient(const treatment &by, float g, float w) const
    {
        const float scaled = by.scale * g;
        const float clipped = scaled < -clip ? -clip : scaled > clip ? clip : scaled;
        return fmaf(by.l2, w, clipped);
    }
};

/* From the fields that sgd and adam have both. */
template <class A> update update_of(const cupel_exec *x, const A *args, bool decay_as_l2)
{
    return {x->control,
            x->rates,
            static_cast<const int32_t *>(args->tensor),
            static_cast<const float *>(args->scale),
            static_cast<const cupel_rule *>(args->rule),
            args->blocks,
            args->clipvalue > 0 ? static_cast<float>(args->clipvalue) : INFINITY,
            decay_as_l2,
            args->flavour == CUPEL_TORCH};
}

} // namespace

#endif
