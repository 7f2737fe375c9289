/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_parameters.h"
#include <cupel/types.h>

static const double scale[PARAMETER_TENSORS] = {1, 0.5, 2, 1};
static const cupel_rule rule[PARAMETER_TENSORS] = {{0.01}, {0}, {0.1}, {0.02}};

static void fill_rates(cupel_rate rates[CUPEL_RATES], int64_t first, const cupel_adam_args *a)
{
    for (int64_t step = first; step < first + CUPEL_RATES; step++)
        rates[step % CUPEL_RATES] =
            (cupel_rate){.rate = 0.001 + 0.0001 * (double)(step % 5),
                         .correction_1 = 1 - pow(a->beta_1, (double)step + 1),
                         .correction_2 = 1 - pow(a->beta_2, (double)step + 1)};
}

/* The formulas of <cupel/optimizer.h>, one element. */
static void reference(const cupel_adam_args *a, const cupel_rate *r, double decay, double factor,
                      double g, double *w, double *m, double *v, double *top)
{
    double h = g * factor;
    if (a->clipvalue > 0) h = fmin(fmax(h, -a->clipvalue), a->clipvalue);
    if (a->flavour == CUPEL_TORCH && a->decoupled == 0) {
        h += decay * *w;
    } else {
        *w -= r->rate * decay * *w;
    }
    *m += (h - *m) * (1 - a->beta_1);
    *v += (h * h - *v) * (1 - a->beta_2);
    *top = a->top != NULL ? fmax(*top, *v) : *v;
    if (a->flavour == CUPEL_TORCH) {
        *w -= r->rate / r->correction_1 * *m / (sqrt(*top) / sqrt(r->correction_2) + a->epsilon);
    } else {
        *w -= r->rate * sqrt(r->correction_2) / r->correction_1 * *m / (sqrt(*top) + a->epsilon);
    }
}

static void check(cupel_adam_args args, bool amsgrad, bool scaled, int64_t last)
{
    const parameters p = parameters_make(last);
    args.beta_1 = 0.9;
    args.beta_2 = 0.99;
    args.epsilon = 1e-3;
    args.tensor = p.tensor;
    args.blocks = p.blocks;
    args.rule = rule;
    cupel_rate rates[CUPEL_RATES];
    fill_rates(rates, 0, &args);
    CPU_EACH(precision)
    {
        const bool wide = precision == CUPEL_PRECISION_FLOAT64;
        void *first = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            uint64_t state = 9;
            double *w = parameters_random(&p, &state);
            double *m = train_zeros(p.count), *v = train_zeros(p.count);
            double *top = train_zeros(p.count);
            cupel_control control = {0};
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            x.rates = rates;
            args.w = cpu_tensor(precision, w, p.count);
            args.m = cpu_tensor(precision, m, p.count);
            args.v = cpu_tensor(precision, v, p.count);
            args.top = amsgrad ? cpu_tensor(precision, top, p.count) : NULL;
            args.scale = scaled ? cpu_tensor(precision, scale, PARAMETER_TENSORS) : NULL;
            for (; control.step < 5; control.step++) {
                double *g = parameters_random(&p, &state);
                /* Small gradients late, so that the maximum of v is not the last one. */
                for (int64_t i = 0; i < p.count && control.step > 2; i++)
                    g[i] /= 64;
                args.g = cpu_tensor(precision, g, p.count);
                train_run(precision, &x, CUPEL_OP_adam, &args);
                for (int64_t i = 0; i < p.count; i++) {
                    const int32_t owner = p.tensor[i / CUPEL_SLICE];
                    reference(&args, rates + control.step, rule[owner].decay,
                              scaled ? scale[owner] : 1, g[i], w + i, m + i, v + i, top + i);
                }
            }
            cpu_expect("w", precision, args.w, w, p.count, wide ? 1e-15 : 3e-7);
            cpu_expect("m", precision, args.m, m, p.count, wide ? 1e-15 : 3e-7);
            cpu_expect("v", precision, args.v, v, p.count, wide ? 1e-15 : 3e-7);
            if (amsgrad) cpu_expect("top", precision, args.top, top, p.count, wide ? 1e-15 : 3e-7);
            parameters_expect_padding(&p, precision, args.w);
            if (first == NULL) first = args.w;
            train_expect_same("w by threads", precision, args.w, first, p.count);
        }
    }
    cpu_release();
}

Test(cpu_adam, all_forms)
{
    for (int64_t flavour = CUPEL_KERAS; flavour <= CUPEL_TORCH; flavour++) {
        for (int64_t decoupled = 0; decoupled < 2; decoupled++) {
            const cupel_adam_args args = {.flavour = flavour, .decoupled = decoupled};
            check(args, false, false, 7);
            check(args, true, true, 3000);
            check(args, false, true, 40000);
        }
        check((cupel_adam_args){.flavour = flavour, .clipvalue = 0.25}, true, false, 300);
    }
}

/* One tensor of one element, all by hand. */
typedef struct one {
    double w[CUPEL_SLICE], m[CUPEL_SLICE], v[CUPEL_SLICE], g[CUPEL_SLICE];
    float w32[CUPEL_SLICE], m32[CUPEL_SLICE], v32[CUPEL_SLICE], g32[CUPEL_SLICE];
} one;

static void run_one(one *o, cupel_adam_args args, double rate, int64_t steps)
{
    const int32_t tensor[] = {0};
    const cupel_rule none[] = {{0}};
    cupel_rate rates[CUPEL_RATES];
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    args.tensor = tensor;
    args.rule = none;
    args.blocks = 1;
    x.rates = rates;
    cupel_adam_args narrow = args;
    args.w = o->w, args.m = o->m, args.v = o->v, args.g = o->g;
    narrow.w = o->w32, narrow.m = o->m32, narrow.v = o->v32, narrow.g = o->g32;
    for (; control.step < steps; control.step++) {
        const double t = (double)control.step + 1;
        rates[control.step % CUPEL_RATES] =
            (cupel_rate){rate, 1 - pow(args.beta_1, t), 1 - pow(args.beta_2, t)};
        train_run(CUPEL_PRECISION_FLOAT64, &x, CUPEL_OP_adam, &args);
        train_run(CUPEL_PRECISION_FLOAT32, &x, CUPEL_OP_adam, &narrow);
    }
}

/* With a constant gradient, TORCH moves w by rate g / (|g| + epsilon) at every step. */
Test(cpu_adam, closed_form)
{
    const double gradients[] = {1e-4, 0.3, -7};
    for (size_t i = 0; i < 3; i++) {
        const double g = gradients[i];
        one o = {.w = {1}, .g = {g}, .w32 = {1}, .g32 = {(float)g}};
        run_one(&o,
                (cupel_adam_args){
                    .beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-8, .flavour = CUPEL_TORCH},
                1e-3, 1000);
        const double expected = 1 - 1000 * 1e-3 * g / (fabs(g) + 1e-8);
        cr_expect_float_eq(o.w[0], expected, 1e-12);
        cr_expect_float_eq((double)o.w32[0], expected, 1000 * 0x1p-24);
    }
}

/* KERAS adds epsilon to the uncorrected root: rate g / (|g| + epsilon / sqrt(1 - beta_2^t)). */
Test(cpu_adam, place_of_epsilon)
{
    const double g = 1e-3, epsilon = 1e-4, rate = 0.01;
    const cupel_adam_args args = {.beta_1 = 0.9, .beta_2 = 0.999, .epsilon = epsilon};
    double expected = 1;
    for (int64_t steps = 1; steps <= 3; steps++) {
        expected -= rate * g / (g + epsilon / sqrt(1 - pow(0.999, (double)steps)));
        one o = {.w = {1}, .g = {g}, .w32 = {1}, .g32 = {(float)g}};
        run_one(&o, args, rate, steps);
        cr_expect_float_eq(o.w[0], expected, 1e-14);
        cr_expect_float_eq((double)o.w32[0], expected, 2e-7);
    }
}

/* One step in float is one rounding of w and a few of the step. */
Test(cpu_adam, first_step_is_the_rate)
{
    uint64_t state = 1;
    for (int64_t i = 0; i < 1000; i++) {
        const float w = (float)cpu_random(&state, -4, 4);
        const float g = (float)pow(10, cpu_random(&state, -6, 3));
        one o = {.w = {(double)w}, .g = {(double)g}, .w32 = {w}, .g32 = {g}};
        run_one(&o, (cupel_adam_args){.beta_1 = 0.9, .beta_2 = 0.999, .epsilon = 1e-7}, 1e-3, 1);
        const double gate = 0x1p-23 * fabs((double)w) + 4e-7 * fabs(o.w[0] - (double)w);
        cr_assert_float_eq((double)o.w32[0], o.w[0], gate);
    }
}

/* Epsilon 0 makes 0 / 0 of elements that have never had a gradient. */
Test(cpu_adam, padding_survives_epsilon_0)
{
    for (int64_t flavour = CUPEL_KERAS; flavour <= CUPEL_TORCH; flavour++) {
        one o = {.w = {1, 2}, .g = {1}, .w32 = {1, 2}, .g32 = {1}};
        run_one(&o, (cupel_adam_args){.beta_1 = 0.9, .beta_2 = 0.999, .flavour = flavour}, 0.5, 2);
        cr_expect_float_eq(o.w[0], 0, 1e-12);
        cr_expect_eq(o.w[1], 2);
        for (int64_t i = 2; i < CUPEL_SLICE; i++)
            cr_assert(o.w[i] == 0 && o.m[i] == 0 && o.v[i] == 0 && o.w32[i] == 0);
    }
}

/* NaN in a gradient shows in the weight. */
Test(cpu_adam, nan_is_not_hidden)
{
    one o = {.w = {1}, .g = {(double)NAN}, .w32 = {1}, .g32 = {NAN}};
    run_one(&o, (cupel_adam_args){.beta_1 = 0.9, .beta_2 = 0.999, .clipvalue = 1}, 0.5, 1);
    cr_expect(isnan(o.w[0]) && isnan(o.w32[0]));
}
