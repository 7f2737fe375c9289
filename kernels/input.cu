/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The ops that bring a batch into the model: input, targets and labels. The control block says
 * where the rows lie, which type they have and by what they are scaled, and is read by the kernel:
 * a captured step follows a new address. The rows lie one after another, so a batch is one flat
 * array.
 *
 * One read of the source's type and one write an element: the memory bounds it. Each thread writes
 * 16 bytes at a time. Bytes and floats are scaled in float; doubles and integers, which float may
 * not hold, in double, before they are rounded. The host refuses every other type beforehand. */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"

namespace
{

/* As many elements of a source as a vector of the output has, loaded by the widest accesses. */
template <class S, int N> struct alignas(N * sizeof(S) < 16 ? N * sizeof(S) : 16) chunk {
    S e[N];
};

__device__ __forceinline__ float scaled(float value, double, float factor)
{
    return factor * value;
}

__device__ __forceinline__ float scaled(uint8_t value, double, float factor)
{
    return factor * static_cast<float>(value);
}

template <class S> __device__ __forceinline__ float scaled(S value, double scale, float)
{
    return static_cast<float>(scale * static_cast<double>(value));
}

/* y[count] = scale * from. */
template <class S, class T>
__device__ __forceinline__ void convert(const void *source, double scale, T *y, int64_t count)
{
    constexpr int N = kVector<T>;
    const S *from = static_cast<const S *>(source);
    const float factor = static_cast<float>(scale);
    const bool from_aligned = reinterpret_cast<uintptr_t>(from) % alignof(chunk<S, N>) == 0;
    const bool y_aligned = aligned_16(y);
    for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) {
        float v[N];
        if (from_aligned && count - i >= N) {
            const chunk<S, N> c = *reinterpret_cast<const chunk<S, N> *>(from + i);
#pragma unroll
            for (int j = 0; j < N; j++)
                v[j] = scaled(c.e[j], scale, factor);
        } else {
#pragma unroll
            for (int j = 0; j < N; j++)
                v[j] = j < count - i ? scaled(from[i + j], scale, factor) : 0.0F;
        }
        store(y + i, count - i, y_aligned, v);
    }
}

template <class T>
__device__ __forceinline__ void convert(int64_t type, const void *from, double scale, T *y,
                                        int64_t count)
{
    switch (type) {
    case CUPEL_FLOAT32:
        convert<float>(from, scale, y, count);
        break;
    case CUPEL_FLOAT64:
        convert<double>(from, scale, y, count);
        break;
    case CUPEL_UINT8:
        convert<uint8_t>(from, scale, y, count);
        break;
    case CUPEL_INT32:
        convert<int32_t>(from, scale, y, count);
        break;
    case CUPEL_INT64:
        convert<int64_t>(from, scale, y, count);
        break;
    default:
        break;
    }
}

template <class T>
__global__ void __launch_bounds__(kBlock)
    input_kernel(const cupel_control *control, T *y, int64_t count)
{
    convert(control->x_type, control->x, control->x_scale, y, count);
}

template <class T>
__global__ void __launch_bounds__(kBlock)
    targets_kernel(const cupel_control *control, T *y, int64_t count)
{
    convert(control->y_type, control->y, 1.0, y, count);
}

__device__ __forceinline__ int32_t label_at(int64_t type, const void *labels, int64_t row)
{
    switch (type) {
    case CUPEL_UINT8:
        return static_cast<const uint8_t *>(labels)[row];
    case CUPEL_INT32:
        return static_cast<const int32_t *>(labels)[row];
    default:
        return static_cast<int32_t>(static_cast<const int64_t *>(labels)[row]);
    }
}

__global__ void __launch_bounds__(kBlock)
    labels_kernel(const cupel_control *control, int32_t *y, int64_t rows)
{
    const int64_t type = control->y_type;
    const void *labels = control->y;
    for (int64_t row = first_element<1>(); row < rows; row += element_step<1>())
        y[row] = label_at(type, labels, row);
}

template <class T> cupel_status input(cupel_exec *x, const cupel_input_args *args)
{
    const int64_t count = args->rows * args->features;
    return launch(x, "input", input_kernel<T>, blocks_for(count, kBlock * kVector<T>), kBlock, 0,
                  x->control, args->y, count);
}

template <class T> cupel_status targets(cupel_exec *x, const cupel_targets_args *args)
{
    const int64_t count = args->rows * args->features;
    return launch(x, "targets", targets_kernel<T>, blocks_for(count, kBlock * kVector<T>), kBlock,
                  0, x->control, args->y, count);
}

/* The same for both types of real. */
template <class T> cupel_status labels(cupel_exec *x, const cupel_labels_args *args)
{
    return launch(x, "labels", labels_kernel, blocks_for(args->rows, kBlock), kBlock, 0, x->control,
                  args->y, args->rows);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(input)
CUPEL_CUDA_LAUNCHERS(targets)
CUPEL_CUDA_LAUNCHERS(labels)
