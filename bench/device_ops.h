/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The op tables of a device by what they compute in, and numbers for their tensors. */
#ifndef CUPEL_BENCH_DEVICE_OPS_H
#define CUPEL_BENCH_DEVICE_OPS_H

#include "device.h"

/* How a precision is called on the command line and in the rows: "float32", "tf32", "bfloat16",
 * "float64". */
const char *bench_precision_name(cupel_precision precision);

/* The device's table of that precision, or NULL where it has none. */
const cupel_op_entry *bench_device_ops(const cupel_device *device, cupel_precision precision);

/* Bytes of an activation in that table. */
int64_t bench_real_size(cupel_precision precision);

/* Writes a block of bytes to device memory again and again, up to the end of to[bytes]. */
cupel_status bench_tile(cupel_device *device, const void *block, int64_t block_bytes, void *to,
                        int64_t bytes);

/* Writes count numbers of about the normal distribution, as activations are in that table. */
cupel_status bench_fill_random(cupel_device *device, cupel_precision precision, int64_t count,
                               void *to);

/* The next of a sequence of such numbers. */
float bench_draw(uint64_t *state);

#endif
