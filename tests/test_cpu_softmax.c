/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_ops.h"

static void forward(cupel_precision precision, cupel_exec *x, const void *in, void *y, int64_t rows,
                    int64_t n)
{
    const cupel_softmax_args args = {.x = in, .y = y, .rows = rows, .n = n};
    cpu_run(precision, x, CUPEL_OP_softmax, &args);
}

static void backward(cupel_precision precision, cupel_exec *x, const void *dy, const void *y,
                     void *dx, int64_t rows, int64_t n)
{
    const cupel_softmax_backward_args args = {.dy = dy, .y = y, .dx = dx, .rows = rows, .n = n};
    cpu_run(precision, x, CUPEL_OP_softmax_backward, &args);
}

static void reference(const double *in, const double *dy, double *y, double *dx, int64_t n)
{
    long double max = in[0], sum = 0, dot = 0;
    for (int64_t i = 0; i < n; i++)
        max = fmaxl(max, in[i]);
    for (int64_t i = 0; i < n; i++)
        sum += expl(in[i] - max);
    for (int64_t i = 0; i < n; i++) {
        y[i] = (double)(expl(in[i] - max) / sum);
        dot += expl(in[i] - max) / sum * dy[i];
    }
    for (int64_t i = 0; i < n; i++)
        dx[i] = (double)(expl(in[i] - max) / sum * (dy[i] - dot));
}

static void check(int64_t rows, int64_t n)
{
    const int64_t count = rows * n;
    uint64_t state = (uint64_t)(rows + 77 * n);
    double *in = malloc((size_t)count * sizeof *in), *dy = malloc((size_t)count * sizeof *dy);
    double *y = malloc((size_t)count * sizeof *y), *dx = malloc((size_t)count * sizeof *dx);
    cr_assert(in != NULL && dy != NULL && y != NULL && dx != NULL);
    for (int64_t i = 0; i < count; i++) {
        in[i] = (double)(float)cpu_random(&state, -9, 9);
        dy[i] = (double)(float)cpu_random(&state, -1, 1);
    }
    for (int64_t row = 0; row < rows; row++)
        reference(in + row * n, dy + row * n, y + row * n, dx + row * n, n);
    cupel_control control = {.weights = NULL};
    char what[64];
    snprintf(what, sizeof what, "%lld x %lld", (long long)rows, (long long)n);
    CPU_EACH(precision) {
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 1e-6 : 1e-14;
        cupel_exec x = cpu_exec(&control, 1), team = cpu_exec(&control, 2);
        void *from = cpu_tensor(precision, in, count), *up = cpu_tensor(precision, dy, count);
        void *got[4];
        for (int i = 0; i < 4; i++)
            got[i] = cpu_tensor(precision, NULL, count);
        forward(precision, &x, from, got[0], rows, n);
        backward(precision, &x, up, got[0], got[1], rows, n);
        cpu_expect(what, precision, got[0], y, count, limit);
        cpu_expect(what, precision, got[1], dx, count, limit);
        forward(precision, &team, from, got[2], rows, n);
        backward(precision, &team, up, got[2], got[3], rows, n);
        const size_t bytes = (size_t)count * cpu_size(precision);
        cr_expect(memcmp(got[0], got[2], bytes) == 0, "%s: threads change y", what);
        cr_expect(memcmp(got[1], got[3], bytes) == 0, "%s: threads change dx", what);
        cpu_release();
    }
    free(in);
    free(dy);
    free(y);
    free(dx);
}

Test(cpu_softmax, shapes)
{
    static const int64_t n[] = {1, 2, 10, 16, 31, 257, 1000, 1024, 1025, 3000};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        check(1, n[i]);
        check(37, n[i]);
    }
    check(5000, 10);
}

Test(cpu_softmax, gradient_by_central_differences)
{
    enum { N = 31 };
    const double h = 1e-5;
    double in[N], dy[N], y[N], dx[N], numeric[N];
    uint64_t state = 3;
    for (int i = 0; i < N; i++) {
        in[i] = cpu_random(&state, -3, 3);
        dy[i] = cpu_random(&state, -1, 1);
    }
    cupel_control control = {.weights = NULL};
    cupel_exec x = cpu_exec(&control, 1);
    forward(CUPEL_PRECISION_FLOAT64, &x, in, y, 1, N);
    backward(CUPEL_PRECISION_FLOAT64, &x, dy, y, dx, 1, N);
    for (int i = 0; i < N; i++) {
        const double middle = in[i];
        double total = 0;
        for (int side = 1; side >= -1; side -= 2) {
            in[i] = middle + side * h;
            forward(CUPEL_PRECISION_FLOAT64, &x, in, y, 1, N);
            for (int j = 0; j < N; j++)
                total += side * dy[j] * y[j];
        }
        in[i] = middle;
        numeric[i] = total / (2 * h);
    }
    cpu_expect("dx", CUPEL_PRECISION_FLOAT64, dx, numeric, N, 1e-6);
}

Test(cpu_softmax, edges)
{
    const double in[] = {1e4, -1e4, 1e4, -1e4, -1e4, -1e4, -INFINITY, 0, 0, NAN, 1, 2};
    const double y[] = {.5, 0, .5, 1.0 / 3, 1.0 / 3, 1.0 / 3, 0, .5, .5, NAN, NAN, NAN};
    cupel_control control = {.weights = NULL};
    CPU_EACH(precision) {
        cupel_exec x = cpu_exec(&control, 1);
        void *out = cpu_tensor(precision, NULL, 12);
        forward(precision, &x, cpu_tensor(precision, in, 12), out, 4, 3);
        cpu_expect("y", precision, out, y, 12, 1e-7);
    }
}
