/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data set in the memory of a device, from where the device takes its batches itself: a step then
 * needs nothing of the host. */
#ifndef CUPEL_PROGRAM_RESIDENT_H
#define CUPEL_PROGRAM_RESIDENT_H

#include "data/batches.h"
#include "program/program.h"

typedef struct cupel_resident cupel_resident;

/* Whether the program's device has a memory of its own; else it reads the rows where they are. */
bool cupel_resident_sensible(const cupel_program *program);

/* Brings the rows of a data set, which are no function's, to the program's device; those of a view
 * alone, with the weights of samples and classes made one. config is that of batches of them. Every
 * row is checked once: an invalid one is DATA, in the words of cupel_batches_next. DEVICE_MEMORY when
 * the rows do not fit into what is free, or with spare when little would be left of it. */
cupel_status cupel_resident_open(cupel_program *program, const cupel_batches_config *config,
                                 bool spare, cupel_resident **resident);
/* Where the rows lie, for a batch that begins at a position of an epoch. */
cupel_feed cupel_resident_feed(const cupel_resident *resident, uint64_t epoch, int64_t position);
/* Waits for the program's work and gives the memory back. Takes NULL. */
void cupel_resident_close(cupel_resident *resident);

#endif
