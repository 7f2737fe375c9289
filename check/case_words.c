/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "case_words.h"

#include "base/number.h"
#include "base/enum_names.h"
#include <inttypes.h>
#include <string.h>

static const char *const type_names[] = {"float32", "float64", "bfloat16", "uint8",
                                         "int32",   "int64",   NULL};

/* A number, or the value that has that name. */
static bool read_value(const char *text, size_t length, double *value)
{
    const char *const *const lists[] = {cupel_activation_names, cupel_flavour_names, type_names};
    if (cupel_parse_double(text, length, value)) return true;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        for (int j = 0; lists[i][j] != NULL; j++) {
            if (strlen(lists[i][j]) == length && strncmp(lists[i][j], text, length) == 0) {
                *value = j;
                return true;
            }
        }
    }
    return false;
}

static bool equals(const char *text, size_t length, const char *word)
{
    return strlen(word) == length && strncmp(text, word, length) == 0;
}

static bool read_tensor(check_case *c, int field, const char *value, size_t length)
{
    c->null[field] = equals(value, length, "null");
    if (c->null[field]) return true;
    const int same = check_find_field(c->op, value, length);
    if (same < 0 || !check_is_tensor(check_rows[c->op].fields[same].kind)) return false;
    c->same[field] = same;
    return true;
}

static bool read_shift(check_case *c, const char *value, size_t length)
{
    const bool all = equals(value, length, "all");
    const int field = all ? 0 : check_find_field(c->op, value, length);
    if (field < 0) return false;
    for (int i = 0; i < CHECK_MOST_FIELDS; i++)
        c->shifted[i] = all || i == field;
    return true;
}

static bool read_control(check_case *c, const char *name, size_t length, double value)
{
    int64_t *const numbers[] = {&c->seed,   &c->step,   &c->row_offset,
                                &c->x_type, &c->y_type, &c->skipped,
                                &c->route,  &c->epoch,  &c->position,
                                &c->data_rows, &c->workspace};
    static const char *const names[] = {"seed",    "step",  "row_offset", "x_type",   "y_type",
                                        "skipped", "route", "epoch",      "position", "data_rows",
                                        "workspace"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (equals(name, length, names[i])) {
            *numbers[i] = (int64_t)value;
            return true;
        }
    }
    if (equals(name, length, "x_scale")) {
        c->x_scale = value;
        return true;
    }
    if (equals(name, length, "special")) {
        c->special = value != 0;
        return true;
    }
    c->weights = value != 0;
    return equals(name, length, "weights");
}

static bool read_word(check_case *c, const char *word, size_t length)
{
    const char *sign = memchr(word, '=', length);
    if (sign == NULL) return false;
    const size_t name = (size_t)(sign - word), rest = length - name - 1;
    const char *text = sign + 1;
    const int field = check_find_field(c->op, word, name);
    double value = 0;
    if (equals(word, name, "shift")) return read_shift(c, text, rest);
    if (field >= 0 && check_is_tensor(check_rows[c->op].fields[field].kind))
        return read_tensor(c, field, text, rest);
    if (!read_value(text, rest, &value)) return false;
    if (field < 0) return read_control(c, word, name, value);
    const int64_t whole = (int64_t)value;
    if (check_rows[c->op].fields[field].kind == CHECK_REAL)
        memcpy(&c->words[field], &value, sizeof value);
    else
        memcpy(&c->words[field], &whole, sizeof whole);
    return true;
}

/* The product of a size's numbers and fields; negative when one of them is neither. */
static int64_t size_of(const check_case *c, const char *size)
{
    int64_t product = 1;
    while (*size != '\0') {
        const size_t length = strcspn(size, " ");
        const int field = check_find_field(c->op, size, length);
        int64_t factor = 0;
        if (field >= 0)
            factor = (int64_t)c->words[field];
        else if (!cupel_parse_int(size, length, &factor))
            return -1;
        product *= factor;
        size += length + (size[length] == ' ');
    }
    return product;
}

static cupel_status read_tensors(check_case *c, int64_t most)
{
    const check_field *fields = check_rows[c->op].fields;
    for (const check_tensor *t = c->cases->tensors; t != NULL && t->field != NULL; t++) {
        const int i = check_find_field(c->op, t->field, strlen(t->field));
        CUPEL_FAIL_IF(i < 0, CUPEL_ERROR_ARGUMENT, "%s has no tensor %s", check_rows[c->op].name,
                      t->field);
        c->tensors[i] = t;
        c->elements[i] = size_of(c, t->size);
        CUPEL_FAIL_IF((c->elements[i] <= 0 && !c->null[i]) || c->elements[i] > most,
                      CUPEL_ERROR_ARGUMENT,
                      "%s %s: %s has %" PRId64 " elements, expected 1 to %" PRId64,
                      check_rows[c->op].name, c->text, t->field, c->elements[i], most);
    }
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        CUPEL_FAIL_IF(check_is_tensor(fields[i].kind) && c->tensors[i] == NULL,
                      CUPEL_ERROR_ARGUMENT, "the cases of %s do not know its tensor %s",
                      check_rows[c->op].name, fields[i].name);
    }
    return CUPEL_OK;
}

static cupel_status read_case(cupel_op op, const char *text, int64_t most, check_case *c)
{
    *c = (check_case){.op = op,
                      .cases = check_find_op(op),
                      .text = text,
                      .seed = 7,
                      .x_scale = 1,
                      .x_type = -1,
                      .y_type = -1};
    for (int i = 0; i < CHECK_MOST_FIELDS; i++)
        c->same[i] = i;
    for (const char *word = text; *word != '\0';) {
        const size_t length = strcspn(word, " ");
        CUPEL_FAIL_IF(!read_word(c, word, length), CUPEL_ERROR_ARGUMENT,
                      "%s %s: nothing is known of \"%.*s\"", check_rows[op].name, text, (int)length,
                      word);
        word += length + (word[length] == ' ');
    }
    return read_tensors(c, most);
}

cupel_status check_read_case(cupel_op op, const char *text, check_case *c)
{
    return read_case(op, text, CHECK_MOST_ELEMENTS, c);
}

cupel_status check_read_large_case(cupel_op op, const char *text, check_case *c)
{
    return read_case(op, text, INT64_MAX, c);
}

int64_t check_int(const check_case *c, const char *name, int64_t other)
{
    const int field = check_find_field(c->op, name, strlen(name));
    return field >= 0 ? (int64_t)c->words[field] : other;
}

void check_set_int(check_case *c, const char *name, int64_t value)
{
    const int field = check_find_field(c->op, name, strlen(name));
    if (field >= 0) memcpy(&c->words[field], &value, sizeof value);
}

int64_t check_batch_rows(const check_case *c)
{
    const check_field *fields = check_rows[c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (fields[i].kind == CHECK_ROWS) return (int64_t)c->words[i] / check_int(c, "group", 1);
    }
    return 1;
}

int64_t check_source_rows(const check_case *c)
{
    return c->data_rows > 0 ? c->data_rows : check_batch_rows(c);
}
