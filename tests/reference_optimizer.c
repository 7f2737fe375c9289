/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "reference_optimizer.h"

#include <math.h>

double reference_rate(const reference_optimizer *o)
{
    const cupel_schedule *s = &o->config.schedule;
    if (s->kind == CUPEL_SCHEDULE_NONE) return o->learning_rate;
    if (o->step < s->warmup_steps)
        return o->learning_rate * (double)o->step / (double)s->warmup_steps;
    const double d = fmin((double)(o->step - s->warmup_steps) / (double)s->steps, 1);
    const double f = s->final_fraction;
    return o->learning_rate * ((1 - f) * (1 + cos(acos(-1.0) * d)) / 2 + f);
}

static void scale_tensor(reference_optimizer *o, int64_t t, double norm, double limit)
{
    for (int64_t i = 0; i < o->count[t]; i++)
        if (o->flavour == CUPEL_TORCH)
            o->g[t][i] *= fmin(1, limit / (norm + 1e-6));
        else if (norm > limit)
            o->g[t][i] *= limit / norm;
}

static double square_of(const reference_optimizer *o, int64_t t)
{
    double square = 0;
    for (int64_t i = 0; i < o->count[t]; i++)
        square += o->g[t][i] * o->g[t][i];
    return square;
}

static void clip(reference_optimizer *o)
{
    const cupel_optimizer *c = &o->config;
    double square = 0;
    for (int64_t t = 0; t < o->tensors; t++)
        square += square_of(o, t);
    for (int64_t t = 0; t < o->tensors; t++) {
        if (c->global_clipnorm > 0) scale_tensor(o, t, sqrt(square), c->global_clipnorm);
        if (c->clipnorm > 0) scale_tensor(o, t, sqrt(square_of(o, t)), c->clipnorm);
        for (int64_t i = 0; i < o->count[t] && c->clipvalue > 0; i++)
            o->g[t][i] = fmax(-c->clipvalue, fmin(c->clipvalue, o->g[t][i]));
    }
}

/* How a step of SGD changes a weight. */
static double sgd(const reference_optimizer *o, double g, double *velocity, double rate)
{
    const double mu = o->config.momentum;
    if (o->flavour == CUPEL_TORCH) {
        *velocity = mu * *velocity + g;
        return -rate * (o->config.nesterov ? g + mu * *velocity : *velocity);
    }
    *velocity = mu * *velocity - rate * g;
    return o->config.nesterov ? mu * *velocity - rate * g : *velocity;
}

/* How a step of Adam changes a weight; t counts from 1. */
static double adam(const reference_optimizer *o, double g, double *m, double *v, double *top,
                   double rate, double t)
{
    const cupel_optimizer *c = &o->config;
    const double correction_1 = 1 - pow(c->beta_1, t), correction_2 = 1 - pow(c->beta_2, t);
    *m = c->beta_1 * *m + (1 - c->beta_1) * g;
    *v = c->beta_2 * *v + (1 - c->beta_2) * g * g;
    *top = fmax(*top, *v);
    const double second = c->amsgrad ? *top : *v;
    if (o->flavour == CUPEL_TORCH)
        return -rate * (*m / correction_1) / (sqrt(second / correction_2) + c->epsilon);
    return -rate * sqrt(correction_2) / correction_1 * *m / (sqrt(second) + c->epsilon);
}

void reference_step(reference_optimizer *o)
{
    const double rate = reference_rate(o), decay = o->config.weight_decay;
    const bool decoupled = o->flavour == CUPEL_KERAS || o->config.kind == CUPEL_OPTIMIZER_ADAMW;
    clip(o);
    o->step++;
    for (int64_t t = 0; t < o->tensors; t++)
        for (int64_t i = 0; i < o->count[t]; i++) {
            double g = o->g[t][i];
            if (decoupled)
                o->w[t][i] -= rate * decay * o->w[t][i];
            else
                g += decay * o->w[t][i];
            o->w[t][i] +=
                o->config.kind == CUPEL_OPTIMIZER_SGD
                    ? sgd(o, g, &o->m[t][i], rate)
                    : adam(o, g, &o->m[t][i], &o->v[t][i], &o->top[t][i], rate, (double)o->step);
        }
}
