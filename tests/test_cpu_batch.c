/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What brings a batch into the model: the op batch. */
#include "base/order.h"
#include "cpu_train.h"
#include <cupel/types.h>

#define MANY 20001

static void check_input(cupel_type type, const void *x_data, double scale, const double *expected,
                        int64_t rows, int64_t features, double tolerance)
{
    cupel_control control = {.x = x_data, .x_type = type, .x_scale = scale};
    CPU_EACH(precision)
    {
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            const cupel_batch_args args = {.x = cpu_tensor(precision, NULL, rows * features),
                                           .rows = rows,
                                           .features = features};
            train_run(precision, &x, CUPEL_OP_batch, &args);
            cr_expect(control.rows == rows && control.batch_weights == NULL);
            cpu_expect("x", precision, args.x, expected, rows * features,
                       precision == CUPEL_PRECISION_FLOAT64 ? tolerance : 1e-7);
        }
    }
    cpu_release();
}

Test(cpu_batch, input_by_hand)
{
    const float f[] = {1, -2, 0.5F, 3, 0, 1e30F};
    const double d[] = {1, -2, 0.1, 3, 0, 1e30};
    const uint8_t b[] = {0, 1, 51, 128, 254, 255};
    check_input(CUPEL_FLOAT32, f, 1, (const double[]){1, -2, 0.5, 3, 0, (double)1e30F}, 3, 2, 0);
    check_input(CUPEL_FLOAT32, f, -2, (const double[]){-2, 4, -1, -6, 0, -2 * (double)1e30F}, 2, 3,
                0);
    check_input(CUPEL_FLOAT64, d, 1, d, 2, 3, 0);
    check_input(CUPEL_FLOAT64, d, 10, (const double[]){10, -20, 1, 30, 0, 1e31}, 2, 3, 1e-16);
    check_input(CUPEL_UINT8, b, 1, (const double[]){0, 1, 51, 128, 254, 255}, 6, 1, 0);
    check_input(CUPEL_UINT8, b, 1.0 / 255,
                (const double[]){0, 1 / 255.0, 0.2, 128 / 255.0, 254 / 255.0, 1}, 1, 6, 1e-16);
}

Test(cpu_batch, input_of_many)
{
    uint64_t state = 4;
    double *expected = malloc(MANY * sizeof(double));
    float *f = malloc(MANY * sizeof(float));
    uint8_t *b = malloc(MANY);
    for (int64_t i = 0; i < MANY; i++) {
        expected[i] = (double)(float)cpu_random(&state, -1, 1);
        f[i] = (float)expected[i];
    }
    check_input(CUPEL_FLOAT32, f, 1, expected, MANY, 1, 0);
    check_input(CUPEL_FLOAT64, expected, 1, expected, 1, MANY, 0);
    for (int64_t i = 0; i < MANY; i++) {
        b[i] = (uint8_t)i;
        expected[i] = 0.25 * b[i];
    }
    check_input(CUPEL_UINT8, b, 0.25, expected, MANY, 1, 0);
    free(expected);
    free(f);
    free(b);
}

/* Targets are not scaled. */
Test(cpu_batch, targets)
{
    const double d[] = {1, -2, 0.5, 3};
    const uint8_t b[] = {0, 1, 1, 7};
    cupel_control control = {.y = d, .y_type = CUPEL_FLOAT64, .x_scale = 100};
    cupel_exec x = cpu_exec(&control, 1);
    CPU_EACH(precision)
    {
        const cupel_batch_args args = {
            .target = cpu_tensor(precision, NULL, 4), .rows = 2, .targets = 2};
        control.y = d;
        control.y_type = CUPEL_FLOAT64;
        train_run(precision, &x, CUPEL_OP_batch, &args);
        cpu_expect("targets", precision, args.target, d, 4, 0);
        control.y = b;
        control.y_type = CUPEL_UINT8;
        train_run(precision, &x, CUPEL_OP_batch, &args);
        cpu_expect("targets", precision, args.target, (const double[]){0, 1, 1, 7}, 4, 0);
    }
    cpu_release();
}

Test(cpu_batch, labels)
{
    const uint8_t b[] = {0, 9, 255};
    const int32_t i32[] = {0, 9, 70000};
    const int64_t i64[] = {0, 9, 70000};
    const struct {
        cupel_type type;
        const void *data;
        int32_t last;
    } cases[] = {{CUPEL_UINT8, b, 255}, {CUPEL_INT32, i32, 70000}, {CUPEL_INT64, i64, 70000}};
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        cupel_control control = {.y = cases[c].data, .y_type = cases[c].type};
        cupel_exec x = cpu_exec(&control, 2);
        CPU_EACH(precision)
        {
            int32_t y[3] = {-1, -1, -1};
            train_run(precision, &x, CUPEL_OP_batch,
                      &(cupel_batch_args){.label = y, .rows = 3, .targets = 1});
            cr_expect(y[0] == 0 && y[1] == 9 && y[2] == cases[c].last);
        }
    }
}

Test(cpu_batch, targets_of_whole_numbers)
{
    const int32_t narrow[] = {-3, 0, 16777217};
    const int64_t wide[] = {-3, 0, 16777217};
    for (int i = 0; i < 2; i++) {
        const cupel_type type = i == 0 ? CUPEL_INT32 : CUPEL_INT64;
        cupel_control control = {.y = i == 0 ? (const void *)narrow : wide, .y_type = type};
        cupel_exec x = cpu_exec(&control, 1);
        const double expected[] = {-3, 0, 16777217};
        double y64[3] = {0};
        float y32[3] = {0};
        cupel_batch_args args = {.target = y64, .rows = 3, .targets = 1};
        cr_expect_eq(cupel_cpu_f64_ops[CUPEL_OP_batch].run(&x, &args), CUPEL_OK);
        args.target = y32;
        cr_expect_eq(cupel_cpu_f32_ops[CUPEL_OP_batch].run(&x, &args), CUPEL_OK);
        for (int j = 0; j < 3; j++) {
            cr_expect_eq(y64[j], expected[j]);
            cr_expect_eq(y32[j], (float)expected[j]);
        }
    }
}

Test(cpu_batch, types_that_make_no_sense)
{
    float y[1] = {0};
    cupel_control control = {.x = y, .x_type = CUPEL_BFLOAT16, .y = y, .y_type = CUPEL_FLOAT32};
    cupel_exec x = cpu_exec(&control, 1);
    int32_t label[1] = {0};
    const cupel_batch_args args[] = {{.x = y, .rows = 1, .features = 1},
                                     {.label = label, .rows = 1, .targets = 1}};
    for (int i = 0; i < 2; i++)
        cr_expect_eq(cupel_cpu_f32_ops[CUPEL_OP_batch].run(&x, &args[i]),
                     CUPEL_ERROR_UNSUPPORTED);
}

/* All numbers of one row of a data set are its number. */
#define DATA_ROWS 3001
#define FEATURES 5

typedef struct data {
    uint8_t y[2 * DATA_ROWS];
    double x[FEATURES * DATA_ROWS];
    float weights[DATA_ROWS];
} data;

static data *make_data(void)
{
    data *d = malloc(sizeof *d);
    cr_assert_not_null(d);
    for (int64_t row = 0; row < DATA_ROWS; row++) {
        for (int64_t i = 0; i < FEATURES; i++) d->x[row * FEATURES + i] = (double)(row + i);
        d->y[2 * row] = (uint8_t)(row % 251);
        d->y[2 * row + 1] = (uint8_t)(row / 251);
        d->weights[row] = (float)row / 8;
    }
    return d;
}

/* A batch of a whole data set is row names[i] for each of its rows. */
static void check_route(cupel_control *control, const data *d, const int64_t *names, int64_t rows,
                        const float *weights)
{
    int32_t *label = malloc((size_t)rows * 2 * sizeof *label);
    float *weight = malloc((size_t)rows * sizeof *weight);
    double *expected = malloc((size_t)rows * FEATURES * sizeof *expected);
    cr_assert(label != NULL && weight != NULL && expected != NULL);
    for (int64_t i = 0; i < rows * FEATURES; i++)
        expected[i] = d->x[names[i / FEATURES] * FEATURES + i % FEATURES] / 4;
    CPU_EACH(precision)
    {
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(control, train_threads[t]);
            const cupel_batch_args args = {.x = cpu_tensor(precision, NULL, rows * FEATURES),
                                           .label = label,
                                           .weight = weight,
                                           .rows = rows,
                                           .features = FEATURES,
                                           .targets = 2};
            memset(label, 0xff, (size_t)rows * 2 * sizeof *label);
            train_run(precision, &x, CUPEL_OP_batch, &args);
            cpu_expect("x", precision, args.x, expected, rows * FEATURES, 0);
            for (int64_t i = 0; i < rows; i++) {
                cr_assert(label[2 * i] == d->y[2 * names[i]] &&
                          label[2 * i + 1] == d->y[2 * names[i] + 1]);
                cr_assert_eq(control->batch_weights[i], d->weights[names[i]]);
            }
            cr_expect_eq(control->batch_weights, weights != NULL ? weights : weight);
            cr_expect_eq(control->rows, rows);
        }
    }
    cpu_release();
    free(label);
    free(weight);
    free(expected);
}

Test(cpu_batch, routes)
{
    data *d = make_data();
    int64_t names[DATA_ROWS];
    cupel_control control = {.x = d->x,
                             .y = d->y,
                             .weights = d->weights,
                             .x_type = CUPEL_FLOAT64,
                             .x_scale = 0.25,
                             .y_type = CUPEL_UINT8,
                             .data_rows = DATA_ROWS,
                             .seed = -5,
                             .position = 7};
    for (int64_t i = 0; i < DATA_ROWS; i++) names[i] = i;
    check_route(&control, d, names, 100, d->weights);
    control.route = CUPEL_ROUTE_ORDERED;
    check_route(&control, d, names + 7, 2000, d->weights + 7);
    control.route = CUPEL_ROUTE_SHUFFLED;
    for (control.epoch = 0; control.epoch < 3; control.epoch++) {
        const cupel_order order =
            cupel_order_make((uint64_t)control.seed, (uint64_t)control.epoch, DATA_ROWS);
        for (int64_t i = 0; i < 2994; i++) names[i] = cupel_order_row(&order, 7 + i);
        check_route(&control, d, names, 2994, NULL);
    }
    free(d);
}
