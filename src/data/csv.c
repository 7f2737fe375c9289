/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A CSV file as a data set. Fields become float32 as they are read; the text of the file is never
 * held. The first record alone is kept as text, as it may be a header. */
#include "base/file.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/number.h"
#include "data/csv_classes.h"
#include "data/csv_header.h"
#include "data/csv_number.h"
#include "data/csv_parse.h"
#include "data/dataset.h"

#include <inttypes.h>
#include <string.h>

/* A file being read. */
typedef struct loading {
    char path[CUPEL_PATH_SHOWN]; /* for sentences */
    cupel_csv_config config;
    cupel_csv *csv;
    cupel_csv_header header;
    int64_t target; /* the column, from 0 */
    int64_t features;
    int64_t rows;
    int64_t room; /* rows that x and y have room for */
    float *x;     /* [room, features] */
    void *y;      /* [room], float or, for classes, int32_t */
    cupel_csv_classes classes;
} loading;

/* Raises a failure about a field, naming the line, the column and, where there is a header, its
 * name. */
static cupel_status fail_field(const loading *load, const cupel_csv_field *field, cupel_status code,
                               const char *what)
{
    char name[CUPEL_CSV_QUOTED + 4] = "", text[CUPEL_CSV_QUOTED];
    if (!load->config.no_header) {
        const int64_t column = field->column - 1;
        name[0] = ' ';
        cupel_csv_quote(load->header.names[column], (int64_t)strlen(load->header.names[column]),
                        name + 1);
    }
    return cupel_fail(code, "%s: line %" PRId64 ", column %" PRId64 "%s: %s %s", load->path,
                      field->line, field->column, name,
                      cupel_csv_quote(field->text, field->length, text), what);
}

static cupel_status take_number(const loading *load, const cupel_csv_field *field, float *number)
{
    const char *what = NULL;
    const cupel_status status = cupel_csv_number(field, load->config.allow_nan, number, &what);
    return status == CUPEL_OK ? CUPEL_OK : fail_field(load, field, status, what);
}

/* The number of the field's class: final where names were given, else as classes are met. */
static cupel_status take_class(loading *load, const cupel_csv_field *field, int32_t *number)
{
    if (cupel_csv_is_blank(field)) {
        return fail_field(load, field, CUPEL_ERROR_DATA, "is empty, expected a class");
    }
    *number = cupel_csv_classes_find(&load->classes, field->text, field->length);
    if (*number >= 0) return CUPEL_OK;
    if (load->config.class_names != NULL) {
        return fail_field(load, field, CUPEL_ERROR_DATA, "is none of .class_names");
    }
    CUPEL_TRY(
        cupel_csv_classes_add(&load->classes, load->path, field->line, field->text, field->length));
    *number = (int32_t)(load->classes.count - 1);
    return CUPEL_OK;
}

/* How many rows to make room for: half as many again, or, when enough of the file has been read to
 * tell, a little more than it seems to hold, so that a large file is not copied many times. */
static int64_t wanted_room(const loading *load)
{
    const int64_t half_more = load->room + load->room / 2 + 16;
    const double seems = (double)load->rows / cupel_csv_done(load->csv) * 1.02 + 16;
    if (load->rows < 1024 || seems > 256 * (double)load->rows) return half_more;
    return (int64_t)seems > half_more ? (int64_t)seems : half_more;
}

static cupel_status resize(loading *load, int64_t room)
{
    int64_t count = 0;
    CUPEL_FAIL_IF(!cupel_mul(room, load->features, &count), CUPEL_ERROR_MEMORY,
                  "%s: %" PRId64 " rows are more than memory can hold", load->path, room);
    float *x = cupel_realloc(load->x, count, sizeof *x);
    if (x == NULL) return CUPEL_ERROR_MEMORY;
    load->x = x;
    void *y = cupel_realloc(load->y, room, sizeof(float));
    if (y == NULL) return CUPEL_ERROR_MEMORY;
    load->y = y;
    load->room = room;
    return CUPEL_OK;
}

static cupel_status take_field(loading *load, const cupel_csv_field *field)
{
    const int64_t column = field->column - 1, columns = load->header.columns;
    CUPEL_FAIL_IF(column >= columns, CUPEL_ERROR_FORMAT,
                  "%s: line %" PRId64 ", column %" PRId64 ": one field too many, expected %" PRId64
                  " as in the first line",
                  load->path, field->line, field->column, columns);
    CUPEL_FAIL_IF(field->last && column + 1 < columns, CUPEL_ERROR_FORMAT,
                  "%s: line %" PRId64 ", column %" PRId64 ": the line ends here, expected %" PRId64
                  " fields as in the first line",
                  load->path, field->line, field->column, columns);
    if (column == 0 && load->rows == load->room) CUPEL_TRY(resize(load, wanted_room(load)));
    if (column == load->target && load->config.classify) {
        CUPEL_TRY(take_class(load, field, (int32_t *)load->y + load->rows));
    } else if (column == load->target) {
        CUPEL_TRY(take_number(load, field, (float *)load->y + load->rows));
    } else {
        const int64_t feature = column < load->target ? column : column - 1;
        CUPEL_TRY(take_number(load, field, load->x + load->rows * load->features + feature));
    }
    if (field->last) load->rows++;
    return CUPEL_OK;
}

/* Without a header the first record is data like any other. */
static cupel_status take_first_record(loading *load)
{
    const cupel_csv_header *header = &load->header;
    for (int64_t i = 0; i < header->columns; i++) {
        const cupel_csv_field field = {.text = header->names[i],
                                       .length = (int64_t)strlen(header->names[i]),
                                       .last = i + 1 == header->columns,
                                       .line = header->line,
                                       .column = i + 1};
        CUPEL_TRY(take_field(load, &field));
    }
    return CUPEL_OK;
}

/* A header of nothing but numbers is most likely a row of data that would be lost in silence. */
static void warn_of_numbers(const loading *load)
{
    for (int64_t i = 0; i < load->header.columns; i++) {
        const char *name = load->header.names[i];
        double value;
        if (!cupel_parse_double(name, strlen(name), &value)) return;
    }
    cupel_log(CUPEL_LOG_WARNING,
              "%s: the first line, taken as a header, holds numbers alone (.no_header?)",
              load->path);
}

static cupel_status read_rows(loading *load)
{
    CUPEL_TRY(cupel_csv_header_read(&load->header, load->csv, load->path));
    CUPEL_FAIL_IF(load->header.columns < 2, CUPEL_ERROR_FORMAT,
                  "%s: the first line has 1 field, expected a target and at least one feature (is "
                  ".separator right?)",
                  load->path);
    CUPEL_TRY(cupel_csv_header_find(&load->header, load->config.target, !load->config.no_header,
                                    load->path, &load->target));
    load->features = load->header.columns - 1;
    if (load->config.no_header) {
        CUPEL_TRY(take_first_record(load));
    } else {
        warn_of_numbers(load);
    }
    for (;;) {
        cupel_csv_field field;
        bool end = false;
        CUPEL_TRY(cupel_csv_next(load->csv, &field, &end));
        if (end) break;
        CUPEL_TRY(take_field(load, &field));
    }
    CUPEL_FAIL_IF(load->rows == 0, CUPEL_ERROR_FORMAT,
                  "%s: a header and no rows, expected at least one", load->path);
    return CUPEL_OK;
}

static cupel_status add_given_classes(loading *load)
{
    const char *const *names = load->config.class_names;
    if (names == NULL) return CUPEL_OK;
    CUPEL_FAIL_IF(!load->config.classify, CUPEL_ERROR_ARGUMENT,
                  "cupel_csv_config: class_names is given without classify");
    CUPEL_FAIL_IF(names[0] == NULL, CUPEL_ERROR_ARGUMENT,
                  "cupel_csv_config: class_names is an empty list");
    for (int64_t i = 0; names[i] != NULL; i++) {
        const int64_t length = (int64_t)strlen(names[i]);
        CUPEL_FAIL_IF(cupel_csv_classes_find(&load->classes, names[i], length) >= 0,
                      CUPEL_ERROR_ARGUMENT, "cupel_csv_config: class_names holds \"%s\" twice",
                      names[i]);
        CUPEL_TRY(cupel_csv_classes_add(&load->classes, "class_names", 0, names[i], length));
    }
    return CUPEL_OK;
}

/* Turns the order in which the classes were met into their numbers. */
static cupel_status number_classes(loading *load, cupel_csv_class_names *names)
{
    if (!load->config.classify) return CUPEL_OK;
    if (load->config.class_names != NULL) return cupel_csv_classes_keep(&load->classes, names);
    int32_t *numbers = cupel_alloc_raw(load->classes.count, sizeof *numbers);
    if (numbers == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status =
        cupel_csv_classes_number(&load->classes, load->path, numbers, names);
    int32_t *y = load->y;
    for (int64_t i = 0; status == CUPEL_OK && i < load->rows; i++)
        y[i] = numbers[y[i]];
    cupel_free(numbers);
    return status;
}

/* Moves what was read to the data set. */
static void hand_over(loading *load, cupel_csv_class_names names, cupel_dataset *dataset)
{
    dataset->rows = load->rows;
    dataset->x_shape = CUPEL_SHAPE(load->features);
    dataset->x_type = CUPEL_FLOAT32;
    dataset->y_type = load->config.classify ? CUPEL_INT32 : CUPEL_FLOAT32;
    dataset->has_y = true;
    dataset->allow_nan = load->config.allow_nan;
    dataset->x = dataset->owned_x = load->x;
    dataset->y = dataset->owned_y = load->y;
    dataset->classes = names.count;
    dataset->class_names = names.names;
    load->x = NULL;
    load->y = NULL;
}

static cupel_status load_file(loading *load, const char *path, cupel_dataset *dataset)
{
    cupel_csv_class_names names = {0};
    const char separator = load->config.separator != 0 ? load->config.separator : ',';
    CUPEL_TRY(add_given_classes(load));
    CUPEL_TRY(cupel_csv_open(path, separator, &load->csv));
    CUPEL_TRY(read_rows(load));
    CUPEL_TRY(number_classes(load, &names));
    /* Where there is no memory for a smaller copy, the larger one stays. */
    if (load->room - load->rows > load->rows / 8) (void)resize(load, load->rows);
    hand_over(load, names, dataset);
    return CUPEL_OK;
}

/* What can stand in a number, is a quote or ends a line separates nothing. 0 means the comma. */
static bool separates(char c)
{
    if (c == '\0') return true;
    return strchr("\"\r\n.+-0123456789", c) == NULL && !(c >= 'a' && c <= 'z') &&
           !(c >= 'A' && c <= 'Z');
}

cupel_status cupel_dataset_open_csv(const char *path, const cupel_csv_config *config,
                                    cupel_dataset **dataset)
{
    CUPEL_REQUIRE(dataset);
    *dataset = NULL;
    CUPEL_REQUIRE(path);
    loading load = {.rows = 0};
    cupel_path_shown(path, load.path);
    if (config != NULL) load.config = *config;
    CUPEL_FAIL_IF(!separates(load.config.separator), CUPEL_ERROR_ARGUMENT,
                  "cupel_csv_config: separator is byte 0x%02x, which may stand in a number or a "
                  "quote or end a line",
                  (unsigned)(unsigned char)load.config.separator);
    cupel_dataset *made = NULL;
    CUPEL_TRY(cupel_dataset_make(&made));
    const cupel_status status = load_file(&load, path, made);
    cupel_csv_close(load.csv);
    cupel_csv_header_free(&load.header);
    cupel_csv_classes_free(&load.classes);
    cupel_free(load.x);
    cupel_free(load.y);
    if (status != CUPEL_OK) {
        cupel_dataset_release(made);
        return status;
    }
    *dataset = made;
    return CUPEL_OK;
}
