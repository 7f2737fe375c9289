/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Rows that lie one after another are one flat array. Shuffled ones are taken row by row; the
 * device's memory being the host's, that is what another device's kernel is compared with. */
#include "base/order.h"
#include "base/shape.h"
#include "cpu/convert.h"

typedef struct batch {
    const cupel_batch_args *args;
    const cupel_control *control;
    cupel_cpu_conversion x, target; /* where there are such tensors */
    int64_t label_size;             /* bytes of a label */
    cupel_order order;
} batch;

static const void *element(const void *from, int64_t index, int64_t size)
{
    return (const unsigned char *)from + index * size;
}

/* Converts `count` elements from the first-th on to the beginning of y. */
static void convert(cupel_cpu_conversion c, int64_t first, real *y, int64_t count)
{
    c.from = element(c.from, first, c.size);
    c.y = y;
    c.loop(&c, 0, count);
}

static void gather(void *context, int64_t begin, int64_t end)
{
    const batch *b = context;
    const cupel_batch_args *args = b->args;
    const cupel_control *control = b->control;
    const int64_t features = args->features, targets = args->targets;
    for (int64_t i = begin; i < end; i++) {
        const int64_t row = cupel_order_row(&b->order, control->position + i);
        if (args->x != NULL) convert(b->x, row * features, (real *)args->x + i * features, features);
        if (args->target != NULL)
            convert(b->target, row * targets, (real *)args->target + i * targets, targets);
        /* Their type is known to be one of labels. */
        if (args->label != NULL)
            CPU(labels)(control->y_type, element(control->y, row * targets, b->label_size), targets,
                        (int32_t *)args->label + i * targets);
        if (control->weights != NULL) ((float *)args->weight)[i] = control->weights[row];
    }
}

/* The rows from the first-th on. */
static cupel_status take(const cupel_exec *x, batch *b, int64_t first)
{
    const cupel_batch_args *args = b->args;
    cupel_control *control = x->control;
    if (args->x != NULL) {
        b->x.from = element(control->x, first * args->features, b->x.size);
        b->x.y = args->x;
        cupel_cpu_elements(x, args->rows * args->features, b->x.loop, &b->x);
    }
    if (args->target != NULL) {
        b->target.from = element(control->y, first * args->targets, b->target.size);
        b->target.y = args->target;
        cupel_cpu_elements(x, args->rows * args->targets, b->target.loop, &b->target);
    }
    if (args->label != NULL)
        CUPEL_TRY(CPU(labels)(control->y_type,
                              element(control->y, first * args->targets, b->label_size),
                              args->rows * args->targets, args->label));
    control->batch_weights = control->weights != NULL ? control->weights + first : NULL;
    return CUPEL_OK;
}

static void shuffle(const cupel_exec *x, batch *b)
{
    const cupel_batch_args *args = b->args;
    cupel_control *control = x->control;
    b->x.from = control->x;
    b->target.from = control->y;
    b->order =
        cupel_order_make((uint64_t)control->seed, (uint64_t)control->epoch, control->data_rows);
    cupel_cpu_rows(x, args->rows, args->features + args->targets, gather, b);
    control->batch_weights = control->weights != NULL ? args->weight : NULL;
}

cupel_status CPU(batch)(cupel_exec *x, const cupel_batch_args *args)
{
    cupel_control *control = x->control;
    batch b = {.args = args, .control = control};
    if (args->x != NULL) CUPEL_TRY(CPU(conversion)(control->x_type, control->x_scale, &b.x));
    if (args->target != NULL) CUPEL_TRY(CPU(conversion)(control->y_type, 1, &b.target));
    if (args->label != NULL) {
        /* Refuses what are no labels. */
        CUPEL_TRY(CPU(labels)(control->y_type, control->y, 0, args->label));
        b.label_size = cupel_type_size((cupel_type)control->y_type);
    }
    control->rows = args->rows;
    if (control->route == CUPEL_ROUTE_SHUFFLED) {
        shuffle(x, &b);
        return CUPEL_OK;
    }
    return take(x, &b, control->route == CUPEL_ROUTE_ORDERED ? control->position : 0);
}
