/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What is checked for every loss of the CPU device: its value against a plain sum in long double,
 * its gradient against central differences, weights, groups, and that neither the number of threads
 * nor the absence of dp changes a bit. */
#ifndef CUPEL_TESTS_CPU_LOSS_H
#define CUPEL_TESTS_CPU_LOSS_H

#include "cpu_ops.h"

/* The tensors of one call; t are targets [rows, n] or, for the sparse losses, label [rows]. */
typedef struct {
    const void *p, *t;
    const int32_t *label;
    void *dp, *loss;
    int64_t rows, n, group;
} loss_call;

/* A loss under test. */
typedef struct {
    const char *name;
    void (*run)(cupel_precision precision, cupel_exec *x, const loss_call *call);
    /* The loss of one row without its weight. */
    double (*reference)(const double *p, const double *t, int64_t label, int64_t n);
    /* Fills the row's p and t. */
    void (*fill)(uint64_t *state, double *p, double *t, int64_t n);
    double tolerance_32; /* of the value in float; in double it is 1e-13 */
} loss_test;

static inline double loss_total(const loss_test *test, cupel_exec *x, loss_call call)
{
    double total = 0;
    call.dp = NULL;
    test->run(CUPEL_PRECISION_FLOAT64, x, &call);
    for (int64_t row = 0; row < call.rows; row++)
        total += ((const double *)call.loss)[row];
    return total / (double)call.rows;
}

/* The gradient in double at about 50 elements against central differences of the loss, the gate
 * that the whole chain of truth hangs on. */
static inline void loss_check_gradient(const loss_test *test, cupel_exec *x, const loss_call *call)
{
    const double h = 1e-5;
    const int64_t count = call->rows * call->n;
    const int64_t step = count / 50 + 1;
    double *p = malloc((size_t)count * sizeof *p);
    cr_assert_not_null(p);
    memcpy(p, call->p, (size_t)count * sizeof *p);
    loss_call at = *call;
    at.p = p;
    at.loss = cpu_tensor(CUPEL_PRECISION_FLOAT64, NULL, call->rows);
    for (int64_t i = 0; i < count; i += step) {
        const double middle = p[i], analytic = ((const double *)call->dp)[i];
        p[i] = middle + h;
        const double above = loss_total(test, x, at);
        p[i] = middle - h;
        const double below = loss_total(test, x, at);
        p[i] = middle;
        const double numeric = (above - below) / (2 * h);
        if (!(fabs(analytic - numeric) <= 1e-6 * (1 / (double)call->rows + fabs(numeric)))) {
            cr_expect_fail("%s, %lld x %lld, dp[%lld] = %.12g, central difference %.12g",
                           test->name, (long long)call->rows, (long long)call->n, (long long)i,
                           analytic, numeric);
            break;
        }
    }
    free(p);
}

/* All of it for one shape, in both precisions; the float gradient against the one in double. */
static inline void loss_check_shape(const loss_test *test, int64_t samples, int64_t group,
                                    int64_t n, bool weighted)
{
    uint64_t state = (uint64_t)(samples * 1000003 + group * 1009 + n);
    const int64_t rows = samples * group, count = rows * n;
    double *p = malloc((size_t)count * sizeof *p), *t = malloc((size_t)count * sizeof *t);
    double *loss = malloc((size_t)rows * sizeof *loss);
    double *gradient = malloc((size_t)count * sizeof *gradient);
    float *weights = malloc((size_t)samples * sizeof *weights);
    int32_t *label = malloc((size_t)rows * sizeof *label);
    cr_assert(p != NULL && t != NULL && loss != NULL && gradient != NULL && weights != NULL &&
              label != NULL);
    for (int64_t sample = 0; sample < samples; sample++)
        weights[sample] = (float)cpu_random(&state, 0, 2);
    for (int64_t row = 0; row < rows; row++) {
        test->fill(&state, p + row * n, t + row * n, n);
        label[row] = (int32_t)cpu_random(&state, 0, (double)n);
    }
    /* Rounded once, so that both precisions and the reference get the same numbers. */
    for (int64_t i = 0; i < count; i++) {
        p[i] = (double)(float)p[i];
        t[i] = (double)(float)t[i];
    }
    for (int64_t row = 0; row < rows; row++)
        loss[row] = (weighted ? (double)weights[row / group] : 1) *
                    test->reference(p + row * n, t + row * n, label[row], n);

    cupel_control control = {.batch_weights = weighted ? weights : NULL};
    char what[128];
    snprintf(what, sizeof what, "%s, %lld x %lld x %lld", test->name, (long long)samples,
             (long long)group, (long long)n);
    for (int pass = 0; pass < 2; pass++) {
        const bool wide = pass == 0;
        const cupel_precision precision = wide ? CUPEL_PRECISION_FLOAT64 : CUPEL_PRECISION_FLOAT32;
        cupel_exec x = cpu_exec(&control, 1), team = cpu_exec(&control, 2);
        loss_call call = {.p = cpu_tensor(precision, p, count),
                          .t = cpu_tensor(precision, t, count),
                          .label = label,
                          .dp = cpu_tensor(precision, NULL, count),
                          .loss = cpu_tensor(precision, NULL, rows),
                          .rows = rows, .n = n, .group = group};
        test->run(precision, &x, &call);
        cpu_expect(what, precision, call.loss, loss, rows, wide ? 1e-13 : test->tolerance_32);
        if (wide) {
            memcpy(gradient, call.dp, (size_t)count * sizeof *gradient);
            loss_check_gradient(test, &x, &call);
        } else {
            cpu_expect(what, precision, call.dp, gradient, count, 2e-6);
        }

        loss_call again = call;
        again.dp = cpu_tensor(precision, NULL, count);
        again.loss = cpu_tensor(precision, NULL, rows);
        const size_t dp_bytes = (size_t)count * cpu_size(precision);
        const size_t loss_bytes = (size_t)rows * cpu_size(precision);
        test->run(precision, &team, &again);
        cr_expect(memcmp(call.dp, again.dp, dp_bytes) == 0, "%s: threads change dp", what);
        cr_expect(memcmp(call.loss, again.loss, loss_bytes) == 0, "%s: threads change loss", what);
        again.dp = NULL;
        test->run(precision, &x, &again);
        cr_expect(memcmp(call.loss, again.loss, loss_bytes) == 0, "%s: dp changes loss", what);
        cpu_release();
    }
    free(p);
    free(t);
    free(loss);
    free(gradient);
    free(weights);
    free(label);
}

/* All of it over the shapes at which an implementation changes its way: 1, around a vector
 * register, around a block, longer than a block, and enough rows for two threads. */
static inline void loss_check(const loss_test *test)
{
    static const int64_t n[] = {1, 2, 10, 16, 31, 257, 1000, 1024, 2500};
    for (size_t i = 0; i < sizeof n / sizeof *n; i++) {
        loss_check_shape(test, 1, 1, n[i], false);
        loss_check_shape(test, 7, 3, n[i], true);
    }
    loss_check_shape(test, 3000, 1, 10, false);
    loss_check_shape(test, 1500, 2, 10, true);
}

#endif
