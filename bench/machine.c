/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "machine.h"

#include "cuda_parts.h"
#include <string.h>

void bench_read_machine(const cupel_device *device, bench_machine *machine)
{
    *machine = (bench_machine){0};
    if (strcmp(device->backend->kind, "cpu") != 0) bench_cuda_machine(device->ordinal, machine);
}
