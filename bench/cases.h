/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The networks that the benchmarks train, here and in peers/: dense layers with ReLU between them,
 * written as "784-512-512-10@128": the widths, then the batch size. The loss is the sparse
 * cross-entropy from logits; of 1024 outputs and more, the mean squared error. */
#ifndef CUPEL_BENCH_CASES_H
#define CUPEL_BENCH_CASES_H

#include <stdint.h>

#define BENCH_MOST_WIDTHS 8

typedef struct bench_case {
    const char *name;
    int64_t widths[BENCH_MOST_WIDTHS];
    int64_t layers; /* dense layers: one less than widths */
    int64_t batch;
    int regression;
} bench_case;

/* Lists that end with NULL: what is compared on the CPU, and on a card. */
extern const char *const bench_cpu_cases[];
extern const char *const bench_cuda_cases[];

/* Reads a name, which must outlive the case; nonzero when it is none. */
int bench_read_case(const char *name, bench_case *c);

/* Weights and biases of a case. */
int64_t bench_parameters(const bench_case *c);

/* Floating-point operations of a step: 6 B W - 2 B d0 d1, W the weights of the kernels; the
 * gradient of the input is not computed. */
double bench_flops(const bench_case *c);

/* The bytes that a step with Adam must move when every operand of a layer goes through memory once:
 * activations of so many bytes an element, their masks, weights, gradients, moments. */
double bench_bytes(const bench_case *c, int64_t activation_bytes);

/* The kernels of a step: the batch, a product and a loss forward, two products a layer but the
 * first backward, the update. */
int64_t bench_kernels(const bench_case *c);

#endif
