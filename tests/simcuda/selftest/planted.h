/* SPDX-FileCopyrightText: 2026 The cupel authors */
/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Kernels with a planted bug, each beside a good twin. The line at fault bears the comment "BUG:
 * NAME"; where the order of the threads decides which of two lines is caught, both do.
 */
#ifndef CUPEL_SIMCUDA_PLANTED_H
#define CUPEL_SIMCUDA_PLANTED_H

#include "sim_report.h"

#include <cuda_runtime_api.h>

#include <cstddef>

/* A variant that finds nothing. */
constexpr int kNothing = -1;

struct Planted {
    const char *name;
    cudaError_t (*run)(bool bug);
    /* The kind of report of each variant: sim, ASan, race. */
    int sim;
    int asan;
    int race;
};

struct PlantedList {
    const Planted *cases;
    size_t n;
};

PlantedList planted_memory();
PlantedList planted_races();
PlantedList planted_handovers();
PlantedList planted_barriers();
PlantedList planted_warps();

/* n elements of device memory, which hold some number. */
float *device_floats(size_t n);
unsigned *device_counters(size_t n); /* these hold 0 */
void *device_unwritten(size_t bytes);
void device_free(void *memory);

#endif
