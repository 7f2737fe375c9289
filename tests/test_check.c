/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "data/check.h"

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>
#include <string.h>

static void expect_text(const char *part)
{
    cr_expect_not_null(strstr(cupel_last_error(), part), "'%s' is not in '%s'", part,
                       cupel_last_error());
}

/* Sizes around the blocks of the scan, with a bad value at every position. */
Test(check, finds_a_bad_float_wherever_it_stands)
{
    static float values[600];
    const int64_t counts[] = {1, 2, 7, 127, 128, 129, 255, 256, 257, 300, 600};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (int64_t i = 0; i < counts[c]; i++)
            values[i] = i % 3 == 0 ? FLT_MAX : i % 3 == 1 ? -FLT_MIN / 2 : 0.0F;
        cr_assert_eq(cupel_check_finite(values, CUPEL_FLOAT32, counts[c], 1, NULL, "x"), CUPEL_OK);
        for (int64_t bad = 0; bad < counts[c]; bad++) {
            const float kept = values[bad];
            values[bad] = bad % 2 == 0 ? NAN : -INFINITY;
            cr_assert_eq(cupel_check_finite(values, CUPEL_FLOAT32, counts[c], 1, NULL, "x"),
                         CUPEL_ERROR_DATA, "%lld of %lld", (long long)bad, (long long)counts[c]);
            values[bad] = kept;
        }
    }
}

Test(check, finds_a_bad_double_wherever_it_stands)
{
    static double values[300];
    const int64_t counts[] = {1, 5, 127, 128, 129, 256, 300};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (int64_t i = 0; i < counts[c]; i++)
            values[i] = i % 2 == 0 ? -DBL_MAX : DBL_MIN;
        cr_assert_eq(cupel_check_finite(values, CUPEL_FLOAT64, counts[c], 1, NULL, "x"), CUPEL_OK);
        for (int64_t bad = 0; bad < counts[c]; bad++) {
            const double kept = values[bad];
            values[bad] = bad % 2 == 0 ? (double)NAN : (double)INFINITY;
            cr_assert_eq(cupel_check_finite(values, CUPEL_FLOAT64, counts[c], 1, NULL, "x"),
                         CUPEL_ERROR_DATA);
            values[bad] = kept;
        }
    }
}

Test(check, names_row_and_column)
{
    float values[12] = {0};
    const int64_t names[3] = {70, 5, 60000};
    values[7] = NAN;
    cr_expect_eq(cupel_check_finite(values, CUPEL_FLOAT32, 3, 4, NULL, "x"), CUPEL_ERROR_DATA);
    expect_text("x: row 1, column 3 is NaN");
    cr_expect_eq(cupel_check_finite(values, CUPEL_FLOAT32, 3, 4, names, "y"), CUPEL_ERROR_DATA);
    expect_text("y: row 5, column 3 is NaN");
    values[7] = INFINITY;
    cr_expect_eq(cupel_check_finite(values, CUPEL_FLOAT32, 3, 4, names, "y"), CUPEL_ERROR_DATA);
    expect_text("is infinity");
    values[7] = -INFINITY;
    cr_expect_eq(cupel_check_finite(values, CUPEL_FLOAT32, 3, 4, names, "y"), CUPEL_ERROR_DATA);
    expect_text("is -infinity");
}

Test(check, integers_are_finite)
{
    const int64_t values[4] = {INT64_MAX, INT64_MIN, 0, -1};
    cr_expect_eq(cupel_check_finite(values, CUPEL_UINT8, 4, 8, NULL, "x"), CUPEL_OK);
    cr_expect_eq(cupel_check_finite(values, CUPEL_INT32, 4, 2, NULL, "y"), CUPEL_OK);
    cr_expect_eq(cupel_check_finite(values, CUPEL_INT64, 4, 1, NULL, "y"), CUPEL_OK);
}

Test(check, labels_of_every_integer_type)
{
    uint8_t bytes[3] = {0, 9, 3};
    int32_t words[3] = {0, 9, 3};
    int64_t longs[3] = {0, 9, 3};
    cr_expect_eq(cupel_check_labels(bytes, CUPEL_UINT8, 3, 1, 10, NULL), CUPEL_OK);
    cr_expect_eq(cupel_check_labels(words, CUPEL_INT32, 3, 1, 10, NULL), CUPEL_OK);
    cr_expect_eq(cupel_check_labels(longs, CUPEL_INT64, 3, 1, 10, NULL), CUPEL_OK);
    bytes[2] = 10;
    cr_expect_eq(cupel_check_labels(bytes, CUPEL_UINT8, 3, 1, 10, NULL), CUPEL_ERROR_DATA);
    expect_text("row 2: the label is 10, expected 0 to 9");
    words[1] = -1;
    const int64_t names[3] = {11, 12, 13};
    cr_expect_eq(cupel_check_labels(words, CUPEL_INT32, 3, 1, 10, names), CUPEL_ERROR_DATA);
    expect_text("row 12: the label is -1, expected 0 to 9");
    longs[0] = INT64_C(1) << 32;
    cr_expect_eq(cupel_check_labels(longs, CUPEL_INT64, 3, 1, 10, NULL), CUPEL_ERROR_DATA);
    expect_text("row 0: the label is 4294967296");
    longs[0] = INT64_MIN;
    cr_expect_eq(cupel_check_labels(longs, CUPEL_INT64, 1, 1, INT64_MAX, NULL), CUPEL_ERROR_DATA);
}

Test(check, labels_in_groups_belong_to_their_row)
{
    const int32_t labels[6] = {0, 1, 2, 0, 1, 7};
    cr_expect_eq(cupel_check_labels(labels, CUPEL_INT32, 3, 2, 3, NULL), CUPEL_ERROR_DATA);
    expect_text("row 2: the label is 7");
}

Test(check, floats_are_no_labels)
{
    const float labels[2] = {0, 1};
    cr_expect_eq(cupel_check_labels(labels, CUPEL_FLOAT32, 2, 1, 3, NULL), CUPEL_ERROR_SHAPE);
    expect_text("the labels are float32, expected class numbers");
    cr_expect_eq(cupel_check_labels(labels, CUPEL_FLOAT64, 1, 1, 3, NULL), CUPEL_ERROR_SHAPE);
}

Test(check, weights)
{
    float weights[3] = {0, FLT_MAX, 1};
    cr_expect_eq(cupel_check_weights(weights, 3, NULL), CUPEL_OK);
    const float bad[] = {-FLT_MIN, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        weights[1] = bad[i];
        cr_expect_eq(cupel_check_weights(weights, 3, NULL), CUPEL_ERROR_DATA);
        expect_text("row 1: the sample weight is");
    }
}
