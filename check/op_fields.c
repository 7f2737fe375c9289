/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "op_fields.h"

#include <string.h>

#define IN(type, f) {#f, CHECK_IN, CHECK_TYPE_##type},
#define OUT(type, f) {#f, CHECK_OUT, CHECK_TYPE_##type},
#define INOUT(type, f) {#f, CHECK_INOUT, CHECK_TYPE_##type},
#define ROWS(f) {#f, CHECK_ROWS, CHECK_TYPE_i32},
#define SIZE(f) {#f, CHECK_SIZE, CHECK_TYPE_i32},
#define INT(f) {#f, CHECK_INT, CHECK_TYPE_i32},
#define REAL(f) {#f, CHECK_REAL, CHECK_TYPE_i32},

const check_row check_rows[CUPEL_OP_COUNT] = {
#define CUPEL_OP(name, scratch, ...) \
    [CUPEL_OP_##name] = {#name, {__VA_ARGS__{NULL, CHECK_END, CHECK_TYPE_i32}}},
#include "ops.def"
#undef CUPEL_OP
};

int check_find_field(cupel_op op, const char *name, size_t length)
{
    const check_field *fields = check_rows[op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (strlen(fields[i].name) == length && strncmp(fields[i].name, name, length) == 0)
            return i;
    }
    return -1;
}

int check_count_fields(cupel_op op)
{
    int count = 0;
    while (check_rows[op].fields[count].kind != CHECK_END)
        count++;
    return count;
}
