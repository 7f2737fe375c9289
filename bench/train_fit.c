/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "train_fit.h"

#define LEAST_SAMPLES 5

typedef struct fit_clock {
    double begin;
    double seconds;
    double last; /* the end of the epoch before */
    double loss;
    int64_t steps; /* an epoch */
    int64_t count;
    double samples[BENCH_MOST_SAMPLES];
} fit_clock;

static cupel_status end_of_epoch(void *user, const cupel_event *event)
{
    fit_clock *clock = user;
    if (event->when != CUPEL_WHEN_EPOCH_END) return CUPEL_OK;
    const double now = bench_now();
    const double epoch = now - clock->last;
    clock->last = now;
    clock->loss = event->values[0];
    if (event->epoch == 0 || now - clock->begin < clock->seconds / 3) return CUPEL_OK;
    clock->samples[clock->count++] = epoch / (double)clock->steps * 1e6;
    const int enough = clock->count >= LEAST_SAMPLES && now - clock->begin > clock->seconds;
    return enough || clock->count == BENCH_MOST_SAMPLES ? CUPEL_ERROR_STOPPED : CUPEL_OK;
}

cupel_status bench_train_fit(bench_training *t, double seconds, int once, bench_times *times,
                             double *loss)
{
    static fit_clock clock;
    const bench_case *c = t->c;
    cupel_dataset *data = NULL;
    cupel_arrays arrays = {.x = t->x,
                           .y = t->y,
                           .rows = t->rows,
                           .x_shape = CUPEL_SHAPE(c->widths[0]),
                           .y_type = c->regression ? CUPEL_FLOAT32 : CUPEL_INT32};
    if (c->regression) arrays.y_shape = CUPEL_SHAPE(c->widths[c->layers]);
    cupel_status status = cupel_dataset_from_arrays(&arrays, &data);
    if (status != CUPEL_OK) return status;
    clock = (fit_clock){.seconds = once ? 0 : seconds,
                        .begin = bench_now(),
                        .steps = (t->rows + c->batch - 1) / c->batch};
    clock.last = clock.begin;
    status = cupel_model_fit(
        t->model, data,
        &(cupel_fit_config){.epochs = once ? 2 : INT32_MAX,
                            .batch_size = c->batch,
                            .callbacks = {CUPEL_CALLBACK(end_of_epoch, .user = &clock)}},
        NULL);
    cupel_dataset_free(data);
    if (status == CUPEL_ERROR_STOPPED) status = CUPEL_OK;
    *loss = clock.loss;
    if (status == CUPEL_OK) bench_summarise(clock.samples, clock.count, clock.steps, times);
    return status;
}
