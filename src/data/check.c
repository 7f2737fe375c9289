/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Finding bad samples. A float is NaN or infinite when all bits of its exponent are set; compared
 * as integers, blocks of a constant size become a few vector instructions, as fast as memory. Only
 * a block that holds a bad value is looked at element by element. */
#include "data/check.h"

#include "base/number.h"
#include "base/shape.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#define BLOCK 128 /* elements: enough to hide the test at a block's end */

#define EXPONENT_32 UINT32_C(0x7f800000)
#define EXPONENT_64 UINT64_C(0x7ff0000000000000)

static bool is_bad_32(const unsigned char *at)
{
    uint32_t bits;
    memcpy(&bits, at, sizeof bits);
    return (bits & EXPONENT_32) == EXPONENT_32;
}

static bool is_bad_64(const unsigned char *at)
{
    uint64_t bits;
    memcpy(&bits, at, sizeof bits);
    return (bits & EXPONENT_64) == EXPONENT_64;
}

/* All exponent bits are set exactly when adding the lowest one carries into the sign's place. */
static bool block_is_bad_32(const unsigned char *at)
{
    uint32_t carry = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        uint32_t bits;
        memcpy(&bits, at + i * sizeof bits, sizeof bits);
        carry |= (bits & EXPONENT_32) + UINT32_C(0x00800000);
    }
    return carry >> 31 != 0;
}

static bool block_is_bad_64(const unsigned char *at)
{
    uint64_t carry = 0;
    for (size_t i = 0; i < BLOCK; i++) {
        uint64_t bits;
        memcpy(&bits, at + i * sizeof bits, sizeof bits);
        carry |= (bits & EXPONENT_64) + UINT64_C(0x0010000000000000);
    }
    return carry >> 63 != 0;
}

/* The index of the first bad element, or -1. */
static int64_t find_bad_32(const unsigned char *bytes, int64_t count)
{
    int64_t i = 0;
    while (i + BLOCK <= count && !block_is_bad_32(bytes + i * 4))
        i += BLOCK;
    /* A rest shorter than a block is covered by the last whole block, which overlaps it. */
    if (count - i < BLOCK && count >= BLOCK && !block_is_bad_32(bytes + (count - BLOCK) * 4))
        return -1;
    for (; i < count; i++) {
        if (is_bad_32(bytes + i * 4)) return i;
    }
    return -1;
}

static int64_t find_bad_64(const unsigned char *bytes, int64_t count)
{
    int64_t i = 0;
    while (i + BLOCK <= count && !block_is_bad_64(bytes + i * 8))
        i += BLOCK;
    /* A rest shorter than a block is covered by the last whole block, which overlaps it. */
    if (count - i < BLOCK && count >= BLOCK && !block_is_bad_64(bytes + (count - BLOCK) * 8))
        return -1;
    for (; i < count; i++) {
        if (is_bad_64(bytes + i * 8)) return i;
    }
    return -1;
}

static int64_t name_of(const int64_t *names, int64_t row)
{
    return names != NULL ? names[row] : row;
}

cupel_status cupel_check_finite(const void *values, cupel_type type, int64_t rows, int64_t features,
                                const int64_t *names, const char *what)
{
    int64_t bad = -1;
    double value = 0;
    if (type == CUPEL_FLOAT32) {
        bad = find_bad_32(values, rows * features);
        if (bad >= 0) value = ((const float *)values)[bad];
    } else if (type == CUPEL_FLOAT64) {
        bad = find_bad_64(values, rows * features);
        if (bad >= 0) value = ((const double *)values)[bad];
    }
    if (bad < 0) return CUPEL_OK;
    return cupel_fail(CUPEL_ERROR_DATA,
                      "%s: row %" PRId64 ", column %" PRId64 " is %s, expected a finite number",
                      what, name_of(names, bad / features), bad % features,
                      isnan(value) ? "NaN"
                      : value > 0  ? "infinity"
                                   : "-infinity");
}

static int64_t label_at(const void *labels, cupel_type type, int64_t i)
{
    if (type == CUPEL_UINT8) return ((const uint8_t *)labels)[i];
    if (type == CUPEL_INT32) return ((const int32_t *)labels)[i];
    return ((const int64_t *)labels)[i];
}

cupel_status cupel_check_labels(const void *labels, cupel_type type, int64_t rows, int64_t group,
                                int64_t classes, const int64_t *names)
{
    CUPEL_FAIL_IF(type != CUPEL_UINT8 && type != CUPEL_INT32 && type != CUPEL_INT64,
                  CUPEL_ERROR_SHAPE,
                  "the labels are %s, expected class numbers as uint8, int32 or int64",
                  cupel_type_name(type));
    for (int64_t i = 0; i < rows * group; i++) {
        const int64_t label = label_at(labels, type, i);
        CUPEL_FAIL_IF(label < 0 || label >= classes, CUPEL_ERROR_DATA,
                      "row %" PRId64 ": the label is %" PRId64 ", expected 0 to %" PRId64,
                      name_of(names, i / group), label, classes - 1);
    }
    return CUPEL_OK;
}

cupel_status cupel_check_weights(const float *weights, int64_t rows, const int64_t *names)
{
    for (int64_t i = 0; i < rows; i++) {
        /* Written so that NaN fails it too. */
        if (weights[i] >= 0 && weights[i] <= FLT_MAX) continue;
        char text[CUPEL_NUMBER_TEXT];
        return cupel_fail(CUPEL_ERROR_DATA,
                          "row %" PRId64 ": the sample weight is %s, expected a finite number of "
                          "at least 0",
                          name_of(names, i), cupel_format_double((double)weights[i], 9, text));
    }
    return CUPEL_OK;
}
