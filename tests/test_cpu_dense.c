/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The four ops of the dense layer against plain sums in double. */
#include "cpu_train.h"
#include <cupel/types.h>

/* A layer, its input and the gradient of its output; float holds all numbers exactly. */
typedef struct layer {
    int64_t rows, n_in, n_out;
    double *x, *w, *b, *dy;
} layer;

static layer make(int64_t rows, int64_t n_in, int64_t n_out)
{
    uint64_t state = (uint64_t)(rows * 1000003 + n_in * 1009 + n_out);
    return (layer){rows,
                   n_in,
                   n_out,
                   train_random(&state, rows * n_in),
                   train_random(&state, n_out * n_in),
                   train_random(&state, n_out),
                   train_random(&state, rows * n_out)};
}

static const char *name(const char *what, const layer *l, int64_t threads)
{
    static char text[128];
    snprintf(text, sizeof text, "%s, %lld rows, %lld -> %lld, %lld threads", what,
             (long long)l->rows, (long long)l->n_in, (long long)l->n_out, (long long)threads);
    return text;
}

static const int64_t shapes[][3] = {{1, 1, 1},     {4, 2, 1},    {4, 1, 2},      {1, 31, 257},
                                    {31, 257, 1},  {257, 1, 31}, {32, 64, 128},  {33, 65, 10},
                                    {129, 17, 63}, {64, 130, 5}, {300, 300, 70}, {1000, 13, 64},
                                    {20, 100, 301}};
#define SHAPES ((int64_t)(sizeof shapes / sizeof shapes[0]))

/* Whether results of products are promised to be independent of the number of threads. */
static bool own_gemm(void)
{
    return strcmp(cupel_cpu_blas_name(), "own GEMM") == 0;
}

static void check_forward(const layer *l, bool bias, cupel_activation activation, bool keep_z)
{
    const int64_t count = l->rows * l->n_out;
    double *expected = train_zeros(count);
    double *absolute = train_zeros(count);
    double *before = train_zeros(count);
    for (int64_t r = 0; r < l->rows; r++) {
        for (int64_t o = 0; o < l->n_out; o++) {
            double sum = bias ? l->b[o] : 0;
            double size = fabs(sum);
            for (int64_t i = 0; i < l->n_in; i++) {
                sum += l->x[r * l->n_in + i] * l->w[o * l->n_in + i];
                size += fabs(l->x[r * l->n_in + i] * l->w[o * l->n_in + i]);
            }
            before[r * l->n_out + o] = sum;
            expected[r * l->n_out + o] = activation == CUPEL_RELU && !(sum > 0) ? 0 : sum;
            absolute[r * l->n_out + o] = size;
        }
    }
    cupel_control control = {0};
    CPU_EACH(precision)
    {
        void *first = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            const cupel_dense_args args = {.x = cpu_tensor(precision, l->x, l->rows * l->n_in),
                                           .w = cpu_tensor(precision, l->w, l->n_out * l->n_in),
                                           .b = bias ? cpu_tensor(precision, l->b, l->n_out) : NULL,
                                           .y = cpu_tensor(precision, NULL, count),
                                           .z = keep_z ? cpu_tensor(precision, NULL, count) : NULL,
                                           .rows = l->rows,
                                           .n_in = l->n_in,
                                           .n_out = l->n_out,
                                           .activation = activation};
            train_run(precision, &x, CUPEL_OP_dense, &args);
            train_expect_sums(name("y", l, x.threads), precision, args.y, expected, absolute,
                              count);
            if (keep_z)
                train_expect_sums(name("z", l, x.threads), precision, args.z, before, absolute,
                                  count);
            if (first == NULL) first = args.y;
            if (own_gemm()) train_expect_same("dense", precision, args.y, first, count);
        }
    }
}

Test(cpu_dense, forward)
{
    for (int64_t s = 0; s < SHAPES; s++) {
        const layer l = make(shapes[s][0], shapes[s][1], shapes[s][2]);
        check_forward(&l, true, CUPEL_LINEAR, false);
        check_forward(&l, false, CUPEL_LINEAR, true);
        check_forward(&l, true, CUPEL_RELU, false);
        check_forward(&l, false, CUPEL_RELU, false);
        check_forward(&l, true, CUPEL_RELU, true);
        cpu_release();
    }
}

/* Every element-wise kind is the activation op after the linear layer, whichever way the layer is
 * shared: by rows, by columns, in blocks. */
Test(cpu_dense, activations)
{
    static const int64_t some[][3] = {{5, 3, 7}, {40, 90, 200}, {700, 40, 33}};
    cupel_control control = {0};
    for (size_t s = 0; s < sizeof some / sizeof *some; s++) {
        const layer l = make(some[s][0], some[s][1], some[s][2]);
        const int64_t count = l.rows * l.n_out;
        for (int64_t kind = CUPEL_LINEAR; kind <= CUPEL_SOFTPLUS; kind++) {
            if (kind == CUPEL_SOFTMAX) continue;
            CPU_EACH(precision)
            {
                cupel_exec x = cpu_exec(&control, 2);
                cupel_dense_args args = {.x = cpu_tensor(precision, l.x, l.rows * l.n_in),
                                         .w = cpu_tensor(precision, l.w, l.n_out * l.n_in),
                                         .b = cpu_tensor(precision, l.b, l.n_out),
                                         .y = cpu_tensor(precision, NULL, count),
                                         .z = cpu_tensor(precision, NULL, count),
                                         .rows = l.rows,
                                         .n_in = l.n_in,
                                         .n_out = l.n_out,
                                         .activation = kind,
                                         .slope = 0.2};
                train_run(precision, &x, CUPEL_OP_dense, &args);
                const cupel_activation_args activation = {.x = args.z,
                                                          .y = cpu_tensor(precision, NULL, count),
                                                          .count = count,
                                                          .activation = kind,
                                                          .slope = 0.2};
                train_run(precision, &x, CUPEL_OP_activation, &activation);
                double *expected = train_zeros(count);
                for (int64_t i = 0; i < count; i++)
                    expected[i] = cpu_get(precision, activation.y, i);
                const double tolerance = precision == CUPEL_PRECISION_FLOAT64 ? 1e-15 : 5e-7;
                cpu_expect(name("with z", &l, 2), precision, args.y, expected, count, tolerance);
                args.z = NULL;
                args.y = cpu_tensor(precision, NULL, count);
                train_run(precision, &x, CUPEL_OP_dense, &args);
                cpu_expect(name("in place", &l, 2), precision, args.y, expected, count, tolerance);
            }
        }
        cpu_release();
    }
}

static void check_gradients(const layer *l)
{
    double *dw = train_zeros(l->n_out * l->n_in);
    double *dw_size = train_zeros(l->n_out * l->n_in);
    double *dx = train_zeros(l->rows * l->n_in);
    double *dx_size = train_zeros(l->rows * l->n_in);
    for (int64_t r = 0; r < l->rows; r++) {
        for (int64_t o = 0; o < l->n_out; o++) {
            const double d = l->dy[r * l->n_out + o];
            for (int64_t i = 0; i < l->n_in; i++) {
                dw[o * l->n_in + i] += d * l->x[r * l->n_in + i];
                dw_size[o * l->n_in + i] += fabs(d * l->x[r * l->n_in + i]);
                dx[r * l->n_in + i] += d * l->w[o * l->n_in + i];
                dx_size[r * l->n_in + i] += fabs(d * l->w[o * l->n_in + i]);
            }
        }
    }
    cupel_control control = {0};
    CPU_EACH(precision)
    {
        void *first_dw = NULL;
        void *first_dx = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            const cupel_dense_kernel_gradient_args kernel = {
                .dy = cpu_tensor(precision, l->dy, l->rows * l->n_out),
                .x = cpu_tensor(precision, l->x, l->rows * l->n_in),
                .dw = cpu_tensor(precision, NULL, l->n_out * l->n_in),
                .rows = l->rows,
                .n_in = l->n_in,
                .n_out = l->n_out};
            train_run(precision, &x, CUPEL_OP_dense_kernel_gradient, &kernel);
            train_expect_sums(name("dw", l, x.threads), precision, kernel.dw, dw, dw_size,
                              l->n_out * l->n_in);
            const cupel_dense_input_gradient_args input = {
                .dy = kernel.dy,
                .w = cpu_tensor(precision, l->w, l->n_out * l->n_in),
                .dx = cpu_tensor(precision, NULL, l->rows * l->n_in),
                .rows = l->rows,
                .n_in = l->n_in,
                .n_out = l->n_out};
            train_run(precision, &x, CUPEL_OP_dense_input_gradient, &input);
            train_expect_sums(name("dx", l, x.threads), precision, input.dx, dx, dx_size,
                              l->rows * l->n_in);
            if (first_dw == NULL) first_dw = kernel.dw;
            if (first_dx == NULL) first_dx = input.dx;
            if (!own_gemm()) continue;
            train_expect_same("dw", precision, kernel.dw, first_dw, l->n_out * l->n_in);
            train_expect_same("dx", precision, input.dx, first_dx, l->rows * l->n_in);
        }
    }
}

Test(cpu_dense, gradients)
{
    for (int64_t s = 0; s < SHAPES; s++) {
        const layer l = make(shapes[s][0], shapes[s][1], shapes[s][2]);
        check_gradients(&l);
        cpu_release();
    }
}

static double dot(const double *a, const double *b, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Without bias the layer is linear in x and in w: <dy, x w^T> = <dx, x> = <dw, w>. */
Test(cpu_dense, adjoint)
{
    const cupel_precision precision = CUPEL_PRECISION_FLOAT64;
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 2);
    for (int64_t s = 0; s < SHAPES; s++) {
        const layer l = make(shapes[s][0], shapes[s][1], shapes[s][2]);
        double *y = train_zeros(l.rows * l.n_out);
        double *dw = train_zeros(l.n_out * l.n_in);
        double *dx = train_zeros(l.rows * l.n_in);
        train_run(
            precision, &x, CUPEL_OP_dense,
            &(cupel_dense_args){
                .x = l.x, .w = l.w, .y = y, .rows = l.rows, .n_in = l.n_in, .n_out = l.n_out});
        train_run(
            precision, &x, CUPEL_OP_dense_kernel_gradient,
            &(cupel_dense_kernel_gradient_args){
                .dy = l.dy, .x = l.x, .dw = dw, .rows = l.rows, .n_in = l.n_in, .n_out = l.n_out});
        train_run(
            precision, &x, CUPEL_OP_dense_input_gradient,
            &(cupel_dense_input_gradient_args){
                .dy = l.dy, .w = l.w, .dx = dx, .rows = l.rows, .n_in = l.n_in, .n_out = l.n_out});
        const double u = dot(l.dy, y, l.rows * l.n_out);
        const double size = (double)(l.rows * l.n_out * l.n_in);
        cr_expect_float_eq(dot(dx, l.x, l.rows * l.n_in), u, 1e-13 * size);
        cr_expect_float_eq(dot(dw, l.w, l.n_out * l.n_in), u, 1e-13 * size);
        cpu_release();
    }
}

/* 2 -> 1 on two rows, by hand. */
Test(cpu_dense, by_hand)
{
    const double x[] = {1, 2, 3, 4}, w[] = {10, -1}, b[] = {-9}, y[] = {0, 17};
    cupel_control control = {0};
    cupel_exec exec = cpu_exec(&control, 1);
    CPU_EACH(precision)
    {
        const cupel_dense_args args = {.x = cpu_tensor(precision, x, 4),
                                       .w = cpu_tensor(precision, w, 2),
                                       .b = cpu_tensor(precision, b, 1),
                                       .y = cpu_tensor(precision, NULL, 2),
                                       .rows = 2,
                                       .n_in = 2,
                                       .n_out = 1,
                                       .activation = CUPEL_RELU};
        train_run(precision, &exec, CUPEL_OP_dense, &args);
        cpu_expect("relu(x w^T + b)", precision, args.y, y, 2, 0);
        cpu_release();
    }
}

/* NaN must reach the loss, where it is looked for. */
Test(cpu_dense, nan_passes_the_relu)
{
    const double x[] = {(double)NAN}, w[] = {1}, b[] = {0}, y[] = {(double)NAN};
    cupel_control control = {0};
    cupel_exec exec = cpu_exec(&control, 1);
    CPU_EACH(precision)
    {
        const cupel_dense_args args = {.x = cpu_tensor(precision, x, 1),
                                       .w = cpu_tensor(precision, w, 1),
                                       .b = cpu_tensor(precision, b, 1),
                                       .y = cpu_tensor(precision, NULL, 1),
                                       .rows = 1,
                                       .n_in = 1,
                                       .n_out = 1,
                                       .activation = CUPEL_RELU};
        cpu_set(precision, args.y, 0, 3);
        train_run(precision, &exec, CUPEL_OP_dense, &args);
        cpu_expect("relu(NaN)", precision, args.y, y, 1, 0);
        cpu_release();
    }
}

static uint64_t hash_of(double x_value, cupel_activation activation)
{
    const double w = 1, b = 0;
    double y = 0;
    uint64_t hash = 1;
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    x.branches = &hash;
    train_run(CUPEL_PRECISION_FLOAT64, &x, CUPEL_OP_dense,
              &(cupel_dense_args){.x = &x_value,
                                  .w = &w,
                                  .b = &b,
                                  .y = &y,
                                  .rows = 1,
                                  .n_in = 1,
                                  .n_out = 1,
                                  .activation = activation,
                                  .slope = 0.2});
    return hash;
}

/* The side of a kink is a decision; how far from it is not. */
Test(cpu_dense, branches)
{
    static const cupel_activation kinks[] = {CUPEL_RELU, CUPEL_LEAKY_RELU, CUPEL_SELU};
    for (size_t i = 0; i < sizeof kinks / sizeof *kinks; i++) {
        cr_expect_neq(hash_of(1e-9, kinks[i]), hash_of(-1e-9, kinks[i]));
        cr_expect_eq(hash_of(1, kinks[i]), hash_of(2, kinks[i]));
        cr_expect_eq(hash_of(-1, kinks[i]), hash_of(-2, kinks[i]));
    }
    cr_expect_eq(hash_of(1, CUPEL_TANH), hash_of(-1, CUPEL_TANH));
}
