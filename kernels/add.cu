/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * y[count] = a + b. Three accesses and one addition an element: the memory bounds it. Each thread
 * takes 16 bytes of each tensor at a time. y may be a, so no pointer is restricted. */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"

namespace
{

template <class T>
__global__ void __launch_bounds__(kBlock) add_kernel(const T *a, const T *b, T *y, int64_t count)
{
    constexpr int N = kVector<T>;
    const bool aligned = aligned_16(a, b, y);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float u[N], v[N];
        load(a + i, count - i, aligned, u);
        load(b + i, count - i, aligned, v);
#pragma unroll
        for (int j = 0; j < N; j++)
            v[j] += u[j];
        store(y + i, count - i, aligned, v);
    }
}

template <class T> cupel_status add(cupel_exec *x, const cupel_add_args *args)
{
    return launch(x, "add", add_kernel<T>, blocks_for(args->count, kBlock * kVector<T>), kBlock, 0,
                  args->a, args->b, args->y, args->count);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(add)
