/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/* Kernels whose results the executor's tests know. y is device memory. */
#ifndef CUPEL_SIMCUDA_EXECUTED_H
#define CUPEL_SIMCUDA_EXECUTED_H

#include <cuda_runtime_api.h>

#include <cstddef>

/* y[lane], lane in [0, 32): what operation of a warp gives the lane whose value is 3 lane % 7. */
enum WarpCase {
    kShuffleBroadcast, /* from lane 5 */
    kShuffleWidth8,    /* from lane 2 of each 8 */
    kShuffleXor,       /* from lane ^ 3 */
    kShuffleXorWidth4, /* from lane ^ 4, which is out of reach above */
    kShuffleDown,      /* from lane + 4 */
    kShuffleUp,        /* from lane - 4 */
    kShuffleDouble,    /* from lane ^ 1, as a double */
    kBallot,           /* of odd values */
    kBallotHalf,       /* the same among the lanes below 16 */
    kAny,              /* value is 6 */
    kAll,              /* value is below 6 */
    kMatchAny,
    kMatchAll,
    kReduceAdd,
    kReduceMin, /* of value - 3 */
    kReduceMax, /* of value - 3 */
    kReduceAnd,
    kReduceOr,
    kReduceXor,
    kActiveMask,
    kWarpCases
};
cudaError_t run_warp_case(unsigned *y, WarpCase which);

/* y[0..3): __syncthreads_count, _and, _or of thread < n among 100 threads. */
cudaError_t run_barrier_results(int *y, int n);

/* y[i] is the place in the sequence in which thread i of its grid ran. */
cudaError_t run_sequence(unsigned *y, unsigned *counter, int blocks, int threads);

/* y[i]: the coordinates of thread i, in a block of 5 x 3 x 2 of a grid of 2 x 2 x 2, packed. */
cudaError_t run_coordinates(unsigned *y);

/* y[0] = sum of all arguments, launched by cudaLaunchKernel. */
struct ManyBytes {
    double values[40];
};
cudaError_t run_arguments(double *y, const ManyBytes &many, char c, float f, long long l);

/* Atomic operations, one each: y[0..8) from the values {5, 5, 5, 5, 6, 7, 8, 9}. */
cudaError_t run_atomics(unsigned *y);

/* y[i] = instruction number i of a list; see executed.cu. */
constexpr int kInstructions = 40;
cudaError_t run_instructions(double *y);

/* y[i] = __expf(x[i]) for 1000 values. */
cudaError_t run_exp(const float *x, float *y);

/* A launch of so much dynamic shared memory, which sums what it finds there into y[0]. */
cudaError_t run_dynamic(float *y, dim3 grid, dim3 block, size_t shared, int limit);

#endif
