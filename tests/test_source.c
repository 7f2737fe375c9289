/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "data/source.h"

#include "fault.h"

#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

typedef struct maker {
    atomic_int inside;
    atomic_int overlaps;
    int calls;
    int64_t fail_row; /* -1: never */
    cupel_status failure;
} maker;

/* Row r is {r, r / 2}, its target r % 10. */
static cupel_status make_rows(void *user, const int64_t *rows, int64_t count, void *x, void *y)
{
    maker *state = user;
    if (atomic_fetch_add(&state->inside, 1) != 0) atomic_fetch_add(&state->overlaps, 1);
    state->calls++;
    cupel_status status = CUPEL_OK;
    for (int64_t i = 0; i < count; i++) {
        ((float *)x)[2 * i] = (float)rows[i];
        ((float *)x)[2 * i + 1] = (float)rows[i] / 2;
        ((int32_t *)y)[i] = (int32_t)(rows[i] % 10);
        if (rows[i] == state->fail_row) status = state->failure;
    }
    atomic_fetch_sub(&state->inside, 1);
    return status;
}

static cupel_source source_of(maker *state)
{
    return (cupel_source){.fill = make_rows,
                          .user = state,
                          .rows = 100,
                          .x_shape = CUPEL_SHAPE(2),
                          .y_type = CUPEL_INT32};
}

Test(source, makes_the_named_rows)
{
    maker state = {.fail_row = -1};
    const cupel_source source = source_of(&state);
    const int64_t rows[3] = {99, 0, 42};
    float x[6], weights[3];
    int32_t y[3];
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_from_source(&source, &data), CUPEL_OK);
    cr_expect_eq(cupel_dataset_rows(data), 100);
    cr_assert_eq(cupel_dataset_gather(data, rows, 3, 2, x, y, weights), CUPEL_OK);
    for (int i = 0; i < 3; i++) {
        cr_expect_eq(x[2 * i], (float)rows[i]);
        cr_expect_eq(x[2 * i + 1], (float)rows[i] / 2);
        cr_expect_eq(y[i], (int32_t)(rows[i] % 10));
        cr_expect_eq(weights[i], 1);
    }
    /* It is never asked for x alone. */
    cr_assert_eq(cupel_dataset_gather(data, rows, 3, 2, x, NULL, NULL), CUPEL_OK);
    cr_expect_eq(state.calls, 2);
    cupel_dataset_free(data);
}

Test(source, a_view_asks_for_rows_of_the_whole)
{
    maker state = {.fail_row = -1};
    const cupel_source source = source_of(&state);
    cupel_dataset *data, *first, *last;
    cr_assert_eq(cupel_dataset_from_source(&source, &data), CUPEL_OK);
    cr_assert_eq(cupel_dataset_split(data, 0.25, &first, &last), CUPEL_OK);
    cupel_dataset_free(data);
    const int64_t rows[2] = {0, 24};
    float x[4];
    int32_t y[2];
    cr_assert_eq(cupel_dataset_gather(last, rows, 2, 2, x, y, NULL), CUPEL_OK);
    cr_expect_eq(x[0], 75);
    cr_expect_eq(x[2], 99);
    cr_assert_eq(cupel_dataset_gather(first, rows, 2, 2, x, y, NULL), CUPEL_OK);
    cr_expect_eq(x[0], 0);
    cr_expect_eq(x[2], 24);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
}

Test(source, its_failure_is_the_outcome)
{
    const cupel_status failures[] = {CUPEL_ERROR_IO, CUPEL_ERROR_STOPPED, (cupel_status)99};
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        maker state = {.fail_row = 7, .failure = failures[i]};
        const cupel_source source = source_of(&state);
        const int64_t rows[2] = {3, 7};
        float x[4];
        int32_t y[2];
        cupel_dataset *data;
        cr_assert_eq(cupel_dataset_from_source(&source, &data), CUPEL_OK);
        cr_expect_eq(cupel_dataset_gather(data, rows, 1, 2, x, y, NULL), CUPEL_OK);
        cr_expect_eq(cupel_dataset_gather(data, rows, 2, 2, x, y, NULL), failures[i]);
        cr_expect_not_null(strstr(cupel_last_error(), "source function returned"));
        cr_expect_not_null(strstr(cupel_last_error(), "row 3"));
        /* The lock is free again. */
        cr_expect_eq(cupel_dataset_gather(data, rows, 1, 2, x, y, NULL), CUPEL_OK);
        cupel_dataset_free(data);
    }
}

static void *gather_often(void *argument)
{
    const cupel_dataset *data = argument;
    for (int64_t i = 0; i < 500; i++) {
        const int64_t row = i % cupel_dataset_rows(data);
        float x[2];
        int32_t y;
        cr_assert_eq(cupel_dataset_gather(data, &row, 1, 2, x, &y, NULL), CUPEL_OK);
        cr_assert_eq(x[0], 2 * x[1]);
    }
    return NULL;
}

Test(source, one_thread_at_a_time)
{
    maker state = {.fail_row = -1};
    const cupel_source source = source_of(&state);
    cupel_dataset *data, *first, *last;
    cr_assert_eq(cupel_dataset_from_source(&source, &data), CUPEL_OK);
    cr_assert_eq(cupel_dataset_split(data, 0.5, &first, &last), CUPEL_OK);
    cupel_dataset *shared[4] = {data, data, first, last};
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        cr_assert_eq(pthread_create(&threads[i], NULL, gather_often, shared[i]), 0);
    for (int i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    cr_expect_eq(atomic_load(&state.overlaps), 0);
    cr_expect_eq(state.calls, 2000);
    cupel_dataset_free(data);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
}

Test(source, refuses_bad_configs)
{
    maker state = {.fail_row = -1};
    cupel_dataset *data = (cupel_dataset *)(void *)&state;
    cupel_source source = source_of(&state);
    cr_expect_eq(cupel_dataset_from_source(&source, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_from_source(NULL, &data), CUPEL_ERROR_ARGUMENT);
    cr_expect_null(data);
    source.fill = NULL;
    cr_expect_eq(cupel_dataset_from_source(&source, &data), CUPEL_ERROR_ARGUMENT);
    cr_expect_not_null(strstr(cupel_last_error(), "fill"));
    source = source_of(&state);
    source.rows = 0;
    cr_expect_eq(cupel_dataset_from_source(&source, &data), CUPEL_ERROR_ARGUMENT);
    source = source_of(&state);
    source.x_type = CUPEL_INT64;
    cr_expect_eq(cupel_dataset_from_source(&source, &data), CUPEL_ERROR_ARGUMENT);
    source = source_of(&state);
    source.scale = -2;
    cr_expect_eq(cupel_dataset_from_source(&source, &data), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(state.calls, 0);
}

static cupel_status use_a_view(maker *state)
{
    const cupel_source source = source_of(state);
    const int64_t row = 1;
    float x[2];
    cupel_dataset *data = NULL, *first = NULL, *last = NULL;
    cupel_status status = cupel_dataset_from_source(&source, &data);
    if (status == CUPEL_OK) status = cupel_dataset_split(data, 0.5, &first, &last);
    if (status == CUPEL_OK) status = cupel_dataset_gather(last, &row, 1, 2, x, NULL, NULL);
    cupel_dataset_free(data);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    return status;
}

Test(source, no_allocation_is_taken_for_granted)
{
    maker state = {.fail_row = -1};
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        fault_memory_arm(n, n % 2 == 0);
        const cupel_status status = use_a_view(&state);
        cr_expect_eq(fault_memory_blocks(), 0);
        if (fault_memory_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            cr_expect_eq(n, 6);
            break;
        }
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
    }
    fault_memory_remove();
}
