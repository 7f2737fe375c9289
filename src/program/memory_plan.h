/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * How many bytes of device memory a program takes, before it takes any. */
#ifndef CUPEL_PROGRAM_MEMORY_PLAN_H
#define CUPEL_PROGRAM_MEMORY_PLAN_H

#include "program/program.h"

/* What does not depend on the batch: a flat array or table, the ring of rates, the control block. */
int64_t cupel_memory_home(const cupel_program *program, cupel_home home);
int64_t cupel_memory_rates(const cupel_program *program);
int64_t cupel_memory_control(void);

/* What a batch needs: the arena for both graphs, of that the batch itself, and scratch. */
typedef struct cupel_batch_plan {
    int64_t arena;
    int64_t input;
    int64_t scratch;
} cupel_batch_plan;

/* Plans both graphs for so many rows, 0 for none; the places go to the tensors where keep is set. */
cupel_status cupel_memory_plan(const cupel_program *program, int64_t train_rows,
                               int64_t infer_rows, bool keep, cupel_batch_plan *plan);

/* Refuses what the device has no room for, where it can say: the memory for a run of the segment on
 * batches of so many rows, beside what the program has. Nothing is taken. */
cupel_status cupel_memory_check(const cupel_program *program, cupel_segment segment,
                                int64_t train_rows, int64_t infer_rows);

#endif
