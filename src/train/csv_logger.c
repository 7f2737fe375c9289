/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Writes the series of a fit as a CSV file that grows by a line an epoch. */
#include "train/callback_type.h"

#include "base/file.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include <inttypes.h>
#include <string.h>

/* What the first line of a file that is continued may be at most. */
#define HEADER_ROOM 65536

typedef struct csv_logger {
    cupel_appender *file;
    bool header;      /* the file still lacks its first line */
    bool broken_line; /* the file does not end with a newline */
    int64_t
        *columns; /* [count] after "epoch": a series, or -1 for one that this fit does not have */
    int64_t count;
    cupel_text line;
} csv_logger;

static cupel_status csv_logger_check(const cupel_callback *config, const cupel_history *history)
{
    (void)history;
    CUPEL_FAIL_IF(config->path == NULL || config->path[0] == '\0', CUPEL_ERROR_ARGUMENT,
                  "CSV logger: .path is %s", config->path == NULL ? "NULL" : "empty");
    return CUPEL_OK;
}

/* The columns of a new file: all series in the order of their names' bytes. */
static cupel_status new_columns(csv_logger *state, const cupel_history *history)
{
    state->columns = cupel_alloc(history->series, sizeof *state->columns);
    if (state->columns == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < history->series; i++) {
        int64_t place = i;
        for (; place > 0; place--) {
            const char *before = history->names[state->columns[place - 1]];
            if (strcmp(before, history->names[i]) <= 0) break;
            state->columns[place] = state->columns[place - 1];
        }
        state->columns[place] = i;
    }
    state->count = history->series;
    state->header = true;
    return CUPEL_OK;
}

/* Reads the first line of the file into header, without its line end, and sees how the file ends.
 */
static cupel_status read_header(csv_logger *state, const char *path, cupel_reader *reader,
                                char header[HEADER_ROOM])
{
    int64_t got = 0;
    CUPEL_TRY(cupel_reader_read(reader, header, HEADER_ROOM - 1, &got));
    header[got] = '\0';
    char last = got > 0 ? header[got - 1] : '\n';
    for (char more[4096]; got > 0; last = got > 0 ? more[got - 1] : last) {
        CUPEL_TRY(cupel_reader_read(reader, more, sizeof more, &got));
    }
    state->broken_line = last != '\n';
    const size_t length = strcspn(header, "\r\n");
    CUPEL_FAIL_IF(length == HEADER_ROOM - 1, CUPEL_ERROR_FORMAT,
                  "CSV logger: %s: the first line has more than %d bytes", path, HEADER_ROOM - 2);
    header[length] = '\0';
    return CUPEL_OK;
}

/* The columns of a file that is continued are those of its first line; header is cut up. */
static cupel_status old_columns(csv_logger *state, const char *path, const cupel_history *history,
                                char *header)
{
    int64_t room = 1;
    for (const char *c = header; *c != '\0'; c++)
        room += *c == ',';
    state->columns = cupel_alloc(room, sizeof *state->columns);
    if (state->columns == NULL) return CUPEL_ERROR_MEMORY;
    bool seen[CUPEL_MAX_SERIES] = {false};
    bool first = true;
    for (char *name = header, *end = NULL; name != NULL; name = end, first = false) {
        end = strchr(name, ',');
        if (end != NULL) *end++ = '\0';
        CUPEL_FAIL_IF(
            first && strcmp(name, "epoch") != 0, CUPEL_ERROR_FORMAT,
            "CSV logger: %s: its first column is \"%.60s\", not \"epoch\"; without .append "
            "the file is replaced",
            path, name);
        if (first) continue;
        const int64_t series = cupel_history_find(history, name);
        if (series >= 0) seen[series] = true;
        state->columns[state->count++] = series;
    }
    for (int64_t i = 0; i < history->series; i++) {
        CUPEL_FAIL_IF(!seen[i], CUPEL_ERROR_FORMAT,
                      "CSV logger: %s: there is no column \"%s\" to append to", path,
                      history->names[i]);
    }
    return CUPEL_OK;
}

static cupel_status continue_file(csv_logger *state, const char *path, const cupel_history *history)
{
    cupel_reader *reader = NULL;
    char *header = cupel_alloc_raw(HEADER_ROOM, 1);
    if (header == NULL) return CUPEL_ERROR_MEMORY;
    char shown[CUPEL_PATH_SHOWN];
    cupel_path_shown(path, shown);
    cupel_status status = cupel_reader_open(path, &reader);
    if (status == CUPEL_OK) status = read_header(state, shown, reader, header);
    cupel_reader_close(reader);
    if (status == CUPEL_OK) status = old_columns(state, shown, history, header);
    cupel_free(header);
    return status;
}

static cupel_status csv_logger_open(cupel_callback_run *run)
{
    csv_logger *state = run->state;
    const char *path = run->config->path;
    const cupel_history *history = run->callbacks->history;
    CUPEL_TRY(cupel_appender_open(path, false, &state->file));
    if (cupel_appender_was_empty(state->file) || !run->config->append) {
        return new_columns(state, history);
    }
    return continue_file(state, path, history);
}

/* The fewest digits that read back to the same number. */
static void add_number(cupel_text *line, double value)
{
    char text[CUPEL_NUMBER_TEXT];
    for (int digits = 15; digits < 17; digits++) {
        double back = 0;
        cupel_format_double(value, digits, text);
        if (cupel_parse_double(text, strlen(text), &back) && back == value) {
            cupel_text_add(line, "%s", text);
            return;
        }
    }
    cupel_text_number(line, value, 17);
}

/* Empties the file that this fit replaces: not before it begins, so that a fit that is refused
 * leaves the log of the one before. */
static cupel_status begin_file(cupel_callback_run *run)
{
    csv_logger *state = run->state;
    if (run->config->append || cupel_appender_was_empty(state->file)) return CUPEL_OK;
    cupel_appender *empty = NULL;
    CUPEL_TRY(cupel_appender_open(run->config->path, true, &empty));
    const cupel_status closed = cupel_appender_close(state->file);
    state->file = empty;
    return closed;
}

static cupel_status csv_logger_event(cupel_callback_run *run, const cupel_event *event)
{
    if (event->when == CUPEL_WHEN_FIT_BEGIN) return begin_file(run);
    if (event->when != CUPEL_WHEN_EPOCH_END) return CUPEL_OK;
    csv_logger *state = run->state;
    cupel_text *line = &state->line;
    line->length = 0;
    if (state->broken_line) cupel_text_add(line, "\n");
    if (state->header) {
        cupel_text_add(line, "epoch");
        for (int64_t i = 0; i < state->count; i++) {
            cupel_text_add(line, ",%s", run->callbacks->history->names[state->columns[i]]);
        }
        cupel_text_add(line, "\n");
    }
    cupel_text_add(line, "%" PRId64, event->epoch);
    for (int64_t i = 0; i < state->count; i++) {
        cupel_text_add(line, ",");
        if (state->columns[i] < 0)
            cupel_text_add(line, "NA");
        else
            add_number(line, event->values[state->columns[i]]);
    }
    cupel_text_add(line, "\n");
    CUPEL_TRY(line->status);
    CUPEL_TRY(cupel_appender_write(state->file, line->bytes, line->length));
    state->broken_line = false;
    state->header = false;
    return CUPEL_OK;
}

static cupel_status csv_logger_close(cupel_callback_run *run)
{
    csv_logger *state = run->state;
    cupel_free(state->columns);
    cupel_text_free(&state->line);
    return cupel_appender_close(state->file);
}

const cupel_callback_type cupel_callback_csv_logger = {
    .name = "CSV logger",
    .fields = CUPEL_CALLBACK_FILE,
    .state = sizeof(csv_logger),
    .check = csv_logger_check,
    .open = csv_logger_open,
    .event = csv_logger_event,
    .close = csv_logger_close,
};
