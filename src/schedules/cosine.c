/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cosine decay to a share of the rate: Loshchilov and Hutter, "SGDR", 2017, without restarts; the form
 * of keras.optimizers.schedules.CosineDecay. */
#include "schedules/schedule.h"

#include <math.h>

double cupel_schedule_cosine(const cupel_schedule *schedule, double done)
{
    const double pi = 3.14159265358979323846;
    const double f = schedule->final_fraction;
    return (1 - f) * 0.5 * (1 + cos(pi * done)) + f;
}
