/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The device memory of a program: what is planned is what is taken. */
#ifndef CUPEL_PROGRAM_STORAGE_H
#define CUPEL_PROGRAM_STORAGE_H

#include "program/program.h"

/* Makes sure that there is memory for running a segment on rows samples. */
cupel_status cupel_storage_need(cupel_program *program, cupel_segment segment, int64_t rows);

/* Makes sure of the arrays of training: gradients, moments, tables. */
cupel_status cupel_storage_need_training(cupel_program *program);

void cupel_storage_free(cupel_program *program);

#endif
