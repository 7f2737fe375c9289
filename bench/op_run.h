/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * An op with its tensors on a device. */
#ifndef CUPEL_BENCH_OP_RUN_H
#define CUPEL_BENCH_OP_RUN_H

#include "case_words.h"
#include "device_measure.h"
#include "op_shapes.h"

typedef struct bench_op_run {
    check_case shape;
    char text[CHECK_CASE_TEXT];        /* of the shape */
    uint64_t words[CHECK_MOST_FIELDS]; /* the argument struct */
    cupel_exec x;
    double bytes;     /* that the op must move */
    double flops;     /* of a product, else 0 */
    int64_t elements; /* of the largest tensor */
    struct {
        void *memory;
        int64_t bytes;
    } owned[CHECK_MOST_FIELDS + 6];
    int owned_count;
} bench_op_run;

/* Makes the op's tensors, so many elements in the largest one or as many as fit, and fills them by
 * what check/ knows of the op. What was made before a failure is freed by close. */
cupel_status bench_op_open(cupel_device *device, cupel_precision precision,
                           const bench_op_shape *shape, int64_t elements, bench_op_run *run);
void bench_op_close(bench_op_run *run);

#endif
