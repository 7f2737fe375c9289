/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "io/names.h"

#include "base/memory.h"
#include <stdlib.h>
#include <string.h>

/* Makes room for one more by doubling, so that adding n names copies O(n). */
static cupel_status reserve(void **block, int64_t *room, int64_t need, size_t size)
{
    if (need <= *room) return CUPEL_OK;
    int64_t wanted = *room < 64 ? 64 : *room;
    while (wanted < need)
        wanted *= 2;
    void *grown = cupel_realloc(*block, wanted, size);
    if (grown == NULL) return CUPEL_ERROR_MEMORY;
    *block = grown;
    *room = wanted;
    return CUPEL_OK;
}

cupel_status cupel_names_add(cupel_names *names, const char *name)
{
    const int64_t bytes = (int64_t)strlen(name) + 1;
    void *block = names->bytes, *starts = names->starts;
    cupel_status status = reserve(&block, &names->room, names->length + bytes, 1);
    names->bytes = block;
    if (status == CUPEL_OK) {
        status = reserve(&starts, &names->start_room, names->count + 1, sizeof *names->starts);
        names->starts = starts;
    }
    if (status != CUPEL_OK) return status;
    memcpy(names->bytes + names->length, name, (size_t)bytes);
    names->starts[names->count++] = names->length;
    names->length += bytes;
    return CUPEL_OK;
}

const char *cupel_names_at(const cupel_names *names, int64_t index)
{
    return names->bytes + names->starts[index];
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

cupel_status cupel_names_duplicate(const cupel_names *names, const char **twice)
{
    *twice = NULL;
    const char **sorted = cupel_alloc_raw(names->count, sizeof *sorted);
    if (sorted == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < names->count; i++)
        sorted[i] = cupel_names_at(names, i);
    if (names->count > 1) qsort(sorted, (size_t)names->count, sizeof *sorted, compare);
    for (int64_t i = 1; i < names->count && *twice == NULL; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0) *twice = sorted[i];
    }
    cupel_free(sorted);
    return CUPEL_OK;
}

void cupel_names_free(cupel_names *names)
{
    cupel_free(names->bytes);
    cupel_free(names->starts);
    *names = (cupel_names){0};
}

char *cupel_name_shown(const char *name, char text[CUPEL_NAME_SHOWN])
{
    static const char cut[] = "...";
    const size_t most = CUPEL_NAME_SHOWN - sizeof cut;
    size_t length = strlen(name);
    const bool fits = length <= most;
    if (!fits) {
        length = most;
        /* Not in the middle of a UTF-8 sequence: its later bytes begin with the bits 10. */
        while (length > 0 && ((unsigned char)name[length] & 0xC0) == 0x80)
            length--;
    }
    for (size_t i = 0; i < length; i++) {
        const unsigned char byte = (unsigned char)name[i];
        text[i] = byte < 0x20 || byte == 0x7F ? '?' : name[i];
    }
    memcpy(text + length, fits ? "" : cut, fits ? 1 : sizeof cut);
    return text;
}
