/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The size of the numbers that an output is made of: what its error is measured by. The error
 * relative to the output itself says nothing where terms cancel. */
#ifndef CUPEL_CHECK_ERROR_SIZE_H
#define CUPEL_CHECK_ERROR_SIZE_H

#include "device_run.h"

/* Fills size->tensor of every output, as its measure says, from the op in double: reference is that
 * table, y what it gives for in. size->control.value and .sum are those of absolute values. */
cupel_status check_error_size(const check_target *reference, const check_case *c,
                              const check_values *in, const check_values *y, check_values *size);

#endif
