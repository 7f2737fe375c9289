/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rows of ops.def as data: what lets one harness run every op. */
#ifndef CUPEL_CHECK_OP_FIELDS_H
#define CUPEL_CHECK_OP_FIELDS_H

#include "op.h"
#include <stdbool.h>
#include <stddef.h>

typedef enum check_kind {
    CHECK_END,
    CHECK_IN,
    CHECK_OUT,
    CHECK_INOUT,
    CHECK_ROWS,
    CHECK_SIZE,
    CHECK_INT,
    CHECK_REAL
} check_kind;

/* The types of tensors. The element type of the first four depends on the precision. */
typedef enum check_type {
    CHECK_TYPE_real,
    CHECK_TYPE_weight,
    CHECK_TYPE_logit,
    CHECK_TYPE_acc,
    CHECK_TYPE_f32,
    CHECK_TYPE_i32,
    CHECK_TYPE_rule
} check_type;

typedef struct check_field {
    const char *name;
    check_kind kind;
    check_type type; /* of a tensor */
} check_field;

#define CHECK_MOST_FIELDS 20

/* The n-th field of an argument struct lies at byte 8 n; the last one is followed by CHECK_END. */
typedef struct check_row {
    const char *name;
    check_field fields[CHECK_MOST_FIELDS];
} check_row;

extern const check_row check_rows[CUPEL_OP_COUNT];

static inline bool check_is_tensor(check_kind kind)
{
    return kind == CHECK_IN || kind == CHECK_OUT || kind == CHECK_INOUT;
}

/* The index of the field of that name, or -1. length may end before the name's end in a longer
 * text. */
int check_find_field(cupel_op op, const char *name, size_t length);

/* The number of fields. */
int check_count_fields(cupel_op op);

#endif
