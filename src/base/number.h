/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Numbers as text, whatever the locale. */
#ifndef CUPEL_BASE_NUMBER_H
#define CUPEL_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The number that all of text[0..length) spells in decimal notation ("-1.5e3", "nan", "inf" in any
 * case; surrounding blanks are fine, hexadecimal is not), correctly rounded. False if it spells
 * none; a finite spelling beyond double's range gives infinity. */
bool cupel_parse_double(const char *text, size_t length, double *value);

/* The integer that all of text spells; false if it spells none or it does not fit. */
bool cupel_parse_int(const char *text, size_t length, int64_t *value);

/* Writes value with the given significant digits (1..17) as %g does in the C locale ('.' always) to
 * text, which has room for 32 bytes; returns text. 17 digits read back to the same double. */
#define CUPEL_NUMBER_TEXT 32
char *cupel_format_double(double value, int digits, char text[CUPEL_NUMBER_TEXT]);

#endif
