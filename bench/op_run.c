/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The numbers of a small case are made by check/ and laid out again and again over the large
 * tensors: they are random, and cost no more than the copies. */
#include "op_run.h"

#include "device_ops.h"
#include "element_types.h"
#include "fill.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Elements of the largest tensor of the small case. */
#define SMALL_ELEMENTS (INT64_C(1) << 19)

/* The shape with a count for what grows. */
static cupel_status read_with(const bench_op_shape *shape, int64_t count,
                              char text[CHECK_CASE_TEXT], check_case *c)
{
    const char *op = shape->op;
    int found = 0;
    while (found < CUPEL_OP_COUNT && strcmp(check_rows[found].name, op) != 0)
        found++;
    CUPEL_FAIL_IF(found == CUPEL_OP_COUNT, CUPEL_ERROR_ARGUMENT, "there is no op %s", op);
    if (shape->grows != NULL)
        snprintf(text, CHECK_CASE_TEXT, "%s=%lld%s%s", shape->grows, (long long)count,
                 *shape->words != '\0' ? " " : "", shape->words);
    else
        snprintf(text, CHECK_CASE_TEXT, "%s", shape->words);
    return check_read_large_case((cupel_op)found, text, c);
}

/* Elements of a row of the batch that the op reads through the control block. */
static int64_t source_elements(const check_case *c)
{
    return check_int(c, c->x_type >= 0 ? "features" : "targets", 1);
}

static int64_t largest(const check_case *c)
{
    int64_t most = 1;
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (!c->null[i] && c->elements[i] > most) most = c->elements[i];
    }
    const int64_t source = check_int(c, "rows", 1) * source_elements(c);
    return (c->x_type >= 0 || c->y_type >= 0) && source > most ? source : most;
}

/* How much of what grows gives so many elements in the tensor that grows most. */
static cupel_status count_for(const bench_op_shape *shape, int64_t elements, int64_t *count)
{
    char text[CHECK_CASE_TEXT];
    check_case one, two;
    int64_t most = 1;
    *count = 1;
    if (shape->grows == NULL) return CUPEL_OK;
    CUPEL_TRY(read_with(shape, 1, text, &one));
    CUPEL_TRY(read_with(shape, 2, text, &two));
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (!one.null[i] && two.elements[i] - one.elements[i] > most)
            most = two.elements[i] - one.elements[i];
    }
    if (elements / most > 1) *count = elements / most;
    return CUPEL_OK;
}

static cupel_status allocate(bench_op_run *run, int64_t bytes, void **memory)
{
    CUPEL_TRY(cupel_device_alloc(run->x.device, bytes, memory));
    run->owned[run->owned_count].memory = *memory;
    run->owned[run->owned_count++].bytes = bytes;
    return CUPEL_OK;
}

/* Which tensor a block of the parameters belongs to ascends over the whole array. */
static cupel_status fill_blocks(bench_op_run *run, int64_t count, void *to)
{
    int32_t *tensor = malloc((size_t)count * sizeof *tensor);
    const int64_t tensors = check_int(&run->shape, "tensors", 5);
    if (tensor == NULL) return cupel_fail(CUPEL_ERROR_MEMORY, "no memory for the table of blocks");
    for (int64_t i = 0; i < count; i++)
        tensor[i] = (int32_t)(i * tensors / count);
    const int64_t bytes = count * (int64_t)sizeof *tensor;
    const cupel_status status = bench_tile(run->x.device, tensor, bytes, to, bytes);
    free(tensor);
    return status;
}

/* One input, from the small case. first are the numbers of the small case's first tensor. */
static cupel_status fill_tensor(bench_op_run *run, check_element element, const check_case *small,
                                int field, const double *first, void *to)
{
    const int64_t count = small->elements[field];
    const int64_t size = (int64_t)check_element_size(element);
    double *values = malloc((size_t)count * sizeof *values);
    void *block = malloc((size_t)(count * size));
    cupel_status status = CUPEL_ERROR_MEMORY;
    if (values != NULL && block != NULL) {
        check_fill_tensor(small, field, (uint64_t)field + 1, first, values);
        check_pack(element, values, count, block);
        status =
            bench_tile(run->x.device, block, count * size, to, run->shape.elements[field] * size);
    }
    free(values);
    free(block);
    return status;
}

/* All tensors of the op; adds up what it must move. */
static cupel_status make_tensors(bench_op_run *run, check_table table, const check_case *small)
{
    const check_field *fields = check_rows[run->shape.op].fields;
    double *first = malloc((size_t)largest(small) * sizeof *first);
    cupel_status status = first != NULL ? CUPEL_OK : CUPEL_ERROR_MEMORY;
    if (first != NULL && check_is_tensor(fields[0].kind) &&
        small->tensors[0]->fill != CHECK_NO_FILL)
        check_fill_tensor(small, 0, 1, first, first);
    for (int i = 0; fields[i].kind != CHECK_END && status == CUPEL_OK; i++) {
        void *memory = NULL;
        run->words[i] = run->shape.words[i];
        if (!check_is_tensor(fields[i].kind) || run->shape.null[i]) continue;
        const check_element element = check_element_of(table, fields[i].type);
        const int64_t bytes = run->shape.elements[i] * (int64_t)check_element_size(element);
        const check_fill fill = run->shape.tensors[i]->fill;
        status = allocate(run, bytes, &memory);
        if (status == CUPEL_OK && fill == CHECK_BLOCKS)
            status = fill_blocks(run, run->shape.elements[i], memory);
        else if (status == CUPEL_OK && fill != CHECK_NO_FILL)
            status = fill_tensor(run, element, small, i, first, memory);
        run->words[i] = (uint64_t)(uintptr_t)memory;
        run->bytes += (fields[i].kind == CHECK_INOUT ? 2 : 1) * (double)bytes;
    }
    free(first);
    return status;
}

/* What the op reads of a data set through the control block: rows of so many numbers, or nothing.
 */
static cupel_status make_source(bench_op_run *run, int64_t type, bool labels, int64_t width,
                                int64_t small_rows, void **source)
{
    *source = NULL;
    if (type < 0) return CUPEL_OK;
    const int64_t size = (int64_t)check_source_size(type);
    const int64_t bytes = check_batch_rows(&run->shape) * width * size;
    const int64_t small_count = small_rows * width;
    void *block = malloc((size_t)(small_count * size));
    cupel_status status = block != NULL ? allocate(run, bytes, source) : CUPEL_ERROR_MEMORY;
    if (status == CUPEL_OK) {
        check_fill_source(type, labels, 1, small_count, block);
        status = bench_tile(run->x.device, block, small_count * size, *source, bytes);
    }
    free(block);
    run->bytes += (double)bytes;
    return status;
}

/* A copy in the device's memory. */
static cupel_status place(bench_op_run *run, const void *from, int64_t bytes, void **to)
{
    CUPEL_TRY(allocate(run, bytes, to));
    return bench_tile(run->x.device, from, bytes, *to, bytes);
}

static cupel_status make_exec(bench_op_run *run, const void *x, const void *y,
                              const cupel_op_entry *entry)
{
    const cupel_device *device = run->x.device;
    const check_case *c = &run->shape;
    cupel_rate rates[CUPEL_RATES];
    for (int i = 0; i < CUPEL_RATES; i++)
        rates[i] = (cupel_rate){.rate = 1e-3,
                                .correction_1 = 1 - pow(0.9, i + 1),
                                .correction_2 = 1 - pow(0.999, i + 1)};
    const cupel_control control = {.seed = 7,
                                   .rows = check_batch_rows(c),
                                   .x = x,
                                   .y = y,
                                   .x_scale = c->x_scale,
                                   .x_type = c->x_type,
                                   .y_type = c->y_type,
                                   .route = c->route,
                                   .data_rows = check_batch_rows(c)};
    void *memory = NULL;
    CUPEL_TRY(place(run, &control, sizeof control, &memory));
    run->x.control = memory;
    CUPEL_TRY(place(run, rates, sizeof rates, &memory));
    run->x.rates = memory;
    if (device->backend->workspace > 0 && c->workspace > 0) {
        run->x.workspace_bytes = c->workspace;
        CUPEL_TRY(allocate(run, run->x.workspace_bytes, &run->x.workspace));
    }
    const int64_t scratch = entry->needs != NULL ? entry->needs(run->words) : 0;
    return scratch > 0 ? allocate(run, scratch, &run->x.scratch) : CUPEL_OK;
}

static cupel_status make_all(bench_op_run *run, cupel_precision precision, const check_case *small)
{
    const check_table table = precision == CUPEL_PRECISION_FLOAT64    ? CHECK_FLOAT64
                              : precision == CUPEL_PRECISION_BFLOAT16 ? CHECK_BFLOAT16
                                                                      : CHECK_FLOAT32;
    const check_case *c = &run->shape;
    const int64_t rows = check_batch_rows(small);
    const int label = check_find_field(c->op, "label", 5);
    const bool labels = label >= 0 && !c->null[label];
    void *x = NULL;
    void *y = NULL;
    CUPEL_TRY(make_tensors(run, table, small));
    CUPEL_TRY(make_source(run, c->x_type, false, check_int(c, "features", 1), rows, &x));
    CUPEL_TRY(make_source(run, c->y_type, labels, check_int(c, "targets", 1), rows, &y));
    run->x.precision = precision;
    return make_exec(run, x, y, &bench_device_ops(run->x.device, precision)[c->op]);
}

/* What the product of a dense layer computes. */
static double flops_of(const check_case *c)
{
    return 2 * (double)check_int(c, "rows", 0) * (double)check_int(c, "n_in", 0) *
           (double)check_int(c, "n_out", 0);
}

cupel_status bench_op_open(cupel_device *device, cupel_precision precision,
                           const bench_op_shape *shape, int64_t elements, bench_op_run *run)
{
    char text[CHECK_CASE_TEXT];
    check_case small;
    int64_t count = 1;
    *run = (bench_op_run){.x = {.device = device, .queue = &device->queue}};
    CUPEL_TRY(count_for(shape, elements < SMALL_ELEMENTS ? elements : SMALL_ELEMENTS, &count));
    CUPEL_TRY(read_with(shape, count, text, &small));
    for (;; elements /= 2) {
        *run = (bench_op_run){.x = {.device = device, .queue = &device->queue}};
        CUPEL_TRY(count_for(shape, elements, &count));
        CUPEL_TRY(read_with(shape, count, run->text, &run->shape));
        run->elements = largest(&run->shape);
        run->flops = flops_of(&run->shape);
        const cupel_status status = make_all(run, precision, &small);
        const int full = status == CUPEL_ERROR_DEVICE_MEMORY || status == CUPEL_ERROR_MEMORY;
        if (!full || elements <= SMALL_ELEMENTS) return status;
        bench_op_close(run);
    }
}

void bench_op_close(bench_op_run *run)
{
    for (int i = 0; i < run->owned_count; i++)
        cupel_device_free(run->x.device, run->owned[i].memory, run->owned[i].bytes);
    run->owned_count = 0;
}
