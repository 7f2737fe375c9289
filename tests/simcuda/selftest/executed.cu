// SPDX-FileCopyrightText: 2026 The cupel authors
// SPDX-License-Identifier: Apache-2.0
#include "executed.h"
#include "planted.cuh"

namespace
{

__device__ unsigned shuffles(WarpCase which, int value)
{
    switch (which) {
    case kShuffleBroadcast:
        return __shfl_sync(kAllLanes, value, 5);
    case kShuffleWidth8:
        return __shfl_sync(kAllLanes, value, 2, 8);
    case kShuffleXor:
        return __shfl_xor_sync(kAllLanes, value, 3);
    case kShuffleXorWidth4:
        return __shfl_xor_sync(kAllLanes, value, 4, 4);
    case kShuffleDown:
        return __shfl_down_sync(kAllLanes, value, 4);
    case kShuffleUp:
        return __shfl_up_sync(kAllLanes, value, 4);
    default: // kShuffleDouble
        return static_cast<unsigned>(__shfl_xor_sync(kAllLanes, static_cast<double>(value), 1));
    }
}

__device__ unsigned votes(WarpCase which, int value)
{
    int all = 0;
    switch (which) {
    case kBallot:
        return __ballot_sync(kAllLanes, value % 2);
    case kBallotHalf:
        return threadIdx.x < 16 ? __ballot_sync(0xffffU, value % 2) : 0;
    case kAny:
        return __any_sync(kAllLanes, value == 6);
    case kAll:
        return __all_sync(kAllLanes, value < 6);
    case kMatchAny:
        return __match_any_sync(kAllLanes, value);
    case kMatchAll:
        return __match_all_sync(kAllLanes, value / 7, &all) + (all ? 0U : 1000U);
    default: // kActiveMask
        return __activemask();
    }
}

__device__ unsigned reductions(WarpCase which, int value)
{
    const unsigned bits = static_cast<unsigned>(value);
    switch (which) {
    case kReduceAdd:
        return __reduce_add_sync(kAllLanes, bits);
    case kReduceMin:
        return static_cast<unsigned>(__reduce_min_sync(kAllLanes, value - 3));
    case kReduceMax:
        return static_cast<unsigned>(__reduce_max_sync(kAllLanes, value - 3));
    case kReduceAnd:
        return __reduce_and_sync(kAllLanes, bits | 8);
    case kReduceOr:
        return __reduce_or_sync(kAllLanes, bits);
    default: // kReduceXor
        return __reduce_xor_sync(kAllLanes, bits);
    }
}

__global__ void warp_case_kernel(unsigned *y, WarpCase which)
{
    const int value = 3 * static_cast<int>(threadIdx.x) % 7;
    if (which <= kShuffleDouble)
        y[threadIdx.x] = shuffles(which, value);
    else if (which <= kMatchAll || which == kActiveMask)
        y[threadIdx.x] = votes(which, value);
    else
        y[threadIdx.x] = reductions(which, value);
}

__global__ void barrier_results_kernel(int *y, int n)
{
    const int holds = static_cast<int>(threadIdx.x) < n;
    const int count = __syncthreads_count(holds);
    const int all = __syncthreads_and(holds);
    const int any = __syncthreads_or(holds);
    if (threadIdx.x != 57) return;
    y[0] = count;
    y[1] = all;
    y[2] = any;
}

__global__ void sequence_kernel(unsigned *y, unsigned *counter)
{
    y[blockIdx.x * blockDim.x + threadIdx.x] = atomicAdd(counter, 1U);
}

__global__ void coordinates_kernel(unsigned *y)
{
    const unsigned block = blockIdx.x + gridDim.x * (blockIdx.y + gridDim.y * blockIdx.z);
    const unsigned thread = threadIdx.x + blockDim.x * (threadIdx.y + blockDim.y * threadIdx.z);
    y[block * 30 + thread] = threadIdx.x | threadIdx.y << 4 | threadIdx.z << 8 | blockIdx.x << 12 |
                             blockIdx.y << 16 | blockIdx.z << 20;
}

__global__ void arguments_kernel(double *y, ManyBytes many, char c, float f, long long l)
{
    double sum = c + static_cast<double>(f) + static_cast<double>(l);
    for (double value : many.values)
        sum += value;
    y[0] = sum;
}

__global__ void atomics_kernel(unsigned *y)
{
    atomicAdd(y + 0, 3U);
    atomicMin(y + 1, 3U);
    atomicMax(y + 2, 9U);
    atomicExch(y + 3, 77U);
    atomicCAS(y + 4, 6U, 60U);
    atomicCAS(y + 5, 6U, 60U);
    atomicOr(y + 6, 3U);
    atomicInc(y + 7, 9U);
}

__global__ void instructions_kernel(double *y)
{
    int i = 0;
    const volatile float half = 0.5F;
    const volatile float big = 3e9F;
    const volatile unsigned bits = 0x12345678U;
    y[i++] = __fdividef(1.0F, half);
    y[i++] = __fdividef(1.0F, 1.5e38F);
    y[i++] = rsqrtf(4.0F * half * 2.0F);
    y[i++] = __saturatef(half);
    y[i++] = __saturatef(-half);
    y[i++] = __saturatef(big);
    y[i++] = __saturatef(NAN);
    y[i++] = __frcp_rn(half);
    y[i++] = __fmaf_rn(half, half, 1.0F);
    y[i++] = __float2int_rn(2.0F + half);
    y[i++] = __float2int_rn(3.0F + half);
    y[i++] = __float2int_rz(-1.0F - half);
    y[i++] = __float2int_rd(-1.0F - half);
    y[i++] = __float2int_ru(-1.0F - half);
    y[i++] = __float2int_rn(big);
    y[i++] = __float2int_rn(-big);
    y[i++] = __float2int_rn(NAN);
    y[i++] = __float2uint_rn(-1.0F);
    y[i++] = __int_as_float(0x40490fdb);
    y[i++] = __float_as_uint(half);
    y[i++] = __clz(static_cast<int>(bits));
    y[i++] = __clz(0);
    y[i++] = __popc(bits);
    y[i++] = __ffs(static_cast<int>(bits));
    y[i++] = __ffs(0);
    y[i++] = __brev(bits);
    y[i++] = __umulhi(bits, bits);
    y[i++] = __mulhi(-1, static_cast<int>(bits));
    y[i++] = __funnelshift_l(bits, 0x9abcdef0U, 8);
    y[i++] = __funnelshift_r(bits, 0x9abcdef0U, 8);
    y[i++] = __byte_perm(bits, 0x9abcdef0U, 0x7410);
    y[i++] = min(3, -4);
    y[i++] = max(3U, 4U);
    y[i++] = max(NAN, half);
    y[i++] = __logf(1.0F);
    y[i++] = __exp10f(2.0F);
    y[i++] = static_cast<double>(__umul64hi(1ULL << 63, 6ULL));
    y[i++] = ptx_tanh_approx(0.0F);
    y[i++] = sinpif(half);
    y[i++] = __ldg(y); // what the first has written
}

__global__ void exp_kernel(const float *x, float *y)
{
    const int i = threadIdx.x;
    y[i] = __expf(x[i]);
}

__global__ void dynamic_kernel(float *y, int floats)
{
    DYN_SHARED(float, tile);
    for (int i = threadIdx.x; i < floats; i += blockDim.x)
        tile[i] = 1.0F;
    __syncthreads();
    if (threadIdx.x != 0) return;
    float sum = 0.0F;
    for (int i = 0; i < floats; i++)
        sum += tile[i];
    y[0] = sum;
}

} // namespace

cudaError_t run_warp_case(unsigned *y, WarpCase which)
{
    return launch(warp_case_kernel, 1, 32, 0, y, which);
}

cudaError_t run_barrier_results(int *y, int n)
{
    return launch(barrier_results_kernel, 1, 100, 0, y, n);
}

cudaError_t run_sequence(unsigned *y, unsigned *counter, int blocks, int threads)
{
    return launch(sequence_kernel, static_cast<unsigned>(blocks), static_cast<unsigned>(threads), 0,
                  y, counter);
}

cudaError_t run_coordinates(unsigned *y)
{
    return launch(coordinates_kernel, dim3(2, 2, 2), dim3(5, 3, 2), 0, y);
}

cudaError_t run_arguments(double *y, const ManyBytes &many, char c, float f, long long l)
{
    ManyBytes copy = many;
    void *arguments[] = {&y, &copy, &c, &f, &l};
    return cudaLaunchKernel(arguments_kernel, dim3(1), dim3(1), arguments);
}

cudaError_t run_atomics(unsigned *y)
{
    return launch(atomics_kernel, 1, 1, 0, y);
}

cudaError_t run_instructions(double *y)
{
    return launch(instructions_kernel, 1, 1, 0, y);
}

cudaError_t run_exp(const float *x, float *y)
{
    return launch(exp_kernel, 1, 1000, 0, x, y);
}

cudaError_t run_dynamic(float *y, dim3 grid, dim3 block, size_t shared, int limit)
{
    if (limit > 0) {
        const cudaError_t error = cudaFuncSetAttribute(
            dynamic_kernel, cudaFuncAttributeMaxDynamicSharedMemorySize, limit);
        if (error != cudaSuccess) return error;
    }
    return launch(dynamic_kernel, grid, block, shared, y, static_cast<int>(shared / sizeof(float)));
}
