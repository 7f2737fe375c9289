/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_parameters.h"
#include <cupel/types.h>

static const double scale[PARAMETER_TENSORS] = {1, 0.5, 2, 1};
static const cupel_rule rule[PARAMETER_TENSORS] = {{0.01}, {0}, {0.1}, {0.02}};

/* The formulas of <cupel/optimizer.h>, one element. */
static void reference(const cupel_sgd_args *a, double rate, double decay, double factor, double g,
                      double *w, double *v)
{
    double h = g * factor;
    if (a->clipvalue > 0) h = fmin(fmax(h, -a->clipvalue), a->clipvalue);
    if (a->flavour == CUPEL_TORCH) {
        h += decay * *w;
        *v = a->momentum * *v + h;
        *w -= rate * (a->nesterov != 0 ? h + a->momentum * *v : a->v != NULL ? *v : h);
        return;
    }
    *w -= rate * decay * *w;
    *v = a->momentum * *v - rate * h;
    *w += a->nesterov != 0 ? a->momentum * *v - rate * h : a->v != NULL ? *v : -rate * h;
}

static void check(cupel_sgd_args args, bool momentum, bool scaled, int64_t last)
{
    const parameters p = parameters_make(last);
    cupel_rate rates[CUPEL_RATES];
    for (int64_t i = 0; i < CUPEL_RATES; i++)
        rates[i].rate = 0.01 * (double)(i + 1);
    args.tensor = p.tensor;
    args.blocks = p.blocks;
    args.rule = rule;
    CPU_EACH(precision)
    {
        const bool wide = precision == CUPEL_PRECISION_FLOAT64;
        void *first = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            uint64_t state = 9;
            double *w = parameters_random(&p, &state);
            double *v = train_zeros(p.count);
            /* The ring goes round. */
            cupel_control control = {.step = CUPEL_RATES - 2};
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            x.rates = rates;
            args.w = cpu_tensor(precision, w, p.count);
            args.v = momentum ? cpu_tensor(precision, v, p.count) : NULL;
            args.scale = scaled ? cpu_tensor(precision, scale, PARAMETER_TENSORS) : NULL;
            for (int64_t step = 0; step < 4; step++, control.step++) {
                const double *g = parameters_random(&p, &state);
                args.g = cpu_tensor(precision, g, p.count);
                train_run(precision, &x, CUPEL_OP_sgd, &args);
                for (int64_t i = 0; i < p.count; i++) {
                    const int32_t owner = p.tensor[i / CUPEL_SLICE];
                    reference(&args, rates[control.step % CUPEL_RATES].rate, rule[owner].decay,
                              scaled ? scale[owner] : 1, g[i], w + i, v + i);
                }
            }
            cpu_expect("w", precision, args.w, w, p.count, wide ? 1e-15 : 5e-7);
            if (momentum) cpu_expect("v", precision, args.v, v, p.count, wide ? 1e-15 : 5e-7);
            parameters_expect_padding(&p, precision, args.w);
            if (first == NULL) first = args.w;
            train_expect_same("w by threads", precision, args.w, first, p.count);
        }
    }
    cpu_release();
}

Test(cpu_sgd, all_forms)
{
    for (int64_t flavour = CUPEL_KERAS; flavour <= CUPEL_TORCH; flavour++) {
        check((cupel_sgd_args){.flavour = flavour}, false, false, 7);
        check((cupel_sgd_args){.flavour = flavour, .clipvalue = 0.25}, false, true, 3000);
        check((cupel_sgd_args){.flavour = flavour, .momentum = 0.9}, true, true, 3000);
        check((cupel_sgd_args){.flavour = flavour, .momentum = 0.9, .nesterov = 1}, true, false,
              40000);
    }
}

/* Plain gradient descent on w^2 / 2 shrinks w by 1 - rate at every step. */
Test(cpu_sgd, quadratic)
{
    double w[CUPEL_SLICE] = {1, -2};
    const int32_t tensor[] = {0};
    const cupel_rule none[] = {{0}};
    cupel_rate rates[CUPEL_RATES] = {{.rate = 0.25}};
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    x.rates = rates;
    for (int64_t step = 1; step <= 20; step++) {
        double g[CUPEL_SLICE];
        memcpy(g, w, sizeof g);
        train_run(CUPEL_PRECISION_FLOAT64, &x, CUPEL_OP_sgd,
                  &(cupel_sgd_args){.w = w, .g = g, .tensor = tensor, .rule = none, .blocks = 1});
        cr_assert_float_eq(w[0], pow(0.75, (double)step), 1e-15);
        cr_assert_float_eq(w[1], -2 * pow(0.75, (double)step), 1e-15);
    }
}
