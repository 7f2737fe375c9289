/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Batches of the host on their way to a device that has memory of its own. */
#ifndef CUPEL_PROGRAM_STREAM_H
#define CUPEL_PROGRAM_STREAM_H

#include "program/program.h"

/* The device memory for batches of up to so many rows: 0 where the device reads the host's memory. */
int64_t cupel_stream_bytes(const cupel_program *program, int64_t rows);

/* Makes sure of the slots, for the batch sizes that the arena is planned for. */
cupel_status cupel_stream_need(cupel_program *program);
void cupel_stream_free(cupel_program *program);

/* Writes what the segment reads of a batch into the slot: there describes it as it will lie on the
 * device. Returns its bytes. */
int64_t cupel_stream_pack(const cupel_program *program, cupel_segment segment,
                          const cupel_feed *feed, const cupel_parcel *slot, cupel_feed *there);

#endif
