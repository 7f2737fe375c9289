/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What bench_calibrate has measured on this machine, for floors and shares. */
#ifndef CUPEL_BENCH_CALIBRATION_H
#define CUPEL_BENCH_CALIBRATION_H

/* What is not known is 0. */
typedef struct bench_calibration {
    double copy;         /* bytes a second, read and written together */
    double gemm_float32; /* operations a second: the best of all shapes and layouts */
    double gemm_tf32;
    double gemm_bfloat16;
    double gemm_float64;
    double node_us;   /* from one node of a graph to the next */
    double launch_us; /* of a graph, on the host */
} bench_calibration;

/* Reads the rows that bench_calibrate wrote. NULL path: nothing is known. Nonzero, with a line on
 * stderr, when the file is none. */
int bench_read_calibration(const char *path, bench_calibration *calibration);

/* The peak of a type by its name, operations a second. */
double bench_peak(const bench_calibration *calibration, const char *compute);

/* The peak that NVIDIA names for dense products of that type on the card of that name; 0: not known
 * here. */
double bench_spec_peak(const char *device, const char *compute);

#endif
