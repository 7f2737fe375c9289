/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/sums.h"

typedef struct job {
    const cupel_penalty_args *args;
    double *partial; /* [pieces, 2]: sum |w|, sum w^2 */
} job;

CUPEL_CLONES static void piece_sums(const real *w, int64_t count, double *sums)
{
    double ones[CUPEL_CPU_SUMS] = {0};
    double squares[CUPEL_CPU_SUMS] = {0};
    int64_t i = 0;
    for (; i + CUPEL_CPU_SUMS <= count; i += CUPEL_CPU_SUMS) {
        for (int64_t l = 0; l < CUPEL_CPU_SUMS; l++) {
            const double v = (double)w[i + l];
            ones[l] += v < 0 ? -v : v;
            squares[l] += v * v;
        }
    }
    for (int64_t l = 0; i + l < count; l++) {
        const double v = (double)w[i + l];
        ones[l] += v < 0 ? -v : v;
        squares[l] += v * v;
    }
    sums[0] = cupel_cpu_fold(ones);
    sums[1] = cupel_cpu_fold(squares);
}

CUPEL_CLONES static void add_gradient(const real *restrict w, int64_t count, real l1, real l2,
                                      real *restrict dw)
{
    for (int64_t i = 0; i < count; i++) {
        const real sign = w[i] > 0 ? R(1.0) : w[i] < 0 ? R(-1.0) : R(0.0);
        dw[i] += l1 * sign + 2 * l2 * w[i];
    }
}

static void pieces(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const cupel_penalty_args *a = j->args;
    for (int64_t p = begin; p < end; p++) {
        const int64_t first = p * CUPEL_CPU_PIECE;
        const int64_t count = cupel_cpu_min(CUPEL_CPU_PIECE, a->count - first);
        const real *w = (const real *)a->w + first;
        piece_sums(w, count, j->partial + 2 * p);
        if (a->dw != NULL) add_gradient(w, count, (real)a->l1, (real)a->l2, (real *)a->dw + first);
    }
}

int64_t CPU(penalty_needs)(const cupel_penalty_args *args)
{
    return cupel_cpu_ceil(args->count, CUPEL_CPU_PIECE) * 2 * (int64_t)sizeof(double);
}

cupel_status CPU(penalty)(cupel_exec *x, const cupel_penalty_args *args)
{
    job j = {args, x->scratch};
    const int64_t count = cupel_cpu_ceil(args->count, CUPEL_CPU_PIECE);
    cupel_cpu_rows(x, count, CUPEL_CPU_PIECE, pieces, &j);
    double ones = 0;
    double squares = 0;
    for (int64_t p = 0; p < count; p++) {
        ones += j.partial[2 * p];
        squares += j.partial[2 * p + 1];
    }
    real *penalty = args->penalty;
    penalty[args->index] = (real)(args->l1 * ones + args->l2 * squares);
    if (args->l1 != 0) CPU(mix_branches)(x, args->w, args->count, 0);
    return CUPEL_OK;
}
