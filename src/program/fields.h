/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the fields of every op are: for those that handle argument structs without knowing the op. */
#ifndef CUPEL_PROGRAM_FIELDS_H
#define CUPEL_PROGRAM_FIELDS_H

#include "op.h"

typedef enum cupel_arg_kind {
    CUPEL_ARG_END,
    CUPEL_ARG_IN,
    CUPEL_ARG_OUT,
    CUPEL_ARG_INOUT,
    CUPEL_ARG_ROWS,
    CUPEL_ARG_OTHER
} cupel_arg_kind;

#define CUPEL_MOST_FIELDS 20

/* The fields of an op in order, 8 bytes each, ended by CUPEL_ARG_END. */
extern const uint8_t cupel_op_fields[CUPEL_OP_COUNT][CUPEL_MOST_FIELDS];

#endif
