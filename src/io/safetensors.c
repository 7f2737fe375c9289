/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reading is strict: whatever the format does not allow is refused, and so a file that is accepted
 * means the same to every reader. Sizes are compared with the file's before memory is taken. */
#include "io/safetensors.h"

#include "base/memory.h"
#include "io/json_cursor.h"
#include "io/model_json.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The most bytes of a tensor's line: far more than one needs, and a tree of it stays small. */
#define LINE_BYTES 4096
#define METADATA "__metadata__"

#ifdef CUPEL_WITH_JANSSON

/* The types of the format; cupel keeps parameters in the first two. */
static const struct {
    const char *name;
    int64_t bytes;
} dtypes[] = {{"F32", 4}, {"F64", 8}, {"F16", 2},     {"BF16", 2},    {"BOOL", 1},   {"U8", 1},
              {"I8", 1},  {"I16", 2}, {"U16", 2},     {"I32", 4},     {"U32", 4},    {"I64", 8},
              {"U64", 8}, {"C64", 8}, {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1}};

typedef struct parser {
    cupel_safetensors *file;
    const char *path;
    int64_t room;
    cupel_names keys; /* of the metadata */
    bool metadata;    /* it was there */
} parser;

#define BAD(condition, ...) CUPEL_FAIL_IF(condition, CUPEL_ERROR_FORMAT, __VA_ARGS__)

/* Reads an integer of a tensor's line that must be at least 0. */
static cupel_status read_count(const parser *p, const char *tensor, const char *what,
                               const json_t *value, int64_t *count)
{
    BAD(!json_is_integer(value), "%s: tensor \"%s\": %s is not an integer", p->path, tensor, what);
    *count = json_integer_value(value);
    BAD(*count < 0, "%s: tensor \"%s\": %s is %" PRId64 ", expected at least 0", p->path, tensor,
        what, *count);
    return CUPEL_OK;
}

static cupel_status read_dtype(const parser *p, const char *tensor, const json_t *value,
                               const char **dtype, int64_t *bytes)
{
    const char *name = json_string_value(value);
    BAD(name == NULL, "%s: tensor \"%s\": dtype is not a string", p->path, tensor);
    for (size_t i = 0; i < sizeof dtypes / sizeof dtypes[0]; i++) {
        if (strcmp(dtypes[i].name, name) == 0) {
            *dtype = dtypes[i].name;
            *bytes = dtypes[i].bytes;
            return CUPEL_OK;
        }
    }
    char shown[CUPEL_NAME_SHOWN];
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: tensor \"%s\" has the unknown dtype \"%s\"", p->path,
                      tensor, cupel_name_shown(name, shown));
}

/* Reads the shape and multiplies *bytes by its dimensions. */
static cupel_status read_shape(const parser *p, const char *tensor, const json_t *value,
                               cupel_shape *shape, int64_t *bytes)
{
    BAD(!json_is_array(value), "%s: tensor \"%s\": shape is not an array", p->path, tensor);
    const size_t rank = json_array_size(value);
    BAD(rank > CUPEL_MAX_RANK, "%s: tensor \"%s\" has %zu dimensions, expected at most %d", p->path,
        tensor, rank, CUPEL_MAX_RANK);
    shape->rank = (int64_t)rank;
    for (size_t i = 0; i < rank; i++) {
        CUPEL_TRY(read_count(p, tensor, "a dimension", json_array_get(value, i), &shape->dims[i]));
        BAD(!cupel_mul(*bytes, shape->dims[i], bytes),
            "%s: tensor \"%s\": the product of the dimensions does not fit 63 bits", p->path,
            tensor);
    }
    return CUPEL_OK;
}

static cupel_status read_tensor(const parser *p, const char *tensor, json_t *line,
                                cupel_safetensor *out)
{
    const char *key;
    json_t *value, *dtype = NULL, *shape = NULL, *offsets = NULL;
    json_object_foreach(line, key, value)
    {
        json_t **field = strcmp(key, "dtype") == 0          ? &dtype
                         : strcmp(key, "shape") == 0        ? &shape
                         : strcmp(key, "data_offsets") == 0 ? &offsets
                                                            : NULL;
        char shown[CUPEL_NAME_SHOWN];
        BAD(field == NULL, "%s: tensor \"%s\" has \"%s\", which the format does not know", p->path,
            tensor, cupel_name_shown(key, shown));
        *field = value;
    }
    BAD(dtype == NULL || shape == NULL || offsets == NULL, "%s: tensor \"%s\" has no %s", p->path,
        tensor,
        dtype == NULL   ? "dtype"
        : shape == NULL ? "shape"
                        : "data_offsets");
    int64_t bytes = 0; /* gcc does not see that read_dtype sets it or fails */
    CUPEL_TRY(read_dtype(p, tensor, dtype, &out->dtype, &bytes));
    CUPEL_TRY(read_shape(p, tensor, shape, &out->shape, &bytes));
    BAD(json_array_size(offsets) != 2, "%s: tensor \"%s\": data_offsets is not a pair", p->path,
        tensor);
    CUPEL_TRY(read_count(p, tensor, "its begin", json_array_get(offsets, 0), &out->begin));
    CUPEL_TRY(read_count(p, tensor, "its end", json_array_get(offsets, 1), &out->end));
    BAD(out->end < out->begin, "%s: tensor \"%s\" ends at %" PRId64 ", before its begin %" PRId64,
        p->path, tensor, out->end, out->begin);
    BAD(out->end - out->begin != bytes,
        "%s: tensor \"%s\" lies in %" PRId64 " bytes, but its shape and dtype take %" PRId64,
        p->path, tensor, out->end - out->begin, bytes);
    return CUPEL_OK;
}

static cupel_status take_note(void *user, cupel_json_cursor *cursor, const char *key)
{
    parser *p = user;
    json_t *value;
    CUPEL_TRY(cupel_names_add(&p->keys, key));
    CUPEL_TRY(cupel_json_value(cursor, '"', cursor->length, "a value of " METADATA, &value));
    cupel_status status = CUPEL_OK;
    if (strcmp(key, CUPEL_MODEL_JSON_KEY) == 0 && p->file->model == NULL) {
        p->file->model = cupel_strdup(json_string_value(value));
        if (p->file->model == NULL) status = CUPEL_ERROR_MEMORY;
    }
    json_decref(value);
    return status;
}

static cupel_status take_member(void *user, cupel_json_cursor *cursor, const char *key)
{
    parser *p = user;
    cupel_safetensors *file = p->file;
    if (strcmp(key, METADATA) == 0) {
        BAD(p->metadata, "%s: \"" METADATA "\" stands in the header twice", p->path);
        p->metadata = true;
        return cupel_json_each(cursor, take_note, p);
    }
    if (file->count == p->room) {
        const int64_t room = p->room < 16 ? 16 : 2 * p->room;
        void *grown = cupel_realloc(file->tensors, room, sizeof *file->tensors);
        if (grown == NULL) return CUPEL_ERROR_MEMORY;
        file->tensors = grown;
        p->room = room;
    }
    CUPEL_TRY(cupel_names_add(&file->names, key));
    char shown[CUPEL_NAME_SHOWN];
    cupel_name_shown(key, shown);
    json_t *line;
    CUPEL_TRY(cupel_json_value(cursor, '{', LINE_BYTES, "a tensor's line", &line));
    const cupel_status status = read_tensor(p, shown, line, &file->tensors[file->count]);
    json_decref(line);
    if (status == CUPEL_OK) file->count++;
    return status;
}

static cupel_status refuse_duplicate(const parser *p, const cupel_names *names)
{
    const char *twice;
    char shown[CUPEL_NAME_SHOWN];
    CUPEL_TRY(cupel_names_duplicate(names, &twice));
    BAD(twice != NULL, "%s: \"%s\" stands in the header twice", p->path,
        cupel_name_shown(twice, shown));
    return CUPEL_OK;
}

static int compare_places(const void *a, const void *b)
{
    const cupel_safetensor *x = a, *y = b;
    if (x->begin != y->begin) return x->begin < y->begin ? -1 : 1;
    return (x->end > y->end) - (x->end < y->end);
}

/* Puts the tensors in the order of their bytes and checks that these leave no gap. */
static cupel_status check_places(const parser *p, int64_t data_bytes)
{
    cupel_safetensors *file = p->file;
    char shown[CUPEL_NAME_SHOWN];
    int64_t end = 0;
    for (int64_t i = 0; i < file->count; i++)
        file->tensors[i].name = cupel_names_at(&file->names, i);
    if (file->count > 1) {
        qsort(file->tensors, (size_t)file->count, sizeof *file->tensors, compare_places);
    }
    for (int64_t i = 0; i < file->count; i++) {
        const cupel_safetensor *tensor = &file->tensors[i];
        BAD(tensor->begin != end,
            "%s: tensor \"%s\" begins at %" PRId64 ", expected %" PRId64
            ", where the one before it ends",
            p->path, cupel_name_shown(tensor->name, shown), tensor->begin, end);
        end = tensor->end;
    }
    BAD(end != data_bytes,
        "%s: the tensors take %" PRId64 " bytes, but %" PRId64 " follow the header", p->path, end,
        data_bytes);
    return CUPEL_OK;
}

static cupel_status parse(parser *p, cupel_json_cursor *cursor, int64_t data_bytes)
{
    CUPEL_TRY(cupel_json_each(cursor, take_member, p));
    for (; cursor->at < cursor->length; cursor->at++) {
        BAD(cursor->bytes[cursor->at] != ' ',
            "%s: byte %" PRId64 " of the header, behind its end, is not a space", p->path,
            cursor->at);
    }
    CUPEL_TRY(refuse_duplicate(p, &p->file->names));
    CUPEL_TRY(refuse_duplicate(p, &p->keys));
    return check_places(p, data_bytes);
}

cupel_status cupel_safetensors_parse(const char *header, int64_t length, int64_t data_bytes,
                                     const char *path, cupel_safetensors *file)
{
    *file = (cupel_safetensors){0};
    BAD(length == 0 || header[0] != '{', "%s: the header does not begin with '{'", path);
    parser p = {.file = file, .path = path};
    cupel_json_cursor cursor = {.bytes = header, .length = length, .path = path};
    const cupel_status status = parse(&p, &cursor, data_bytes);
    cupel_names_free(&p.keys);
    if (status != CUPEL_OK) cupel_safetensors_free(file);
    return status;
}

#else

cupel_status cupel_safetensors_parse(const char *header, int64_t length, int64_t data_bytes,
                                     const char *path, cupel_safetensors *file)
{
    (void)header;
    (void)length;
    (void)data_bytes;
    *file = (cupel_safetensors){0};
    return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                      "%s: this build of cupel has no jansson and cannot read safetensors files",
                      path);
}

#endif
