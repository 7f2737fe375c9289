/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Both flavours by one loop over a block of one tensor:
 *     h = clip(scale g) + l2 w;  v = momentum v + into h;  w = keep w + by (look v + now h)
 * KERAS keeps the rate in the velocity: into = -rate, by = 1; TORCH into = 1, by = -rate. */
#include "cpu/cpu.h"
#include <cupel/types.h>

#include <math.h>
#include <string.h>

typedef struct job {
    const cupel_sgd_args *args;
    double rate;
} job;

typedef struct factors {
    real scale, clip, l2, keep, momentum, into, by, look, now;
} factors;

CUPEL_INLINE real gradient(const factors *f, real g, real w)
{
    const real h = f->scale * g;
    return (h < -f->clip ? -f->clip : h > f->clip ? f->clip : h) + f->l2 * w;
}

CUPEL_INLINE void plain(const factors *f, real *restrict w, const real *restrict g)
{
    for (int64_t i = 0; i < CUPEL_SLICE; i++)
        w[i] = f->keep * w[i] + f->by * (f->now * gradient(f, g[i], w[i]));
}

CUPEL_INLINE void with_momentum(const factors *f, real *restrict w, const real *restrict g,
                                real *restrict v)
{
    for (int64_t i = 0; i < CUPEL_SLICE; i++) {
        const real h = gradient(f, g[i], w[i]);
        v[i] = f->momentum * v[i] + f->into * h;
        w[i] = f->keep * w[i] + f->by * (f->look * v[i] + f->now * h);
    }
}

CUPEL_CLONES static void blocks(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const cupel_sgd_args *a = j->args;
    const int32_t *tensor = a->tensor;
    const cupel_rule *rule = a->rule;
    const real *scale = a->scale;
    const bool torch = a->flavour == CUPEL_TORCH;
    const real one = 1;
    const real rate = (real)j->rate;
    const bool nesterov = a->nesterov != 0;
    factors f = {.clip = a->clipvalue > 0 ? (real)a->clipvalue : (real)INFINITY,
                 .momentum = (real)a->momentum,
                 .into = torch ? one : -rate,
                 .by = torch ? -rate : one,
                 .look = nesterov ? (real)a->momentum : one};
    f.now = a->v != NULL && !nesterov ? 0 : f.into;
    for (int64_t b = begin; b < end; b++) {
        const double decay = rule[tensor[b]].decay;
        f.scale = scale != NULL ? scale[tensor[b]] : one;
        f.l2 = torch ? (real)decay : 0;
        f.keep = torch ? one : (real)(1 - j->rate * decay);
        const int64_t at = b * CUPEL_SLICE;
        real *w = (real *)a->w + at;
        if (a->v == NULL) {
            plain(&f, w, (const real *)a->g + at);
        } else {
            with_momentum(&f, w, (const real *)a->g + at, (real *)a->v + at);
        }
        if (a->mirror != NULL) memcpy((real *)a->mirror + at, w, CUPEL_SLICE * sizeof(real));
    }
}

cupel_status CPU(sgd)(cupel_exec *x, const cupel_sgd_args *args)
{
    job j = {args, x->rates[x->control->step % CUPEL_RATES].rate};
    cupel_cpu_share_tensors(x->threads, args->tensor, args->blocks, blocks, &j);
    return CUPEL_OK;
}
