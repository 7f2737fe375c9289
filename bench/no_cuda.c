/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * In place of bench/cuda in a build without CUDA, where no card can be opened. */
#include "cuda_parts.h"

const bench_clock *bench_cuda_clock(void)
{
    return NULL;
}

const cupel_op_entry *bench_cuda_ops(cupel_precision precision)
{
    (void)precision;
    return NULL;
}

void bench_cuda_machine(int64_t ordinal, bench_machine *machine)
{
    (void)ordinal;
    (void)machine;
}

int64_t bench_cuda_free_bytes(int64_t ordinal)
{
    (void)ordinal;
    return 0;
}

int64_t bench_cuda_host_calls(void)
{
    return 0;
}

int64_t bench_cuda_nodes(const cupel_replay *replay)
{
    (void)replay;
    return 0;
}

cupel_status bench_cuda_lt(bench_calibrator *calibrator)
{
    return bench_cuda_calibrate(calibrator);
}

cupel_status bench_cuda_calibrate(bench_calibrator *calibrator)
{
    (void)calibrator;
    return cupel_fail(CUPEL_ERROR_NO_DEVICE, "this build has no CUDA device");
}
