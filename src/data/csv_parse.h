/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The fields of a CSV file (RFC 4180), one after the other, in memory that does not grow. */
#ifndef CUPEL_DATA_CSV_PARSE_H
#define CUPEL_DATA_CSV_PARSE_H

#include "base/status.h"
#include <stdint.h>

/* The longest field, in bytes. No number and no name of a class needs more. */
#define CUPEL_CSV_MOST_BYTES 65536

typedef struct cupel_csv_field {
    const char *text; /* without its quotes; a NUL follows, and none is within */
    int64_t length;
    bool last;      /* it ends its record */
    int64_t line;   /* where it begins; both from 1, as editors count */
    int64_t column; /* the number of the field in its record */
} cupel_csv_field;

typedef struct cupel_csv cupel_csv;

/* Opens a file, plain or gzip, and skips a byte-order mark. */
cupel_status cupel_csv_open(const char *path, char separator, cupel_csv **csv);

/* The next field, valid until the next call; *end instead where there is none. Records end with LF,
 * CRLF, CR or the file; lines of nothing but spaces and tabs are skipped. FORMAT, with line and
 * column: a NUL byte, a quote where none may be, an unterminated quote, a field that is too long.
 */
cupel_status cupel_csv_next(cupel_csv *csv, cupel_csv_field *field, bool *end);

/* The share of the file that has been read, in (0, 1]. */
double cupel_csv_done(const cupel_csv *csv);

/* Takes NULL. */
void cupel_csv_close(cupel_csv *csv);

/* Writes text for a sentence: in quotes, cut to 40 bytes, control characters as \x07. Returns out.
 */
#define CUPEL_CSV_QUOTED 176
char *cupel_csv_quote(const char *text, int64_t length, char out[CUPEL_CSV_QUOTED]);

#endif
