/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A product of cuBLASLt by itself, without cupel's plans: what the library can do. Matrices are
 * stored column by column, as the library has them. */
#ifndef CUPEL_BENCH_LT_PROBLEM_H
#define CUPEL_BENCH_LT_PROBLEM_H

#include "calibrate.h"
#include "lt_table.h"

/* d [m, n] = epilogue(a b), where a is [m, k] and b [k, n] after their transpositions. */
typedef struct bench_lt_shape {
    int64_t m, n, k;
    int transpose_a, transpose_b;
    cublasLtEpilogue_t epilogue;
    cudaDataType factors; /* the type of a and b */
    cudaDataType result;  /* of d */
    cublasComputeType_t compute;
    int odd; /* the matrices begin one element off their alignment */
} bench_lt_shape;

/* What products are measured in: the precisions of cupel, and float16. */
typedef struct bench_lt_type {
    const char *dtype, *compute;
    cudaDataType type;
    cublasComputeType_t by;
} bench_lt_type;

#define BENCH_LT_PRECISIONS 3
#define BENCH_LT_TYPES 4
extern const bench_lt_type bench_lt_types[BENCH_LT_TYPES];

#define BENCH_LT_WORKSPACE (INT64_C(32) << 20)
#define BENCH_LT_MOST 16

/* The pieces of device memory. */
enum {
    BENCH_LT_A,
    BENCH_LT_B,
    BENCH_LT_D,
    BENCH_LT_BIAS,
    BENCH_LT_AUX,
    BENCH_LT_SPACE,
    BENCH_LT_MEMORIES
};

typedef struct bench_lt_problem {
    const cupel_lt_table *lt;
    cupel_device *device;
    bench_lt_shape shape;
    cublasLtHandle_t handle;
    cublasLtMatmulDesc_t desc;
    cublasLtMatrixLayout_t a, b, d;
    cublasLtMatmulPreference_t preference;
    void *memory[BENCH_LT_MEMORIES];
    int64_t bytes[BENCH_LT_MEMORIES];
    cublasLtMatmulHeuristicResult_t found[BENCH_LT_MOST];
    int count; /* of found; 0: the library refuses the problem */
    int chosen;
} bench_lt_problem;

/* Describes the problem, with random numbers where fill is set, and asks for at most wanted
 * algorithms. NO_DEVICE where there is no cuBLASLt. What was made before a failure is freed by
 * close. */
cupel_status bench_lt_open(cupel_device *device, const bench_lt_shape *shape, int wanted, int fill,
                           bench_lt_problem *problem);
void bench_lt_close(bench_lt_problem *problem);

/* As an op, whose args points to a bench_lt_problem *: runs the chosen algorithm. */
cupel_status bench_lt_run(cupel_exec *x, const void *args);

/* As an op, whose args points to a bench_lt_count *: the nodes of a graph into which one call is
 * captured on the stream of the run. */
typedef struct bench_lt_count {
    bench_lt_problem *problem;
    int64_t nodes;
} bench_lt_count;
cupel_status bench_lt_count_nodes(cupel_exec *x, const void *args);

/* The largest products, as rows of bench_calibrate. */
cupel_status bench_lt_peaks(bench_calibrator *calibrator);

/* The parts of bench_lt. */
cupel_status bench_lt_fusion(bench_calibrator *b);
cupel_status bench_lt_autotune(bench_calibrator *b);

#endif
