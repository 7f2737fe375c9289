/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A string that grows. */
#ifndef CUPEL_BASE_TEXT_H
#define CUPEL_BASE_TEXT_H

#include "base/status.h"
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty text. After the first failure the rest does nothing and text_status tells. */
typedef struct cupel_text {
    char *bytes; /* ends with a NUL, or NULL while empty */
    int64_t length;
    int64_t room;
    cupel_status status;
} cupel_text;

/* Appends formatted text (snprintf; no floating point: use cupel_text_number). */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cupel_text_add(cupel_text *text, const char *format, ...);
/* Appends a number by cupel_format_double. */
void cupel_text_number(cupel_text *text, double value, int digits);
/* Appends s as a JSON string with its quotes. */
void cupel_text_json(cupel_text *text, const char *s);
/* Frees the bytes and empties the text. */
void cupel_text_free(cupel_text *text);

#endif
