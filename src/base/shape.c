/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of shapes and element types. */
#include "base/shape.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>

/* The rank of a shape that may not have been checked yet. */
static int64_t safe_rank(const cupel_shape *shape)
{
    if (shape->rank < 0) return 0;
    return shape->rank < CUPEL_MAX_RANK ? shape->rank : CUPEL_MAX_RANK;
}

char *cupel_shape_text(const cupel_shape *shape, char text[CUPEL_SHAPE_TEXT])
{
    /* Eight numbers of at most 20 characters, their separators and the parentheses take 177. */
    const int64_t rank = safe_rank(shape);
    size_t length = 0;
    text[length++] = '(';
    for (int64_t i = 0; i < rank; i++) {
        length += (size_t)snprintf(text + length, CUPEL_SHAPE_TEXT - length, "%s%" PRId64,
                                   i == 0 ? "" : ", ", shape->dims[i]);
    }
    text[length++] = ')';
    text[length] = '\0';
    return text;
}

cupel_status cupel_shape_check(const cupel_shape *shape, const char *what)
{
    CUPEL_FAIL_IF(shape->rank < 0 || shape->rank > CUPEL_MAX_RANK, CUPEL_ERROR_ARGUMENT,
                  "%s: the rank is %" PRId64 ", expected 0 to %d", what, shape->rank,
                  CUPEL_MAX_RANK);
    char text[CUPEL_SHAPE_TEXT];
    cupel_shape_text(shape, text);
    int64_t count = 1;
    for (int64_t i = 0; i < shape->rank; i++) {
        CUPEL_FAIL_IF(shape->dims[i] < 1, CUPEL_ERROR_ARGUMENT,
                      "%s: dimension %" PRId64 " of %s is %" PRId64 ", expected at least 1", what,
                      i, text, shape->dims[i]);
        CUPEL_FAIL_IF(!cupel_mul(count, shape->dims[i], &count), CUPEL_ERROR_ARGUMENT,
                      "%s: %s has more elements than 64 bits count", what, text);
    }
    for (int64_t i = shape->rank; i < CUPEL_MAX_RANK; i++) {
        CUPEL_FAIL_IF(shape->dims[i] != 0, CUPEL_ERROR_ARGUMENT,
                      "%s: the rank is %" PRId64 ", but dimension %" PRId64 " is %" PRId64
                      ", expected 0",
                      what, shape->rank, i, shape->dims[i]);
    }
    return CUPEL_OK;
}

int64_t cupel_shape_count(const cupel_shape *shape)
{
    int64_t count = 1;
    for (int64_t i = 0; i < shape->rank; i++)
        count *= shape->dims[i];
    return count;
}

bool cupel_shape_equal(const cupel_shape *a, const cupel_shape *b)
{
    if (a->rank != b->rank) return false;
    const int64_t rank = safe_rank(a);
    for (int64_t i = 0; i < rank; i++) {
        if (a->dims[i] != b->dims[i]) return false;
    }
    return true;
}

int64_t cupel_shape_last(const cupel_shape *shape)
{
    return shape->rank == 0 ? 1 : shape->dims[shape->rank - 1];
}

int64_t cupel_type_size(cupel_type type)
{
    switch (type) {
    case CUPEL_FLOAT32:
    case CUPEL_INT32:
        return 4;
    case CUPEL_FLOAT64:
    case CUPEL_INT64:
        return 8;
    case CUPEL_BFLOAT16:
        return 2;
    case CUPEL_UINT8:
        return 1;
    }
    return 0;
}

const char *cupel_type_name(cupel_type type)
{
    switch (type) {
    case CUPEL_FLOAT32:
        return "float32";
    case CUPEL_FLOAT64:
        return "float64";
    case CUPEL_BFLOAT16:
        return "bfloat16";
    case CUPEL_UINT8:
        return "uint8";
    case CUPEL_INT32:
        return "int32";
    case CUPEL_INT64:
        return "int64";
    }
    return "unknown type";
}
