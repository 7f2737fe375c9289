/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * In what state a card is while it is measured. */
#ifndef CUPEL_BENCH_MACHINE_H
#define CUPEL_BENCH_MACHINE_H

#include <cupel/device.h>

/* What is not known is 0 or "". */
typedef struct bench_machine {
    double sm_mhz;
    double memory_mhz;
    double power_w;
    double celsius;
    unsigned long long throttle; /* why the clocks are lower than they could be: NVML's bits */
    char driver[32];
    char cublas[32];
    double bytes_used; /* of the card's memory, by everyone */
} bench_machine;

/* Asks for the state now; nothing is known of the CPU device. */
void bench_read_machine(const cupel_device *device, bench_machine *machine);

#endif
