/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Arithmetic of shapes and element types. */
#ifndef CUPEL_BASE_SHAPE_H
#define CUPEL_BASE_SHAPE_H

#include "base/status.h"

/* Room for any shape as text, "(3, 28, 28)". */
#define CUPEL_SHAPE_TEXT 192
/* Writes the shape to text and returns it: "()" for rank 0, "(10)", "(28, 28)". */
char *cupel_shape_text(const cupel_shape *shape, char text[CUPEL_SHAPE_TEXT]);

/* Checks a shape that a user gave: rank 0..8, dimensions at least 1, unused ones 0, the product in
 * int64_t. what names it in the sentence. ARGUMENT. */
cupel_status cupel_shape_check(const cupel_shape *shape, const char *what);

/* The product of the dimensions (1 for rank 0) of a checked shape. */
int64_t cupel_shape_count(const cupel_shape *shape);

/* Same rank and dimensions. */
bool cupel_shape_equal(const cupel_shape *a, const cupel_shape *b);

/* The last dimension (1 for rank 0). */
int64_t cupel_shape_last(const cupel_shape *shape);

/* Bytes of an element; 0 for what is no type. */
int64_t cupel_type_size(cupel_type type);
/* "float32"; "unknown type" for what is none. */
const char *cupel_type_name(cupel_type type);

#endif
