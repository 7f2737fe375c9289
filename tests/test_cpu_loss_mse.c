/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_loss.h"

static void run(cupel_precision precision, cupel_exec *x, const loss_call *c)
{
    const cupel_mse_args args = {.p = c->p, .t = c->t, .dp = c->dp, .loss = c->loss,
                                 .rows = c->rows, .n = c->n, .group = c->group};
    cpu_run(precision, x, CUPEL_OP_mse, &args);
}

static double reference(const double *p, const double *t, int64_t label, int64_t n)
{
    (void)label;
    long double sum = 0;
    for (int64_t i = 0; i < n; i++)
        sum += ((long double)p[i] - t[i]) * ((long double)p[i] - t[i]);
    return (double)(sum / n);
}

static void fill(uint64_t *state, double *p, double *t, int64_t n)
{
    for (int64_t i = 0; i < n; i++) {
        p[i] = cpu_random(state, -2, 2);
        t[i] = cpu_random(state, -2, 2);
    }
}

Test(cpu_loss_mse, shapes)
{
    loss_check(&(loss_test){"mse", run, reference, fill, 2e-6});
}

Test(cpu_loss_mse, by_hand)
{
    const double p[] = {1, 2, 3, 0, 0, 4}, t[] = {1, 0, 0, 0, 3, 0};
    const double loss[] = {(0.0 + 4 + 9) / 3 * 2, (0.0 + 9 + 16) / 3 * 0.5};
    const double dp[] = {0, 4.0 / 3, 2, 0, -0.5, 2.0 / 3};
    const float weights[] = {2, 0.5F};
    CPU_EACH(precision) {
        cupel_control control = {.batch_weights = weights};
        cupel_exec x = cpu_exec(&control, 1);
        const loss_call call = {.p = cpu_tensor(precision, p, 6), .t = cpu_tensor(precision, t, 6),
                                .dp = cpu_tensor(precision, NULL, 6),
                                .loss = cpu_tensor(precision, NULL, 2),
                                .rows = 2, .n = 3, .group = 1};
        run(precision, &x, &call);
        cpu_expect("loss", precision, call.loss, loss, 2, 1e-7);
        cpu_expect("dp", precision, call.dp, dp, 6, 1e-7);
    }
}
