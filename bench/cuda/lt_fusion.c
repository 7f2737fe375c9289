/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * cuBLASLt takes epilogues that its kernels do not have, and then runs a kernel of its own behind
 * the product. One call captured into a graph shows it without a profiler: its nodes are counted.
 */
#include "cuda_parts.h"
#include "lt_problem.h"

#include <inttypes.h>

#define ROWS 1024

/* The epilogues of the passes of a dense layer, in the layout in which they would be used. */
static const struct {
    const char *name;
    cublasLtEpilogue_t epilogue;
    int transpose_a, transpose_b;
} epilogues[] = {{"DEFAULT", CUBLASLT_EPILOGUE_DEFAULT, 1, 0},
                 {"BIAS", CUBLASLT_EPILOGUE_BIAS, 1, 0},
                 {"RELU_BIAS", CUBLASLT_EPILOGUE_RELU_BIAS, 1, 0},
                 {"RELU_AUX_BIAS", CUBLASLT_EPILOGUE_RELU_AUX_BIAS, 1, 0},
                 {"GELU_AUX_BIAS", CUBLASLT_EPILOGUE_GELU_AUX_BIAS, 1, 0},
                 {"DRELU", CUBLASLT_EPILOGUE_DRELU, 0, 0},
                 {"DRELU_BGRAD", CUBLASLT_EPILOGUE_DRELU_BGRAD, 0, 0},
                 {"DGELU_BGRAD", CUBLASLT_EPILOGUE_DGELU_BGRAD, 0, 0},
                 {"BGRADA", CUBLASLT_EPILOGUE_BGRADA, 0, 1},
                 {"BGRADB", CUBLASLT_EPILOGUE_BGRADB, 0, 1}};

/* Widths, and the same off the alignment of 16 bytes. */
static const struct {
    int64_t width;
    int odd;
} widths[] = {{64, 0}, {128, 0}, {512, 0}, {4096, 0}, {511, 1}};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Nodes of one call; 0 where the library refuses it. */
static cupel_status count(bench_calibrator *b, const bench_lt_shape *shape, int64_t *nodes)
{
    static const cupel_op_entry run = {bench_lt_run, NULL};
    static const cupel_op_entry entry = {bench_lt_count_nodes, NULL};
    const cupel_backend *backend = b->device->backend;
    bench_lt_problem problem;
    bench_lt_problem *p = &problem;
    bench_lt_count counted = {.problem = p};
    bench_lt_count *c = &counted;
    cupel_status status = bench_lt_open(b->device, shape, 1, 0, p);
    /* The first call of an algorithm may load its kernel, which a capture does not allow. */
    if (status == CUPEL_OK && p->count > 0)
        status = backend->run(&b->x, (cupel_call[]){{&run, &p}, {&entry, &c}}, 2);
    if (status == CUPEL_OK) status = backend->synchronize(b->x.queue);
    *nodes = counted.nodes;
    bench_lt_close(p);
    return status;
}

static void report(bench_calibrator *b, size_t type, size_t epilogue, size_t width, int64_t nodes)
{
    char name[64];
    snprintf(name, sizeof name, "%s %" PRId64 "%s", epilogues[epilogue].name, widths[width].width,
             widths[width].odd ? " odd" : "");
    const bench_row row = {.bench = "lt fusion",
                           .name = name,
                           .impl = "cublaslt",
                           .device = b->device->name,
                           .dtype = bench_lt_types[type].dtype,
                           .compute = bench_lt_types[type].compute,
                           .batch = ROWS,
                           .kernel_nodes = (double)nodes};
    bench_rows_add(&b->rows, &row);
}

cupel_status bench_lt_fusion(bench_calibrator *b)
{
    printf("nodes of one call, batch %d; - where it is refused\n%-16s %-9s", ROWS, "epilogue",
           "compute");
    for (size_t w = 0; w < COUNT(widths); w++)
        printf(" %5" PRId64 "%-4s", widths[w].width, widths[w].odd ? " odd" : "");
    printf("\n");
    for (size_t e = 0; e < COUNT(epilogues); e++) {
        for (size_t t = 0; t < BENCH_LT_TYPES; t++) {
            if (!bench_chosen(b->options.dtype, bench_lt_types[t].compute)) continue;
            printf("%-16s %-9s", epilogues[e].name, bench_lt_types[t].compute);
            for (size_t w = 0; w < COUNT(widths); w++) {
                /* The gradient of a kernel sums over the batch. */
                const int over_batch = epilogues[e].transpose_b;
                const bench_lt_shape shape = {.m = widths[w].width,
                                              .n = over_batch ? widths[w].width : ROWS,
                                              .k = over_batch ? ROWS : widths[w].width,
                                              .transpose_a = epilogues[e].transpose_a,
                                              .transpose_b = epilogues[e].transpose_b,
                                              .epilogue = epilogues[e].epilogue,
                                              .factors = bench_lt_types[t].type,
                                              .result = bench_lt_types[t].type,
                                              .compute = bench_lt_types[t].by,
                                              .odd = widths[w].odd};
                int64_t nodes = 0;
                if (b->options.elements > 0 && shape.m * shape.k > b->options.elements) {
                    printf(" %9s", "");
                    continue;
                }
                CUPEL_TRY(count(b, &shape, &nodes));
                if (nodes > 0)
                    printf(" %5" PRId64 "    ", nodes);
                else
                    printf(" %5s    ", "-");
                report(b, t, e, w, nodes);
            }
            printf("\n");
            fflush(stdout);
        }
    }
    return CUPEL_OK;
}
