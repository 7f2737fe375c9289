/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of a training step inside cupel_model_fit. */
#ifndef CUPEL_BENCH_TRAIN_FIT_H
#define CUPEL_BENCH_TRAIN_FIT_H

#include "json_rows.h"
#include "training.h"

/* Fits over the rows of a training, shuffled, until the seconds are over; or once, where they are
 * 0. A sample is the time that more epochs take than one does, by their steps: what a fit does
 * once, as bringing its data to a card, is in neither. together steps are asked for at a time.
 * Fills the row's times, host_calls and loss_end. */
cupel_status bench_train_fit(bench_training *training, double seconds, int64_t together,
                             bench_row *row);

#endif
