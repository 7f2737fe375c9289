/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The networks that the benchmarks train, here and in peers/: dense layers with ReLU between them. */
#ifndef CUPEL_BENCH_CASES_H
#define CUPEL_BENCH_CASES_H

#include <stdint.h>

#define BENCH_MOST_WIDTHS 8

typedef struct bench_case {
    const char *name; /* "784-512-512-10@128": widths, then the batch size */
    int64_t widths[BENCH_MOST_WIDTHS];
    int64_t layers; /* dense layers: one less than widths */
    int64_t batch;
    int regression; /* MSE on random targets; else sparse cross-entropy from logits */
} bench_case;

extern const bench_case bench_cases[];
extern const int64_t bench_case_count;

/* Weights and biases of a case. */
int64_t bench_parameters(const bench_case *c);
/* Floating-point operations of a step: 6 B W - 2 B d0 d1, W the weights of the kernels; the gradient
 * of the input is not computed. */
double bench_flops(const bench_case *c);

#endif
