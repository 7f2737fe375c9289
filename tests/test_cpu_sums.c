/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The small ops around the losses: mean, penalty, add, and the counters. */
#include "cpu_train.h"

static const int64_t counts[] = {1, 2, 15, 16, 17, 31, 257, 4095, 4096, 4097, 40000};
#define COUNTS ((int64_t)(sizeof counts / sizeof counts[0]))

/* The mean of a batch, weighted by its rows in the sum over batches. */
Test(cpu_sums, mean_by_hand)
{
    const double value[] = {1, 2, 6}, penalty[] = {0.5, 0.25};
    CPU_EACH(precision)
    {
        cupel_control control = {.rows = 3};
        cupel_exec x = cpu_exec(&control, 1);
        cupel_mean_args args = {.value = cpu_tensor(precision, value, 3), .count = 3, .index = 1};
        train_run(precision, &x, CUPEL_OP_mean, &args);
        cr_expect_eq(control.value[1], 3);
        cr_expect_eq(control.sum[1], 9);
        args.penalty = cpu_tensor(precision, penalty, 2);
        args.penalties = 2;
        control.rows = 2;
        train_run(precision, &x, CUPEL_OP_mean, &args);
        cr_expect_eq(control.value[1], 3.75);
        cr_expect_eq(control.sum[1], 9 + 7.5);
        cr_expect_eq(control.value[0], 0);
        cr_expect_eq(control.sum[2], 0);
        cpu_release();
    }
}

Test(cpu_sums, mean_of_many)
{
    for (int64_t c = 0; c < COUNTS; c++) {
        uint64_t state = (uint64_t)counts[c];
        const double *value = train_random(&state, counts[c]);
        double expected = 0;
        for (int64_t i = 0; i < counts[c]; i++)
            expected += value[i] / (double)counts[c];
        CPU_EACH(precision)
        {
            double first = 0;
            for (int64_t t = 0; t < TRAIN_THREADS; t++) {
                cupel_control control = {.rows = 1};
                cupel_exec x = cpu_exec(&control, train_threads[t]);
                train_run(precision, &x, CUPEL_OP_mean,
                          &(cupel_mean_args){.value = cpu_tensor(precision, value, counts[c]),
                                             .count = counts[c]});
                cr_expect_float_eq(control.value[0], expected, 1e-15);
                if (t == 0) first = control.value[0];
                cr_expect_eq(control.value[0], first);
            }
        }
        cpu_release();
    }
}

Test(cpu_sums, penalty_by_hand)
{
    const double w[] = {2, -1, 0, 4}, dw[] = {1, 1, 1, 1};
    const double after[] = {1 + 0.5 + 1, 1 - 0.5 - 0.5, 1, 1 + 0.5 + 2};
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    CPU_EACH(precision)
    {
        const cupel_penalty_args args = {.w = cpu_tensor(precision, w, 4),
                                         .dw = cpu_tensor(precision, dw, 4),
                                         .penalty = cpu_tensor(precision, NULL, 3),
                                         .count = 4,
                                         .index = 1,
                                         .l1 = 0.5,
                                         .l2 = 0.25};
        train_run(precision, &x, CUPEL_OP_penalty, &args);
        cpu_expect("dw", precision, args.dw, after, 4, 0);
        cpu_expect("penalty", precision, args.penalty,
                   (const double[]){(double)NAN, 0.5 * 7 + 0.25 * 21, (double)NAN}, 3, 0);
        cpu_release();
    }
}

Test(cpu_sums, penalty_of_many)
{
    const double l1 = 0.01, l2 = 0.02;
    cupel_control control = {0};
    for (int64_t c = 0; c < COUNTS; c++) {
        const int64_t n = counts[c];
        uint64_t state = (uint64_t)n;
        const double *w = train_random(&state, n);
        double *dw = train_zeros(n);
        double sum = 0;
        for (int64_t i = 0; i < n; i++) {
            sum += l1 * fabs(w[i]) + l2 * w[i] * w[i];
            dw[i] = l1 * (w[i] > 0 ? 1 : -1) + 2 * l2 * w[i];
        }
        CPU_EACH(precision)
        {
            void *first = NULL;
            for (int64_t t = 0; t < TRAIN_THREADS; t++) {
                cupel_exec x = cpu_exec(&control, train_threads[t]);
                const cupel_penalty_args args = {.w = cpu_tensor(precision, w, n),
                                                 .dw = cpu_tensor(precision, train_zeros(n), n),
                                                 .penalty = cpu_tensor(precision, NULL, 1),
                                                 .count = n,
                                                 .l1 = l1,
                                                 .l2 = l2};
                train_run(precision, &x, CUPEL_OP_penalty, &args);
                const double tolerance = precision == CUPEL_PRECISION_FLOAT64 ? 1e-13 : 1e-7;
                cpu_expect("dw", precision, args.dw, dw, n, tolerance);
                cpu_expect("penalty", precision, args.penalty, &sum, 1, tolerance);
                if (first == NULL) first = args.penalty;
                train_expect_same("penalty", precision, args.penalty, first, 1);
                const cupel_penalty_args alone = {
                    .w = args.w, .penalty = args.penalty, .count = n, .l1 = l1, .l2 = l2};
                train_run(precision, &x, CUPEL_OP_penalty, &alone);
                cpu_expect("penalty without gradient", precision, args.penalty, &sum, 1, tolerance);
            }
        }
        cpu_release();
    }
}

static uint64_t hash_of(double w, double l1)
{
    double penalty = 0;
    uint64_t hash = 1;
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    x.branches = &hash;
    train_run(CUPEL_PRECISION_FLOAT64, &x, CUPEL_OP_penalty,
              &(cupel_penalty_args){.w = &w, .penalty = &penalty, .count = 1, .l1 = l1, .l2 = 1});
    return hash;
}

Test(cpu_sums, the_sign_under_l1_is_a_branch)
{
    cr_expect_neq(hash_of(1e-9, 1), hash_of(-1e-9, 1));
    cr_expect_eq(hash_of(1, 1), hash_of(2, 1));
    cr_expect_eq(hash_of(1, 0), hash_of(-1, 0));
}

Test(cpu_sums, add)
{
    cupel_control control = {0};
    for (int64_t c = 0; c < COUNTS; c++) {
        const int64_t n = counts[c];
        uint64_t state = (uint64_t)n;
        const double *a = train_random(&state, n), *b = train_random(&state, n);
        double *sum = train_zeros(n);
        for (int64_t i = 0; i < n; i++)
            sum[i] = a[i] + b[i];
        CPU_EACH(precision)
        {
            cupel_exec x = cpu_exec(&control, 2);
            cupel_add_args args = {.a = cpu_tensor(precision, a, n),
                                   .b = cpu_tensor(precision, b, n),
                                   .y = cpu_tensor(precision, NULL, n),
                                   .count = n};
            train_run(precision, &x, CUPEL_OP_add, &args);
            cpu_expect("a + b", precision, args.y, sum, n,
                       precision == CUPEL_PRECISION_FLOAT64 ? 0 : 6e-8);
            void *a_in_place = cpu_tensor(precision, a, n);
            const cupel_add_args in_place = {
                .a = a_in_place, .b = args.b, .y = a_in_place, .count = n};
            train_run(precision, &x, CUPEL_OP_add, &in_place);
            train_expect_same("a += b", precision, a_in_place, args.y, n);
        }
        cpu_release();
    }
}

Test(cpu_sums, counters)
{
    CPU_EACH(precision)
    {
        cupel_control control = {.step = INT64_C(1) << 40};
        cupel_exec x = cpu_exec(&control, 1);
        train_run(precision, &x, CUPEL_OP_advance, &(cupel_advance_args){.rows = 7, .seen = 1});
        train_run(precision, &x, CUPEL_OP_advance, &(cupel_advance_args){.rows = 3, .seen = 1});
        cr_expect_eq(control.seen, 10);
        cr_expect_eq(control.position, 10);
        cr_expect_eq(control.step, INT64_C(1) << 40);
        train_run(precision, &x, CUPEL_OP_advance, &(cupel_advance_args){.rows = 3, .steps = 1});
        train_run(precision, &x, CUPEL_OP_advance, &(cupel_advance_args){.steps = 1});
        cr_expect_eq(control.step, (INT64_C(1) << 40) + 2);
        cr_expect_eq(control.seen, 10);
        cr_expect_eq(control.position, 13);
    }
}
