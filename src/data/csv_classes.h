/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The classes in the target column of a CSV file: their texts, numbered as they are met, and in the
 * end the number and the name of every class. */
#ifndef CUPEL_DATA_CSV_CLASSES_H
#define CUPEL_DATA_CSV_CLASSES_H

#include "base/status.h"
#include <stdint.h>

/* More distinct classes than this are rather a column of numbers that was taken for one. */
#define CUPEL_CSV_MOST_CLASSES 1048576

typedef struct cupel_csv_class {
    int64_t text; /* where it begins in the bytes */
    int64_t length;
    int64_t line; /* where it was first met; 0: it was given */
} cupel_csv_class;

/* All zero is an empty table. */
typedef struct cupel_csv_classes {
    char *bytes; /* the texts, each with a NUL */
    int64_t bytes_used;
    int64_t bytes_room;
    cupel_csv_class *entries;
    int64_t count;
    int64_t room;
    int32_t *slots; /* a hash table with open addressing: entry + 1, or 0 */
    int64_t slot_count;
} cupel_csv_classes;

/* The number of a text, or -1. */
int32_t cupel_csv_classes_find(const cupel_csv_classes *classes, const char *text, int64_t length);

/* Adds a text that is not there, found in a line of a file. MEMORY; DATA for too many. */
cupel_status cupel_csv_classes_add(cupel_csv_classes *classes, const char *path, int64_t line,
                                   const char *text, int64_t length);

/* The outcome: classes, and a block of pointers to their names that holds the names too. */
typedef struct cupel_csv_class_names {
    int64_t count;
    char **names;
} cupel_csv_class_names;

/* Names the classes in the order of the table. */
cupel_status cupel_csv_classes_keep(const cupel_csv_classes *classes, cupel_csv_class_names *names);

/* Numbers the classes: by their own numbers if all are numbers, which must then be integers of at
 * least 0, else in the order of their bytes. numbers has room for one an entry. */
cupel_status cupel_csv_classes_number(const cupel_csv_classes *classes, const char *path,
                                      int32_t *numbers, cupel_csv_class_names *names);

void cupel_csv_classes_free(cupel_csv_classes *classes);

#endif
