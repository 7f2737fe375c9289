/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/sums.h"

typedef struct job {
    const real *value;
    int64_t count;
    double *partial;
} job;

CUPEL_CLONES static double piece_sum(const real *value, int64_t count)
{
    double lanes[CUPEL_CPU_SUMS] = {0};
    int64_t i = 0;
    for (; i + CUPEL_CPU_SUMS <= count; i += CUPEL_CPU_SUMS) {
        for (int64_t l = 0; l < CUPEL_CPU_SUMS; l++)
            lanes[l] += (double)value[i + l];
    }
    for (int64_t l = 0; i + l < count; l++)
        lanes[l] += (double)value[i + l];
    return cupel_cpu_fold(lanes);
}

static void pieces(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    for (int64_t p = begin; p < end; p++) {
        const int64_t first = p * CUPEL_CPU_PIECE;
        j->partial[p] =
            piece_sum(j->value + first, cupel_cpu_min(CUPEL_CPU_PIECE, j->count - first));
    }
}

int64_t CPU(mean_needs)(const cupel_mean_args *args)
{
    return cupel_cpu_ceil(args->count, CUPEL_CPU_PIECE) * (int64_t)sizeof(double);
}

cupel_status CPU(mean)(cupel_exec *x, const cupel_mean_args *args)
{
    job j = {args->value, args->count, x->scratch};
    const int64_t count = cupel_cpu_ceil(args->count, CUPEL_CPU_PIECE);
    cupel_cpu_rows(x, count, CUPEL_CPU_PIECE, pieces, &j);
    double mean = cupel_cpu_total(j.partial, count) / (double)args->count;
    const real *penalty = args->penalty;
    for (int64_t i = 0; i < args->penalties; i++)
        mean += (double)penalty[i];
    cupel_control *control = x->control;
    control->value[args->index] = mean;
    control->sum[args->index] += mean * (double)control->rows;
    return CUPEL_OK;
}
