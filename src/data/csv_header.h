/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The first record of a CSV file, kept as text: the names of the columns, or a row of data. */
#ifndef CUPEL_DATA_CSV_HEADER_H
#define CUPEL_DATA_CSV_HEADER_H

#include "data/csv_parse.h"

/* More columns than this are refused: a file of separators alone would else fill the memory. */
#define CUPEL_CSV_MOST_COLUMNS 4194304

/* All zero is empty. */
typedef struct cupel_csv_header {
    int64_t columns;
    const char **names; /* [columns] */
    char *bytes;        /* what they point into */
    int64_t line;
} cupel_csv_header;

/* Reads the first record. FORMAT for an empty file. */
cupel_status cupel_csv_header_read(cupel_csv_header *header, cupel_csv *csv, const char *path);

/* The column of the target: the one of that name (where the record holds names), else of that
 * number from 0; NULL: the last. FORMAT when two columns have the name; ARGUMENT. */
cupel_status cupel_csv_header_find(const cupel_csv_header *header, const char *target, bool names,
                                   const char *path, int64_t *column);

void cupel_csv_header_free(cupel_csv_header *header);

#endif
