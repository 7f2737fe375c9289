/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One case on one device. */
#ifndef CUPEL_CHECK_DEVICE_RUN_H
#define CUPEL_CHECK_DEVICE_RUN_H

#include "case_words.h"
#include "device.h"
#include "element_types.h"

/* A table of a device. */
typedef struct check_target {
    cupel_device *device;
    const cupel_op_entry *ops;
    check_table table;
    bool exact; /* memory ends where a tensor ends, for checkers of memory, else with a guard */
    bool twice; /* run again, and everything is checked that no op may do */
} check_target;

/* The numbers of a case: of every tensor before, or after, the op. */
typedef struct check_values {
    double *tensor[CHECK_MOST_FIELDS]; /* NULL: not given */
    void *x;        /* the rows that control.x points to, or NULL */
    void *y;        /* the same of control.y */
    float *weights; /* of the samples, or NULL */
    cupel_control control;
} check_values;

/* All numbers of a case, rounded to what the table's tensors hold. */
cupel_status check_make_values(const check_case *c, check_table table, uint64_t seed,
                               check_values *values);

/* How many elements the rows of control.x, or control.y, have. */
int64_t check_x_elements(const check_case *c);
int64_t check_y_elements(const check_case *c);

/* Room for what the op writes. */
cupel_status check_make_room(const check_case *c, check_values *values);

void check_free_values(check_values *values);

/* Runs the op on in, which is not changed, and writes what it wrote to out. CUPEL_ERROR_DATA when
 * the op did something that none may do; else what the device says. */
cupel_status check_run(const check_target *target, const check_case *c, const check_values *in,
                       check_values *out);

#endif
