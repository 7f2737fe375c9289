/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The largest products of cuBLASLt, the best of its first algorithms, by type and layout: what a
 * card's tensor cores give to anyone. As row-major matrices the layouts are those of
 * calibrate_products.c: NT forward, NN for the input's gradient, TN for the kernel's. */
#include "cuda_parts.h"
#include "lt_problem.h"

#include <inttypes.h>

#define ALGORITHMS 4

typedef struct layout {
    const char *name;
    int transpose_a, transpose_b; /* column by column, where a row-major b is the first factor */
} layout;

static const layout layouts[] = {{"NT", 1, 0}, {"NN", 0, 0}, {"TN", 0, 1}};

/* The fastest of the algorithms by a short try. */
static cupel_status choose(bench_calibrator *b, bench_lt_problem *p)
{
    static const cupel_op_entry entry = {bench_lt_run, NULL};
    double best = 0;
    int chosen = 0;
    for (int i = 0; i < p->count && p->count > 1; i++) {
        bench_times times;
        p->chosen = i;
        CUPEL_TRY(bench_device_measure(&b->x, &(cupel_call){&entry, &p}, 0.01, 1, &times));
        if (i > 0 && times.median >= best) continue;
        best = times.median;
        chosen = i;
    }
    p->chosen = chosen;
    return CUPEL_OK;
}

static cupel_status measure(bench_calibrator *b, const bench_lt_shape *shape, const layout *l,
                            const char *dtype, const char *compute)
{
    static const cupel_op_entry entry = {bench_lt_run, NULL};
    bench_lt_problem problem;
    bench_lt_problem *p = &problem;
    char name[64];
    snprintf(name, sizeof name, "gemm %s %" PRId64 "x%" PRId64 "x%" PRId64, l->name, shape->n,
             shape->m, shape->k);
    cupel_status status = bench_lt_open(b->device, shape, ALGORITHMS, 1, p);
    if (status == CUPEL_OK && p->count == 0) {
        printf("%-30s %-9s %-9s refused\n", name, "cublaslt", compute);
    } else if (status == CUPEL_OK) {
        const bench_probe probe = {.name = name,
                                   .impl = "cublaslt",
                                   .dtype = dtype,
                                   .compute = compute,
                                   .flops =
                                       2 * (double)shape->m * (double)shape->n * (double)shape->k};
        status = choose(b, p);
        if (status == CUPEL_OK) status = bench_calibrate(b, &probe, &(cupel_call){&entry, &p});
    }
    bench_lt_close(p);
    return status;
}

cupel_status bench_lt_peaks(bench_calibrator *b)
{
    /* Square, and what the widest network of bench/cases.c multiplies. */
    int64_t sizes[][3] = {{8192, 8192, 8192}, {4096, 8192, 4096}};
    if (cupel_cuda_lt_table() == NULL) {
        printf("cublaslt: none on this machine\n");
        return CUPEL_OK;
    }
    for (size_t i = 0; i < BENCH_LT_TYPES; i++) {
        if (!bench_chosen(b->options.dtype, bench_lt_types[i].compute)) continue;
        for (size_t j = 0; j < 2 * sizeof layouts / sizeof layouts[0]; j++) {
            int64_t *size = sizes[j % 2];
            const layout *l = &layouts[j / 2];
            for (int k = 0; k < 3; k++) {
                while (b->options.elements > 0 && size[k] > 16 &&
                       size[k] * size[k] > b->options.elements)
                    size[k] /= 2;
            }
            const bench_lt_shape shape = {.m = size[0],
                                          .n = size[1],
                                          .k = size[2],
                                          .transpose_a = l->transpose_a,
                                          .transpose_b = l->transpose_b,
                                          .epilogue = CUBLASLT_EPILOGUE_DEFAULT,
                                          .factors = bench_lt_types[i].type,
                                          .result = bench_lt_types[i].type,
                                          .compute = bench_lt_types[i].by};
            CUPEL_TRY(measure(b, &shape, l, bench_lt_types[i].dtype, bench_lt_types[i].compute));
        }
    }
    return CUPEL_OK;
}
