/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Learning-rate schedules: computed on the host in double. One file a schedule. */
#ifndef CUPEL_SCHEDULES_SCHEDULE_H
#define CUPEL_SCHEDULES_SCHEDULE_H

#include "base/status.h"
#include <cupel/optimizer.h>

/* Checks a schedule's fields. ARGUMENT. */
cupel_status cupel_schedule_check(const cupel_schedule *schedule);

/* What the learning rate is multiplied with when step optimizer steps have been taken. */
double cupel_schedule_factor(const cupel_schedule *schedule, int64_t step);

/* The decay of each kind after the warm-up, from 1; done is 0..1. */
double cupel_schedule_cosine(const cupel_schedule *schedule, double done);

#endif
