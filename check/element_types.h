/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as a table's tensors hold them. All numbers of a case are kept as double on the host. */
#ifndef CUPEL_CHECK_ELEMENT_TYPES_H
#define CUPEL_CHECK_ELEMENT_TYPES_H

#include "op_fields.h"
#include <stdbool.h>
#include <stddef.h>

/* The kinds of op tables, by what they compute with. */
typedef enum check_table { CHECK_FLOAT32, CHECK_FLOAT64, CHECK_BFLOAT16, CHECK_TABLES } check_table;

/* "float32" and so on. */
extern const char *const check_table_names[CHECK_TABLES];

typedef enum check_element {
    CHECK_ELEMENT_FLOAT,
    CHECK_ELEMENT_DOUBLE,
    CHECK_ELEMENT_BF16,
    CHECK_ELEMENT_INT32,
    CHECK_ELEMENT_RULE
} check_element;

/* What the elements of a tensor of that type are in a table. */
check_element check_element_of(check_table table, check_type type);

size_t check_element_size(check_element element);

/* Whether the elements are numbers with rounding. */
bool check_element_rounds(check_element element);

/* Half the distance of two neighbours, relative to the number; and of the smallest numbers. */
double check_element_rounding(check_element element);
double check_element_smallest(check_element element);

/* The n elements as numbers, and the other way: rounded to nearest, ties to even. */
void check_unpack(check_element element, const void *from, int64_t n, double *to);
void check_pack(check_element element, const double *from, int64_t n, void *to);

#endif
