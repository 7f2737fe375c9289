/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_ops.h"

static int64_t argmax(const double *p, int64_t n)
{
    int64_t best = 0;
    for (int64_t i = 1; i < n; i++)
        if (p[i] > p[best]) best = i;
    return best;
}

/* What a metric is run on: values in tenths, so that equal ones are common. */
typedef struct {
    int64_t rows, n;
    double *p, *t, *expected;
    int32_t *label;
} sample;

static sample sample_make(int64_t rows, int64_t n)
{
    const size_t count = (size_t)(rows * n);
    uint64_t state = (uint64_t)(rows + 1000 * n);
    sample s = {.rows = rows, .n = n, .p = malloc(count * sizeof *s.p),
                .t = malloc(count * sizeof *s.t),
                .expected = malloc((size_t)rows * sizeof *s.expected),
                .label = malloc((size_t)rows * sizeof *s.label)};
    cr_assert(s.p != NULL && s.t != NULL && s.expected != NULL && s.label != NULL);
    for (size_t i = 0; i < count; i++) {
        s.p[i] = floor(cpu_random(&state, 0, 10)) / 10;
        s.t[i] = floor(cpu_random(&state, 0, 2));
    }
    for (int64_t row = 0; row < rows; row++) {
        const int64_t other = (int64_t)cpu_random(&state, 0, (double)n);
        s.label[row] = (int32_t)(row % 2 ? other : argmax(s.p + row * n, n));
    }
    return s;
}

static void sample_free(sample s)
{
    free(s.p);
    free(s.t);
    free(s.expected);
    free(s.label);
}

static void compare(const char *name, sample s, cupel_op op, double tolerance)
{
    cupel_control control = {.weights = NULL};
    char what[64];
    snprintf(what, sizeof what, "%s, %lld x %lld", name, (long long)s.rows, (long long)s.n);
    CPU_EACH(precision) {
        void *p = cpu_tensor(precision, s.p, s.rows * s.n);
        void *t = cpu_tensor(precision, s.t, s.rows * s.n);
        for (int64_t threads = 1; threads <= 2; threads++) {
            cupel_exec x = cpu_exec(&control, threads);
            void *value = cpu_tensor(precision, NULL, s.rows);
            if (op == CUPEL_OP_accuracy_sparse) {
                const cupel_accuracy_sparse_args args = {
                    .p = p, .label = s.label, .value = value, .rows = s.rows, .n = s.n};
                cpu_run(precision, &x, op, &args);
            } else if (op == CUPEL_OP_accuracy_binary) {
                const cupel_accuracy_binary_args args = {
                    .p = p, .t = t, .value = value, .rows = s.rows, .n = s.n, .threshold = 0.5};
                cpu_run(precision, &x, op, &args);
            } else if (op == CUPEL_OP_accuracy_categorical) {
                const cupel_accuracy_categorical_args args = {
                    .p = p, .t = t, .value = value, .rows = s.rows, .n = s.n};
                cpu_run(precision, &x, op, &args);
            } else if (op == CUPEL_OP_absolute_error) {
                const cupel_absolute_error_args args = {
                    .p = p, .t = t, .value = value, .rows = s.rows, .n = s.n};
                cpu_run(precision, &x, op, &args);
            } else {
                const cupel_squared_error_args args = {
                    .p = p, .t = t, .value = value, .rows = s.rows, .n = s.n};
                cpu_run(precision, &x, op, &args);
            }
            cpu_expect(what, precision, value, s.expected, s.rows,
                       precision == CUPEL_PRECISION_FLOAT32 ? tolerance : tolerance * 1e-7);
        }
        cpu_release();
    }
}

static void check(int64_t rows, int64_t n)
{
    const sample s = sample_make(rows, n);
    for (int64_t row = 0; row < rows; row++)
        s.expected[row] = argmax(s.p + row * n, n) == s.label[row];
    compare("accuracy_sparse", s, CUPEL_OP_accuracy_sparse, 0);
    for (int64_t row = 0; row < rows; row++)
        s.expected[row] = argmax(s.p + row * n, n) == argmax(s.t + row * n, n);
    compare("accuracy_categorical", s, CUPEL_OP_accuracy_categorical, 0);
    for (int64_t row = 0; row < rows; row++) {
        double hits = 0;
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            hits += (s.p[i] > 0.5) == (s.t[i] == 1);
        s.expected[row] = hits / (double)n;
    }
    compare("accuracy_binary", s, CUPEL_OP_accuracy_binary, 1e-6);
    for (int64_t row = 0; row < rows; row++) {
        double sum = 0;
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            sum += fabs(s.p[i] - s.t[i]);
        s.expected[row] = sum / (double)n;
    }
    compare("absolute_error", s, CUPEL_OP_absolute_error, 1e-6);
    for (int64_t row = 0; row < rows; row++) {
        double sum = 0;
        for (int64_t i = row * n; i < (row + 1) * n; i++)
            sum += (s.p[i] - s.t[i]) * (s.p[i] - s.t[i]);
        s.expected[row] = sum / (double)n;
    }
    compare("squared_error", s, CUPEL_OP_squared_error, 1e-6);
    sample_free(s);
}

Test(cpu_metrics, shapes)
{
    static const int64_t n[] = {1, 2, 10, 16, 31, 257, 1000, 1024, 2500};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        check(1, n[i]);
        check(40, n[i]);
    }
    check(5000, 10);
}

/* The first of equal ones is the argmax; 0.5 is not above the threshold; all right is 1 exactly. */
Test(cpu_metrics, ties)
{
    double p[] = {.5, .5, .5, .2, .7, .7, 0, 0, 0}, t[] = {0, 0, 0, 0, 1, 1, 0, 0, 0};
    int32_t label[] = {0, 2, 1};
    double first[] = {1, 0, 0}, all[] = {1, 1, 1};
    compare("sparse", (sample){3, 3, p, t, first, label}, CUPEL_OP_accuracy_sparse, 0);
    compare("categorical", (sample){3, 3, p, t, all, label}, CUPEL_OP_accuracy_categorical, 0);
    compare("binary", (sample){3, 3, p, t, all, label}, CUPEL_OP_accuracy_binary, 0);
}

/* NaN is larger than every number, the first one counts; a mean that has it in it is NaN. */
Test(cpu_metrics, nan)
{
    double p[] = {NAN, 1, 0, 2, NAN, 1, NAN, NAN, NAN, 3, 1, NAN};
    double t[] = {0, 1, 0, 1, NAN, 2, NAN, 0, NAN, 0, NAN, NAN};
    int32_t label[] = {0, 0, 0, 2};
    double sparse[] = {1, 0, 1, 1}, both[] = {0, 1, 1, 0}, errors[] = {NAN, NAN, NAN, NAN};
    compare("sparse", (sample){4, 3, p, t, sparse, label}, CUPEL_OP_accuracy_sparse, 0);
    compare("categorical", (sample){4, 3, p, t, both, label}, CUPEL_OP_accuracy_categorical, 0);
    compare("absolute", (sample){4, 3, p, t, errors, label}, CUPEL_OP_absolute_error, 0);
    compare("squared", (sample){4, 3, p, t, errors, label}, CUPEL_OP_squared_error, 0);
}
