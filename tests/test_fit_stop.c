/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Fits that end before their time: on request, by a callback, by a bad sample. */
#define _XOPEN_SOURCE 700
#include "tiny.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static const float xs[5] = {1, 2, -1, 0.5f, 3};
static const float ys[5] = {0, 1, 1, 0, 1};

static cupel_device *device;
static cupel_model *model;
static cupel_dataset *data;

static void open_all(void)
{
    device = tiny_device();
    model = tiny_line(device, 0.5f, (cupel_compile_config){0});
    data = tiny_data(xs, ys, 5);
}

static void close_all(void)
{
    cupel_dataset_free(data);
    cupel_model_free(model);
    cupel_device_close(device);
}

TestSuite(fit_stop, .init = open_all, .fini = close_all, .timeout = 60);

/* The model works as before. */
static void expect_usable(void)
{
    double score;
    cr_expect_eq(cupel_model_evaluate(model, data, 0, &score), CUPEL_OK, "%s", cupel_last_error());
    cr_expect(isfinite(score));
    cr_expect_eq(cupel_model_fit(model, data, NULL, NULL), CUPEL_OK, "%s", cupel_last_error());
}

/* A fit that only a stop can end. */
static void expect_stopped(const cupel_fit_config *config)
{
    cupel_history *history = NULL;
    cr_expect_eq(cupel_model_fit(model, data, config, &history), CUPEL_ERROR_STOPPED);
    char error[512];
    snprintf(error, sizeof error, "%s", cupel_last_error());
    cr_assert_not_null(history);
    cr_expect_str_eq(cupel_history_reason(history), error);
    cr_expect_not_null(strstr(error, "stop"), "%s", error);
    cupel_history_free(history);
}

static _Atomic bool ended;

/* Asks again and again, as a request before fit runs is forgotten. */
static void *stop_soon(void *user)
{
    const struct timespec time = {.tv_nsec = 30000000};
    while (!ended) {
        nanosleep(&time, NULL);
        cupel_request_stop(user);
    }
    return NULL;
}

Test(fit_stop, another_thread_stops_it)
{
    pthread_t thread;
    const cupel_fit_config config = {.epochs = INT64_MAX, .batch_size = 2, .validation = data};
    cr_assert_eq(pthread_create(&thread, NULL, stop_soon, model), 0);
    expect_stopped(&config);
    ended = true;
    pthread_join(thread, NULL);
    expect_usable();
}

/* Tries the model while fit has it, then stops fit. */
static void *disturb(void *user)
{
    const struct timespec time = {.tv_nsec = 30000000};
    double score;
    float out;
    nanosleep(&time, NULL);
    cr_expect_eq(cupel_model_evaluate(user, data, 0, &score), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_predict(user, xs, 1, &out), CUPEL_ERROR_STATE);
    cr_expect_eq(cupel_model_fit(user, data, NULL, NULL), CUPEL_ERROR_STATE);
    cupel_request_stop(user);
    return NULL;
}

Test(fit_stop, another_thread_cannot_use_the_model)
{
    pthread_t thread;
    const cupel_fit_config config = {.epochs = INT64_MAX, .callbacks = {CUPEL_TERMINATE_ON_NAN()}};
    cr_assert_eq(pthread_create(&thread, NULL, disturb, model), 0);
    expect_stopped(&config);
    pthread_join(thread, NULL);
    expect_usable();
}

static void on_alarm(int number)
{
    (void)number;
    cupel_request_stop(model);
}

Test(fit_stop, a_signal_handler_stops_it)
{
    const struct sigaction action = {.sa_handler = on_alarm};
    const struct itimerval soon = {.it_value = {.tv_usec = 30000},
                                   .it_interval = {.tv_usec = 30000}};
    const struct itimerval never = {.it_value = {.tv_usec = 0}};
    const cupel_fit_config config = {.epochs = INT64_MAX, .steps_per_execution = 3};
    cr_assert_eq(sigaction(SIGALRM, &action, NULL), 0);
    cr_assert_eq(setitimer(ITIMER_REAL, &soon, NULL), 0);
    expect_stopped(&config);
    cr_assert_eq(setitimer(ITIMER_REAL, &never, NULL), 0);
    expect_usable();
}

/* Asks for the end while the fifth batch is made. */
static cupel_status fill_and_stop(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    int *calls = user;
    (void)rows;
    for (int64_t i = 0; i < count; i++) {
        ((float *)x)[i] = 1;
        ((float *)y)[i] = 1;
    }
    if (++*calls == 5) cupel_request_stop(model);
    return CUPEL_OK;
}

Test(fit_stop, a_request_does_not_wait_for_the_next_look_at_the_results)
{
    int calls = 0, step = 0;
    cupel_dataset *made;
    cr_assert_eq(cupel_dataset_from_source(
                     &(cupel_source){.fill = fill_and_stop, .user = &calls, .rows = 1000}, &made),
                 CUPEL_OK);
    const cupel_fit_config config = {.batch_size = 1, .steps_per_execution = 1000};
    cr_expect_eq(cupel_model_fit(model, made, &config, NULL), CUPEL_ERROR_STOPPED);
    const char *at = strstr(cupel_last_error(), "after step ");
    cr_assert(at != NULL && sscanf(at, "after step %d", &step) == 1, "%s", cupel_last_error());
    cr_expect_leq(step, 5, "it ended after step %d", step);
    cupel_dataset_free(made);
    expect_usable();
}

Test(fit_stop, a_request_before_fit_is_forgotten)
{
    cupel_request_stop(model);
    cupel_request_stop(NULL);
    expect_usable();
}

/* Does something at one moment of the fit. */
typedef struct moment {
    cupel_when when;
    int64_t epoch;
    int64_t step;
    cupel_status status;
    bool request;
    bool ended; /* FIT_END was shown */
} moment;

static cupel_status at_moment(void *user, const cupel_event *event)
{
    moment *m = user;
    m->ended = m->ended || event->when == CUPEL_WHEN_FIT_END;
    if (event->when != m->when || event->epoch != m->epoch) return CUPEL_OK;
    if (event->when == CUPEL_WHEN_STEP_END && event->step != m->step) return CUPEL_OK;
    if (m->request) cupel_request_stop(event->model);
    return m->status;
}

/* The weight after a number of steps on one row each, in order. */
static float weight_after(int64_t steps)
{
    cupel_model *other = tiny_line(device, 0.5f, (cupel_compile_config){0});
    for (int64_t i = 0; i < steps; i++) {
        cr_assert_eq(cupel_model_train_batch(other, &xs[i % 5], &ys[i % 5], 1, NULL), CUPEL_OK);
    }
    const float weight = tiny_weight(other);
    cupel_model_free(other);
    return weight;
}

Test(fit_stop, after_the_step_at_any_moment)
{
    const struct {
        moment m;
        int64_t epochs; /* whole ones */
        int64_t steps;  /* done */
        bool clean;     /* FIT_END comes */
    } all[] = {
        {{CUPEL_WHEN_FIT_BEGIN, 0, 0, CUPEL_ERROR_STOPPED, false, false}, 0, 0, true},
        {{CUPEL_WHEN_EPOCH_BEGIN, 1, 0, CUPEL_ERROR_STOPPED, false, false}, 1, 5, true},
        {{CUPEL_WHEN_STEP_END, 1, 2, CUPEL_ERROR_STOPPED, false, false}, 1, 7, true},
        {{CUPEL_WHEN_EPOCH_END, 1, 0, CUPEL_ERROR_STOPPED, false, false}, 2, 10, true},
        {{CUPEL_WHEN_FIT_BEGIN, 0, 0, CUPEL_OK, true, false}, 0, 1, true},
        {{CUPEL_WHEN_STEP_END, 1, 2, CUPEL_OK, true, false}, 1, 7, true},
        {{CUPEL_WHEN_EPOCH_END, 1, 0, CUPEL_OK, true, false}, 2, 10, true},
        {{CUPEL_WHEN_STEP_END, 1, 2, CUPEL_ERROR_IO, false, false}, 1, 7, false},
        {{CUPEL_WHEN_EPOCH_END, 0, 0, CUPEL_ERROR_DATA, false, false}, 1, 5, false},
        {{CUPEL_WHEN_FIT_BEGIN, 0, 0, CUPEL_ERROR_MEMORY, false, false}, 0, 0, false},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        moment m = all[i].m;
        const float first = 0.5f;
        cupel_history *history = NULL;
        const cupel_status expected = m.status == CUPEL_OK ? CUPEL_ERROR_STOPPED : m.status;
        const cupel_fit_config config = {
            .epochs = 3,
            .batch_size = 1,
            .no_shuffle = true,
            .validation = data,
            .callbacks = {CUPEL_CALLBACK(at_moment, .user = &m),
                          CUPEL_EARLY_STOPPING(.patience = 9, .restore_best = true)}};
        cr_assert_eq(cupel_parameter_write(model, 0, &first), CUPEL_OK);
        cr_expect_eq(cupel_model_fit(model, data, &config, &history), expected, "case %d", (int)i);
        cr_assert_not_null(history);
        cr_expect_eq(cupel_history_epochs(history), all[i].epochs, "case %d", (int)i);
        cr_expect_eq(tiny_weight(model), weight_after(all[i].steps), "case %d", (int)i);
        cr_expect_eq(m.ended, all[i].clean, "case %d", (int)i);
        if (m.status != CUPEL_OK) {
            cr_expect_not_null(strstr(cupel_history_reason(history), cupel_status_name(m.status)));
        }
        cupel_history_free(history);
    }
    expect_usable();
}

Test(fit_stop, a_request_in_the_last_epoch_counts)
{
    moment m = {.when = CUPEL_WHEN_EPOCH_END, .epoch = 0, .request = true};
    cupel_history *history;
    const cupel_fit_config config = {.callbacks = {CUPEL_CALLBACK(at_moment, .user = &m)}};
    cr_expect_eq(cupel_model_fit(model, data, &config, &history), CUPEL_ERROR_STOPPED);
    cr_expect_eq(cupel_history_epochs(history), 1);
    cupel_history_free(history);
}

static cupel_status pass_on(void *user, const cupel_event *event)
{
    double score;
    if (event->when != CUPEL_WHEN_EPOCH_END) return CUPEL_OK;
    return cupel_model_evaluate(event->model, user, -3, &score);
}

Test(fit_stop, the_sentence_of_a_callback_s_own_call_is_passed_on)
{
    const cupel_fit_config config = {.callbacks = {CUPEL_CALLBACK(pass_on, .user = data)}};
    cr_expect_eq(cupel_model_fit(model, data, &config, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "the callback's function returned"));
    cr_expect_not_null(strstr(cupel_last_error(), "cupel_model_evaluate: the batch size is -3"),
                       "%s", cupel_last_error());
}

/* Rows that a function makes; one of them in one epoch is bad. */
typedef struct maker {
    int64_t made;
    int64_t bad_at; /* after so many rows */
    cupel_status status;
    float bad;
} maker;

static cupel_status make(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    maker *m = user;
    for (int64_t i = 0; i < count; i++, m->made++) {
        ((float *)x)[i] = m->made == m->bad_at ? m->bad : xs[rows[i] % 5];
        ((float *)y)[i] = ys[rows[i] % 5];
        if (m->made == m->bad_at && m->status != CUPEL_OK) return m->status;
    }
    return CUPEL_OK;
}

Test(fit_stop, a_bad_sample_ends_it_after_the_last_whole_step)
{
    const struct {
        maker m;
        cupel_status expected;
    } all[] = {
        {{0, 8, CUPEL_OK, NAN}, CUPEL_ERROR_DATA},
        {{0, 8, CUPEL_OK, INFINITY}, CUPEL_ERROR_DATA},
        {{0, 8, CUPEL_ERROR_IO, 0}, CUPEL_ERROR_IO},
        {{0, 8, CUPEL_ERROR_STOPPED, 0}, CUPEL_ERROR_STOPPED},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        maker m = all[i].m;
        const float first = 0.5f;
        cupel_dataset *made;
        cupel_history *history = NULL;
        const cupel_source source = {.fill = make, .user = &m, .rows = 5};
        const cupel_fit_config config = {.epochs = 3, .batch_size = 1, .no_shuffle = true};
        cr_assert_eq(cupel_dataset_from_source(&source, &made), CUPEL_OK);
        cr_assert_eq(cupel_parameter_write(model, 0, &first), CUPEL_OK);
        cr_expect_eq(cupel_model_fit(model, made, &config, &history), all[i].expected, "%s",
                     cupel_last_error());
        cr_assert_not_null(history);
        cr_expect_eq(cupel_history_epochs(history), 1);
        cr_expect_eq(tiny_weight(model), weight_after(8));
        cupel_history_free(history);
        cupel_dataset_free(made);
    }
    expect_usable();
}
