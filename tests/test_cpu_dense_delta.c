/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu_train.h"
#include <cupel/types.h>

/* Two rows of a ReLU layer, by hand. */
Test(cpu_dense_delta, by_hand)
{
    const double dy[] = {1, 2, 3, 4, 5, 6}, y[] = {0, 1, 2, 7, 0, 0};
    const double after[] = {0, 2, 3, 4, 0, 0}, sums[] = {4, 2, 3};
    cupel_control control = {0};
    cupel_exec x = cpu_exec(&control, 1);
    CPU_EACH(precision)
    {
        const cupel_dense_delta_args args = {.dy = cpu_tensor(precision, dy, 6),
                                             .y = cpu_tensor(precision, y, 6),
                                             .db = cpu_tensor(precision, NULL, 3),
                                             .rows = 2,
                                             .n_out = 3,
                                             .activation = CUPEL_RELU};
        train_run(precision, &x, CUPEL_OP_dense_delta, &args);
        cpu_expect("dy", precision, args.dy, after, 6, 0);
        cpu_expect("db", precision, args.db, sums, 3, 0);
        cpu_release();
    }
}

/* db is the column sums of what activation_backward gives, for every number of threads. */
static void check(int64_t rows, int64_t n, cupel_activation kind, bool bias)
{
    uint64_t state = (uint64_t)(rows * 1009 + n);
    const int64_t count = rows * n;
    const double *dy = train_random(&state, count);
    const double *y = train_random(&state, count);
    const bool from_z = kind == CUPEL_GELU || kind == CUPEL_SILU;
    cupel_control control = {0};
    CPU_EACH(precision)
    {
        cupel_exec one = cpu_exec(&control, 1);
        void *expected = cpu_tensor(precision, dy, count);
        if (kind != CUPEL_LINEAR)
            train_run(precision, &one, CUPEL_OP_activation_backward,
                      &(cupel_activation_backward_args){
                          .dy = cpu_tensor(precision, dy, count),
                          .y = from_z ? NULL : cpu_tensor(precision, y, count),
                          .x = from_z ? cpu_tensor(precision, y, count) : NULL,
                          .dx = expected,
                          .count = count,
                          .activation = kind,
                          .slope = 0.2});
        double *sums = train_zeros(n);
        double *absolute = train_zeros(n);
        for (int64_t i = 0; i < count; i++) {
            sums[i % n] += cpu_get(precision, expected, i);
            absolute[i % n] += fabs(cpu_get(precision, expected, i));
        }
        void *first = NULL;
        for (int64_t t = 0; t < TRAIN_THREADS; t++) {
            cupel_exec x = cpu_exec(&control, train_threads[t]);
            const cupel_dense_delta_args args = {
                .dy = cpu_tensor(precision, dy, count),
                .y = kind == CUPEL_LINEAR || from_z ? NULL : cpu_tensor(precision, y, count),
                .z = from_z ? cpu_tensor(precision, y, count) : NULL,
                .db = bias ? cpu_tensor(precision, NULL, n) : NULL,
                .rows = rows,
                .n_out = n,
                .activation = kind,
                .slope = 0.2};
            train_run(precision, &x, CUPEL_OP_dense_delta, &args);
            double *exact = train_zeros(count);
            for (int64_t i = 0; i < count; i++)
                exact[i] = cpu_get(precision, expected, i);
            cpu_expect("dy", precision, args.dy, exact, count,
                       precision == CUPEL_PRECISION_FLOAT64 ? 1e-15 : 5e-7);
            if (!bias) continue;
            train_expect_sums("db", precision, args.db, sums, absolute, n);
            if (first == NULL) first = args.db;
            train_expect_same("db by threads", precision, args.db, first, n);
        }
    }
    cpu_release();
}

Test(cpu_dense_delta, sums)
{
    static const int64_t shapes[][2] = {{1, 1},    {4, 2},      {31, 257},  {32, 10},
                                        {33, 128}, {257, 31},   {2048, 3},  {2049, 3},
                                        {5000, 7}, {100, 5000}, {1000, 64}, {65536, 1}};
    for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
        check(shapes[s][0], shapes[s][1], CUPEL_LINEAR, true);
        check(shapes[s][0], shapes[s][1], CUPEL_RELU, true);
        check(shapes[s][0], shapes[s][1], CUPEL_SILU, true);
        check(shapes[s][0], shapes[s][1], CUPEL_LEAKY_RELU, false);
    }
}

/* A plan for the largest batch is enough for every smaller one. */
Test(cpu_dense_delta, needs_grow_with_the_rows)
{
    int64_t last = 0;
    for (int64_t rows = 1; rows < 10000; rows++) {
        const cupel_dense_delta_args args = {.rows = rows, .n_out = 10};
        const int64_t needs = cupel_cpu_f32_ops[CUPEL_OP_dense_delta].needs(&args);
        cr_assert(needs >= last);
        last = needs;
    }
}
