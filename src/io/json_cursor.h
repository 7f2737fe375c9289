/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reads a large JSON object member by member with jansson. A tree of a whole header takes some
 * twenty times the memory of its text, so a small hostile file could take gigabytes; this way only
 * one member is held at a time. */
#ifndef CUPEL_IO_JSON_CURSOR_H
#define CUPEL_IO_JSON_CURSOR_H

#include "base/status.h"
#include <stdint.h>

#ifdef CUPEL_WITH_JANSSON
#include <jansson.h>

typedef struct cupel_json_cursor {
    const char *bytes;
    int64_t length;
    int64_t at;
    const char *path; /* of the file, for sentences */
} cupel_json_cursor;

/* Handles one member; the cursor stands before its value and must be moved behind it. */
typedef cupel_status (*cupel_json_member)(void *user, cupel_json_cursor *cursor, const char *key);

/* Calls member for every member of the object that begins at the cursor. */
cupel_status cupel_json_each(cupel_json_cursor *cursor, cupel_json_member member, void *user);

/* Parses the value at the cursor, which must begin with the byte first ('{', '"') and be at most
 * limit bytes long. what names it in the sentence. */
cupel_status cupel_json_value(cupel_json_cursor *cursor, char first, int64_t limit,
                              const char *what, json_t **value);

/* jansson's complaint about a text of the file as a status: FORMAT, or MEMORY. offset is where the
 * text begins in the JSON, and in names that. */
cupel_status cupel_json_fail(const char *path, const char *in, int64_t offset,
                             const json_error_t *error);

#endif
#endif
