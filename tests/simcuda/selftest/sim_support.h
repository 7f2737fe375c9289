/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the simulated runtime share. */
#ifndef CUPEL_SIMCUDA_SIM_SUPPORT_H
#define CUPEL_SIMCUDA_SIM_SUPPORT_H

#include "sim_config.h"
#include "sim_kernels.h"
#include "sim_report.h"
#include "sim_runtime.h"

#include <criterion/criterion.h>

/* Every call of a test that is to succeed. */
#define CUDA(call)                                                                   \
    do {                                                                             \
        const cudaError_t error_ = (call);                                           \
        cr_assert(error_ == cudaSuccess, "%s: %s", #call, cudaGetErrorName(error_)); \
    } while (0)

/* A call of a test that is to fail in one way; the error is then forgotten. */
#define CUDA_FAILS(expected, call)                                                  \
    do {                                                                            \
        const cudaError_t error_ = (call);                                          \
        cr_assert(error_ == (expected), "%s: %s", #call, cudaGetErrorName(error_)); \
        cr_assert_eq(cudaGetLastError(), (expected));                               \
    } while (0)

static inline int reports_of(simcuda_kind kind)
{
    int n = 0;
    int found = 0;
    const simcuda_report *reports = simcuda_reports(&n);
    for (int i = 0; i < n; i++)
        found += reports[i].kind == kind;
    return found;
}

static inline int all_reports(void)
{
    int n = 0;
    simcuda_reports(&n);
    return n;
}

/* Device memory with these floats in it; the host has waited for them. */
static inline float *device_floats(const float *values, int n)
{
    void *memory = NULL;
    const size_t bytes = (size_t)n * sizeof *values;
    CUDA(cudaMalloc(&memory, bytes));
    CUDA(cudaMemcpy(memory, values, bytes, cudaMemcpyHostToDevice));
    CUDA(cudaDeviceSynchronize());
    return (float *)memory;
}

/* What only the race variant can find is expected there alone. */
#if defined(SIMCUDA_RACE)
#define FINDS_RACES 1
#else
#define FINDS_RACES 0
#endif

#define STREAM_MODES 4

#endif
