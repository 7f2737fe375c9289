/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_loss.h"

#define EPSILON 1e-7

static void run_as(cupel_precision precision, cupel_exec *x, const loss_call *c, bool from_logits,
                   double smoothing)
{
    const cupel_binary_xent_args args = {.p = c->p, .t = c->t, .dp = c->dp, .loss = c->loss,
                                         .rows = c->rows, .n = c->n, .group = c->group,
                                         .from_logits = from_logits, .smoothing = smoothing,
                                         .epsilon = EPSILON};
    cpu_run(precision, x, CUPEL_OP_binary_xent, &args);
}

static void run_logits(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_as(precision, x, c, true, 0.1);
}

static double reference_logits(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)label;
    long double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        const long double target = t[i] * 0.9L + 0.05L;
        sum += target * log1pl(expl(-p[i])) + (1 - target) * log1pl(expl(p[i]));
    }
    return (double)(sum / n);
}

static void fill_logits(uint64_t *state, double *p, double *t, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        p[i] = cpu_random(state, -12, 12);
        t[i] = cpu_random(state, 0, 1);
    }
}

static void run_probabilities(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    run_as(precision, x, c, false, 0.1);
}

static double reference_probabilities(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)label;
    long double sum = 0;
    for (int64_t i = 0; i < n; i++) {
        const long double target = t[i] * 0.9L + 0.05L;
        const long double q = fminl(fmaxl(p[i], EPSILON), 1 - EPSILON);
        sum -= target * logl(q) + (1 - target) * log1pl(-q);
    }
    return (double)(sum / n);
}

/* Some lie on either side beyond the clip. */
static void fill_probabilities(uint64_t *state, double *p, double *t, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        const double side = cpu_random(state, 0, 1);
        p[i] = side < 0.1 ? -0.1 : side > 0.9 ? 1.1 : cpu_random(state, 0.03, 0.97);
        t[i] = cpu_random(state, 0, 1);
    }
}

Test(cpu_loss_binary_xent, shapes_from_logits)
{
    loss_check(&(loss_test){"binary_xent of logits", run_logits, reference_logits, fill_logits,
                            2e-6});
}

/* In float 1 - 1e-7 is off by a fifth of 1e-7, which counts in the logarithm of what is left. */
Test(cpu_loss_binary_xent, shapes_from_probabilities)
{
    loss_check(&(loss_test){"binary_xent of probabilities", run_probabilities,
                            reference_probabilities, fill_probabilities, 2e-2});
}

static void check(const char *what, bool from_logits, double smoothing, double tolerance,
                  const double *p, const double *t, const double *loss, const double *dp)
{
    CPU_EACH(precision) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, p, 9), .t = cpu_tensor(precision, t, 9),
                                .dp = cpu_tensor(precision, NULL, 9),
                                .loss = cpu_tensor(precision, NULL, 3),
                                .rows = 3, .n = 3, .group = 1};
        run_as(precision, &x, &call, from_logits, smoothing);
        const double limit = precision == CUPEL_PRECISION_FLOAT32 ? 0.2 : tolerance;
        cpu_expect(what, precision, call.loss, loss, 3, limit);
        cpu_expect(what, precision, call.dp, dp, 9, limit);
    }
}

/* Losses and gradients of Keras 3.16 on JAX, with two elements on the bounds of the clip, where the
 * derivative is halved, and four beyond them. (Keras computed its targets in float.) */
Test(cpu_loss_binary_xent, as_keras)
{
    const double p[] = {.2, 1e-7, 1 - 1e-7, 0, 1, .5, -.5, 1.5, .999};
    const double t[] = {1, 1, 0, 1, 0, .25, 0, 1, 0};
    check("s = 0", false, 0, 1e-6, p, t,
          (const double[]){11.281875610351562, 10.976446151733398, 2.3025851249694824},
          (const double[]){-0.55555559694767, -555555.59694767, 555555.5972400899, 0, 0,
                           0.111111119389534, 0, 0, 111.1111193895339});
    check("s = 0.2", false, 0.2, 1e-6, p, t,
          (const double[]){10.161127090454102, 9.901906967163086, 3.146899700164795},
          (const double[]){-0.48611114732921124, -500000.03169734654, 500000.03196052444, 0, 0,
                           0.08888889551162717, 0, 0, 99.98888521640738});
    check("logits", true, 0, 1e-6, p, t,
          (const double[]){0.8681825399398804, 0.9518285989761353, 0.6626737117767334},
          (const double[]){-0.05001844846972255, -0.05555555691698901, 0.08122873482632424,
                           -0.055555559694767, 0.08122873701090151, 0.04138437321691525,
                           0.041948966325235246, -0.020269504155346337, 0.08120688619191542});
    check("logits, s = 0.2", true, 0.2, 1e-6, p, t,
          (const double[]){0.8415158987045288, 0.9101619720458984, 0.6960403323173523},
          (const double[]){-0.03890733653076915, -0.04444444497803562, 0.07011762288737085,
                           -0.044444447755813604, 0.07011762507194812, 0.03582881724743854,
                           0.030837854386281845, -0.00915839221639294, 0.07009577425296201});
}

Test(cpu_loss_binary_xent, large_logits)
{
    const double p[] = {1e4, -1e4, 1e4, -1e4, 0, 80}, t[] = {1, 0, 0, 1, .5, 1};
    const double loss[] = {0, 0, 1e4, 1e4, 0.69314718055994531, 1.8048513878454153e-35};
    const double dp[] = {0, 0, 1.0 / 6, -1.0 / 6, 0, 0};
    CPU_EACH(precision) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, p, 6), .t = cpu_tensor(precision, t, 6),
                                .dp = cpu_tensor(precision, NULL, 6),
                                .loss = cpu_tensor(precision, NULL, 6),
                                .rows = 6, .n = 1, .group = 1};
        run_as(precision, &x, &call, true, 0);
        cpu_expect("loss", precision, call.loss, loss, 6, 1e-7);
        cpu_expect("dp", precision, call.dp, dp, 6, 1e-7);
        const double last = cpu_get(precision, call.loss, 5);
        cr_expect(fabs(last / loss[5] - 1) < 1e-6, "a small loss is lost: %g", last);
    }
}

/* A clip that changes sides changes the hash of branches, a step between does not. */
Test(cpu_loss_binary_xent, branches)
{
    uint64_t hash[3] = {0};
    const double p[3] = {0.5, 0.6, 0}, t = 1;
    for (int i = 0; i < 3; i++) {
        cupel_control control = {.weights = NULL};
        cupel_exec x = cpu_exec(&control, 1);
        x.branches = &hash[i];
        double loss;
        const loss_call call = {.p = &p[i], .t = &t, .loss = &loss, .rows = 1, .n = 1, .group = 1};
        run_as(CUPEL_PRECISION_FLOAT64, &x, &call, false, 0);
    }
    cr_expect_eq(hash[0], hash[1]);
    cr_expect_neq(hash[0], hash[2]);
}
