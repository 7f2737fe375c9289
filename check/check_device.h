/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The devices that can be checked, and their op tables. */
#ifndef CUPEL_CHECK_DEVICE_H
#define CUPEL_CHECK_DEVICE_H

#include "device_run.h"

/* Opens "cpu", "cuda" or "cuda:N". */
cupel_status check_open_device(const char *name, cupel_device **device);

/* The device's table of that kind, or NULL where it has none. */
const cupel_op_entry *check_table_of(const cupel_device *device, check_table table);

#endif
