/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Kernels for the tests of the simulated runtime. */
#ifndef CUPEL_SIMCUDA_SIM_KERNELS_H
#define CUPEL_SIMCUDA_SIM_KERNELS_H

#include <cuda_runtime_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/* x[i] += value; to[i] = from[i] + value. */
cudaError_t sim_add(float *x, float value, int n, cudaStream_t stream);
cudaError_t sim_copy_add(float *to, const float *from, float value, int n, cudaStream_t stream);
/* A kernel that does nothing, in any shape. */
cudaError_t sim_nothing(dim3 grid, dim3 block, size_t shared, cudaStream_t stream);
/* Lets that kernel have more dynamic shared memory. */
cudaError_t sim_allow_shared(int bytes);
cudaError_t sim_attributes(struct cudaFuncAttributes *attributes);
/* Half of a warp waits at one barrier and half at another, for each other. */
cudaError_t sim_deadlock(cudaStream_t stream);
/* The kernel as a function that a launch does not register. */
const void *sim_unknown_kernel(void);

#ifdef __cplusplus
}
#endif

#endif
