/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "data/dataset.h"

#include "fault.h"

#include <criterion/criterion.h>
#include <math.h>
#include <string.h>

static const float numbers[6] = {1, 2, 3, 4, 5, 6};

static cupel_arrays three_rows(void)
{
    return (cupel_arrays){.x = numbers, .y = numbers, .rows = 3, .x_shape = CUPEL_SHAPE(2)};
}

static void assert_refused(cupel_arrays arrays, cupel_status code, const char *culprit)
{
    cupel_dataset *data = (cupel_dataset *)(void *)&arrays;
    cr_expect_eq(cupel_dataset_from_arrays(&arrays, &data), code, "%s", culprit);
    cr_expect_null(data);
    cr_expect_not_null(strstr(cupel_last_error(), culprit), "%s", cupel_last_error());
}

Test(dataset, describes_itself)
{
    cupel_arrays arrays = three_rows();
    arrays.y_shape = CUPEL_SHAPE(1);
    arrays.scale = 0.5;
    cupel_dataset *data;
    cupel_shape shape;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cr_expect_eq(cupel_dataset_rows(data), 3);
    cr_expect_eq(cupel_dataset_x_shape(data, &shape), CUPEL_OK);
    cr_expect_eq(shape.rank, 1);
    cr_expect_eq(shape.dims[0], 2);
    cr_expect_eq(cupel_dataset_y_shape(data, &shape), CUPEL_OK);
    cr_expect_eq(shape.dims[0], 1);
    cr_expect_eq(data->scale, 0.5);
    cr_expect(data->has_y);
    cr_expect_not(cupel_dataset_weighted(data));
    cr_expect_eq(cupel_dataset_classes(data), 0);
    const char *name = "untouched";
    cr_expect_eq(cupel_dataset_class_name(data, 0, &name), CUPEL_ERROR_STATE);
    cr_expect_null(name);
    cupel_dataset_free(data);
}

Test(dataset, zero_is_the_default)
{
    cupel_arrays arrays = {.x = numbers, .rows = 3};
    cupel_dataset *data;
    cupel_shape shape;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cr_expect_eq(cupel_dataset_x_shape(data, &shape), CUPEL_OK);
    cr_expect_eq(shape.rank, 0);
    cr_expect_eq(data->scale, 1);
    cr_expect_not(data->has_y);
    cupel_dataset_free(data);
}

Test(dataset, refuses_bad_arrays)
{
    cupel_arrays bad = three_rows();
    bad.x = NULL;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "arrays->x");
    bad = three_rows();
    bad.rows = 0;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "rows is 0");
    bad.rows = -5;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "rows is -5");
    bad.rows = INT64_MAX;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "9223372036854775807 rows");
    bad = three_rows();
    bad.x_shape = (cupel_shape){.rank = 9};
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "x_shape");
    bad = three_rows();
    bad.y_shape = (cupel_shape){.rank = 1, .dims = {-1}};
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "y_shape");
    bad = three_rows();
    bad.x_type = CUPEL_INT32;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "x_type is int32");
    bad.x_type = CUPEL_BFLOAT16;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "x_type is bfloat16");
    bad = three_rows();
    bad.y_type = CUPEL_BFLOAT16;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "y_type is bfloat16");
    bad.y_type = (cupel_type)77;
    assert_refused(bad, CUPEL_ERROR_ARGUMENT, "y_type is unknown type");
    const double scales[] = {-1, (double)NAN, (double)INFINITY};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++) {
        bad = three_rows();
        bad.scale = scales[i];
        assert_refused(bad, CUPEL_ERROR_ARGUMENT, "scale is");
    }
}

Test(dataset, refuses_bad_sample_weights)
{
    const float bad[] = {-0.5F, NAN, INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const float weights[3] = {1, 0, bad[i]};
        cupel_arrays arrays = three_rows();
        arrays.sample_weight = weights;
        assert_refused(arrays, CUPEL_ERROR_DATA, "row 2: the sample weight");
    }
}

Test(dataset, every_null_is_an_argument_error)
{
    cupel_arrays arrays = three_rows();
    cupel_dataset *data, *first = NULL, *last = NULL;
    cupel_shape shape;
    const char *name;
    cr_expect_eq(cupel_dataset_from_arrays(&arrays, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_from_arrays(NULL, &data), CUPEL_ERROR_ARGUMENT);
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cr_expect_eq(cupel_dataset_split(NULL, 0.5, &first, &last), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_split(data, 0.5, NULL, &last), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_split(data, 0.5, &first, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_x_shape(NULL, &shape), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_x_shape(data, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_y_shape(NULL, &shape), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_y_shape(data, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_class_name(NULL, 0, &name), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_class_name(data, 0, NULL), CUPEL_ERROR_ARGUMENT);
    cr_expect_eq(cupel_dataset_rows(NULL), 0);
    cr_expect_eq(cupel_dataset_classes(NULL), 0);
    cupel_dataset_free(NULL);
    cupel_dataset_free(data);
}

static void assert_gathers(const cupel_dataset *data, int64_t row, float x0)
{
    float x[2];
    cr_assert_eq(cupel_dataset_gather(data, &row, 1, 2, x, NULL, NULL), CUPEL_OK);
    cr_expect_eq(x[0], x0);
    cr_expect_eq(x[1], x0 + 1);
}

Test(dataset, a_view_outlives_what_it_was_split_from)
{
    float x[20];
    for (int i = 0; i < 20; i++)
        x[i] = (float)i;
    cupel_dataset *all, *first, *last, *inner_first, *inner_last;
    const cupel_arrays arrays = {.x = x, .rows = 10, .x_shape = CUPEL_SHAPE(2)};
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &all), CUPEL_OK);
    cr_assert_eq(cupel_dataset_split(all, 0.4, &first, &last), CUPEL_OK);
    cupel_dataset_free(all);
    cr_expect_eq(cupel_dataset_rows(first), 6);
    cr_expect_eq(cupel_dataset_rows(last), 4);
    assert_gathers(first, 0, 0);
    assert_gathers(last, 0, 12);
    cr_assert_eq(cupel_dataset_split(last, 0.5, &inner_first, &inner_last), CUPEL_OK);
    cupel_dataset_free(last);
    cupel_dataset_free(first);
    assert_gathers(inner_first, 1, 14);
    assert_gathers(inner_last, 1, 18);
    cr_expect_eq(inner_last->first, 8);
    cupel_dataset_free(inner_first);
    cupel_dataset_free(inner_last);
}

Test(dataset, splits_where_keras_splits)
{
    const struct {
        int64_t rows;
        double fraction;
        int64_t first;
    } cases[] = {
        {5, 0.2, 4},      {10, 0.2, 8},    {10, 0.3, 7},    {10, 0.1, 9},         {11, 0.25, 8},
        {3, 0.5, 1},      {100, 0.07, 93}, {7, 0.9, 0},     {60000, 0.15, 51000}, {2, 0.5, 1},
        {1000, 0.999, 1}, {10, 0.125, 8},  {100, 0.35, 65}, {100, 0.29, 71},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const float x[60000];
        const cupel_arrays arrays = {.x = x, .rows = cases[i].rows, .x_shape = CUPEL_SHAPE(1)};
        cupel_dataset *all, *first, *last;
        cr_assert_eq(cupel_dataset_from_arrays(&arrays, &all), CUPEL_OK);
        /* The same cut for a fraction that went through a float. */
        for (int as_float = 0; as_float < 2; as_float++) {
            const double fraction = as_float ? (double)(float)cases[i].fraction : cases[i].fraction;
            const cupel_status status = cupel_dataset_split(all, fraction, &first, &last);
            if (cases[i].first == 0) {
                cr_expect_eq(status, CUPEL_ERROR_ARGUMENT);
                cr_expect_null(first);
                cr_expect_null(last);
                continue;
            }
            cr_assert_eq(status, CUPEL_OK);
            cr_expect_eq(cupel_dataset_rows(first), cases[i].first, "case %zu, %d: %lld", i,
                         as_float, (long long)cupel_dataset_rows(first));
            cr_expect_eq(cupel_dataset_rows(first) + cupel_dataset_rows(last), cases[i].rows);
            cupel_dataset_free(first);
            cupel_dataset_free(last);
        }
        cupel_dataset_free(all);
    }
}

Test(dataset, refuses_bad_fractions)
{
    const double bad[] = {0, 1, -0.2, 1.5, (double)NAN, (double)INFINITY, 1e-9, 0.99};
    cupel_arrays arrays = three_rows();
    cupel_dataset *data;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        cupel_dataset *first = data, *last = data;
        if (bad[i] == 1e-9) {
            /* Three rows less a sliver are two whole ones, as Keras counts. */
            cr_expect_eq(cupel_dataset_split(data, bad[i], &first, &last), CUPEL_OK);
            cr_expect_eq(cupel_dataset_rows(first), 2);
            cupel_dataset_free(first);
            cupel_dataset_free(last);
            continue;
        }
        cr_expect_eq(cupel_dataset_split(data, bad[i], &first, &last), CUPEL_ERROR_ARGUMENT);
        cr_expect_null(first);
        cr_expect_null(last);
        cr_expect_not_null(strstr(cupel_last_error(), "fraction"));
    }
    cupel_dataset_free(data);
}

Test(dataset, gathers_rows_of_any_type_and_width)
{
    uint8_t bytes[64];
    double doubles[16];
    float weights[8];
    for (int i = 0; i < 64; i++)
        bytes[i] = (uint8_t)i;
    for (int i = 0; i < 16; i++)
        doubles[i] = i;
    for (int i = 0; i < 8; i++)
        weights[i] = (float)i / 2;
    const int64_t rows[] = {7, 0, 7, 3};
    for (int64_t width = 1; width <= 8; width++) {
        const cupel_arrays arrays = {.x = bytes,
                                     .y = doubles,
                                     .rows = 8,
                                     .x_shape = CUPEL_SHAPE(width),
                                     .y_shape = CUPEL_SHAPE(2),
                                     .x_type = CUPEL_UINT8,
                                     .y_type = CUPEL_FLOAT64,
                                     .sample_weight = weights};
        cupel_dataset *data;
        uint8_t x[32];
        double y[8];
        float w[4];
        cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
        cr_assert_eq(cupel_dataset_gather(data, rows, 4, width, x, y, w), CUPEL_OK);
        for (int64_t i = 0; i < 4; i++) {
            cr_expect_eq(memcmp(x + i * width, bytes + rows[i] * width, (size_t)width), 0);
            cr_expect_eq(y[2 * i + 1], (double)(2 * rows[i] + 1));
            cr_expect_eq(w[i], (float)rows[i] / 2);
        }
        cupel_dataset_free(data);
    }
}

static cupel_status make_and_split(void)
{
    cupel_arrays arrays = three_rows();
    cupel_dataset *data = NULL, *first = NULL, *last = NULL;
    cupel_status status = cupel_dataset_from_arrays(&arrays, &data);
    if (status == CUPEL_OK) status = cupel_dataset_split(data, 0.5, &first, &last);
    cr_expect_eq(first == NULL, last == NULL);
    cupel_dataset_free(data);
    cupel_dataset_free(first);
    cupel_dataset_free(last);
    return status;
}

Test(dataset, no_allocation_is_taken_for_granted)
{
    fault_memory_install();
    for (int64_t n = 1;; n++) {
        fault_memory_arm(n, n % 2 == 0);
        const cupel_status status = make_and_split();
        cr_expect_eq(fault_memory_blocks(), 0);
        if (fault_memory_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            cr_expect_eq(n, 4);
            break;
        }
        cr_expect_eq(status, CUPEL_ERROR_MEMORY);
    }
    fault_memory_remove();
}

/* The allocator may be replaced again when the last view is gone. */
Test(dataset, counts_as_an_open_handle)
{
    cupel_arrays arrays = three_rows();
    cupel_dataset *data, *first, *last;
    cr_assert_eq(cupel_dataset_from_arrays(&arrays, &data), CUPEL_OK);
    cr_assert_eq(cupel_dataset_split(data, 0.5, &first, &last), CUPEL_OK);
    cupel_dataset_free(data);
    cupel_dataset_free(first);
    cr_expect_eq(cupel_set_allocator(NULL), CUPEL_ERROR_STATE);
    cupel_dataset_free(last);
    cr_expect_eq(cupel_set_allocator(NULL), CUPEL_OK);
}
