/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Argument structs with pointers in the place of tensors and counts for a number of rows. */
#ifndef CUPEL_PROGRAM_BIND_H
#define CUPEL_PROGRAM_BIND_H

#include "program/program.h"

/* The bytes of scratch that the hungriest op of a graph needs for rows samples. */
int64_t cupel_bind_scratch(const cupel_program *program, const cupel_graph *graph, int64_t rows);

/* Fills an executable, whose arrays are large enough, with the ops of a segment for rows samples. */
void cupel_bind_segment(const cupel_program *program, cupel_segment segment, int64_t rows,
                        cupel_executable *executable);

/* Unbinds every executable: what they point to goes. */
void cupel_program_forget(cupel_program *program);

/* The graph of a segment, and whether it belongs to training. */
const cupel_graph *cupel_segment_graph(const cupel_program *program, cupel_segment segment);
bool cupel_segment_trains(cupel_segment segment);

#endif
