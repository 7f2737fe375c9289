/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The gradients of small kernels over large batches are what the first choice of cuBLASLt is most
 * likely to leave slow: few tiles and a long sum. Is the best of its first algorithms faster? */
#include "cuda_parts.h"
#include "lt_problem.h"

#include <inttypes.h>

static const int64_t widths[] = {64, 128, 256, 512};
static const int64_t batches[] = {1024, 16384, 262144, 1048576};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
/* Of one algorithm, in a row. */
#define CALLS 20

static void add_row(bench_calibrator *b, const bench_lt_problem *p, const char *which, size_t type,
                    const bench_times *times)
{
    const bench_lt_shape *s = &p->shape;
    char name[64];
    snprintf(name, sizeof name, "%s gradient %" PRId64 "x%" PRId64, which, s->m, s->n);
    const bench_row row = {.bench = "lt autotune",
                           .name = name,
                           .impl = "cublaslt",
                           .device = b->device->name,
                           .dtype = bench_lt_types[type].dtype,
                           .compute = bench_lt_types[type].compute,
                           .batch = s->k,
                           .times = *times,
                           .flops = 2 * (double)s->m * (double)s->n * (double)s->k};
    bench_rows_add(&b->rows, &row);
}

/* All algorithms of a problem; the first and the best are reported. */
static cupel_status try_all(bench_calibrator *b, bench_lt_problem *p, size_t type)
{
    static const cupel_op_entry entry = {bench_lt_run, NULL};
    bench_times first = {0};
    bench_times best = {0};
    int which = 0;
    for (int i = 0; i < p->count; i++) {
        bench_times times;
        p->chosen = i;
        CUPEL_TRY(bench_device_measure(&b->x, &(cupel_call){&entry, &p}, 0,
                                       b->options.steps > 0 ? b->options.steps : CALLS, &times));
        if (i == 0) first = times;
        if (i == 0 || times.median < best.median) {
            best = times;
            which = i;
        }
    }
    add_row(b, p, "first", type, &first);
    add_row(b, p, "best", type, &best);
    printf("%5" PRId64 " x %-5" PRId64 " %9" PRId64 " %-9s %10.2f %10.2f %4d of %-3d %6.1f %%\n",
           p->shape.m, p->shape.n, p->shape.k, bench_lt_types[type].compute, first.median,
           best.median, which + 1, p->count, 100 * (first.median / best.median - 1));
    fflush(stdout);
    return CUPEL_OK;
}

cupel_status bench_lt_autotune(bench_calibrator *b)
{
    printf("%-13s %9s %-9s %10s %10s %-12s %6s\n", "gradient of", "batch", "compute", "first us",
           "best us", "which", "gain");
    for (size_t w = 0; w < COUNT(widths); w++) {
        for (size_t k = 0; k < COUNT(batches); k++) {
            for (size_t t = 0; t < BENCH_LT_PRECISIONS; t++) {
                if (!bench_chosen(b->options.dtype, bench_lt_types[t].compute)) continue;
                if (b->options.elements > 0 && widths[w] * batches[k] > b->options.elements)
                    continue;
                const bench_lt_shape shape = {.m = widths[w],
                                              .n = widths[w],
                                              .k = batches[k],
                                              .transpose_b = 1,
                                              .epilogue = CUBLASLT_EPILOGUE_DEFAULT,
                                              .factors = bench_lt_types[t].type,
                                              .result = CUDA_R_32F,
                                              .compute = bench_lt_types[t].by};
                bench_lt_problem problem;
                cupel_status status = bench_lt_open(b->device, &shape, BENCH_LT_MOST, 1, &problem);
                if (status == CUPEL_OK && problem.count > 0) status = try_all(b, &problem, t);
                bench_lt_close(&problem);
                CUPEL_TRY(status);
            }
        }
    }
    return CUPEL_OK;
}

cupel_status bench_cuda_lt(bench_calibrator *b)
{
    CUPEL_TRY(bench_lt_fusion(b));
    printf("\n");
    return bench_lt_autotune(b);
}
