/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

const bench_case bench_cases[] = {
    {"2-1-2@4", {2, 1, 2}, 2, 4, 0},
    {"64-128-128-10@32", {64, 128, 128, 10}, 3, 32, 0},
    {"784-512-512-10@128", {784, 512, 512, 10}, 3, 128, 0},
    {"784-512-512-10@4096", {784, 512, 512, 10}, 3, 4096, 0},
    {"1024-1024-1024-1024@1024", {1024, 1024, 1024, 1024}, 3, 1024, 1},
};

const int64_t bench_case_count = (int64_t)(sizeof bench_cases / sizeof bench_cases[0]);

int64_t bench_parameters(const bench_case *c)
{
    int64_t count = 0;
    for (int64_t i = 0; i < c->layers; i++) count += (c->widths[i] + 1) * c->widths[i + 1];
    return count;
}

double bench_flops(const bench_case *c)
{
    double weights = 0;
    for (int64_t i = 0; i < c->layers; i++)
        weights += (double)c->widths[i] * (double)c->widths[i + 1];
    return 6 * (double)c->batch * weights -
           2 * (double)c->batch * (double)c->widths[0] * (double)c->widths[1];
}
