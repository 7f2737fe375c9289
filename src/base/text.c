/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A string that grows by doubling. */
#include "base/text.h"

#include "base/memory.h"
#include "base/number.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define FIRST_ROOM 256

/* Makes room for more bytes and a NUL behind the text. */
static bool reserve(cupel_text *text, int64_t more)
{
    if (text->status != CUPEL_OK) return false;
    int64_t least;
    if (!cupel_add(text->length, 1, &least) || !cupel_add(least, more, &least)) {
        text->status = cupel_fail(CUPEL_ERROR_MEMORY, "no memory: a text is too long");
        return false;
    }
    if (least <= text->room) return true;
    int64_t room = text->room > 0 ? text->room : FIRST_ROOM;
    while (room < least && cupel_mul(room, 2, &room))
        continue;
    char *bytes = cupel_realloc(text->bytes, room > least ? room : least, 1);
    if (bytes == NULL) {
        text->status = CUPEL_ERROR_MEMORY;
        return false;
    }
    text->bytes = bytes;
    text->room = room > least ? room : least;
    return true;
}

static void append(cupel_text *text, const char *bytes, int64_t count)
{
    if (!reserve(text, count)) return;
    memcpy(text->bytes + text->length, bytes, (size_t)count);
    text->length += count;
    text->bytes[text->length] = '\0';
}

void cupel_text_add(cupel_text *text, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0) {
        if (text->status == CUPEL_OK) {
            text->status =
                cupel_fail(CUPEL_ERROR_ARGUMENT, "a text cannot be formatted as \"%s\"", format);
        }
    } else if (reserve(text, length)) {
        vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += length;
    }
    va_end(again);
    va_end(arguments);
}

void cupel_text_number(cupel_text *text, double value, int digits)
{
    char number[CUPEL_NUMBER_TEXT];
    cupel_format_double(value, digits, number);
    append(text, number, (int64_t)strlen(number));
}

/* The length of the UTF-8 character that bytes begin with, 0 if they begin with none. Overlong
 * spellings, surrogates and what lies beyond U+10FFFF are none. The end is a NUL, which continues
 * no character. */
static int64_t character_length(const unsigned char *bytes)
{
    const unsigned char first = bytes[0];
    if (first < 0x80) return 1;
    if (first < 0xc2 || first > 0xf4) return 0;
    const int64_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    for (int64_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) return 0;
    }
    if (first == 0xe0 && bytes[1] < 0xa0) return 0;
    if (first == 0xed && bytes[1] > 0x9f) return 0;
    if (first == 0xf0 && bytes[1] < 0x90) return 0;
    if (first == 0xf4 && bytes[1] > 0x8f) return 0;
    return length;
}

void cupel_text_json(cupel_text *text, const char *s)
{
    append(text, "\"", 1);
    for (const unsigned char *at = (const unsigned char *)s; *at != '\0';) {
        const int64_t length = character_length(at);
        if (length == 0) {
            /* JSON is UTF-8: the replacement character stands for a byte that is not. */
            append(text, "\\ufffd", 6);
        } else if (*at == '"' || *at == '\\') {
            cupel_text_add(text, "\\%c", *at);
        } else if (*at < 0x20) {
            cupel_text_add(text, "\\u%04x", *at);
        } else {
            append(text, (const char *)at, length);
        }
        at += length == 0 ? 1 : length;
    }
    append(text, "\"", 1);
}

void cupel_text_free(cupel_text *text)
{
    cupel_free(text->bytes);
    *text = (cupel_text){0};
}
