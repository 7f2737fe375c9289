/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The threads of the CPU device: the only door to OpenMP, and the peace between it and OpenBLAS. */
#ifndef CUPEL_CPU_TEAM_H
#define CUPEL_CPU_TEAM_H

#include "device.h"

/* Works on the indexes [begin, end) of what context describes. */
typedef void cupel_cpu_body(void *context, int64_t begin, int64_t end);

/* Calls body for [0, count) in contiguous parts, one a thread, on at most threads threads and with
 * at least `least` indexes a thread; small work runs in the calling thread without entering OpenMP.
 * Every part begins at a multiple of step and ends at one or at count. Where the parts lie depends
 * on the number of threads, so body must give results that do not: it writes element i from inputs
 * alone, or partial sum i of a partition that the shape fixes (then an index is a slab and step is
 * 1). With step a multiple of CUPEL_CPU_STEP an element is also always in the same part of a vector
 * loop, its body or its tail, where the compiler may contract differently. */
void cupel_cpu_share(int64_t threads, int64_t count, int64_t step, int64_t least,
                     cupel_cpu_body *body, void *context);

/* The step and the least number of elements a thread of element-wise loops. */
#define CUPEL_CPU_STEP 1024
#define CUPEL_CPU_LEAST 8192

/* Calls body for the blocks [0, blocks) of parameters with an equal part of each tensor a thread: a
 * thread that computes a part of a gradient also updates that part of the parameters and multiplies
 * with it, so it stays in one cache. tensor[blocks] names each block's tensor, whose blocks are
 * neighbours. */
void cupel_cpu_share_tensors(int64_t threads, const int32_t *tensor, int64_t blocks,
                             cupel_cpu_body *body, void *context);

/* The threads of a device that was told nothing: one a processor that the process could use when it
 * first asked, and no more than OMP_NUM_THREADS says; 1 without OpenMP. */
int64_t cupel_cpu_usual_threads(void);

/* Between enter and leave OpenBLAS computes in the calling thread alone, since its own threads and
 * the team would disturb each other; the last one out restores what the first one in found. */
void cupel_cpu_blas_enter(void);
void cupel_cpu_blas_leave(void);
/* "OpenBLAS", "CBLAS" or "own GEMM". */
const char *cupel_cpu_blas_name(void);

extern const cupel_op_entry cupel_cpu_f32_ops[CUPEL_OP_COUNT];
extern const cupel_op_entry cupel_cpu_f64_ops[CUPEL_OP_COUNT];

#endif
