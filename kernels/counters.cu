/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The counters of the control block, in device memory, so that a captured step moves them itself:
 * the last kernel of a segment. One thread. */
#include "launch.cuh"
#include "ops.cuh"

namespace
{

__global__ void __launch_bounds__(1)
    advance_kernel(cupel_control *control, int64_t rows, int64_t seen, int64_t steps)
{
    control->position += rows;
    control->seen += seen;
    control->step += steps;
}

template <class T> cupel_status advance(cupel_exec *x, const cupel_advance_args *args)
{
    return launch(x, "advance", advance_kernel, 1, 1, 0, x->control, args->rows,
                  args->seen != 0 ? args->rows : 0, args->steps);
}

} // namespace

CUPEL_CUDA_LAUNCHERS(advance)
