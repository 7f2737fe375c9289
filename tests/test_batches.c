/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L

#include "data/batches.h"

#include "base/order.h"
#include "fault.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ROWS 1000
#define WIDTH 200 /* 100 rows of it are large enough for the thread */

static float x[ROWS * WIDTH];
static int32_t y[ROWS];
static float row_weights[ROWS];

static cupel_arrays table(void)
{
    for (int i = 0; i < ROWS; i++) {
        for (int j = 0; j < WIDTH; j++)
            x[i * WIDTH + j] = (float)(i * WIDTH + j);
        y[i] = i % 7;
        row_weights[i] = (float)(i % 5);
    }
    return (cupel_arrays){.x = x,
                          .y = y,
                          .rows = ROWS,
                          .x_shape = CUPEL_SHAPE(WIDTH),
                          .y_type = CUPEL_INT32,
                          .sample_weight = row_weights};
}

static cupel_status fill(void *user, const int64_t *rows, int64_t count, void *to_x, void *to_y)
{
    const int64_t *bad = user;
    for (int64_t i = 0; i < count; i++) {
        if (bad != NULL && rows[i] == *bad) return CUPEL_ERROR_IO;
        memcpy((float *)to_x + i * WIDTH, x + rows[i] * WIDTH, WIDTH * sizeof(float));
        ((int32_t *)to_y)[i] = y[rows[i]];
    }
    return CUPEL_OK;
}

static cupel_dataset *open_table(bool as_source, int64_t *bad)
{
    const cupel_arrays arrays = table();
    const cupel_source source = {.fill = fill,
                                 .user = bad,
                                 .rows = ROWS,
                                 .x_shape = CUPEL_SHAPE(WIDTH),
                                 .y_type = CUPEL_INT32};
    cupel_dataset *data = NULL;
    cr_assert_eq(as_source ? cupel_dataset_from_source(&source, &data)
                           : cupel_dataset_from_arrays(&arrays, &data),
                 CUPEL_OK);
    return data;
}

static cupel_batches_config config_of(const cupel_dataset *data, int64_t batch, bool shuffle)
{
    return (cupel_batches_config){.data = data,
                                  .x_count = WIDTH,
                                  .batch = batch,
                                  .with_y = true,
                                  .labels = true,
                                  .classes = 7,
                                  .shuffle = shuffle,
                                  .seed = 42};
}

/* Runs through an epoch and compares every row with what the order says; first is the view's. */
static void expect_epoch(cupel_batches *batches, const cupel_batches_config *config, uint64_t epoch,
                         int64_t first)
{
    const int64_t rows = config->data->rows;
    const cupel_order order = cupel_order_make(config->seed, epoch, rows);
    int64_t position = 0;
    cupel_batch batch;
    for (;;) {
        cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK, "%s", cupel_last_error());
        if (batch.rows == 0) break;
        cr_assert_eq(batch.rows, rows - position < config->batch ? rows - position : config->batch);
        for (int64_t i = 0; i < batch.rows; i++, position++) {
            const int64_t row =
                first + (config->shuffle ? cupel_order_row(&order, position) : position);
            cr_assert_eq(
                memcmp((const float *)batch.x + i * WIDTH, x + row * WIDTH, WIDTH * sizeof(float)),
                0);
            if (config->with_y) cr_assert_eq(((const int32_t *)batch.y)[i], y[row]);
            if (batch.weights != NULL && config->class_weight == NULL)
                cr_assert_eq(batch.weights[i], row_weights[row]);
        }
    }
    cr_assert_eq(position, rows);
    /* And it stays over. */
    cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
    cr_assert_eq(batch.rows, 0);
    cr_assert_null(batch.x);
}

Test(batches, every_row_once_in_the_order_of_the_epoch)
{
    const int64_t sizes[] = {1, 3, 64, 100, 333, 999, 1000, 5000};
    for (int as_source = 0; as_source < 2; as_source++) {
        cupel_dataset *data = open_table(as_source, NULL);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            for (int shuffle = 0; shuffle < 2; shuffle++) {
                const cupel_batches_config config = config_of(data, sizes[s], shuffle);
                cupel_batches *batches;
                cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
                for (uint64_t epoch = 0; epoch < 3; epoch++) {
                    cr_assert_eq(cupel_batches_start(batches, epoch), CUPEL_OK);
                    expect_epoch(batches, &config, epoch, 0);
                }
                cupel_batches_close(batches);
            }
        }
        cupel_dataset_free(data);
    }
}

Test(batches, of_a_view)
{
    for (int as_source = 0; as_source < 2; as_source++) {
        cupel_dataset *data = open_table(as_source, NULL), *first, *last;
        cr_assert_eq(cupel_dataset_split(data, 0.4, &first, &last), CUPEL_OK);
        for (int shuffle = 0; shuffle < 2; shuffle++) {
            const cupel_batches_config config = config_of(last, 150, shuffle);
            cupel_batches *batches;
            cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
            cr_assert_eq(cupel_batches_start(batches, 9), CUPEL_OK);
            expect_epoch(batches, &config, 9, 600);
            cupel_batches_close(batches);
        }
        cupel_dataset_free(data);
        cupel_dataset_free(first);
        cupel_dataset_free(last);
    }
}

Test(batches, rows_in_order_are_not_copied)
{
    cupel_dataset *data = open_table(false, NULL);
    const cupel_batches_config config = config_of(data, 300, false);
    cupel_batches *batches;
    cupel_batch batch;
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    cupel_batches_start(batches, 0);
    for (int64_t first = 0; first < ROWS; first += 300) {
        cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
        cr_expect_eq(batch.x, (const void *)(x + first * WIDTH));
        cr_expect_eq(batch.y, (const void *)(y + first));
        cr_expect_eq(batch.weights, row_weights + first);
    }
    cupel_batches_close(batches);
    cupel_dataset_free(data);
}

Test(batches, start_in_the_middle_of_an_epoch)
{
    for (int as_source = 0; as_source < 2; as_source++) {
        cupel_dataset *data = open_table(as_source, NULL);
        const int64_t sizes[] = {8, 100};
        for (size_t s = 0; s < 2; s++) {
            const cupel_batches_config config = config_of(data, sizes[s], true);
            cupel_batches *batches;
            cupel_batch batch;
            cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
            /* Nothing comes before the first start. */
            cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
            cr_assert_eq(batch.rows, 0);
            for (uint64_t epoch = 0; epoch < 40; epoch++) {
                cr_assert_eq(cupel_batches_start(batches, epoch), CUPEL_OK);
                for (uint64_t i = 0; i < epoch % 5; i++)
                    cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
            }
            cupel_batches_start(batches, 77);
            expect_epoch(batches, &config, 77, 0);
            /* Closing in the middle, with batches prepared. */
            cupel_batches_start(batches, 78);
            cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
            cupel_batches_close(batches);
        }
        cupel_dataset_free(data);
    }
}

static void expect_text(const char *part)
{
    cr_expect_not_null(strstr(cupel_last_error(), part), "'%s' is not in '%s'", part,
                       cupel_last_error());
}

/* The batches before the one with the bad row come first; the failure comes again when asked. */
static void expect_failure_in_order(const cupel_batches_config *config, int64_t good_batches,
                                    cupel_status code, const char *part)
{
    cupel_batches *batches;
    cupel_batch batch;
    cr_assert_eq(cupel_batches_open(config, &batches), CUPEL_OK);
    for (uint64_t epoch = 0; epoch < 2; epoch++) {
        cr_assert_eq(cupel_batches_start(batches, epoch), CUPEL_OK);
        for (int64_t i = 0; i < good_batches; i++)
            cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK, "%s", cupel_last_error());
        for (int again = 0; again < 2; again++) {
            cr_expect_eq(cupel_batches_next(batches, &batch), code);
            expect_text(part);
            cr_expect_eq(batch.rows, 0);
        }
    }
    cupel_batches_close(batches);
}

Test(batches, bad_samples_are_named)
{
    /* In place, gathered in this thread, and gathered in the other one by class weights. */
    const float even[7] = {1, 1, 1, 1, 1, 1, 1};
    for (int way = 0; way < 3; way++) {
        cupel_dataset *data = open_table(false, NULL), *first, *last;
        cr_assert_eq(cupel_dataset_split(data, 0.5, &first, &last), CUPEL_OK);
        cupel_batches_config config = config_of(data, way == 1 ? 10 : 100, false);
        if (way > 0) config.class_weight = even;
        config.class_weights = 7;
        const int64_t good = 734 / config.batch;
        x[734 * WIDTH + 5] = NAN;
        expect_failure_in_order(&config, good, CUPEL_ERROR_DATA, "x: row 734, column 5 is NaN");
        config.data = last;
        expect_failure_in_order(&config, 234 / config.batch, CUPEL_ERROR_DATA,
                                "x: row 234, column 5 is NaN");
        expect_failure_in_order(&config, 234 / config.batch, CUPEL_ERROR_DATA,
                                "row 0 of this view is row 500");
        config.data = data;
        x[734 * WIDTH + 5] = 0;
        y[734] = 7;
        expect_failure_in_order(&config, good, CUPEL_ERROR_DATA,
                                "row 734: the label is 7, expected 0 to 6");
        y[734] = -1;
        expect_failure_in_order(&config, good, CUPEL_ERROR_DATA, "row 734: the label is -1");
        y[734] = 0;
        row_weights[734] = -1;
        expect_failure_in_order(&config, good, CUPEL_ERROR_DATA, "row 734: the sample weight");
        cupel_dataset_free(data);
        cupel_dataset_free(first);
        cupel_dataset_free(last);
    }
}

Test(batches, a_failing_source_is_the_outcome)
{
    int64_t bad = 250;
    cupel_dataset *data = open_table(true, &bad);
    cupel_batches_config config = config_of(data, 100, false);
    expect_failure_in_order(&config, 2, CUPEL_ERROR_IO, "source function returned CUPEL_ERROR_IO");
    cupel_dataset_free(data);
}

Test(batches, allow_nan_lets_pass)
{
    cupel_arrays arrays = table();
    arrays.allow_nan = true;
    x[3] = NAN;
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    for (int shuffle = 0; shuffle < 2; shuffle++) {
        const cupel_batches_config config = config_of(data, 100, shuffle);
        cupel_batches *batches;
        cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
        cupel_batches_start(batches, 0);
        expect_epoch(batches, &config, 0, 0);
        cupel_batches_close(batches);
    }
    cupel_dataset_free(data);
}

static void expect_weights(cupel_batches_config config, const float expected[4])
{
    cupel_batches *batches;
    cupel_batch batch;
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    cupel_batches_start(batches, 0);
    cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK, "%s", cupel_last_error());
    for (int i = 0; i < 4; i++)
        cr_expect_eq(batch.weights[i], expected[i]);
    cupel_batches_close(batches);
}

Test(batches, class_weights)
{
    const float by_class[3] = {0.5F, 2, 0}, sample[4] = {1, 1, 3, 1};
    const int64_t longs[4] = {0, 1, 1, 2};
    const uint8_t bytes[4] = {0, 1, 1, 2};
    const float hot[12] = {1, 0, 0, 0, 1, 0, 0.1F, 0.8F, 0.1F, 0, 0, 1};
    const float rounded[4] = {0, 0.9F, 1.2F, 2};
    const double doubles[4] = {0, 1, 1, 2};
    const struct {
        const void *y;
        cupel_type type;
        cupel_shape shape;
        bool labels;
    } cases[] = {
        {longs, CUPEL_INT64, {0}, true},
        {bytes, CUPEL_UINT8, {0}, true},
        {hot, CUPEL_FLOAT32, {.rank = 1, .dims = {3}}, false},
        {rounded, CUPEL_FLOAT32, {0}, false},
        {doubles, CUPEL_FLOAT64, {.rank = 1, .dims = {1}}, false},
    };
    table();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const cupel_arrays arrays = {.x = x,
                                     .y = cases[i].y,
                                     .rows = 4,
                                     .x_shape = CUPEL_SHAPE(1),
                                     .y_shape = cases[i].shape,
                                     .y_type = cases[i].type};
        cupel_arrays weighted = arrays;
        weighted.sample_weight = sample;
        cupel_dataset *data;
        cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
        cupel_batches_config config = {.data = data,
                                       .x_count = 1,
                                       .batch = 4,
                                       .with_y = true,
                                       .labels = cases[i].labels,
                                       .classes = 3,
                                       .class_weight = by_class,
                                       .class_weights = 3};
        expect_weights(config, (const float[4]){0.5F, 2, 2, 0});
        config.class_weights = 2;
        config.batch = 2;
        expect_failure_in_order(&config, 1, CUPEL_ERROR_DATA,
                                "row 3: the class is 2, but class_weight has weights for 0 to 1");
        cupel_dataset_free(data);
        cr_assert_eq(cupel_dataset_from_arrays(&weighted, &data), CUPEL_OK);
        config = (cupel_batches_config){.data = data,
                                        .x_count = 1,
                                        .batch = 4,
                                        .with_y = true,
                                        .class_weight = by_class,
                                        .class_weights = 3};
        expect_weights(config, (const float[4]){0.5F, 2, 6, 0});
        cupel_dataset_free(data);
    }
}

Test(batches, no_weights_are_no_pointer)
{
    cupel_arrays arrays = table();
    arrays.sample_weight = NULL;
    arrays.y = NULL;
    cupel_dataset *data;
    cupel_batches *batches;
    cupel_batch batch;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    for (int shuffle = 0; shuffle < 2; shuffle++) {
        cupel_batches_config config = config_of(data, 200, shuffle);
        config.with_y = false;
        cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
        cupel_batches_start(batches, 0);
        cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
        cr_expect_null(batch.weights);
        cr_expect_null(batch.y);
        cupel_batches_close(batches);
    }
    cupel_dataset_free(data);
}

Test(batches, refuses_bad_configs)
{
    cupel_arrays arrays = table();
    cupel_dataset *data;
    cupel_batches *batches = (cupel_batches *)(void *)&data;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cupel_batches_config config = config_of(data, 0, true);
    cr_expect_eq(cupel_batches_open(&config, &batches), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(batches);
    config = config_of(data, 10, true);
    config.x_count = WIDTH + 1;
    cr_expect_eq(cupel_batches_open(&config, &batches), CUPEL_ERROR_SHAPE);
    const float bad[] = {-1, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const float weights[2] = {1, bad[i]};
        config = config_of(data, 10, true);
        config.class_weight = weights;
        config.class_weights = 2;
        cr_expect_eq(cupel_batches_open(&config, &batches), CUPEL_ERROR_ARGUMENT);
        expect_text("class 1");
    }
    config.class_weights = 0;
    cr_expect_eq(cupel_batches_open(&config, &batches), CUPEL_ERROR_ARGUMENT);
    cupel_dataset_free(data);
    arrays.y = NULL;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    config = config_of(data, 10, true);
    cr_expect_eq(cupel_batches_open(&config, &batches), CUPEL_ERROR_ARGUMENT);
    expect_text("no targets");
    cupel_dataset_free(data);
    cupel_batches_close(NULL);
}

Test(batches, keep_their_data_set)
{
    cupel_dataset *data = open_table(false, NULL);
    const cupel_batches_config config = config_of(data, 100, true);
    cupel_batches *batches;
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    cupel_dataset_free(data);
    cupel_batches_start(batches, 4);
    expect_epoch(batches, &config, 4, 0);
    cupel_batches_close(batches);
}

/* A shape left zero takes as many elements a row as the model says. */
Test(batches, of_an_unknown_shape)
{
    cupel_arrays arrays = table();
    arrays.x_shape = (cupel_shape){0};
    cupel_dataset *data;
    cupel_batches *batches;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    const cupel_batches_config config = config_of(data, 99, true);
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    cupel_batches_start(batches, 1);
    expect_epoch(batches, &config, 1, 0);
    cupel_batches_close(batches);
    cupel_dataset_free(data);
}

static volatile sig_atomic_t alarms;
static pthread_t alarmed;
static void on_alarm(int signal_number)
{
    (void)signal_number;
    alarms++;
    if (!pthread_equal(pthread_self(), alarmed)) alarms = 1000000;
}

Test(batches, signals_are_for_the_program)
{
    cupel_dataset *data = open_table(false, NULL);
    const cupel_batches_config config = config_of(data, 100, true);
    cupel_batches *batches;
    alarmed = pthread_self();
    sigset_t before, after;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    cr_expect_eq(sigismember(&before, SIGALRM), sigismember(&after, SIGALRM));
    const struct sigaction action = {.sa_handler = on_alarm};
    cr_assert_eq(sigaction(SIGALRM, &action, NULL), 0);
    for (int i = 0; i < 200; i++) {
        kill(getpid(), SIGALRM);
        cupel_batches_start(batches, 3);
        expect_epoch(batches, &config, 3, 0);
    }
    cr_expect_geq(alarms, 1);
    cr_expect_lt(alarms, 1000000);
    cupel_batches_close(batches);
    cupel_dataset_free(data);
}

static cupel_status one_epoch(bool as_source, int64_t batch_rows)
{
    const float even[7] = {1, 1, 1, 1, 1, 1, 1};
    cupel_dataset *data = NULL;
    const cupel_arrays arrays = {
        .x = x, .y = y, .rows = ROWS, .x_shape = CUPEL_SHAPE(WIDTH), .y_type = CUPEL_INT32};
    const cupel_source source = {
        .fill = fill, .rows = ROWS, .x_shape = CUPEL_SHAPE(WIDTH), .y_type = CUPEL_INT32};
    cupel_batches *batches = NULL;
    cupel_status status = as_source ? cupel_dataset_from_source(&source, &data)
                                    : cupel_dataset_from_arrays(&arrays, &data);
    if (status == CUPEL_OK) {
        cupel_batches_config config = config_of(data, batch_rows, true);
        config.class_weight = even;
        config.class_weights = 7;
        status = cupel_batches_open(&config, &batches);
    }
    cupel_batch batch = {.rows = 1};
    if (status == CUPEL_OK) status = cupel_batches_start(batches, 0);
    while (status == CUPEL_OK && batch.rows > 0)
        status = cupel_batches_next(batches, &batch);
    cupel_batches_close(batches);
    cupel_dataset_free(data);
    return status;
}

Test(batches, no_allocation_is_taken_for_granted)
{
    table();
    fault_memory_install();
    for (int way = 0; way < 4; way++) {
        int64_t n = 1;
        for (;; n++) {
            fault_memory_arm(n, n % 2 == 0);
            const cupel_status status = one_epoch(way % 2 == 1, way < 2 ? 100 : 10);
            cr_expect_eq(fault_memory_blocks(), 0);
            if (fault_memory_disarm() == 0) {
                cr_expect_eq(status, CUPEL_OK);
                break;
            }
            cr_expect_eq(status, CUPEL_ERROR_MEMORY);
        }
        cr_expect_geq(n, 6);
    }
    fault_memory_remove();
}

/* A few rows are handed out without a thread: an epoch of the tutorial costs microseconds. */
Test(batches, small_batches_are_cheap)
{
    const float few[8] = {1, 2, 2, 3, 3, 4, 4, 5}, targets[4] = {0, 0, 1, 1};
    const cupel_arrays arrays = {.x = few, .y = targets, .rows = 4, .x_shape = CUPEL_SHAPE(2)};
    cupel_dataset *data;
    cupel_batches *batches;
    cupel_batch batch;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    const cupel_batches_config config = {
        .data = data, .x_count = 2, .batch = 10, .with_y = true, .shuffle = true};
    cr_assert_eq(cupel_batches_open(&config, &batches), CUPEL_OK);
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (uint64_t epoch = 0; epoch < 1000; epoch++) {
        cupel_batches_start(batches, epoch);
        cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
        cr_assert_eq(batch.rows, 4);
        cr_assert_eq(cupel_batches_next(batches, &batch), CUPEL_OK);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    const double seconds =
        (double)(end.tv_sec - begin.tv_sec) + 1e-9 * (double)(end.tv_nsec - begin.tv_nsec);
    /* Measured 0.05 s; the bound leaves room for a sanitizer and a busy machine. */
    cr_expect_lt(seconds, 1);
    cupel_batches_close(batches);
    cupel_dataset_free(data);
}
