/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The counters of the control block, in device memory, so that a captured step moves them itself:
 * seen grows by the rows of a batch, step by 1. One thread. */
#include "launch.cuh"
#include "ops.cuh"

namespace
{

__global__ void __launch_bounds__(1) count_rows_kernel(cupel_control *control)
{
    control->seen += control->rows;
}

__global__ void __launch_bounds__(1) advance_kernel(cupel_control *control)
{
    control->step++;
}

template <class T> cupel_status count_rows(cupel_exec *x, const cupel_count_rows_args *)
{
    return launch(x, "count_rows", count_rows_kernel, 1, 1, 0, x->control);
}

template <class T> cupel_status advance(cupel_exec *x, const cupel_advance_args *)
{
    return launch(x, "advance", advance_kernel, 1, 1, 0, x->control);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(count_rows)
CUPEL_CUDA_LAUNCHERS(advance)
