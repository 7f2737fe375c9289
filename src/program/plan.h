/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Places for the activation tensors of a graph: those whose lifetimes do not overlap share bytes. */
#ifndef CUPEL_PROGRAM_PLAN_H
#define CUPEL_PROGRAM_PLAN_H

#include "program/graph.h"

/* Where tensors begin in the arena and in the device's memory. */
#define CUPEL_ALIGNMENT 256

/* Plans for batches of up to rows samples with real of real_size bytes and acc of acc_size: offsets[tensor_count] of the
 * activation tensors and the arena's size, and of that the bytes of the batch itself (USE_INPUT).
 * ARGUMENT when the sizes overflow. */
cupel_status cupel_plan_graph(const cupel_graph *graph, int64_t rows, int64_t real_size,
                              int64_t acc_size, int64_t *offsets, int64_t *bytes, int64_t *input_bytes);

/* value rounded up to CUPEL_ALIGNMENT. */
static inline int64_t cupel_align(int64_t value)
{
    return (value + CUPEL_ALIGNMENT - 1) / CUPEL_ALIGNMENT * CUPEL_ALIGNMENT;
}

#endif
