/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The shortest program on the CPU: see start_cost.c. */
#include <cupel/cupel.h>

int main(void)
{
    cupel_device *device;
    if (cupel_device_open("cpu", &device) != CUPEL_OK) return 1;
    cupel_device_close(device);
    return 0;
}
