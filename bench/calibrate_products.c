/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The three products of a dense layer through the device's op tables. As row-major matrices the
 * forward product is NT, the input's gradient NN, the kernel's gradient TN. */
#include "calibrate.h"

#include "device_ops.h"
#include <inttypes.h>
#include <string.h>

/* A layer: x [rows, n_in], w [n_out, n_in], y [rows, n_out]. */
typedef struct layer {
    int64_t rows, n_in, n_out;
    int64_t size; /* bytes of an element */
    void *x, *w, *y;
    void *dw; /* of gradients, which may be wider */
} layer;

static cupel_status fill(bench_calibrator *b, void **to, int64_t count, int64_t size,
                         cupel_precision precision)
{
    CUPEL_TRY(cupel_device_alloc(b->device, count * size, to));
    return bench_fill_random(b->device, precision, count, *to);
}

static void release(bench_calibrator *b, layer *l)
{
    cupel_device_free(b->device, l->x, l->rows * l->n_in * l->size);
    cupel_device_free(b->device, l->w, l->n_out * l->n_in * l->size);
    cupel_device_free(b->device, l->y, l->rows * l->n_out * l->size);
    cupel_device_free(b->device, l->dw, l->n_out * l->n_in * 8);
    cupel_device_free(b->device, b->x.workspace, b->x.workspace_bytes);
    b->x.workspace = NULL;
    b->x.workspace_bytes = 0;
}

static cupel_status prepare(bench_calibrator *b, cupel_precision precision, layer *l)
{
    CUPEL_TRY(fill(b, &l->x, l->rows * l->n_in, l->size, precision));
    CUPEL_TRY(fill(b, &l->w, l->n_out * l->n_in, l->size, precision));
    CUPEL_TRY(fill(b, &l->y, l->rows * l->n_out, l->size, precision));
    CUPEL_TRY(cupel_device_alloc(b->device, l->n_out * l->n_in * 8, &l->dw));
    b->x.precision = precision;
    b->x.workspace_bytes = b->device->backend->workspace;
    if (b->x.workspace_bytes == 0) return CUPEL_OK;
    return cupel_device_alloc(b->device, b->x.workspace_bytes, &b->x.workspace);
}

static cupel_status measure(bench_calibrator *b, const cupel_op_entry *ops,
                            cupel_precision precision, const layer *l)
{
    const cupel_dense_args forward = {.x = l->x,
                                      .w = l->w,
                                      .y = l->y,
                                      .rows = l->rows,
                                      .n_in = l->n_in,
                                      .n_out = l->n_out,
                                      .activation = CUPEL_LINEAR};
    const cupel_dense_input_gradient_args input = {
        .dy = l->y, .w = l->w, .dx = l->x, .rows = l->rows, .n_in = l->n_in, .n_out = l->n_out};
    const cupel_dense_kernel_gradient_args kernel = {
        .dy = l->y, .x = l->x, .dw = l->dw, .rows = l->rows, .n_in = l->n_in, .n_out = l->n_out};
    const struct {
        const char *layout;
        cupel_op op;
        const void *args;
    } products[] = {{"NT", CUPEL_OP_dense, &forward},
                    {"NN", CUPEL_OP_dense_input_gradient, &input},
                    {"TN", CUPEL_OP_dense_kernel_gradient, &kernel}};
    for (size_t i = 0; i < sizeof products / sizeof products[0]; i++) {
        char name[64];
        snprintf(name, sizeof name, "gemm %s %" PRId64 "x%" PRId64 "x%" PRId64, products[i].layout,
                 l->rows, l->n_out, l->n_in);
        const char *type = bench_precision_name(precision);
        const bench_probe probe = {.name = name,
                                   .impl = "cupel",
                                   .dtype = precision == CUPEL_PRECISION_TF32 ? "float32" : type,
                                   .compute = type,
                                   .flops =
                                       2 * (double)l->rows * (double)l->n_in * (double)l->n_out};
        const cupel_op_entry *entry = &ops[products[i].op];
        const int64_t scratch = entry->needs != NULL ? entry->needs(products[i].args) : 0;
        if (scratch > 0) CUPEL_TRY(cupel_device_alloc(b->device, scratch, &b->x.scratch));
        const cupel_status status =
            bench_calibrate(b, &probe, &(cupel_call){entry, products[i].args});
        cupel_device_free(b->device, b->x.scratch, scratch);
        b->x.scratch = NULL;
        CUPEL_TRY(status);
    }
    return CUPEL_OK;
}

static cupel_status products_in(bench_calibrator *b, cupel_precision precision, int64_t edge)
{
    const cupel_op_entry *ops = bench_device_ops(b->device, precision);
    if (ops == NULL || !bench_chosen(b->options.dtype, bench_precision_name(precision)))
        return CUPEL_OK;
    while (b->options.elements > 0 && edge > 16 && edge * edge > b->options.elements)
        edge /= 2;
    layer l = {.rows = edge, .n_in = edge, .n_out = edge, .size = bench_real_size(precision)};
    cupel_status status = prepare(b, precision, &l);
    if (status == CUPEL_OK) status = measure(b, ops, precision, &l);
    release(b, &l);
    return status;
}

cupel_status bench_calibrate_products(bench_calibrator *b)
{
    if (strcmp(b->device->backend->kind, "cpu") == 0) {
        CUPEL_TRY(products_in(b, CUPEL_PRECISION_FLOAT32, 2048));
        return products_in(b, CUPEL_PRECISION_FLOAT64, 2048);
    }
    CUPEL_TRY(products_in(b, CUPEL_PRECISION_FLOAT32, 8192));
    CUPEL_TRY(products_in(b, CUPEL_PRECISION_TF32, 8192));
    return products_in(b, CUPEL_PRECISION_BFLOAT16, 8192);
}
