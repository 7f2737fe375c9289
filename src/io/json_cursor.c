/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Only the punctuation between members is read here; keys and values are jansson's. */
#include "io/json_cursor.h"

#ifdef CUPEL_WITH_JANSSON

#include "io/names.h"
#include <inttypes.h>

static void skip_blanks(cupel_json_cursor *cursor)
{
    while (cursor->at < cursor->length) {
        const char byte = cursor->bytes[cursor->at];
        if (byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r') break;
        cursor->at++;
    }
}

/* Steps over a byte that must come next. */
static cupel_status expect(cupel_json_cursor *cursor, char byte)
{
    skip_blanks(cursor);
    CUPEL_FAIL_IF(cursor->at == cursor->length || cursor->bytes[cursor->at] != byte,
                  CUPEL_ERROR_FORMAT, "%s: byte %" PRId64 " of the header is not the expected '%c'",
                  cursor->path, cursor->at, byte);
    cursor->at++;
    return CUPEL_OK;
}

static bool next_is(cupel_json_cursor *cursor, char byte)
{
    skip_blanks(cursor);
    return cursor->at < cursor->length && cursor->bytes[cursor->at] == byte;
}

cupel_status cupel_json_fail(const char *path, const char *in, int64_t offset,
                             const json_error_t *error)
{
    char shown[CUPEL_NAME_SHOWN];
    CUPEL_FAIL_IF(json_error_code(error) == json_error_out_of_memory, CUPEL_ERROR_MEMORY,
                  "%s: no memory to read %s", path, in);
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: %s is not valid JSON at byte %" PRId64 ": %s", path,
                      in, offset + error->position, cupel_name_shown(error->text, shown));
}

cupel_status cupel_json_value(cupel_json_cursor *cursor, char first, int64_t limit,
                              const char *what, json_t **value)
{
    *value = NULL;
    CUPEL_FAIL_IF(!next_is(cursor, first), CUPEL_ERROR_FORMAT,
                  "%s: %s, at byte %" PRId64 " of the header, does not begin with '%c'",
                  cursor->path, what, cursor->at, first);
    const int64_t rest = cursor->length - cursor->at;
    json_error_t error;
    *value = json_loadb(cursor->bytes + cursor->at, (size_t)(rest < limit ? rest : limit),
                        JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_REJECT_DUPLICATES, &error);
    if (*value == NULL) {
        CUPEL_FAIL_IF(rest > limit && json_error_code(&error) == json_error_premature_end_of_input,
                      CUPEL_ERROR_FORMAT, "%s: %s is longer than the %" PRId64 " bytes allowed",
                      cursor->path, what, limit);
        return cupel_json_fail(cursor->path, "the header", cursor->at, &error);
    }
    cursor->at += error.position; /* with JSON_DISABLE_EOF_CHECK: the bytes read */
    return CUPEL_OK;
}

cupel_status cupel_json_each(cupel_json_cursor *cursor, cupel_json_member member, void *user)
{
    CUPEL_TRY(expect(cursor, '{'));
    if (next_is(cursor, '}')) return expect(cursor, '}');
    for (;;) {
        json_t *key;
        CUPEL_TRY(cupel_json_value(cursor, '"', cursor->length, "a key", &key));
        cupel_status status = expect(cursor, ':');
        if (status == CUPEL_OK) status = member(user, cursor, json_string_value(key));
        json_decref(key);
        if (status != CUPEL_OK) return status;
        if (!next_is(cursor, ',')) return expect(cursor, '}');
        cursor->at++;
    }
}

#endif
