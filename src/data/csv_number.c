/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A field of a CSV file as a number. */
#include "data/csv_number.h"

#include "base/number.h"

#include <math.h>
#include <string.h>

/* From here on the nearest float32 is infinity: halfway between FLT_MAX and the next power of two.
 */
#define FLOAT_LIMIT 0x1.ffffffp127

bool cupel_csv_is_blank(const cupel_csv_field *field)
{
    for (int64_t i = 0; i < field->length; i++) {
        if (field->text[i] != ' ' && field->text[i] != '\t') return false;
    }
    return true;
}

/* "inf" holds no digit; what overflowed does. */
static bool has_digit(const cupel_csv_field *field)
{
    return strpbrk(field->text, "0123456789") != NULL;
}

cupel_status cupel_csv_number(const cupel_csv_field *field, bool allow_nan, float *number,
                              const char **what)
{
    double value = NAN;
    if (cupel_csv_is_blank(field)) {
        *what = "is empty, expected a number (.allow_nan takes it as NaN)";
        if (!allow_nan) return CUPEL_ERROR_DATA;
    } else if (!cupel_parse_double(field->text, (size_t)field->length, &value)) {
        *what = "is not a number";
        return CUPEL_ERROR_FORMAT;
    } else if (fabs(value) >= FLOAT_LIMIT && has_digit(field)) {
        *what = "is beyond the range of float32";
        return CUPEL_ERROR_DATA;
    } else if (!isfinite(value) && !allow_nan) {
        *what = "is not finite, expected a number (.allow_nan accepts it)";
        return CUPEL_ERROR_DATA;
    }
    *number = (float)value;
    return CUPEL_OK;
}
