/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_loss.h"

#define EPSILON 1e-7

static void run_smoothed(cupel_precision precision, cupel_exec *x, const loss_call *c,
                         double smoothing)
{
    const cupel_xent_args args = {.p = c->p, .t = c->t, .dp = c->dp, .loss = c->loss,
                                  .rows = c->rows, .n = c->n, .group = c->group,
                                  .smoothing = smoothing, .epsilon = EPSILON};
    cpu_run(precision, x, CUPEL_OP_xent, &args);
}

static void run(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_smoothed(precision, x, c, 0.1);
}

static void run_sparse(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    const cupel_xent_sparse_args args = {.p = c->p, .label = c->label, .dp = c->dp,
                                         .loss = c->loss, .rows = c->rows, .n = c->n,
                                         .group = c->group, .epsilon = EPSILON};
    cpu_run(precision, x, CUPEL_OP_xent_sparse, &args);
}

static long double term(const double *p, int64_t i, int64_t n)
{
    long double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += p[j];
    return -logl(fminl(fmaxl(p[i] / sum, EPSILON), 1 - EPSILON));
}

static double reference(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)label;
    long double sum = 0, loss = 0;
    for (int64_t j = 0; j < n; j++)
        sum += p[j];
    for (int64_t i = 0; i < n; i++) {
        const long double q = fminl(fmaxl(p[i] / sum, EPSILON), 1 - EPSILON);
        loss -= (t[i] * 0.9L + 0.1L / n) * logl(q);
    }
    return (double)loss;
}

static double reference_sparse(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)t;
    return (double)term(p, label, n);
}

/* About a tenth is negative, and so clipped. */
static void fill(uint64_t *state, double *p, double *t, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        p[i] = i > 0 && cpu_random(state, 0, 1) < 0.1 ? -0.01 : cpu_random(state, 0.05, 1);
        t[i] = cpu_random(state, 0, 1);
        sum += t[i];
    }
    p[0] += 0.5;
    for (int64_t i = 0; i < n; i++)
        t[i] /= sum;
}

Test(cpu_loss_xent, shapes)
{
    loss_check(&(loss_test){"xent", run, reference, fill, 2e-6});
}

Test(cpu_loss_xent, shapes_sparse)
{
    loss_check(&(loss_test){"xent_sparse", run_sparse, reference_sparse, fill, 2e-6});
}

static const double p[] = {.2, .3, .5, 1, 0, 0, .5, 1, 2.5, 0, 1e-7, 1 - 1e-7, -.1, .4, .9};

typedef void loss_run(cupel_precision precision, cupel_exec *x, const loss_call *call);

static void check(const char *what, loss_run *function, const double *t, const int32_t *label,
                  const double *loss, const double *dp)
{
    CPU_EACH(precision) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, p, 15),
                                .t = t != NULL ? cpu_tensor(precision, t, 15) : NULL,
                                .label = label,
                                .dp = cpu_tensor(precision, NULL, 15),
                                .loss = cpu_tensor(precision, NULL, 5),
                                .rows = 5, .n = 3, .group = 1};
        function(precision, &x, &call);
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 1e-6 : 1e-13;
        cpu_expect(what, precision, call.loss, loss, 5, limit);
        cpu_expect(what, precision, call.dp, dp, 15, limit);
    }
}

static void run_plain(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_smoothed(precision, x, c, 0);
}

/* Losses and gradients of Keras 3.16 on JAX in double. The fourth row lies on both bounds of the
 * clip, where the derivative is halved; the second and the fifth go beyond them. */
Test(cpu_loss_xent, as_keras)
{
    const double t[] = {.1, .2, .7, 0, 1, 0, 1, 0, 0, 0, 1, 0, .3, .3, .4};
    const int32_t label[] = {2, 0, 1, 1, 0};
    check("xent", run_plain, t, NULL,
          (const double[]){0.886941378500559, 16.11809565095832, 2.0794415416798357,
                           16.11809565095832, 5.280085210868641},
          (const double[]){0.09999999999999999, 0.06666666666666665, -0.07999999999999996, 0, 0, 0,
                           -0.35000000000000003, 0.05, 0.05, 0.1, -999999.9000000001, 0.1,
                           0.11666666666666665, -0.03333333333333334, 0.027777777777777762});
    check("xent, s = 0.1", run, t, NULL,
          (const double[]){0.9151325038945025, 15.58082579925971, 2.002688705246701,
                           15.58082579925971, 5.335556356851051},
          (const double[]){0.07666666666666666, 0.05777777777777776, -0.06533333333333335, 0, 0, 0,
                           -0.32333333333333336, 0.043333333333333335, 0.04733333333333334,
                           0.09666666666666666, -933333.2366666667, 0.09333333299999996,
                           0.11611111111111111, -0.03555555555555556, 0.02870370370370369});
    check("xent_sparse", run_sparse, NULL, label,
          (const double[]){0.6931471805599453, 1.0000000494736474e-07, 1.3862943611198906,
                           16.11809565095832, 16.11809565095832},
          (const double[]){0.2, 0.2, -0.2, 0, 0, 0, 0.05, -0.15000000000000002, 0.05, 0.1,
                           -999999.9000000001, 0.1, 0, 0, 0});
}

/* The clip of an element, or of the label's, changes the hash of branches. */
Test(cpu_loss_xent, branches)
{
    const double rows[3][3] = {{.2, .3, .5}, {.1, .3, .5}, {0, .3, .5}};
    const double t[] = {1, 0, 0};
    const int32_t label = 0;
    for (int sparse = 0; sparse < 2; sparse++) {
        uint64_t hash[3] = {0};
        for (int i = 0; i < 3; i++) {
            cupel_control control = {.weights = NULL};
            cupel_exec x = cpu_exec(&control, 1);
            x.branches = &hash[i];
            double loss;
            const loss_call call = {.p = rows[i], .t = t, .label = &label, .loss = &loss,
                                    .rows = 1, .n = 3, .group = 1};
            (sparse ? run_sparse : run)(CUPEL_PRECISION_FLOAT64, &x, &call);
        }
        cr_expect_eq(hash[0], hash[1]);
        cr_expect_neq(hash[0], hash[2]);
    }
}
