/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Calls that have been captured into a CUDA graph, which one call of the host starts. */
#ifndef CUPEL_CUDA_CAPTURE_H
#define CUPEL_CUDA_CAPTURE_H

#include "cuda_error.h"
#include "device.h"

typedef struct cupel_cuda_graph {
    cudaGraphExec_t graph;
    int64_t nodes; /* kernels, copies and fills */
} cupel_cuda_graph;

/* Runs the calls of the launch, so many times, on x->stream. */
cupel_status cupel_cuda_run_calls(cupel_exec *x, const cupel_launch *launch);

/* Runs the launch, by its graph where there is one, which is made at its second use. The card is
 * selected. */
cupel_status cupel_cuda_replay(cupel_exec *x, const cupel_launch *launch);

/* Takes NULL. No work is left that uses it. */
void cupel_cuda_graph_free(cupel_cuda_graph *graph);

#endif
