/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What bench/cuda has for the benchmarks. A build without CUDA has no_cuda.c in its place, and no
 * device that would need it. */
#ifndef CUPEL_BENCH_CUDA_PARTS_H
#define CUPEL_BENCH_CUDA_PARTS_H

#include "calibrate.h"
#include "device_measure.h"
#include "machine.h"

/* Events on the stream of the run. */
const bench_clock *bench_cuda_clock(void);

/* The op tables of a card, or NULL. */
const cupel_op_entry *bench_cuda_ops(cupel_precision precision);

/* What the driver says of a card. */
void bench_cuda_machine(int64_t ordinal, bench_machine *machine);

/* Free bytes of the card's memory; 0: not known. */
int64_t bench_cuda_free_bytes(int64_t ordinal);

/* Calls of CUDA's library so far that a step can consist of. */
int64_t bench_cuda_host_calls(void);

/* Nodes of the graph that a replay of a card is; 0: it is none yet. */
int64_t bench_cuda_nodes(const cupel_replay *replay);

/* Copies, products, launches and graphs. */
cupel_status bench_cuda_calibrate(bench_calibrator *calibrator);

/* Fused epilogues and algorithms of cuBLASLt. */
cupel_status bench_cuda_lt(bench_calibrator *calibrator);

#endif
