/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * There is no callback in these fits: a function that looks at every step makes each of them wait
 * for the device. */
#include "train_fit.h"

#include "cuda_parts.h"

#define LEAST_SAMPLES 5
/* What one epoch more takes is small beside the noise of a whole fit; so many seconds are not. */
#define LEAST_SECONDS 0.1

typedef struct fit_run {
    bench_training *training;
    cupel_dataset *data;
    int64_t together;
    double loss;
} fit_run;

/* Seconds and calls of a fit of so many epochs. */
static cupel_status fit(fit_run *run, int64_t epochs, double *seconds, double *calls)
{
    cupel_history *history = NULL;
    const double *losses = NULL;
    const int64_t calls_before = bench_cuda_host_calls();
    const double begin = bench_now();
    cupel_status status = cupel_model_fit(run->training->model, run->data,
                                          &(cupel_fit_config){.epochs = epochs,
                                                              .batch_size = run->training->c->batch,
                                                              .steps_per_execution = run->together},
                                          &history);
    *seconds = bench_now() - begin;
    *calls = (double)(bench_cuda_host_calls() - calls_before);
    if (status == CUPEL_OK) status = cupel_history_series(history, "loss", &losses);
    if (status == CUPEL_OK) run->loss = losses[epochs - 1];
    cupel_history_free(history);
    return status;
}

/* What so many epochs more than one cost, each of them. */
static cupel_status compare(fit_run *run, int64_t more, double *seconds, double *calls)
{
    double one = 0, one_calls = 0;
    double all = 0, all_calls = 0;
    CUPEL_TRY(fit(run, 1, &one, &one_calls));
    CUPEL_TRY(fit(run, 1 + more, &all, &all_calls));
    *seconds = (all > one ? all - one : all) / (double)more;
    *calls = (all_calls - one_calls) / (double)more;
    return CUPEL_OK;
}

static cupel_status measure(fit_run *run, double seconds, int64_t steps, bench_row *row)
{
    static double samples[BENCH_MOST_SAMPLES];
    const double begin = bench_now();
    double epoch = 0, calls = 0;
    int64_t more = 1;
    int64_t count = 0;
    CUPEL_TRY(compare(run, more, &epoch, &calls));
    while (seconds > 0 && epoch * (double)more < LEAST_SECONDS) {
        more *= 4;
        CUPEL_TRY(compare(run, more, &epoch, &calls));
    }
    do {
        CUPEL_TRY(compare(run, more, &epoch, &calls));
        samples[count++] = epoch / (double)steps * 1e6;
    } while (seconds > 0 && count < BENCH_MOST_SAMPLES &&
             (count < LEAST_SAMPLES || bench_now() - begin < seconds));
    bench_summarise(samples, count, steps * more, &row->times);
    row->host_calls = calls / (double)steps;
    row->loss_end = run->loss;
    return CUPEL_OK;
}

cupel_status bench_train_fit(bench_training *t, double seconds, int64_t together, bench_row *row)
{
    const bench_case *c = t->c;
    fit_run run = {.training = t, .together = together};
    cupel_arrays arrays = {.x = t->x,
                           .y = t->y,
                           .rows = t->rows,
                           .x_shape = CUPEL_SHAPE(c->widths[0]),
                           .y_type = c->regression ? CUPEL_FLOAT32 : CUPEL_INT32};
    if (c->regression) arrays.y_shape = CUPEL_SHAPE(c->widths[c->layers]);
    CUPEL_TRY(cupel_dataset_from_arrays(&arrays, &run.data));
    const cupel_status status = measure(&run, seconds, (t->rows + c->batch - 1) / c->batch, row);
    cupel_dataset_free(run.data);
    return status;
}
