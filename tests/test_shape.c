/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/shape.h"

#include <criterion/criterion.h>
#include <string.h>

static void expect_text(cupel_shape shape, const char *expected)
{
    char text[CUPEL_SHAPE_TEXT];
    cr_expect_str_eq(cupel_shape_text(&shape, text), expected);
}

Test(shape, text)
{
    expect_text((cupel_shape){0}, "()");
    expect_text(CUPEL_SHAPE(10), "(10)");
    expect_text(CUPEL_SHAPE(3, 28, 28), "(3, 28, 28)");
    expect_text(CUPEL_SHAPE(INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN,
                            INT64_MIN, INT64_MIN),
                "(-9223372036854775808, -9223372036854775808, -9223372036854775808, "
                "-9223372036854775808, -9223372036854775808, -9223372036854775808, "
                "-9223372036854775808, -9223372036854775808)");
    expect_text((cupel_shape){.rank = -1}, "()");
    expect_text((cupel_shape){.rank = 1000, .dims = {1, 2, 3, 4, 5, 6, 7, 8}},
                "(1, 2, 3, 4, 5, 6, 7, 8)");
}

static void expect_bad(cupel_shape shape, const char *sentence)
{
    cr_expect_eq(cupel_shape_check(&shape, "input_shape"), CUPEL_ERROR_ARGUMENT);
    cr_expect_str_eq(cupel_last_error(), sentence);
}

Test(shape, check)
{
    cr_expect_eq(cupel_shape_check(&(cupel_shape){0}, "x"), CUPEL_OK);
    cr_expect_eq(cupel_shape_check(&CUPEL_SHAPE(1, 2, 3, 4, 5, 6, 7, 8), "x"), CUPEL_OK);
    cr_expect_eq(cupel_shape_check(&CUPEL_SHAPE(INT64_MAX, 1), "x"), CUPEL_OK);
    expect_bad((cupel_shape){.rank = -1}, "input_shape: the rank is -1, expected 0 to 8");
    expect_bad((cupel_shape){.rank = 9}, "input_shape: the rank is 9, expected 0 to 8");
    expect_bad(CUPEL_SHAPE(3, 0), "input_shape: dimension 1 of (3, 0) is 0, expected at least 1");
    expect_bad(CUPEL_SHAPE(-2), "input_shape: dimension 0 of (-2) is -2, expected at least 1");
    expect_bad(CUPEL_SHAPE(INT64_MAX, 2), "input_shape: (9223372036854775807, 2) has more "
                                          "elements than 64 bits count");
    expect_bad((cupel_shape){.rank = 1, .dims = {3, 4}},
               "input_shape: the rank is 1, but dimension 1 is 4, expected 0");
}

Test(shape, count_last_and_equality)
{
    const cupel_shape none = {0}, image = CUPEL_SHAPE(3, 28, 27);
    cr_expect_eq(cupel_shape_count(&none), 1);
    cr_expect_eq(cupel_shape_count(&image), 3 * 28 * 27);
    cr_expect_eq(cupel_shape_last(&none), 1);
    cr_expect_eq(cupel_shape_last(&image), 27);
    cr_expect(cupel_shape_equal(&image, &CUPEL_SHAPE(3, 28, 27)));
    cr_expect_not(cupel_shape_equal(&image, &CUPEL_SHAPE(3, 28, 28)));
    cr_expect_not(cupel_shape_equal(&image, &CUPEL_SHAPE(3, 28)));
    cr_expect_not(cupel_shape_equal(&none, &CUPEL_SHAPE(1)));
    cr_expect(cupel_shape_equal(&none, &none));
}

Test(shape, types)
{
    static const struct {
        cupel_type type;
        int64_t size;
        const char *name;
    } types[] = {{CUPEL_FLOAT32, 4, "float32"},      {CUPEL_FLOAT64, 8, "float64"},
                 {CUPEL_BFLOAT16, 2, "bfloat16"},    {CUPEL_UINT8, 1, "uint8"},
                 {CUPEL_INT32, 4, "int32"},          {CUPEL_INT64, 8, "int64"},
                 {(cupel_type)6, 0, "unknown type"}, {(cupel_type)-1, 0, "unknown type"}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        cr_expect_eq(cupel_type_size(types[i].type), types[i].size);
        cr_expect_str_eq(cupel_type_name(types[i].type), types[i].name);
    }
}
