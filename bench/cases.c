/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cases.h"

#include <stdlib.h>

const char *const bench_cpu_cases[] = {"2-1-2@4",
                                       "64-128-128-10@32",
                                       "784-512-512-10@128",
                                       "784-512-512-10@4096",
                                       "1024-1024-1024-1024@1024",
                                       NULL};

/* Bound by launches, by launches and memory, by memory, by products, and by memory with narrow
 * layers. */
const char *const bench_cuda_cases[] = {"64-128-128-10@256",        "784-512-512-10@1024",
                                        "784-512-512-10@16384",     "4096-4096-4096-4096-4096@8192",
                                        "64-64-64-64-64-16@262144", NULL};

int bench_read_case(const char *name, bench_case *c)
{
    int64_t widths = 0;
    const char *at = name;
    *c = (bench_case){.name = name};
    for (;;) {
        char *end = NULL;
        const long long number = strtoll(at, &end, 10);
        if (end == at || number <= 0 || widths == BENCH_MOST_WIDTHS) return 1;
        c->widths[widths++] = number;
        at = end + 1;
        if (*end == '@') break;
        if (*end != '-') return 1;
    }
    char *end = NULL;
    c->batch = strtoll(at, &end, 10);
    c->layers = widths - 1;
    c->regression = c->widths[c->layers] >= 1024;
    return end == at || *end != '\0' || c->batch <= 0 || c->layers < 1;
}

int64_t bench_parameters(const bench_case *c)
{
    int64_t count = 0;
    for (int64_t i = 0; i < c->layers; i++)
        count += (c->widths[i] + 1) * c->widths[i + 1];
    return count;
}

/* Of all kernels, and of the first. */
static double weights_of(const bench_case *c, double *first)
{
    double weights = 0;
    for (int64_t i = 0; i < c->layers; i++)
        weights += (double)c->widths[i] * (double)c->widths[i + 1];
    *first = (double)c->widths[0] * (double)c->widths[1];
    return weights;
}

double bench_flops(const bench_case *c)
{
    double first = 0;
    const double weights = weights_of(c, &first);
    return 6 * (double)c->batch * weights - 2 * (double)c->batch * first;
}

double bench_bytes(const bench_case *c, int64_t activation_bytes)
{
    double first = 0;
    double hidden = 0;
    const double weights = weights_of(c, &first);
    const double parameters = (double)bench_parameters(c);
    const double a = (double)activation_bytes;
    const double batch = (double)c->batch;
    const double outputs = (double)c->widths[c->layers];
    for (int64_t i = 1; i < c->layers; i++)
        hidden += (double)c->widths[i];
    const double both_ends = (double)c->widths[0] + 2 * hidden + outputs;
    const double activations =
        batch * a * (3 * both_ends - (double)(c->widths[0] + c->widths[1]) + 2 * outputs) +
        batch * hidden / 4 + 4 * batch;
    /* The products read what is as wide as the activations; the gradients are float, and an update
     * reads four arrays of floats and writes three, and the narrow copy where there is one. */
    const double update = a < 4 ? 30 : 28;
    return activations + a * weights + a * (weights - first) + (4 + update) * parameters;
}

int64_t bench_kernels(const bench_case *c)
{
    return 3 * c->layers + 2;
}
