/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Histories that no fit has made. */
#ifndef CUPEL_TESTS_MADE_HISTORY_H
#define CUPEL_TESTS_MADE_HISTORY_H

#include "train/history.h"

/* The first metrics (0..3) of accuracy, mae and mse, with or without validation. Fails the test on
 * error. */
cupel_history *made_history(int64_t metrics, bool validation, int64_t first_epoch);
/* Adds epochs whose every series goes from 1 towards 0. */
void made_history_epochs(cupel_history *history, int64_t epochs);

#endif
