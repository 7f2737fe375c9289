/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The smallest model, y = w x, whose steps can be followed by hand, and data for it. All of these
 * fail the test on error. */
#ifndef CUPEL_TESTS_TINY_H
#define CUPEL_TESTS_TINY_H

#include <cupel/cupel.h>

cupel_device *tiny_device(void);
/* One dense unit without a bias. What config leaves 0 is MSE and SGD. */
cupel_model *tiny_line(cupel_device *device, float weight, cupel_compile_config config);
float tiny_weight(cupel_model *model);
/* One number a row for x and for y, both borrowed. */
cupel_dataset *tiny_data(const float *x, const float *y, int64_t rows);

#endif
