/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Both flavours by one loop over a block of one tensor, in one pass over the arrays:
 *     h = clip(scale g) + l2 w;  m += (1 - beta_1) (h - m);  v += (1 - beta_2) (h^2 - v)
 *     w = keep w - by m / (root sqrt(top) + epsilon)
 * with top = v, or its maximum so far. KERAS: root = 1, the corrections are in by. TORCH: root is
 * 1 / sqrt(correction_2), since sqrt(v / c) + epsilon has the corrected v under the root. */
#include "cpu/cpu.h"
#include <cupel/types.h>

#include <math.h>
#include <string.h>

typedef struct job {
    const cupel_adam_args *args;
    double rate, by, root;
} job;

typedef struct factors {
    real scale, clip, l2, keep, first, second, by, root, epsilon;
} factors;

CUPEL_INLINE real square_root(real a)
{
#if CUPEL_REAL_DOUBLE
    return sqrt(a);
#else
    return sqrtf(a);
#endif
}

/* The update is 0 where m is: in the padding epsilon 0 would give 0 / 0. */
CUPEL_INLINE void slice(const factors *f, bool amsgrad, real *restrict w, const real *restrict g,
                        real *restrict m, real *restrict v, real *restrict top)
{
    for (int64_t i = 0; i < CUPEL_SLICE; i++) {
        const real s = f->scale * g[i];
        const real h = (s < -f->clip ? -f->clip : s > f->clip ? f->clip : s) + f->l2 * w[i];
        const real m_i = m[i] + f->first * (h - m[i]);
        const real v_i = v[i] + f->second * (h * h - v[i]);
        real largest = v_i;
        m[i] = m_i;
        v[i] = v_i;
        if (amsgrad) {
            largest = top[i] > v_i ? top[i] : v_i;
            top[i] = largest;
        }
        const real step = f->by * m_i / (f->root * square_root(largest) + f->epsilon);
        w[i] = f->keep * w[i] - (m_i == 0 ? 0 : step);
    }
}

CUPEL_CLONES static void blocks(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    const cupel_adam_args *a = j->args;
    const int32_t *tensor = a->tensor;
    const cupel_rule *rule = a->rule;
    const real *scale = a->scale;
    const bool decoupled = a->flavour != CUPEL_TORCH || a->decoupled != 0;
    const real one = 1;
    factors f = {.clip = a->clipvalue > 0 ? (real)a->clipvalue : (real)INFINITY,
                 .first = (real)(1 - a->beta_1),
                 .second = (real)(1 - a->beta_2),
                 .by = (real)j->by,
                 .root = (real)j->root,
                 .epsilon = (real)a->epsilon};
    for (int64_t b = begin; b < end; b++) {
        const double decay = rule[tensor[b]].decay;
        f.scale = scale != NULL ? scale[tensor[b]] : one;
        f.l2 = decoupled ? 0 : (real)decay;
        f.keep = decoupled ? (real)(1 - j->rate * decay) : one;
        const int64_t at = b * CUPEL_SLICE;
        real *w = (real *)a->w + at;
        const real *g = (const real *)a->g + at;
        real *m = (real *)a->m + at;
        real *v = (real *)a->v + at;
        if (a->top != NULL) {
            slice(&f, true, w, g, m, v, (real *)a->top + at);
        } else {
            slice(&f, false, w, g, m, v, NULL);
        }
        if (a->mirror != NULL) memcpy((real *)a->mirror + at, w, CUPEL_SLICE * sizeof(real));
    }
}

cupel_status CPU(adam)(cupel_exec *x, const cupel_adam_args *args)
{
    const cupel_rate *r = &x->rates[x->control->step % CUPEL_RATES];
    const bool torch = args->flavour == CUPEL_TORCH;
    const double root = sqrt(r->correction_2);
    job j = {args, r->rate, r->rate / r->correction_1 * (torch ? 1 : root), torch ? 1 / root : 1};
    cupel_cpu_share_tensors(x->threads, args->tensor, args->blocks, blocks, &j);
    return CUPEL_OK;
}
