/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_loss.h"

static void run_smoothed(cupel_precision precision, cupel_exec *x, const loss_call *c,
                         double smoothing)
{
    const cupel_softmax_xent_args args = {.p = c->p, .t = c->t, .dp = c->dp, .loss = c->loss,
                                          .rows = c->rows, .n = c->n, .group = c->group,
                                          .smoothing = smoothing};
    cpu_run(precision, x, CUPEL_OP_softmax_xent, &args);
}

static void run_plain(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_smoothed(precision, x, c, 0);
}

static void run(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_smoothed(precision, x, c, 0.1);
}

static void run_sparse(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    const cupel_softmax_xent_sparse_args args = {.p = c->p, .label = c->label, .dp = c->dp,
                                                 .loss = c->loss, .rows = c->rows, .n = c->n,
                                                 .group = c->group};
    cpu_run(precision, x, CUPEL_OP_softmax_xent_sparse, &args);
}

static long double log_sum(const double *p, int64_t n)
{
    long double max = p[0], sum = 0;
    for (int64_t i = 0; i < n; i++)
        max = fmaxl(max, p[i]);
    for (int64_t i = 0; i < n; i++)
        sum += expl(p[i] - max);
    return max + logl(sum);
}

static double reference(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)label;
    const long double log_all = log_sum(p, n);
    long double loss = 0;
    for (int64_t i = 0; i < n; i++)
        loss += (t[i] * 0.9L + 0.1L / n) * (log_all - p[i]);
    return (double)loss;
}

static double reference_sparse(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)t;
    return (double)(log_sum(p, n) - p[label]);
}

static void fill(uint64_t *state, double *p, double *t, int64_t n)
{
    double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        p[i] = cpu_random(state, -8, 8);
        t[i] = cpu_random(state, 0, 1);
        sum += t[i];
    }
    for (int64_t i = 0; i < n; i++)
        t[i] /= sum;
}

Test(cpu_loss_softmax_xent, shapes)
{
    loss_check(&(loss_test){"softmax_xent", run, reference, fill, 2e-6});
}

Test(cpu_loss_softmax_xent, shapes_sparse)
{
    loss_check(&(loss_test){"softmax_xent_sparse", run_sparse, reference_sparse, fill, 2e-6});
}

static const double p[] = {1, 2, 3, 1e4, -1e4, 0, 0, 0, 0, -1e4, -1e4, -1e4 + 1};

typedef void loss_run(cupel_precision precision, cupel_exec *x, const loss_call *call);

static void check(const char *what, loss_run *function, const double *t, const int32_t *label,
                  const double *loss, const double *dp)
{
    CPU_EACH(precision) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, p, 12),
                                .t = t != NULL ? cpu_tensor(precision, t, 12) : NULL,
                                .label = label,
                                .dp = cpu_tensor(precision, NULL, 12),
                                .loss = cpu_tensor(precision, NULL, 4),
                                .rows = 4, .n = 3, .group = 1};
        function(precision, &x, &call);
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 1e-6 : 1e-13;
        cpu_expect(what, precision, call.loss, loss, 4, limit);
        cpu_expect(what, precision, call.dp, dp, 12, limit);
    }
}

/* Losses and gradients of Keras 3.16 on JAX in double, at logits up to +-1e4. */
Test(cpu_loss_softmax_xent, as_keras)
{
    const double t[] = {.1, .2, .7, 0, 1, 0, 1, 0, 0, .2, .2, .4};
    const int32_t label[] = {0, 1, 2, 0};
    check("softmax_xent", run_plain, t, NULL,
          (const double[]){0.8076059644443803, 20000.0, 1.0986122886681098, 0.8411557711456409},
          (const double[]){-0.002492356707404885, 0.011182117763699404, -0.008689761056294515,
                           0.25, -0.25, 0, -0.16666666666666669, 0.08333333333333333,
                           0.08333333333333333, -0.007611688476582917, -0.007611688476582917,
                           0.01522337695316582});
    check("softmax_xent, s = 0.1", run, t, NULL,
          (const double[]){0.8676059644443803, 19000.0, 1.09861228866811, 0.8788513320909487},
          (const double[]){-0.008325690040738222, 0.00784878443036607, 0.0004769056103721414,
                           0.24166666666666667, -0.23333333333333334, -0.008333333333333333,
                           -0.15, 0.075, 0.075, -0.009885314021830825, -0.009885314021830825,
                           0.01977062804366163});
    check("softmax_xent_sparse", run_sparse, NULL, label,
          (const double[]){2.40760596444438, 20000.0, 1.0986122886681098, 1.551444713932051},
          (const double[]){-0.2274923567074049, 0.0611821177636994, 0.16631023894370547, 0.25,
                           -0.25, 0, 0.08333333333333333, 0.08333333333333333,
                           -0.16666666666666669, -0.19701461059572864, 0.05298538940427135,
                           0.14402922119145728});
}

/* What is not a number makes the loss and the gradient of its row NaN and leaves the others alone.
 */
Test(cpu_loss_softmax_xent, nan_stays_in_its_row)
{
    const double logits[] = {1, NAN, 3, 1, 2, 3};
    const int32_t label[] = {0, 2};
    CPU_EACH(precision) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, logits, 6), .label = label,
                                .dp = cpu_tensor(precision, NULL, 6),
                                .loss = cpu_tensor(precision, NULL, 2),
                                .rows = 2, .n = 3, .group = 1};
        run_sparse(precision, &x, &call);
        cr_expect(isnan(cpu_get(precision, call.loss, 0)));
        cr_expect(isnan(cpu_get(precision, call.dp, 0)));
        cr_expect(isfinite(cpu_get(precision, call.loss, 1)));
        cr_expect(isfinite(cpu_get(precision, call.dp, 5)));
    }
}
