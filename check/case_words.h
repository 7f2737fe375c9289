/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The words of a case as the arguments that they mean. */
#ifndef CUPEL_CHECK_CASE_WORDS_H
#define CUPEL_CHECK_CASE_WORDS_H

#include "base/status.h"
#include "op_cases.h"

typedef struct check_case {
    cupel_op op;
    const check_op *cases;
    const char *text;
    uint64_t words[CHECK_MOST_FIELDS]; /* scalars as in the argument struct; tensors 0 */
    bool null[CHECK_MOST_FIELDS];      /* a tensor that is not given */
    int same[CHECK_MOST_FIELDS];       /* the tensor whose memory it is; its own index */
    bool shifted[CHECK_MOST_FIELDS];
    int64_t elements[CHECK_MOST_FIELDS];            /* of a tensor */
    const check_tensor *tensors[CHECK_MOST_FIELDS]; /* what the table says of it */
    int64_t seed, step, row_offset;
    int64_t x_type, y_type; /* -1: none */
    int64_t route, position, epoch, data_rows;
    int64_t skipped;
    int64_t workspace; /* bytes */
    double x_scale;
    bool weights;
    bool special;
} check_case;

/* Reads the words of a case, which must outlive it. A failure is a mistake in the tables. */
cupel_status check_read_case(cupel_op op, const char *text, check_case *c);

/* The same with tensors of any size, for what is timed and not checked. */
cupel_status check_read_large_case(cupel_op op, const char *text, check_case *c);

/* The value of a scalar, or what else there is where the op has none of that name. */
int64_t check_int(const check_case *c, const char *name, int64_t other);

/* Sets a scalar that counts or names something; nothing where the op has none of that name. */
void check_set_int(check_case *c, const char *name, int64_t value);

/* The rows of the batch, as control.rows has them. */
int64_t check_batch_rows(const check_case *c);

/* The rows in memory that the batch is taken from. */
int64_t check_source_rows(const check_case *c);

#endif
