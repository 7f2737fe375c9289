/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What a test may ask of the simulated runtime beyond the CUDA API and the configuration.
 */
#ifndef CUPEL_SIMCUDA_SIM_RUNTIME_H
#define CUPEL_SIMCUDA_SIM_RUNTIME_H

#include "lt_table.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills the table with the fake cuBLASLt, as opening the real library does. */
void simcuda_fill_lt(cupel_lt_table *table);

/* Why cuBLASLt refused most recently, "" if it never did: valid until it refuses again. */
const char *simcuda_lt_refusal(void);

/* The streams, events, graphs, executable graphs, registered host ranges, and handles and
   descriptors of cuBLASLt that exist now: what a test compares with its beginning, to find what was
   not freed. */
int64_t simcuda_live_objects(void);

/* Bytes of device memory and of pinned memory that are allocated now. */
size_t simcuda_live_bytes(void);

/* Kernels that have been run so far, cuBLASLt's included. */
int64_t simcuda_kernels_run(void);

/* Forgets the sticky error and the calling thread's last error, as a new process would: for a test
   that makes one call after the other fail. */
void simcuda_revive(void);

#ifdef __cplusplus
}
#endif

#endif
