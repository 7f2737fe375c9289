/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Elements in memory and in registers. Memory holds float or bf16, arithmetic is float. A thread
 * takes kVector<T> elements at a time, 16 bytes, the widest access of a thread: one instruction
 * where the address is aligned and the vector whole, one an element where not. */
#ifndef CUPEL_ELEMENT_CUH
#define CUPEL_ELEMENT_CUH

#include "device.cuh"

namespace
{

template <class T> constexpr int kVector = 16 / static_cast<int>(sizeof(T));

__device__ __forceinline__ float to_float(float value)
{
    return value;
}

__device__ __forceinline__ float to_float(__nv_bfloat16 value)
{
    return __bfloat162float(value);
}

/* To the nearest, ties to even. */
template <class T> __device__ __forceinline__ T from_float(float value);

template <> __device__ __forceinline__ float from_float<float>(float value)
{
    return value;
}

template <> __device__ __forceinline__ __nv_bfloat16 from_float<__nv_bfloat16>(float value)
{
    return __float2bfloat16_rn(value);
}

/* A bf16 is the upper half of the float of its value. */
__device__ __forceinline__ void unpack(uint32_t pair, float &first, float &second)
{
    first = __uint_as_float(pair << 16);
    second = __uint_as_float(pair & 0xffff0000U);
}

__device__ __forceinline__ uint32_t pack(float first, float second)
{
    const __nv_bfloat162_raw pair = __floats2bfloat162_rn(first, second);
    return static_cast<uint32_t>(pair.x) | static_cast<uint32_t>(pair.y) << 16;
}

/* v = from[0..N), from aligned to its N elements. */
__device__ __forceinline__ void load(const float *from, float (&v)[4])
{
    const float4 word = *reinterpret_cast<const float4 *>(from);
    v[0] = word.x;
    v[1] = word.y;
    v[2] = word.z;
    v[3] = word.w;
}

__device__ __forceinline__ void load(const __nv_bfloat16 *from, float (&v)[4])
{
    const uint2 word = *reinterpret_cast<const uint2 *>(from);
    unpack(word.x, v[0], v[1]);
    unpack(word.y, v[2], v[3]);
}

__device__ __forceinline__ void load(const __nv_bfloat16 *from, float (&v)[8])
{
    const uint4 word = *reinterpret_cast<const uint4 *>(from);
    unpack(word.x, v[0], v[1]);
    unpack(word.y, v[2], v[3]);
    unpack(word.z, v[4], v[5]);
    unpack(word.w, v[6], v[7]);
}

__device__ __forceinline__ void load(const float *from, float (&v)[8])
{
    const float4 first = *reinterpret_cast<const float4 *>(from);
    const float4 second = *reinterpret_cast<const float4 *>(from + 4);
    v[0] = first.x;
    v[1] = first.y;
    v[2] = first.z;
    v[3] = first.w;
    v[4] = second.x;
    v[5] = second.y;
    v[6] = second.z;
    v[7] = second.w;
}

/* to[0..N) = v, the same way. */
__device__ __forceinline__ void store(float *to, const float (&v)[4])
{
    *reinterpret_cast<float4 *>(to) = make_float4(v[0], v[1], v[2], v[3]);
}

__device__ __forceinline__ void store(float *to, const float (&v)[8])
{
    *reinterpret_cast<float4 *>(to) = make_float4(v[0], v[1], v[2], v[3]);
    *reinterpret_cast<float4 *>(to + 4) = make_float4(v[4], v[5], v[6], v[7]);
}

__device__ __forceinline__ void store(__nv_bfloat16 *to, const float (&v)[4])
{
    *reinterpret_cast<uint2 *>(to) = make_uint2(pack(v[0], v[1]), pack(v[2], v[3]));
}

__device__ __forceinline__ void store(__nv_bfloat16 *to, const float (&v)[8])
{
    *reinterpret_cast<uint4 *>(to) =
        make_uint4(pack(v[0], v[1]), pack(v[2], v[3]), pack(v[4], v[5]), pack(v[6], v[7]));
}

/* v = from[0..N), where only left elements are there: the others are 0. aligned says that from is
 * aligned to N elements. */
template <int N, class T>
__device__ __forceinline__ void load(const T *from, int64_t left, bool aligned, float (&v)[N])
{
    if (aligned && left >= N) {
        load(from, v);
        return;
    }
#pragma unroll
    for (int i = 0; i < N; i++)
        v[i] = i < left ? to_float(from[i]) : 0.0F;
}

/* to[0..N) = v, where only left elements are there. */
template <int N, class T>
__device__ __forceinline__ void store(T *to, int64_t left, bool aligned, const float (&v)[N])
{
    if (aligned && left >= N) {
        store(to, v);
        return;
    }
#pragma unroll
    for (int i = 0; i < N; i++) {
        if (i < left) to[i] = from_float<T>(v[i]);
    }
}

/* Whether all addresses are multiples of 16; NULL is one. */
template <class... P> __host__ __device__ __forceinline__ bool aligned_16(const P *...pointers)
{
    return ((reinterpret_cast<uintptr_t>(pointers) | ... | uintptr_t{0}) & 15) == 0;
}

/* The loop over the vectors of N elements that are a thread's own, in an element-wise kernel with
 * blocks of kBlock threads:
 *     for (int64_t i = first_element<N>(); i < count; i += element_step<N>()) */
template <int N> __device__ __forceinline__ int64_t first_element()
{
    return (static_cast<int64_t>(blockIdx.x) * kBlock + threadIdx.x) * N;
}

template <int N> __device__ __forceinline__ int64_t element_step()
{
    return static_cast<int64_t>(gridDim.x) * kBlock * N;
}

} // namespace

#endif
