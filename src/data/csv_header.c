/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The first record of a CSV file, and the target column in it. */
#include "data/csv_header.h"

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <string.h>

/* The texts while they are collected, each with its NUL; pointers come when they move no more. */
typedef struct collected {
    char *bytes;
    int64_t used;
    int64_t room;
} collected;

static cupel_status collect(collected *texts, const cupel_csv_field *field)
{
    const int64_t wanted = texts->used + field->length + 1;
    if (wanted > texts->room) {
        const int64_t room = wanted + wanted / 2 + 256;
        char *bytes = cupel_realloc(texts->bytes, room, 1);
        if (bytes == NULL) return CUPEL_ERROR_MEMORY;
        texts->bytes = bytes;
        texts->room = room;
    }
    memcpy(texts->bytes + texts->used, field->text, (size_t)field->length + 1);
    texts->used = wanted;
    return CUPEL_OK;
}

static cupel_status read_texts(cupel_csv_header *header, collected *texts, cupel_csv *csv,
                               const char *path)
{
    for (cupel_csv_field field = {0}; !field.last;) {
        bool end = false;
        CUPEL_TRY(cupel_csv_next(csv, &field, &end));
        CUPEL_FAIL_IF(end, CUPEL_ERROR_FORMAT, "%s: the file is empty, expected rows of numbers",
                      path);
        CUPEL_FAIL_IF(header->columns == CUPEL_CSV_MOST_COLUMNS, CUPEL_ERROR_FORMAT,
                      "%s: line %" PRId64 " has more than %d fields", path, field.line,
                      CUPEL_CSV_MOST_COLUMNS);
        if (header->columns == 0) header->line = field.line;
        CUPEL_TRY(collect(texts, &field));
        header->columns++;
    }
    return CUPEL_OK;
}

cupel_status cupel_csv_header_read(cupel_csv_header *header, cupel_csv *csv, const char *path)
{
    collected texts = {0};
    const cupel_status status = read_texts(header, &texts, csv, path);
    header->bytes = texts.bytes;
    if (status != CUPEL_OK) return status;
    header->names = cupel_alloc_raw(header->columns, sizeof *header->names);
    if (header->names == NULL) return CUPEL_ERROR_MEMORY;
    const char *at = header->bytes;
    for (int64_t i = 0; i < header->columns; i++) {
        header->names[i] = at;
        at += strlen(at) + 1;
    }
    return CUPEL_OK;
}

/* "a", "b", "c" and how many more. */
static cupel_status fail_unknown(const cupel_csv_header *header, const char *target,
                                 const char *path)
{
    const int64_t shown = header->columns < 6 ? header->columns : 6;
    char wanted[CUPEL_CSV_QUOTED], name[CUPEL_CSV_QUOTED];
    cupel_text list = {0};
    for (int64_t i = 0; i < shown; i++) {
        cupel_text_add(&list, "%s%s", i == 0 ? "" : ", ",
                       cupel_csv_quote(header->names[i], (int64_t)strlen(header->names[i]), name));
    }
    if (shown < header->columns) {
        cupel_text_add(&list, " and %" PRId64 " more", header->columns - shown);
    }
    cupel_status status = list.status;
    if (status == CUPEL_OK) {
        status =
            cupel_fail(CUPEL_ERROR_ARGUMENT, "%s: no column is named %s, the target; there are %s",
                       path, cupel_csv_quote(target, (int64_t)strlen(target), wanted), list.bytes);
    }
    cupel_text_free(&list);
    return status;
}

cupel_status cupel_csv_header_find(const cupel_csv_header *header, const char *target, bool names,
                                   const char *path, int64_t *column)
{
    *column = header->columns - 1;
    if (target == NULL) return CUPEL_OK;
    char text[CUPEL_CSV_QUOTED];
    cupel_csv_quote(target, (int64_t)strlen(target), text);
    int64_t found = 0, number = -1;
    for (int64_t i = 0; names && i < header->columns; i++) {
        if (strcmp(header->names[i], target) != 0) continue;
        *column = i;
        found++;
    }
    CUPEL_FAIL_IF(found > 1, CUPEL_ERROR_FORMAT,
                  "%s: %" PRId64 " columns are named %s, expected one target", path, found, text);
    if (found == 1) return CUPEL_OK;
    if (!cupel_parse_int(target, strlen(target), &number)) {
        if (names) return fail_unknown(header, target, path);
        return cupel_fail(CUPEL_ERROR_ARGUMENT,
                          "cupel_csv_config: target is %s, expected the number of a column, as "
                          "there is no header",
                          text);
    }
    CUPEL_FAIL_IF(number < 0 || number >= header->columns, CUPEL_ERROR_ARGUMENT,
                  "%s: target is column %s, expected a number from 0 to %" PRId64
                  " or the name of a column",
                  path, text, header->columns - 1);
    *column = number;
    return CUPEL_OK;
}

void cupel_csv_header_free(cupel_csv_header *header)
{
    cupel_free((void *)header->names);
    cupel_free(header->bytes);
    *header = (cupel_csv_header){0};
}
