/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A field is collected in a buffer of a fixed size, run by run: a run is what stands between two
 * bytes that mean something, or between such a byte and the end of what has been read. */
#include "data/csv_parse.h"

#include "base/file.h"
#include "base/memory.h"
#include "data/unpack.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define INPUT_BYTES 65536
#define END_OF_FILE (-1)

struct cupel_csv {
    cupel_unpack *unpack;
    char path[CUPEL_PATH_SHOWN]; /* for sentences */
    char separator;
    int64_t line;   /* of the next byte */
    int64_t column; /* fields of the current record that have been begun */
    int64_t length; /* of the field being collected */
    int64_t next;   /* input[next, end) has been read and not been used */
    int64_t end;
    char field[CUPEL_CSV_MOST_BYTES + 1];
    char input[INPUT_BYTES];
    bool special[256]; /* ends a run of an unquoted field */
};

/* The next byte without using it, or END_OF_FILE. */
static cupel_status peek(cupel_csv *csv, int *byte)
{
    if (csv->next == csv->end) {
        csv->next = 0;
        csv->end = 0;
        CUPEL_TRY(cupel_unpack_read(csv->unpack, csv->input, INPUT_BYTES, &csv->end));
    }
    *byte = csv->next < csv->end ? (unsigned char)csv->input[csv->next] : END_OF_FILE;
    return CUPEL_OK;
}

static cupel_status fail_at(const cupel_csv *csv, int64_t line, const char *what)
{
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: line %" PRId64 ", column %" PRId64 ": %s", csv->path,
                      line, csv->column, what);
}

/* Moves input[next, next + count) to the field. */
static cupel_status collect(cupel_csv *csv, int64_t count)
{
    if (count > CUPEL_CSV_MOST_BYTES - csv->length) {
        return fail_at(csv, csv->line,
                       "the field is longer than 65536 bytes (is a quote or a separator missing?)");
    }
    memcpy(csv->field + csv->length, csv->input + csv->next, (size_t)count);
    csv->length += count;
    csv->next += count;
    return CUPEL_OK;
}

/* Uses the line end that stands next: LF, CRLF or CR. */
static cupel_status skip_line_end(cupel_csv *csv)
{
    const bool carriage_return = csv->input[csv->next] == '\r';
    int byte;
    csv->next++;
    csv->line++;
    if (!carriage_return) return CUPEL_OK;
    CUPEL_TRY(peek(csv, &byte));
    if (byte == '\n') csv->next++;
    return CUPEL_OK;
}

/* Uses what stands behind a field. */
static cupel_status end_field(cupel_csv *csv, bool *last)
{
    int byte;
    CUPEL_TRY(peek(csv, &byte));
    *last = byte == END_OF_FILE || byte == '\n' || byte == '\r';
    if (byte == END_OF_FILE) return CUPEL_OK;
    if (*last) return skip_line_end(csv);
    if ((char)byte == csv->separator) {
        csv->next++;
        return CUPEL_OK;
    }
    if (byte == '\0') {
        return fail_at(csv, csv->line, "a NUL byte, expected text (is the file UTF-16?)");
    }
    if (byte == '"') {
        return fail_at(csv, csv->line,
                       "a quote inside a field without quotes, expected the whole field in quotes "
                       "and this one doubled");
    }
    return fail_at(csv, csv->line, "text behind the closing quote, expected a separator");
}

static cupel_status read_unquoted(cupel_csv *csv)
{
    for (;;) {
        int64_t run = csv->next;
        while (run < csv->end && !csv->special[(unsigned char)csv->input[run]])
            run++;
        CUPEL_TRY(collect(csv, run - csv->next));
        if (csv->next < csv->end) return CUPEL_OK;
        int byte;
        CUPEL_TRY(peek(csv, &byte));
        if (byte == END_OF_FILE) return CUPEL_OK;
    }
}

/* The opening quote stands next. */
static cupel_status read_quoted(cupel_csv *csv)
{
    const int64_t begin = csv->line;
    bool after_return = false;
    csv->next++;
    for (;;) {
        int byte;
        CUPEL_TRY(peek(csv, &byte));
        if (byte == END_OF_FILE)
            return fail_at(csv, begin, "the quote that opens here never closes");
        if (byte == '\0') {
            return fail_at(csv, csv->line, "a NUL byte, expected text (is the file UTF-16?)");
        }
        if (byte == '"') {
            csv->next++;
            CUPEL_TRY(peek(csv, &byte));
            if (byte != '"') return CUPEL_OK;
        }
        CUPEL_TRY(collect(csv, 1));
        if (byte == '\r' || (byte == '\n' && !after_return)) csv->line++;
        after_return = byte == '\r';
    }
}

static bool is_blank(const char *text, int64_t length)
{
    for (int64_t i = 0; i < length; i++) {
        if (text[i] != ' ' && text[i] != '\t') return false;
    }
    return true;
}

cupel_status cupel_csv_next(cupel_csv *csv, cupel_csv_field *field, bool *end)
{
    for (;;) {
        int byte;
        CUPEL_TRY(peek(csv, &byte));
        *end = byte == END_OF_FILE && csv->column == 0;
        if (*end) return CUPEL_OK;
        const bool quoted = byte == '"';
        csv->length = 0;
        csv->column++;
        *field = (cupel_csv_field){.text = csv->field, .line = csv->line, .column = csv->column};
        CUPEL_TRY(quoted ? read_quoted(csv) : read_unquoted(csv));
        csv->field[csv->length] = '\0';
        field->length = csv->length;
        CUPEL_TRY(end_field(csv, &field->last));
        const bool first = csv->column == 1;
        if (field->last) csv->column = 0;
        if (!first || !field->last || quoted || !is_blank(csv->field, csv->length)) return CUPEL_OK;
    }
}

static cupel_status open_file(cupel_csv *csv, const char *path, char separator)
{
    cupel_path_shown(path, csv->path);
    CUPEL_TRY(cupel_unpack_open(path, &csv->unpack));
    csv->separator = separator;
    csv->line = 1;
    csv->special[(unsigned char)separator] = true;
    csv->special['\r'] = csv->special['\n'] = csv->special['"'] = csv->special['\0'] = true;
    int byte;
    CUPEL_TRY(peek(csv, &byte));
    if (csv->end >= 3 && memcmp(csv->input, "\xef\xbb\xbf", 3) == 0) csv->next = 3;
    return CUPEL_OK;
}

cupel_status cupel_csv_open(const char *path, char separator, cupel_csv **csv)
{
    *csv = cupel_alloc(1, sizeof **csv);
    if (*csv == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status = open_file(*csv, path, separator);
    if (status != CUPEL_OK) {
        cupel_csv_close(*csv);
        *csv = NULL;
    }
    return status;
}

double cupel_csv_done(const cupel_csv *csv)
{
    return cupel_unpack_done(csv->unpack);
}

void cupel_csv_close(cupel_csv *csv)
{
    if (csv == NULL) return;
    cupel_unpack_close(csv->unpack);
    cupel_free(csv);
}

char *cupel_csv_quote(const char *text, int64_t length, char out[CUPEL_CSV_QUOTED])
{
    int64_t shown = length < 40 ? length : 40;
    /* A character of UTF-8 is not cut in two: its later bytes are 10xxxxxx. */
    while (shown < length && shown > 0 && ((unsigned char)text[shown] & 0xc0) == 0x80)
        shown--;
    char *at = out;
    *at++ = '"';
    for (int64_t i = 0; i < shown; i++) {
        const unsigned char byte = (unsigned char)text[i];
        if (byte < 0x20 || byte == 0x7f) {
            at += snprintf(at, 5, "\\x%02x", byte);
        } else {
            *at++ = text[i];
        }
    }
    memcpy(at, shown < length ? "\"..." : "\"", shown < length ? 5 : 2);
    return out;
}
