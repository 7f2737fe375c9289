/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * From one element type to another: widen, y[count] = x from real to float, and mirror, which rounds
 * the parameters to the type that layers multiply with. One read and one write an element: the memory
 * bounds them. A thread takes 4 elements at a time, 16 bytes of what is float. */
#include "slices.cuh"

namespace
{

template <class T>
__global__ void __launch_bounds__(kBlock) widen_kernel(const T *x, float *y, int64_t count)
{
    constexpr int N = kVector<float>;
    const bool aligned = aligned_16(x, y);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float v[N];
        load(x + i, count - i, aligned, v);
        store(y + i, count - i, aligned, v);
    }
}

template <class T>
__global__ void __launch_bounds__(kBlock) mirror_kernel(const float *w, T *mirror, int64_t blocks)
{
    for (int64_t block = first_slice(); block < blocks; block += slice_step()) {
        float v[kSlices][kLane];
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s < blocks) load(w + slice_place(block + s), v[s]);
        }
#pragma unroll
        for (int s = 0; s < kSlices; s++) {
            if (block + s < blocks) store(mirror + slice_place(block + s), v[s]);
        }
    }
}

template <class T> cupel_status widen(cupel_exec *x, const cupel_widen_args *args)
{
    return launch(x, "widen", widen_kernel<T>, blocks_for(args->count, kBlock * kVector<float>),
                  kBlock, 0, args->x, args->y, args->count);
}

template <class T> cupel_status mirror(cupel_exec *x, const cupel_mirror_args *args)
{
    return launch(x, "mirror", mirror_kernel<T>, blocks_for_slices(args->blocks), kBlock, 0,
                  args->w, args->mirror, args->blocks);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(widen)
CUPEL_CUDA_LAUNCHERS(mirror)
