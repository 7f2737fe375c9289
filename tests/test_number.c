/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/number.h"

#include "base/philox.h"
#include "comma_locale.h"

#include <criterion/criterion.h>
#include <float.h>
#include <inttypes.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The same bits, so that -0 is not 0. */
static bool same(double a, double b)
{
    return memcmp(&a, &b, sizeof a) == 0;
}

static void expect_double(const char *text, double expected)
{
    double value = 42;
    cr_expect(cupel_parse_double(text, strlen(text), &value), "\"%.60s\"", text);
    cr_expect(same(value, expected), "\"%.60s\" is %a, expected %a", text, value, expected);
}

static void check_doubles(void)
{
    static const struct {
        const char *text;
        double value;
    } cases[] = {
        {"0", 0.0},
        {"-0", -0.0},
        {"-0.0e5", -0.0},
        {"+1", 1},
        {"1.", 1},
        {".5", 0.5},
        {"-1.5e3", -1500},
        {"1E+2", 100},
        {"1e-2", 0.01},
        {" \t7\r\n", 7},
        {"007.50", 7.5},
        {"3.14", 3.14},
        {"9007199254740993", 9007199254740992.0},
        {"9007199254740993.0000000000000000000000000000000001", 9007199254740994.0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"1.7976931348623157e308", DBL_MAX},
        {"1.7976931348623158e308", DBL_MAX},
        {"1.7976931348623159e308", INFINITY},
        {"1e400", INFINITY},
        {"-1e400", -INFINITY},
        {"1e99999999999999999999999", INFINITY},
        {"1e-99999999999999999999999", 0},
        {"0e99999999999999999999999", 0},
        {"4.9406564584124654e-324", 4.9406564584124654e-324},
        {"2.4703282292062327208e-324", 0},
        {"2.4703282292062327209e-324", 4.9406564584124654e-324},
        {"2.2250738585072011e-308", 2.2250738585072011e-308},
        {"8.5e-22", 8.5e-22},
        {"1e22", 1e22},
        {"1e23", 1e23},
        {"inf", INFINITY},
        {"-Inf", -INFINITY},
        {"+INFINITY", INFINITY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expect_double(cases[i].text, cases[i].value);
    }
    static const char *const nans[] = {"nan", "NaN", "-NAN", " nan "};
    for (size_t i = 0; i < sizeof nans / sizeof *nans; i++) {
        double value = 0;
        cr_expect(cupel_parse_double(nans[i], strlen(nans[i]), &value) && isnan(value));
    }
}

Test(number, doubles)
{
    check_doubles();
}

Test(number, what_is_no_double)
{
    static const char *const cases[] = {
        "",     " ",    "-",     "+",       ".",      "-.",    "e5",  ".e5",  "1e",  "1e+",
        "1e5.", "1e5x", "1.2.3", "1,5",     "0x10",   "0x1p3", "1 2", "--1",  "+-1", "1_000",
        "nano", "na",   "infi",  "infinit", "nan(1)", "1f",    "$1",  "1e 5", "- 1", "\xd9\xa1"};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double value = 42;
        cr_expect_not(cupel_parse_double(cases[i], strlen(cases[i]), &value), "\"%s\"", cases[i]);
        cr_expect_eq(value, 42);
    }
    double value;
    cr_expect_not(cupel_parse_double("1\0", 2, &value));
    cr_expect_not(cupel_parse_double(NULL, 0, &value));
}

Test(number, no_byte_beyond_the_length_is_read)
{
    double value;
    cr_assert(cupel_parse_double("1.259e9", 4, &value));
    cr_expect_eq(value, 1.25);
    int64_t integer;
    cr_assert(cupel_parse_int("12345", 2, &integer));
    cr_expect_eq(integer, 12);
    char *exact = malloc(3);
    memcpy(exact, "1e5", 3);
    cr_assert(cupel_parse_double(exact, 3, &value));
    cr_expect_eq(value, 1e5);
    free(exact);
}

/* Halfway between two doubles a digit far away decides, however many zeros stand before it. */
Test(number, long_spellings_round_correctly)
{
    static char text[1200000];
    /* 2^53 + 1 lies halfway between its neighbours and goes to the even one. */
    const char *half = "9007199254740993.";
    size_t length = strlen(half);
    memcpy(text, half, length);
    memset(text + length, '0', 1000000);
    length += 1000000;
    double value;
    cr_assert(cupel_parse_double(text, length, &value));
    cr_expect_eq(value, 9007199254740992.0);
    text[length - 1] = '1';
    cr_assert(cupel_parse_double(text, length, &value));
    cr_expect_eq(value, 9007199254740994.0);
    /* Zeros in front, made up for by the exponent. */
    memset(text, '0', 1000000);
    text[1] = '.';
    strcpy(text + 1000000, "15e999999");
    cr_assert(cupel_parse_double(text, strlen(text), &value));
    cr_expect_eq(value, 1.5);
    /* Zeros behind. */
    text[0] = '3';
    memset(text + 1, '0', 1000000);
    strcpy(text + 1000001, "e-1000000");
    cr_assert(cupel_parse_double(text, strlen(text), &value));
    cr_expect_eq(value, 3);
}

/* Random words from the test's own key, so that a failure repeats. */
static void draw(uint32_t index, uint32_t words[4])
{
    cupel_philox((const uint32_t[4]){index, 0, 0, 0}, (const uint32_t[2]){2026, 4}, words);
}

Test(number, agrees_with_strtod_on_random_spellings)
{
    for (uint32_t i = 0; i < 200000; i++) {
        uint32_t words[4];
        char text[80];
        draw(i, words);
        /* Digits, a point among them, an exponent: all lengths, around both limits of the short
         * way and at the ends of double's range. */
        const int digits = 1 + (int)(words[0] % 22), point = (int)(words[0] / 22) % (digits + 1);
        int length = 0;
        uint64_t pool = (uint64_t)words[1] << 32 | words[2];
        for (int d = 0; d < digits; d++) {
            if (d == point) text[length++] = '.';
            text[length++] = (char)('0' + pool % 10);
            pool = pool / 10 + (uint64_t)words[3] * (uint64_t)(d + 1);
        }
        const int range = i % 3 == 0 ? 25 : i % 3 == 1 ? 330 : 5;
        const int exponent = (int)(words[3] % (uint32_t)(2 * range + 1)) - range;
        length += snprintf(text + length, sizeof text - (size_t)length, "e%d", exponent);
        double value;
        cr_assert(cupel_parse_double(text, (size_t)length, &value), "%s", text);
        cr_assert(same(value, strtod(text, NULL)), "%s: %a, strtod says %a", text, value,
                  strtod(text, NULL));
    }
}

Test(number, seventeen_digits_read_back)
{
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t words[4];
        double value, back;
        draw(i, words);
        memcpy(&value, words, sizeof value);
        if (!isfinite(value)) continue;
        char text[CUPEL_NUMBER_TEXT];
        cr_assert_eq(cupel_format_double(value, 17, text), text);
        cr_assert(cupel_parse_double(text, strlen(text), &back), "%s", text);
        cr_assert(same(value, back), "%s: %a, expected %a", text, back, value);
    }
}

static const struct {
    double value;
    int digits;
    const char *text;
} formats[] = {
    {0, 6, "0"},
    {-0.0, 6, "-0"},
    {0.5, 3, "0.5"},
    {1234.5678, 6, "1234.57"},
    {0.1, 17, "0.10000000000000001"},
    {1e-5, 3, "1e-05"},
    {-1.25e100, 3, "-1.25e+100"},
    {-DBL_MAX, 17, "-1.7976931348623157e+308"},
    {4.9406564584124654e-324, 17, "4.9406564584124654e-324"},
    {-0.00012345678901234567, 17, "-0.00012345678901234567"},
    {100000, 6, "100000"},
    {1000000, 6, "1e+06"},
    {2.5, 0, "2"},
    {0.1, 99, "0.10000000000000001"},
    {INFINITY, 5, "inf"},
    {-INFINITY, 5, "-inf"},
    {NAN, 5, "nan"},
};

static void check_formats(void)
{
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        char text[CUPEL_NUMBER_TEXT];
        cr_expect_str_eq(cupel_format_double(formats[i].value, formats[i].digits, text),
                         formats[i].text, "%s, expected %s", text, formats[i].text);
    }
}

Test(number, formats)
{
    check_formats();
    char text[CUPEL_NUMBER_TEXT];
    cr_expect_str_eq(cupel_format_double(copysign(NAN, -1), 5, text), "nan");
}

static void check_locale(const char *name)
{
    if (!comma_locale_set(name)) cr_skip("no locale %s and no localedef to make it", name);
    char text[16];
    snprintf(text, sizeof text, "%.1f", 0.5);
    cr_assert_str_neq(text, "0.5", "the locale has no decimal point of its own");
    check_doubles();
    check_formats();
    double value;
    cr_expect_not(cupel_parse_double("1,5", 3, &value));
    expect_double("0.1234567890123456789012345", 0.1234567890123456789012345);
}

Test(number, a_decimal_comma_changes_nothing)
{
    check_locale("de_DE");
}

Test(number, a_point_of_two_bytes_changes_nothing)
{
    check_locale("ps_AF");
}

Test(number, integers)
{
    static const struct {
        const char *text;
        bool good;
        int64_t value;
    } cases[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+12", true, 12},
        {" -7\t", true, -7},
        {"0009", true, 9},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"92233720368547758070", false, 0},
        {"99999999999999999999999999", false, 0},
        {"", false, 0},
        {" ", false, 0},
        {"-", false, 0},
        {"1.0", false, 0},
        {"1e3", false, 0},
        {"0x10", false, 0},
        {"1 2", false, 0},
        {"--1", false, 0},
        {"a", false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t value = 42;
        cr_expect_eq(cupel_parse_int(cases[i].text, strlen(cases[i].text), &value), cases[i].good,
                     "\"%s\"", cases[i].text);
        cr_expect_eq(value, cases[i].good ? cases[i].value : 42, "\"%s\" gives %" PRId64,
                     cases[i].text, value);
    }
}
