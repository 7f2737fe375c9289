/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text, whatever the locale. The locale shows in strtod and snprintf by the decimal
 * point alone, so a number is spelled for strtod without one, and snprintf's is replaced. */
#include "base/number.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A double's halfway cases have at most 767 significant digits: of what follows more of them, it
 * only matters whether all are 0. */
#define KEPT_DIGITS 800
/* Digits that always fit 64 bits. */
#define WORD_DIGITS 19
/* Beyond it any mantissa of KEPT_DIGITS is 0 or infinite. It has four digits. */
#define MOST_EXPONENT 2000

/* A decimal spelling in parts: value = digits * 10^exponent. */
typedef struct decimal {
    bool negative;
    uint64_t word;          /* the first WORD_DIGITS significant digits as a number */
    int64_t count;          /* of significant digits, without leading zeros */
    int64_t exponent;       /* of the last of these digits */
    const char *digits;     /* the first significant digit */
    const char *digits_end; /* behind the last digit; between them may stand one point */
} decimal;

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void trim(const char **from, const char **to)
{
    while (*from < *to && is_blank(**from))
        ++*from;
    while (*from < *to && is_blank((*to)[-1]))
        --*to;
}

/* Whether text spells word, which is in lower case. */
static bool spells(const char *from, const char *to, const char *word)
{
    if ((size_t)(to - from) != strlen(word)) return false;
    for (; from < to; from++, word++) {
        const char lower = *from >= 'A' && *from <= 'Z' ? (char)(*from - 'A' + 'a') : *from;
        if (lower != *word) return false;
    }
    return true;
}

/* Reads the signed digits of an exponent. What no double can need is cut off, so that nothing
 * overflows, but far enough out to be made up for by as many digits as memory holds. */
static bool read_exponent(const char *from, const char *to, int64_t *exponent)
{
    const int64_t most = INT64_C(1) << 60;
    const bool negative = from < to && *from == '-';
    if (from < to && (*from == '-' || *from == '+')) from++;
    if (from == to) return false;
    int64_t value = 0;
    for (; from < to; from++) {
        if (!is_digit(*from)) return false;
        if (value < most / 10) value = value * 10 + (*from - '0');
    }
    *exponent = negative ? -value : value;
    return true;
}

/* Splits what stands behind the sign. */
static bool read_decimal(const char *from, const char *to, decimal *number)
{
    bool point = false, any = false;
    for (; from < to; from++) {
        if (*from == '.' && !point) {
            point = true;
            continue;
        }
        if (!is_digit(*from)) break;
        any = true;
        if (point) number->exponent--;
        if (*from == '0' && number->count == 0) continue;
        if (number->count == 0) number->digits = from;
        if (number->count < WORD_DIGITS) {
            number->word = number->word * 10 + (uint64_t)(*from - '0');
        }
        number->count++;
    }
    number->digits_end = from;
    if (!any) return false;
    if (from == to) return true;
    int64_t exponent;
    if ((*from != 'e' && *from != 'E') || !read_exponent(from + 1, to, &exponent)) return false;
    number->exponent += exponent;
    return true;
}

/* Both operands are exact doubles, so one correctly rounded operation gives the nearest double. */
static bool convert_short(const decimal *number, double *value)
{
    static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                    1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                    1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    if (FLT_EVAL_METHOD != 0 && FLT_EVAL_METHOD != 1) return false;
    if (number->count > WORD_DIGITS || number->word > UINT64_C(1) << 53) return false;
    if (number->exponent < -22 || number->exponent > 22) return false;
    *value = number->exponent < 0 ? (double)number->word / powers[-number->exponent]
                                  : (double)number->word * powers[number->exponent];
    return true;
}

/* strtod rounds correctly; it gets an integer with an exponent, which has no decimal point. */
static double convert_long(const decimal *number)
{
    char text[KEPT_DIGITS + 32];
    size_t length = 0;
    int64_t left = number->count;
    bool rest = false;
    for (const char *at = number->digits; at < number->digits_end; at++) {
        if (*at == '.') continue;
        if (length < KEPT_DIGITS) {
            text[length++] = *at;
            left--;
        } else if (*at != '0') {
            rest = true;
        }
    }
    int64_t exponent = number->exponent + left;
    if (rest) {
        text[length++] = '1';
        exponent--;
    }
    if (exponent > MOST_EXPONENT) exponent = MOST_EXPONENT;
    if (exponent < -MOST_EXPONENT) exponent = -MOST_EXPONENT;
    /* snprintf would take longer than all the rest. */
    text[length++] = 'e';
    text[length++] = exponent < 0 ? '-' : '+';
    const int64_t power = exponent < 0 ? -exponent : exponent;
    for (int64_t unit = 1000; unit > 0; unit /= 10) {
        text[length++] = (char)('0' + power / unit % 10);
    }
    text[length] = '\0';
    return strtod(text, NULL);
}

bool cupel_parse_double(const char *text, size_t length, double *value)
{
    if (length == 0) return false;
    const char *from = text, *to = text + length;
    trim(&from, &to);
    decimal number = {.negative = from < to && *from == '-'};
    if (from < to && (*from == '-' || *from == '+')) from++;
    double magnitude;
    if (read_decimal(from, to, &number)) {
        if (number.count == 0) {
            magnitude = 0;
        } else if (!convert_short(&number, &magnitude)) {
            magnitude = convert_long(&number);
        }
    } else if (spells(from, to, "nan")) {
        magnitude = NAN;
    } else if (spells(from, to, "inf") || spells(from, to, "infinity")) {
        magnitude = INFINITY;
    } else {
        return false;
    }
    *value = number.negative ? -magnitude : magnitude;
    return true;
}

bool cupel_parse_int(const char *text, size_t length, int64_t *value)
{
    if (length == 0) return false;
    const char *from = text, *to = text + length;
    trim(&from, &to);
    const bool negative = from < to && *from == '-';
    if (from < to && (*from == '-' || *from == '+')) from++;
    if (from == to) return false;
    /* Counted downwards, where there is one number more. */
    int64_t sum = 0;
    for (; from < to; from++) {
        if (!is_digit(*from)) return false;
        const int64_t digit = *from - '0';
        if (sum < INT64_MIN / 10 || sum * 10 < INT64_MIN + digit) return false;
        sum = sum * 10 - digit;
    }
    if (!negative && sum == INT64_MIN) return false;
    *value = negative ? sum : -sum;
    return true;
}

char *cupel_format_double(double value, int digits, char text[CUPEL_NUMBER_TEXT])
{
    /* The sign of NaN means nothing, but its spelling depends on it. */
    if (isnan(value)) return memcpy(text, "nan", sizeof "nan");
    if (digits < 1) digits = 1;
    if (digits > 17) digits = 17;
    char local[2 * CUPEL_NUMBER_TEXT];
    snprintf(local, sizeof local, "%.*g", digits, value);
    /* Some locales write the decimal point with more than one byte. */
    size_t length = 0;
    for (const char *at = local; *at != '\0'; at++) {
        const bool plain = is_digit(*at) || strchr("+-einf", *at) != NULL;
        if (plain) {
            text[length++] = *at;
        } else if (length == 0 || text[length - 1] != '.') {
            text[length++] = '.';
        }
    }
    text[length] = '\0';
    return text;
}
