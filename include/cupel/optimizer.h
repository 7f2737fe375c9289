/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Optimizers and learning-rate schedules are plain values. Where a default depends on the flavour,
 * Keras is named first, then PyTorch. In all of them g is the gradient after clipping, t counts the
 * steps from 1. */
#ifndef CUPEL_OPTIMIZER_H
#define CUPEL_OPTIMIZER_H

#include <cupel/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum cupel_schedule_kind {
    CUPEL_SCHEDULE_NONE = 0, /* the learning rate is constant */
    CUPEL_SCHEDULE_COSINE = 1
} cupel_schedule_kind;

/* How the learning rate changes with the optimizer's steps. */
typedef struct cupel_schedule {
    cupel_schedule_kind kind;
    int64_t steps;         /* the steps of the decay, after the warm-up; at least 1 */
    int64_t warmup_steps;  /* before it the rate rises linearly from 0; 0 for none */
    double final_fraction; /* COSINE: where the decay ends, as a share of the learning rate; 0..1 */
} cupel_schedule;

/* Step t < warmup_steps: rate * t / warmup_steps. After that, with d = min((t - warmup_steps) / steps, 1):
 * rate * ((1 - f) * (1 + cos(pi d)) / 2 + f). t counts the steps taken before this one: Keras's
 * CosineDecay with warmup_target = rate and initial_learning_rate = 0. */
#define CUPEL_COSINE(...) ((cupel_schedule){.kind = CUPEL_SCHEDULE_COSINE, .steps = __VA_ARGS__})

typedef enum cupel_optimizer_kind {
    CUPEL_OPTIMIZER_NONE = 0,
    CUPEL_OPTIMIZER_SGD = 1,
    CUPEL_OPTIMIZER_ADAM = 4,
    CUPEL_OPTIMIZER_ADAMW = 5
} cupel_optimizer_kind;

/* One optimizer's configuration. A field that its kind does not use must be 0. At most one of the
 * three clip fields may be set. */
typedef struct cupel_optimizer {
    cupel_optimizer_kind kind;
    double learning_rate;    /* SGD 0.01, 0.001; ADAM, ADAMW 0.001 */
    double momentum;         /* SGD: 0 */
    bool nesterov;           /* SGD: needs momentum */
    double beta_1;           /* ADAM, ADAMW: 0.9; in [0, 1) */
    double beta_2;           /* ADAM, ADAMW: 0.999; in [0, 1) */
    double epsilon;          /* ADAM, ADAMW: 1e-7, 1e-8 */
    bool amsgrad;            /* ADAM, ADAMW */
    double weight_decay;     /* 0, but ADAMW 0.004, 0.01; on every trainable tensor, biases included */
    double clipvalue;        /* every element of g to [-clipvalue, clipvalue]; 0 for none */
    double clipnorm;         /* every tensor of g to this norm; 0 for none */
    double global_clipnorm;  /* all of g together to this norm; 0 for none */
    cupel_schedule schedule; /* scales learning_rate; the default is a constant rate */
} cupel_optimizer;

/* KERAS: v = momentum v - rate g; w += v, or with nesterov w += momentum v - rate g.
 * TORCH: v = momentum v + g (v = g at t = 1); w -= rate v, or with nesterov w -= rate (g + momentum v).
 * weight_decay: KERAS w -= rate decay w before the update, TORCH g += decay w. */
#define CUPEL_SGD(...) ((cupel_optimizer){.kind = CUPEL_OPTIMIZER_SGD, __VA_ARGS__})
/* m += (1 - beta_1) (g - m), v += (1 - beta_2) (g^2 - v).
 * KERAS: w -= rate sqrt(1 - beta_2^t) / (1 - beta_1^t) m / (sqrt(v) + epsilon).
 * TORCH: w -= rate / (1 - beta_1^t) m / (sqrt(v / (1 - beta_2^t)) + epsilon).
 * weight_decay: KERAS w -= rate decay w before the update, TORCH g += decay w. Kingma and Ba 2015. */
#define CUPEL_ADAM(...) ((cupel_optimizer){.kind = CUPEL_OPTIMIZER_ADAM, __VA_ARGS__})
/* Adam with w -= rate decay w before the update in both flavours. Loshchilov and Hutter 2019. */
#define CUPEL_ADAMW(...) ((cupel_optimizer){.kind = CUPEL_OPTIMIZER_ADAMW, __VA_ARGS__})

#ifdef __cplusplus
}
#endif
#endif
