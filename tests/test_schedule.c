/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "schedules/schedule.h"

#include "core.h"
#include "tiny.h"

#include <math.h>

/* 10 steps of warm-up, 40 of decay to a tenth: computed with 50 digits by Python's mpmath. */
static const struct {
    int64_t step;
    double factor;
} table[] = {
    {0, 0},
    {1, 0.1},
    {5, 0.5},
    {9, 0.9},
    {10, 1},
    {11, 0.9986128001799076},
    {15, 0.9657457896300791},
    {20, 0.8681980515339464},
    {25, 0.7222075445642904},
    {30, 0.55},
    {37, 0.314875645877823},
    {49, 0.10138719982009241},
    {50, 0.1},
    {51, 0.1},
    {1000000000000, 0.1},
};

Test(schedule, cosine_with_warmup)
{
    const cupel_schedule schedule = CUPEL_COSINE(40, .warmup_steps = 10, .final_fraction = 0.1);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        cr_expect_float_eq(cupel_schedule_factor(&schedule, table[i].step), table[i].factor, 4e-16,
                           "step %lld: %.17g", (long long)table[i].step,
                           cupel_schedule_factor(&schedule, table[i].step));
}

Test(schedule, the_shortest_and_none)
{
    const cupel_schedule one = CUPEL_COSINE(1), constant = {0};
    cr_expect_eq(cupel_schedule_factor(&one, 0), 1);
    cr_expect_float_eq(cupel_schedule_factor(&one, 1), 0, 1e-16);
    cr_expect_float_eq(cupel_schedule_factor(&one, 2), 0, 1e-16);
    const cupel_schedule flat = CUPEL_COSINE(7, .final_fraction = 1);
    for (int64_t step = 0; step < 100; step++) {
        cr_expect_eq(cupel_schedule_factor(&constant, step), 1);
        cr_expect_float_eq(cupel_schedule_factor(&flat, step), 1, 2e-16);
    }
}

Test(schedule, bad_values)
{
    EXPECT_ERROR(cupel_schedule_check(&CUPEL_COSINE(0)), CUPEL_ERROR_ARGUMENT, ".steps is 0");
    EXPECT_ERROR(cupel_schedule_check(&CUPEL_COSINE(-1)), CUPEL_ERROR_ARGUMENT, ".steps is -1");
    EXPECT_ERROR(cupel_schedule_check(&CUPEL_COSINE(5, .warmup_steps = -1)), CUPEL_ERROR_ARGUMENT,
                 ".warmup_steps is -1");
    const double wrong[] = {-0.1, 1.1, (double)NAN, (double)INFINITY, CUPEL_ZERO};
    for (int i = 0; i < 5; i++)
        EXPECT_ERROR(cupel_schedule_check(&CUPEL_COSINE(5, .final_fraction = wrong[i])),
                     CUPEL_ERROR_ARGUMENT, ".final_fraction is");
    EXPECT_ERROR(cupel_schedule_check(&(cupel_schedule){.steps = 5}), CUPEL_ERROR_ARGUMENT,
                 ".kind is not");
    EXPECT_ERROR(cupel_schedule_check(&(cupel_schedule){.warmup_steps = 5}), CUPEL_ERROR_ARGUMENT,
                 ".kind is not");
    EXPECT_ERROR(cupel_schedule_check(&(cupel_schedule){.final_fraction = 0.5}),
                 CUPEL_ERROR_ARGUMENT, ".kind is not");
    EXPECT_ERROR(cupel_schedule_check(&(cupel_schedule){.kind = (cupel_schedule_kind)9}),
                 CUPEL_ERROR_ARGUMENT, "schedule kind 9");
    ASSERT_OK(cupel_schedule_check(&(cupel_schedule){0}));
    ASSERT_OK(cupel_schedule_check(&CUPEL_COSINE(INT64_MAX, .warmup_steps = INT64_MAX)));
}

/* A model whose gradient is 1 in every step: with x = 0 only kernel_l1 = 1 pulls at a positive
 * weight. So SGD's steps add up to the rates, longer than the ring of rates. */
static double run(cupel_schedule schedule, int steps, double *rates, int change_at)
{
    cupel_device *device = tiny_device();
    cupel_model *model =
        CORE_MODEL(device, CUPEL_SHAPE(1), 1, CUPEL_DENSE(1, .no_bias = true, .kernel_l1 = 1));
    ASSERT_OK(cupel_model_compile(
        model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                       .optimizer =
                                           CUPEL_SGD(.learning_rate = 0.125, .schedule = schedule),
                                       .precision = CUPEL_PRECISION_FLOAT64}));
    const double zero = 0, start = 1000;
    double before = start, w = 0;
    ASSERT_OK(cupel_parameter_write(model, 0, &start));
    for (int step = 0; step < steps; step++) {
        if (step == change_at) ASSERT_OK(cupel_model_set_learning_rate(model, 0.5));
        ASSERT_OK(cupel_model_train_batch(model, &zero, &zero, 1, NULL));
        ASSERT_OK(cupel_parameter_read(model, 0, CUPEL_VALUE, &w));
        rates[step] = before - w;
        before = w;
    }
    cupel_model_free(model);
    cupel_device_close(device);
    return start - w;
}

enum { STEPS = 200 };

Test(schedule, steps_follow_it)
{
    static double rates[STEPS];
    const double pi = acos(-1);
    run(CUPEL_COSINE(120, .warmup_steps = 30, .final_fraction = 0.25), STEPS, rates, -1);
    for (int t = 0; t < STEPS; t++) {
        double factor = t / 30.0;
        if (t >= 30) factor = 0.25 + 0.75 * (1 + cos(pi * fmin((t - 30) / 120.0, 1))) / 2;
        /* Differences of numbers near 1000. */
        cr_expect_float_eq(rates[t], 0.125 * factor, 3e-13, "step %d: %.17g", t, rates[t]);
    }
}

Test(schedule, a_new_learning_rate_is_scaled_too)
{
    static double rates[STEPS];
    const double pi = acos(-1);
    run(CUPEL_COSINE(100), STEPS, rates, 70);
    for (int t = 0; t < STEPS; t++) {
        const double base = t < 70 ? 0.125 : 0.5;
        cr_expect_float_eq(rates[t], base * (1 + cos(pi * fmin(t / 100.0, 1))) / 2, 3e-13,
                           "step %d", t);
    }
    run((cupel_schedule){0}, STEPS, rates, 33);
    for (int t = 0; t < STEPS; t++)
        cr_expect_float_eq(rates[t], t < 33 ? 0.125 : 0.5, 3e-13, "step %d", t);
}
