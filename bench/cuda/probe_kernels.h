/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The kernels of the benchmarks themselves. Read by C++ and by C. */
#ifndef CUPEL_BENCH_PROBE_KERNELS_H
#define CUPEL_BENCH_PROBE_KERNELS_H

#include "base/status.h"
#include "exec.h"

#ifdef __cplusplus
extern "C" {
#endif

/* to[i] = a[i] + factor b[i], count a multiple of 4; on x->stream. */
cupel_status bench_cuda_triad(cupel_exec *x, float *to, const float *a, const float *b,
                              float factor, int64_t count);

/* A kernel that does nothing. */
cupel_status bench_cuda_empty(cupel_exec *x);

#ifdef __cplusplus
}
#endif

#endif
