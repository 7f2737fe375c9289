/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Brings the rows of a batch into the model: x, the targets or the labels, and the weights of the
 * samples, by one launch. The control block says where the rows lie, which type they have, by what
 * they are scaled and which of them these are, and is read by the kernel: a captured step follows a
 * new address, and goes through a data set in the device's memory without the host.
 *
 * One read of the source's type and one write an element: the memory bounds it. A warp brings a few
 * rows, each of its lanes finding out one of them, so that the order of the samples, some 500
 * instructions a row, takes little beside the rows; and few or long rows are cut into segments for
 * several warps. A team of lanes copies a row, 4 elements a lane at a time and up to four loads
 * before the first store. Bytes and floats are scaled in float; doubles and integers, which float
 * may not hold, in double, before they are rounded. The host refuses every other type beforehand.
 */
#include "element.cuh"
#include "launch.cuh"
#include "ops.cuh"
#include "order.cuh"

namespace
{

/* Warps that fill the largest cards once. */
constexpr int64_t kWarpsWanted = 4096;
/* Fewer elements than this of a row are no work for a warp of their own. */
constexpr int64_t kLeastSegment = 512;
constexpr int kWarpsOfBlock = kBlock / kWarp;
/* A warp has one task: in a loop over tasks the compiler keeps what each type of rows needs in
 * registers that it has not. */
constexpr int64_t kMostBlocks = INT32_MAX;

/* The rows of x, or of y, in segments. */
struct row_shape {
    int64_t n;      /* elements of a row */
    int64_t length; /* of a segment */
    int lanes;      /* of a team */
};

/* How the work is shared: by the sizes alone. */
struct batch_shape {
    int64_t rows;
    row_shape x;
    row_shape y;
    int rows_of_warp;  /* at most kWarp */
    unsigned segments; /* of a row */
    int64_t tasks;     /* one a warp: a segment of as many rows */
};

/* Elements that a lane takes at a time, 16 bytes of float; and a warp, by which segments begin. */
constexpr int kPiece = 4;
constexpr int64_t kSegmentUnit = kWarp * kPiece;

/* So many of a source, loaded by the widest accesses. */
template <class S> struct alignas(sizeof(S) < 4 ? 4 * sizeof(S) : 16) chunk {
    S e[kPiece];
};

template <class V> __device__ __forceinline__ bool aligned(const void *address)
{
    return reinterpret_cast<uintptr_t>(address) % alignof(V) == 0;
}

/* What an element becomes: a real, or a label. */
struct to_real {
    double scale;
    float factor;

    __device__ __forceinline__ float operator()(float value) const
    {
        return factor * value;
    }

    __device__ __forceinline__ float operator()(uint8_t value) const
    {
        return factor * static_cast<float>(value);
    }

    template <class S> __device__ __forceinline__ float operator()(S value) const
    {
        return static_cast<float>(scale * static_cast<double>(value));
    }
};

/* Copies [begin, end) of a row of n elements by the lanes of a team. */
template <class S, class T>
__device__ __forceinline__ void copy_row(const S *from, T *to, int64_t n, int64_t begin,
                                         int64_t end, int rank, int lanes, const to_real &convert)
{
    constexpr int kAhead = sizeof(chunk<S>) <= 16 ? 4 : 2;
    if (n % kPiece != 0 || !aligned<chunk<S>>(from + begin) || !aligned<chunk<T>>(to + begin)) {
        for (int64_t i = begin + rank; i < end; i += lanes)
            to[i] = from_float<T>(convert(from[i]));
        return;
    }
    const int64_t step = lanes * kPiece;
    for (int64_t at = begin + rank * kPiece; at < end; at += kAhead * step) {
        chunk<S> c[kAhead];
#pragma unroll
        for (int j = 0; j < kAhead; j++) {
            if (at + j * step < end)
                c[j] = *reinterpret_cast<const chunk<S> *>(from + at + j * step);
        }
#pragma unroll
        for (int j = 0; j < kAhead; j++) {
            if (at + j * step >= end) break;
            float v[kPiece];
#pragma unroll
            for (int i = 0; i < kPiece; i++)
                v[i] = convert(c[j].e[i]);
            store(to + at + j * step, v);
        }
    }
}

/* Labels are few, mostly one a row. */
template <class S>
__device__ __forceinline__ void copy_row(const S *from, int32_t *to, int64_t, int64_t begin,
                                         int64_t end, int rank, int lanes, const to_real &)
{
    for (int64_t i = begin + rank; i < end; i += lanes)
        to[i] = static_cast<int32_t>(from[i]);
}

/* The rows of a warp: row is that of each lane, first the number of the first one in the batch. */
struct warp_rows {
    int64_t row;
    int64_t first;
    int count;
    int segment;

    /* to[., n] = the rows of from[., n], where its elements are of type S. */
    template <class S, class T>
    __device__ __forceinline__ void copy(const void *from, T *to, const row_shape &shape,
                                         const to_real &convert) const
    {
        const int64_t begin = segment * shape.length;
        const int64_t end = shape.n - begin < shape.length ? shape.n : begin + shape.length;
        const int lane = static_cast<int>(threadIdx.x) % kWarp;
        const int team = lane / shape.lanes;
#pragma unroll 1
        for (int i = team; i - team < count; i += kWarp / shape.lanes) {
            const int64_t source = __shfl_sync(kAllLanes, row, i % kWarp);
            if (i < count)
                copy_row(static_cast<const S *>(from) + source * shape.n,
                         to + (first + i) * shape.n, shape.n, begin, end, lane % shape.lanes,
                         shape.lanes, convert);
        }
    }
};

template <class T>
__device__ __forceinline__ void copy_numbers(const warp_rows &w, int64_t type, const void *from,
                                             double scale, T *to, const row_shape &shape)
{
    const to_real convert = {scale, static_cast<float>(scale)};
    switch (type) {
    case CUPEL_FLOAT32:
        w.copy<float>(from, to, shape, convert);
        break;
    case CUPEL_FLOAT64:
        w.copy<double>(from, to, shape, convert);
        break;
    case CUPEL_UINT8:
        w.copy<uint8_t>(from, to, shape, convert);
        break;
    case CUPEL_INT32:
        w.copy<int32_t>(from, to, shape, convert);
        break;
    case CUPEL_INT64:
        w.copy<int64_t>(from, to, shape, convert);
        break;
    default:
        break;
    }
}

__device__ __forceinline__ void copy_labels(const warp_rows &w, int64_t type, const void *from,
                                            int32_t *to, const row_shape &shape)
{
    const to_real unused = {};
    switch (type) {
    case CUPEL_UINT8:
        w.copy<uint8_t>(from, to, shape, unused);
        break;
    case CUPEL_INT32:
        w.copy<int32_t>(from, to, shape, unused);
        break;
    default:
        w.copy<int64_t>(from, to, shape, unused);
        break;
    }
}

/* Where row i of the batch lies. */
struct row_finder {
    int64_t route;
    int64_t position;
    int64_t data_rows;
    draw order;

    __device__ __forceinline__ explicit row_finder(const cupel_control *control)
        : route(control->route), position(control->position),
          data_rows(control->data_rows), order{static_cast<uint64_t>(control->seed),
                                               static_cast<uint64_t>(control->epoch), kOrderStream}
    {
    }

    __device__ __forceinline__ int64_t operator()(int64_t i) const
    {
        if (route == CUPEL_ROUTE_ROWS) return i;
        if (route == CUPEL_ROUTE_ORDERED) return position + i;
        return order_row(order, data_rows, position + i);
    }
};

template <class T>
__global__ void __launch_bounds__(kBlock, 4)
    batch_kernel(cupel_control *control, T *x, float *target, int32_t *label, float *weight,
                 batch_shape shape)
{
    const row_finder find(control);
    const bool shuffled = find.route == CUPEL_ROUTE_SHUFFLED;
    const float *weights = control->weights;
    const int lane = static_cast<int>(threadIdx.x) % kWarp;
    const int64_t task = static_cast<int64_t>(blockIdx.x) * kWarpsOfBlock + threadIdx.x / kWarp;
    /* A warp beyond the last task has no rows. */
    const int64_t group = shape.segments == 1 ? task : task / shape.segments;
    warp_rows w = {};
    w.segment = static_cast<int>(task - group * shape.segments);
    w.first = group * shape.rows_of_warp;
    const int64_t left = shape.rows - w.first;
    w.count = static_cast<int>(left < shape.rows_of_warp ? left : shape.rows_of_warp);
    if (lane < w.count) w.row = find(w.first + lane);
    if (x != nullptr) copy_numbers(w, control->x_type, control->x, control->x_scale, x, shape.x);
    if (target != nullptr) copy_numbers(w, control->y_type, control->y, 1.0, target, shape.y);
    if (label != nullptr) copy_labels(w, control->y_type, control->y, label, shape.y);
    if (shuffled && weights != nullptr && w.segment == 0 && lane < w.count)
        weight[w.first + lane] = weights[w.row];
    if (blockIdx.x == 0 && threadIdx.x == 0) {
        control->rows = shape.rows;
        control->batch_weights = weights == nullptr ? nullptr
                                 : shuffled         ? weight
                                                    : weights + find(0);
    }
}

row_shape cut(int64_t n, int64_t segments)
{
    row_shape shape = {n, ceil_div(n, segments * kSegmentUnit) * kSegmentUnit, 1};
    while (shape.lanes < kWarp && shape.lanes * kPiece < n)
        shape.lanes *= 2;
    return shape;
}

batch_shape share(const cupel_batch_args *args)
{
    batch_shape shape = {};
    shape.rows = args->rows;
    shape.rows_of_warp = 1;
    while (shape.rows_of_warp < kWarp && shape.rows_of_warp * kWarpsWanted < shape.rows)
        shape.rows_of_warp *= 2;
    const int64_t groups = ceil_div(shape.rows, shape.rows_of_warp);
    const int64_t longest = args->features > args->targets ? args->features : args->targets;
    const int64_t most = ceil_div(longest, kLeastSegment);
    const int64_t wanted = groups < kWarpsWanted ? ceil_div(kWarpsWanted, groups) : 1;
    shape.segments = static_cast<unsigned>(wanted < most ? wanted : most);
    shape.x = cut(args->features, shape.segments);
    shape.y = cut(args->targets, shape.segments);
    shape.tasks = groups * shape.segments;
    return shape;
}

template <class T> cupel_status batch(cupel_exec *x, const cupel_batch_args *args)
{
    if (args->rows == 0) return CUPEL_OK;
    const batch_shape shape = share(args);
    return launch(x, "batch", batch_kernel<T>, blocks_for(shape.tasks, kWarpsOfBlock, kMostBlocks),
                  kBlock, 0, x->control, args->x, args->target, args->label, args->weight, shape);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(batch)
