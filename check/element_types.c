/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "element_types.h"

#include "exec.h"
#include <math.h>
#include <string.h>

const char *const check_table_names[CHECK_TABLES] = {
    [CHECK_FLOAT32] = "float32", [CHECK_FLOAT64] = "float64", [CHECK_BFLOAT16] = "bfloat16"};

check_element check_element_of(check_table table, check_type type)
{
    if (type == CHECK_TYPE_i32) return CHECK_ELEMENT_INT32;
    if (type == CHECK_TYPE_rule) return CHECK_ELEMENT_RULE;
    if (type == CHECK_TYPE_f32) return CHECK_ELEMENT_FLOAT;
    if (table == CHECK_FLOAT64) return CHECK_ELEMENT_DOUBLE;
    const bool narrow = type == CHECK_TYPE_real || type == CHECK_TYPE_weight;
    return table == CHECK_BFLOAT16 && narrow ? CHECK_ELEMENT_BF16 : CHECK_ELEMENT_FLOAT;
}

size_t check_element_size(check_element element)
{
    switch (element) {
    case CHECK_ELEMENT_DOUBLE:
        return sizeof(double);
    case CHECK_ELEMENT_BF16:
        return sizeof(uint16_t);
    case CHECK_ELEMENT_RULE:
        return sizeof(cupel_rule);
    default:
        return sizeof(float);
    }
}

bool check_element_rounds(check_element element)
{
    return element != CHECK_ELEMENT_INT32 && element != CHECK_ELEMENT_RULE;
}

double check_element_rounding(check_element element)
{
    if (element == CHECK_ELEMENT_DOUBLE) return 0x1p-53;
    return element == CHECK_ELEMENT_BF16 ? 0x1p-8 : 0x1p-24;
}

double check_element_smallest(check_element element)
{
    if (element == CHECK_ELEMENT_DOUBLE) return 0x1p-1074;
    return element == CHECK_ELEMENT_BF16 ? 0x1p-133 : 0x1p-149;
}

static double from_bf16(uint16_t half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float value = 0;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* From double at once, so that nothing is rounded twice. */
static uint16_t to_bf16(double value)
{
    if (isnan(value)) return 0x7fff;
    float close = (float)value;
    uint32_t bits = 0;
    memcpy(&bits, &close, sizeof bits);
    /* Where float lies exactly between two of bf16, double still knows the side: one step of float
     * towards it. */
    if ((bits & 0xffffU) == 0x8000U && (double)close != value) {
        const bool further = fabs(value) > fabs((double)close);
        bits = further ? bits + 1 : bits - 1;
    }
    bits += 0x7fffU + (bits >> 16 & 1U);
    return (uint16_t)(bits >> 16);
}

void check_unpack(check_element element, const void *from, int64_t n, double *to)
{
    const float *f = from;
    const double *d = from;
    const uint16_t *h = from;
    const int32_t *i32 = from;
    const cupel_rule *r = from;
    for (int64_t i = 0; i < n; i++) {
        switch (element) {
        case CHECK_ELEMENT_FLOAT:
            to[i] = (double)f[i];
            break;
        case CHECK_ELEMENT_DOUBLE:
            to[i] = d[i];
            break;
        case CHECK_ELEMENT_BF16:
            to[i] = from_bf16(h[i]);
            break;
        case CHECK_ELEMENT_INT32:
            to[i] = i32[i];
            break;
        case CHECK_ELEMENT_RULE:
            to[i] = r[i].decay;
            break;
        }
    }
}

void check_pack(check_element element, const double *from, int64_t n, void *to)
{
    float *f = to;
    double *d = to;
    uint16_t *h = to;
    int32_t *i32 = to;
    cupel_rule *r = to;
    for (int64_t i = 0; i < n; i++) {
        switch (element) {
        case CHECK_ELEMENT_FLOAT:
            f[i] = (float)from[i];
            break;
        case CHECK_ELEMENT_DOUBLE:
            d[i] = from[i];
            break;
        case CHECK_ELEMENT_BF16:
            h[i] = to_bf16(from[i]);
            break;
        case CHECK_ELEMENT_INT32:
            i32[i] = (int32_t)from[i];
            break;
        case CHECK_ELEMENT_RULE:
            r[i].decay = from[i];
            break;
        }
    }
}
