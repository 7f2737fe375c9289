/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows are cut into slabs by their number alone; each slab sums its own columns, and the
 * partial sums are added in the order of the slabs. */
#include "cpu/activate.h"

#include <string.h>

#define SLABS 64
#define SLAB_ROWS 32
/* The rows that are differentiated and summed while they are in the first-level cache. */
#define CACHED 4096

typedef struct job {
    const cupel_dense_delta_args *args;
    int64_t slab;  /* rows in a slab */
    real *partial; /* [slabs, n_out] */
} job;

static int64_t slab_rows(int64_t rows)
{
    const int64_t even = cupel_cpu_ceil(rows, SLABS);
    return even > SLAB_ROWS ? even : SLAB_ROWS;
}

/* sum[n] += the rows of d, eight at a time. */
CUPEL_CLONES static void add_rows(const real *restrict d, int64_t rows, int64_t n,
                                  real *restrict sum)
{
    int64_t r = 0;
    for (; r + 8 <= rows; r += 8, d += 8 * n) {
        for (int64_t i = 0; i < n; i++) {
            sum[i] += ((d[i] + d[n + i]) + (d[2 * n + i] + d[3 * n + i])) +
                      ((d[4 * n + i] + d[5 * n + i]) + (d[6 * n + i] + d[7 * n + i]));
        }
    }
    for (; r < rows; r++, d += n) {
        for (int64_t i = 0; i < n; i++)
            sum[i] += d[i];
    }
}

static void slabs(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const cupel_dense_delta_args *a = j->args;
    const int64_t n = a->n_out;
    const int64_t group = (CACHED / n + 7) / 8 * 8 + (CACHED < n ? 8 : 0);
    for (int64_t s = begin; s < end; s++) {
        const int64_t stop = cupel_cpu_min((s + 1) * j->slab, a->rows);
        real *sum = a->db != NULL ? j->partial + s * n : NULL;
        if (sum != NULL) memset(sum, 0, (size_t)n * sizeof *sum);
        for (int64_t row = s * j->slab; row < stop; row += group) {
            const int64_t rows = cupel_cpu_min(group, stop - row);
            real *dy = (real *)a->dy + row * n;
            const real *y = a->y != NULL ? (const real *)a->y + row * n : NULL;
            const real *z = a->z != NULL ? (const real *)a->z + row * n : NULL;
            if (a->activation != CUPEL_LINEAR)
                CPU(activate_backward)(a->activation, (real)a->slope, dy, y, z, dy, rows * n);
            if (sum != NULL) add_rows(dy, rows, n, sum);
        }
    }
}

int64_t CPU(dense_delta_needs)(const cupel_dense_delta_args *args)
{
    return cupel_cpu_min(cupel_cpu_ceil(args->rows, SLAB_ROWS), SLABS) * args->n_out *
           (int64_t)sizeof(real);
}

cupel_status CPU(dense_delta)(cupel_exec *x, const cupel_dense_delta_args *args)
{
    if (args->activation == CUPEL_LINEAR && args->db == NULL) return CUPEL_OK;
    job j = {args, slab_rows(args->rows), x->scratch};
    const int64_t count = cupel_cpu_ceil(args->rows, j.slab);
    cupel_cpu_rows(x, count, j.slab * args->n_out, slabs, &j);
    if (args->db == NULL) return CUPEL_OK;
    memset(args->db, 0, (size_t)args->n_out * sizeof(real));
    add_rows(j.partial, count, args->n_out, args->db);
    return CUPEL_OK;
}
