/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A field of a CSV file as a number. */
#ifndef CUPEL_DATA_CSV_NUMBER_H
#define CUPEL_DATA_CSV_NUMBER_H

#include "data/csv_parse.h"

/* Whether a field holds nothing but spaces and tabs. */
bool cupel_csv_is_blank(const cupel_csv_field *field);

/* The nearest float32. Otherwise what completes the sentence that begins with the field's text, and
 * the status: FORMAT for what is no number, DATA for one that cannot be used; an empty field, NaN
 * and infinity can be with allow_nan. The last error is left to the caller. */
cupel_status cupel_csv_number(const cupel_csv_field *field, bool allow_nan, float *number,
                              const char **what);

#endif
