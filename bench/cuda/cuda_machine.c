/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The state of a card by NVML, which comes with the driver: it is opened where it is there, and its
 * header, which not every toolkit has, is not needed. */
#include "cuda_parts.h"

#include "lt_table.h"
#include <cuda_runtime_api.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

/* The functions, as nvml.h declares them; 0 is success. */
typedef struct nvml {
    int (*init)(void);
    int (*by_pci)(const char *id, void **device);
    int (*clock)(void *device, int kind, unsigned *mhz);
    int (*power)(void *device, unsigned *milliwatts);
    int (*temperature)(void *device, int kind, unsigned *celsius);
    int (*throttle)(void *device, unsigned long long *reasons);
    int (*driver)(char *text, unsigned length);
} nvml;

enum { CLOCK_SM = 1, CLOCK_MEMORY = 2, TEMPERATURE_GPU = 0 };

static int load(void *library, const char *name, void *function)
{
    /* POSIX lets a pointer to an object stand for one to a function; C wants it copied. */
    void *symbol = dlsym(library, name);
    memcpy(function, &symbol, sizeof symbol);
    return symbol != NULL;
}

/* NULL without a driver. The library stays open. */
static const nvml *open_nvml(void)
{
    static nvml table;
    static int state; /* 0: not tried, 1: open, 2: not there */
    if (state == 0) {
        void *library = dlopen("libnvidia-ml.so.1", RTLD_NOW | RTLD_LOCAL);
        const int found =
            library != NULL && load(library, "nvmlInit_v2", &table.init) &&
            load(library, "nvmlDeviceGetHandleByPciBusId_v2", &table.by_pci) &&
            load(library, "nvmlDeviceGetClockInfo", &table.clock) &&
            load(library, "nvmlDeviceGetPowerUsage", &table.power) &&
            load(library, "nvmlDeviceGetTemperature", &table.temperature) &&
            load(library, "nvmlDeviceGetCurrentClocksThrottleReasons", &table.throttle) &&
            load(library, "nvmlSystemGetDriverVersion", &table.driver);
        state = found && table.init() == 0 ? 1 : 2;
    }
    return state == 1 ? &table : NULL;
}

static void ask_nvml(const nvml *n, int ordinal, bench_machine *machine)
{
    char id[32] = "";
    void *device = NULL;
    unsigned sm = 0, memory = 0, milliwatts = 0, celsius = 0;
    if (cudaDeviceGetPCIBusId(id, (int)sizeof id, ordinal) != cudaSuccess) return;
    if (n->by_pci(id, &device) != 0) return;
    if (n->clock(device, CLOCK_SM, &sm) == 0) machine->sm_mhz = sm;
    if (n->clock(device, CLOCK_MEMORY, &memory) == 0) machine->memory_mhz = memory;
    if (n->power(device, &milliwatts) == 0) machine->power_w = milliwatts * 1e-3;
    if (n->temperature(device, TEMPERATURE_GPU, &celsius) == 0) machine->celsius = celsius;
    if (n->throttle(device, &machine->throttle) != 0) machine->throttle = 0;
    if (n->driver(machine->driver, sizeof machine->driver) != 0) machine->driver[0] = '\0';
}

/* Bytes of the card's memory; false where it does not say. */
static int memory_of(int ordinal, size_t *free_bytes, size_t *all_bytes)
{
    int before = 0;
    if (cudaGetDevice(&before) != cudaSuccess || cudaSetDevice(ordinal) != cudaSuccess) return 0;
    const int known = cudaMemGetInfo(free_bytes, all_bytes) == cudaSuccess;
    cudaSetDevice(before);
    return known;
}

void bench_cuda_machine(int64_t ordinal, bench_machine *machine)
{
    const nvml *n = open_nvml();
    const cupel_lt_table *lt = cupel_cuda_lt_table();
    size_t free_bytes = 0;
    size_t all_bytes = 0;
    if (n != NULL) ask_nvml(n, (int)ordinal, machine);
    if (lt != NULL) snprintf(machine->cublas, sizeof machine->cublas, "%zu", lt->version());
    if (memory_of((int)ordinal, &free_bytes, &all_bytes))
        machine->bytes_used = (double)(all_bytes - free_bytes);
}

int64_t bench_cuda_free_bytes(int64_t ordinal)
{
    size_t free_bytes = 0;
    size_t all_bytes = 0;
    return memory_of((int)ordinal, &free_bytes, &all_bytes) ? (int64_t)free_bytes : 0;
}
