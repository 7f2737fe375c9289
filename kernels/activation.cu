/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * y[count] = activation(x), and dx[count] = dy activation'(.) from y, or from x for GELU and SILU.
 * Two accesses an element forward and three backward, and at most some thirty instructions: the
 * memory bounds both. Each thread takes 16 bytes of each tensor at a time. The outputs may be the
 * inputs, so no pointer is restricted. */
#include "activate.cuh"
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"

namespace
{

template <class T>
__global__ void __launch_bounds__(kBlock)
    activation_kernel(const T *x, T *y, int64_t count, int kind, float slope)
{
    constexpr int N = kVector<T>;
    const bool aligned = aligned_16(x, y);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float v[N];
        load(x + i, count - i, aligned, v);
        activate(kind, slope, v);
        store(y + i, count - i, aligned, v);
    }
}

/* from is y or x, whichever the kind needs; LINEAR needs none. */
template <class T>
__global__ void __launch_bounds__(kBlock)
    activation_backward_kernel(const T *dy, const T *from, T *dx, int64_t count, int kind,
                               float slope)
{
    constexpr int N = kVector<T>;
    const bool aligned = aligned_16(dy, from, dx);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float d[N];
        load(dy + i, count - i, aligned, d);
        if (kind != CUPEL_LINEAR) {
            float v[N];
            load(from + i, count - i, aligned, v);
            activate_backward(kind, slope, v, d);
        }
        store(dx + i, count - i, aligned, d);
    }
}

template <class T> cupel_status activation(cupel_exec *x, const cupel_activation_args *args)
{
    return launch(x, "activation", activation_kernel<T>,
                  blocks_for(args->count, kBlock * kVector<T>), kBlock, 0, args->x, args->y,
                  args->count, args->activation, args->slope);
}

template <class T>
cupel_status activation_backward(cupel_exec *x, const cupel_activation_backward_args *args)
{
    const void *from = needs_input(args->activation) ? args->x : args->y;
    return launch(x, "activation_backward", activation_backward_kernel<T>,
                  blocks_for(args->count, kBlock * kVector<T>), kBlock, 0, args->dy, from, args->dx,
                  args->count, args->activation, args->slope);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(activation)
CUPEL_CUDA_LAUNCHERS(activation_backward)
