/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What all schedules share: the check of their fields and the linear warm-up. */
#include "schedules/schedule.h"

cupel_status cupel_schedule_check(const cupel_schedule *schedule)
{
    switch (schedule->kind) {
    case CUPEL_SCHEDULE_NONE:
        CUPEL_FAIL_IF(schedule->steps != 0 || schedule->warmup_steps != 0 ||
                          schedule->final_fraction != 0,
                      CUPEL_ERROR_ARGUMENT, "schedule: a field is set, but .kind is not");
        return CUPEL_OK;
    case CUPEL_SCHEDULE_COSINE:
        CUPEL_FAIL_IF(schedule->steps < 1, CUPEL_ERROR_ARGUMENT,
                      "cosine schedule: .steps is %lld, expected at least 1",
                      (long long)schedule->steps);
        CUPEL_FAIL_IF(schedule->warmup_steps < 0, CUPEL_ERROR_ARGUMENT,
                      "cosine schedule: .warmup_steps is %lld, expected at least 0",
                      (long long)schedule->warmup_steps);
        CUPEL_FAIL_IF(!(schedule->final_fraction >= 0 && schedule->final_fraction <= 1),
                      CUPEL_ERROR_ARGUMENT,
                      "cosine schedule: .final_fraction is %g, expected 0 to 1",
                      schedule->final_fraction);
        return CUPEL_OK;
    }
    return cupel_fail(CUPEL_ERROR_ARGUMENT, "schedule kind %d is none of cupel_schedule_kind",
                      (int)schedule->kind);
}

double cupel_schedule_factor(const cupel_schedule *schedule, int64_t step)
{
    if (schedule->kind == CUPEL_SCHEDULE_NONE) return 1;
    if (step < schedule->warmup_steps) return (double)step / (double)schedule->warmup_steps;
    const double done = (double)(step - schedule->warmup_steps) / (double)schedule->steps;
    return cupel_schedule_cosine(schedule, done < 1 ? done : 1);
}
