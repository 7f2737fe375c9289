/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Names that a file gives: kept in one block, because a file may hold very many short ones. */
#ifndef CUPEL_IO_NAMES_H
#define CUPEL_IO_NAMES_H

#include "base/status.h"
#include <stdint.h>

/* All zero is an empty list. */
typedef struct cupel_names {
    char *bytes; /* every name with its NUL */
    int64_t length;
    int64_t room;
    int64_t *starts; /* where each name begins in bytes */
    int64_t count;
    int64_t start_room;
} cupel_names;

cupel_status cupel_names_add(cupel_names *names, const char *name);
/* Valid until the next add. */
const char *cupel_names_at(const cupel_names *names, int64_t index);
/* Sets *twice to a name that stands in the list twice, or to NULL. */
cupel_status cupel_names_duplicate(const cupel_names *names, const char **twice);
void cupel_names_free(cupel_names *names);

/* Writes a name that a file gave to text and returns it, fit for a sentence: cut when it is long,
 * control characters replaced. */
#define CUPEL_NAME_SHOWN 96
char *cupel_name_shown(const char *name, char text[CUPEL_NAME_SHOWN]);

#endif
