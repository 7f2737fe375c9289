/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The classes in the target column of a CSV file. */
#include "data/csv_classes.h"

#include "base/memory.h"
#include "base/number.h"
#include "data/csv_parse.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *text_of(const cupel_csv_classes *classes, int64_t entry)
{
    return classes->bytes + classes->entries[entry].text;
}

/* FNV-1a, by Fowler, Noll and Vo. */
static uint64_t hash_of(const char *text, int64_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (int64_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

/* The slot of a text, or the empty one where it would go. There is always an empty one. */
static int64_t slot_of(const cupel_csv_classes *classes, const char *text, int64_t length)
{
    const uint64_t mask = (uint64_t)classes->slot_count - 1;
    uint64_t slot = hash_of(text, length) & mask;
    for (; classes->slots[slot] != 0; slot = (slot + 1) & mask) {
        const int64_t entry = classes->slots[slot] - 1;
        if (classes->entries[entry].length == length &&
            memcmp(text_of(classes, entry), text, (size_t)length) == 0) {
            break;
        }
    }
    return (int64_t)slot;
}

int32_t cupel_csv_classes_find(const cupel_csv_classes *classes, const char *text, int64_t length)
{
    if (classes->slot_count == 0) return -1;
    return classes->slots[slot_of(classes, text, length)] - 1;
}

/* Makes room for another entry; at most half of the slots are taken. */
static cupel_status grow(cupel_csv_classes *classes)
{
    if (classes->count < classes->room) return CUPEL_OK;
    const int64_t room = classes->room == 0 ? 32 : classes->room * 2;
    cupel_csv_class *entries = cupel_realloc(classes->entries, room, sizeof *entries);
    if (entries == NULL) return CUPEL_ERROR_MEMORY;
    classes->entries = entries;
    int32_t *slots = cupel_alloc(2 * room, sizeof *slots);
    if (slots == NULL) return CUPEL_ERROR_MEMORY;
    cupel_free(classes->slots);
    classes->slots = slots;
    classes->slot_count = 2 * room;
    classes->room = room;
    for (int64_t i = 0; i < classes->count; i++) {
        slots[slot_of(classes, text_of(classes, i), entries[i].length)] = (int32_t)(i + 1);
    }
    return CUPEL_OK;
}

static cupel_status grow_bytes(cupel_csv_classes *classes, int64_t more)
{
    const int64_t wanted = classes->bytes_used + more;
    if (wanted <= classes->bytes_room) return CUPEL_OK;
    const int64_t room = wanted + wanted / 2 + 256;
    char *bytes = cupel_realloc(classes->bytes, room, 1);
    if (bytes == NULL) return CUPEL_ERROR_MEMORY;
    classes->bytes = bytes;
    classes->bytes_room = room;
    return CUPEL_OK;
}

cupel_status cupel_csv_classes_add(cupel_csv_classes *classes, const char *path, int64_t line,
                                   const char *text, int64_t length)
{
    CUPEL_FAIL_IF(classes->count == CUPEL_CSV_MOST_CLASSES, CUPEL_ERROR_DATA,
                  "%s: line %" PRId64
                  ": more than %d different classes; does the target hold numbers "
                  "to predict? Then leave .classify out",
                  path, line, CUPEL_CSV_MOST_CLASSES);
    CUPEL_TRY(grow(classes));
    CUPEL_TRY(grow_bytes(classes, length + 1));
    const int64_t slot = slot_of(classes, text, length);
    memcpy(classes->bytes + classes->bytes_used, text, (size_t)length);
    classes->bytes[classes->bytes_used + length] = '\0';
    classes->entries[classes->count] =
        (cupel_csv_class){.text = classes->bytes_used, .length = length, .line = line};
    classes->bytes_used += length + 1;
    classes->count++;
    classes->slots[slot] = (int32_t)classes->count;
    return CUPEL_OK;
}

/* Room for a decimal number and its NUL. */
#define NUMBER_BYTES 12

/* Takes the block for count names; beyond the table's bytes it has room for as many numbers. */
static cupel_status make_names(const cupel_csv_classes *classes, int64_t count, int64_t numbers,
                               cupel_csv_class_names *names, char **at)
{
    const int64_t pointers = count * (int64_t)sizeof(char *);
    names->names = cupel_alloc(pointers + classes->bytes_used + numbers * NUMBER_BYTES, 1);
    if (names->names == NULL) return CUPEL_ERROR_MEMORY;
    names->count = count;
    *at = (char *)(names->names + count);
    return CUPEL_OK;
}

static void put_name(const cupel_csv_classes *classes, int64_t entry, char **name, char **at)
{
    const size_t bytes = (size_t)classes->entries[entry].length + 1;
    memcpy(*at, text_of(classes, entry), bytes);
    *name = *at;
    *at += bytes;
}

cupel_status cupel_csv_classes_keep(const cupel_csv_classes *classes, cupel_csv_class_names *names)
{
    char *at;
    CUPEL_TRY(make_names(classes, classes->count, 0, names, &at));
    for (int64_t i = 0; i < classes->count; i++)
        put_name(classes, i, &names->names[i], &at);
    return CUPEL_OK;
}

/* Whether every text is a number. */
static bool all_numbers(const cupel_csv_classes *classes)
{
    for (int64_t i = 0; i < classes->count; i++) {
        double value;
        if (!cupel_parse_double(text_of(classes, i), (size_t)classes->entries[i].length, &value)) {
            return false;
        }
    }
    return true;
}

static cupel_status use_numbers(const cupel_csv_classes *classes, const char *path,
                                int32_t *numbers, cupel_csv_class_names *names)
{
    int32_t most = 0;
    for (int64_t i = 0; i < classes->count; i++) {
        double value = 0;
        char quoted[CUPEL_CSV_QUOTED];
        cupel_parse_double(text_of(classes, i), (size_t)classes->entries[i].length, &value);
        CUPEL_FAIL_IF(!(value >= 0 && value < CUPEL_CSV_MOST_CLASSES) || value != floor(value),
                      CUPEL_ERROR_DATA,
                      "%s: line %" PRId64 ": the class is %s, expected an integer from 0 to %d, "
                      "as all classes are numbers (name them in .class_names to number them "
                      "otherwise)",
                      path, classes->entries[i].line,
                      cupel_csv_quote(text_of(classes, i), classes->entries[i].length, quoted),
                      CUPEL_CSV_MOST_CLASSES - 1);
        numbers[i] = (int32_t)value;
        if (numbers[i] > most) most = numbers[i];
    }
    char *at;
    CUPEL_TRY(make_names(classes, (int64_t)most + 1, (int64_t)most + 1, names, &at));
    /* A number that is spelled in two ways keeps its first spelling. */
    for (int64_t i = 0; i < classes->count; i++) {
        char **name = &names->names[numbers[i]];
        if (*name == NULL) put_name(classes, i, name, &at);
    }
    for (int64_t i = 0; i <= most; i++) {
        if (names->names[i] != NULL) continue;
        names->names[i] = at;
        at += snprintf(at, NUMBER_BYTES, "%" PRId64, i) + 1;
    }
    return CUPEL_OK;
}

typedef struct sorted {
    const char *text;
    int64_t entry;
} sorted;

/* By bytes, as strcmp compares them; no two texts are equal. */
static int compare(const void *a, const void *b)
{
    return strcmp(((const sorted *)a)->text, ((const sorted *)b)->text);
}

static cupel_status use_order(const cupel_csv_classes *classes, int32_t *numbers,
                              cupel_csv_class_names *names)
{
    char *at;
    sorted *order = cupel_alloc_raw(classes->count, sizeof *order);
    if (order == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < classes->count; i++)
        order[i] = (sorted){.text = text_of(classes, i), .entry = i};
    qsort(order, (size_t)classes->count, sizeof *order, compare);
    const cupel_status status = make_names(classes, classes->count, 0, names, &at);
    for (int64_t i = 0; status == CUPEL_OK && i < classes->count; i++) {
        numbers[order[i].entry] = (int32_t)i;
        put_name(classes, order[i].entry, &names->names[i], &at);
    }
    cupel_free(order);
    return status;
}

cupel_status cupel_csv_classes_number(const cupel_csv_classes *classes, const char *path,
                                      int32_t *numbers, cupel_csv_class_names *names)
{
    if (all_numbers(classes)) return use_numbers(classes, path, numbers, names);
    return use_order(classes, numbers, names);
}

void cupel_csv_classes_free(cupel_csv_classes *classes)
{
    cupel_free(classes->bytes);
    cupel_free(classes->entries);
    cupel_free(classes->slots);
    *classes = (cupel_csv_classes){0};
}
