/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * y[count] = x / (1 - rate) where the element is kept, else 0; backward the same of dy. The mask is
 * not stored: both draw it from the same counters. Element e of the step, counted from the first
 * row of its global batch, has word e % 4 of the Philox block e / 4 and is dropped when it is below
 * floor(rate 2^32): integers alone, so the mask is the same on every device.
 *
 * Two accesses an element and some 25 integer instructions, of which a good half run beside the
 * memory: the memory bounds it. A thread takes 16 bytes, one block of words for float and two for
 * bf16. Where the batch begins within a block, as row_offset * features is no multiple of 4, it
 * draws one more and moves the words down. */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "philox.cuh"

namespace
{

/* The words of N elements, of which the first is word skip of a block. The places in the array are
 * all constants, so that it lies in registers. */
template <int N>
__device__ __forceinline__ void draw_words(const draw &d, uint64_t block, int skip,
                                           uint32_t (&word)[N + 4])
{
#pragma unroll
    for (int i = 0; i < N; i += 4)
        philox(d, block + i / 4, word + i);
    if (skip == 0) return;
    philox(d, block + N / 4, word + N);
#pragma unroll
    for (int distance = 1; distance <= 2; distance *= 2) {
        if ((skip & distance) == 0) continue;
#pragma unroll
        for (int i = 0; i + distance < N + 4; i++)
            word[i] = word[i + distance];
    }
}

/* threshold is 2^32 where everything is dropped. */
template <class T>
__global__ void __launch_bounds__(kBlock)
    dropout_kernel(const cupel_control *control, const T *__restrict__ from, T *__restrict__ to,
                   int64_t features, int64_t count, uint32_t stream, uint64_t threshold,
                   float factor)
{
    constexpr int N = kVector<T>;
    const bool aligned = aligned_16(from, to);
    const draw d = {static_cast<uint64_t>(control->seed), static_cast<uint64_t>(control->step),
                    stream};
    const uint64_t offset = static_cast<uint64_t>(control->row_offset * features);
    const int skip = static_cast<int>(offset % 4);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float v[N];
        uint32_t word[N + 4];
        load(from + i, count - i, aligned, v);
        draw_words<N>(d, (offset + static_cast<uint64_t>(i)) / 4, skip, word);
#pragma unroll
        for (int j = 0; j < N; j++)
            v[j] = word[j] < threshold ? 0.0F : v[j] * factor;
        store(to + i, count - i, aligned, v);
    }
}

template <class T, class A>
cupel_status drop(const cupel_exec *x, const char *op, const A *args, const void *from, void *to)
{
    const int64_t count = args->rows * args->features;
    return launch(x, op, dropout_kernel<T>, blocks_for(count, kBlock * kVector<T>), kBlock, 0,
                  x->control, from, to, args->features, count, args->stream,
                  args->rate * 4294967296.0, 1 / (1 - args->rate));
}

template <class T> cupel_status dropout(cupel_exec *x, const cupel_dropout_args *args)
{
    return drop<T>(x, "dropout", args, args->x, args->y);
}

template <class T>
cupel_status dropout_backward(cupel_exec *x, const cupel_dropout_backward_args *args)
{
    return drop<T>(x, "dropout_backward", args, args->dy, args->dx);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(dropout)
CUPEL_CUDA_LAUNCHERS(dropout_backward)
