/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The time of a training step inside cupel_model_fit. */
#ifndef CUPEL_BENCH_TRAIN_FIT_H
#define CUPEL_BENCH_TRAIN_FIT_H

#include "measure.h"
#include "training.h"

/* Fits over the rows of a training, shuffled, until the seconds are over, a third of which is
 * warm-up; or for two epochs where once is not 0. A sample is the time from the end of one epoch to
 * the end of the next, by steps: the host sees the loss only there. loss gets the last epoch's. */
cupel_status bench_train_fit(bench_training *training, double seconds, int once, bench_times *times,
                             double *loss);

#endif
