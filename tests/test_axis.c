/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "train/axis.h"

#include <criterion/criterion.h>
#include <math.h>

static void expect_ticks(const cupel_axis *axis, const double *expected, int64_t count)
{
    cr_assert_eq(axis->ticks, count);
    for (int64_t i = 0; i < count; i++) {
        cr_expect_float_eq(axis->tick[i], expected[i], 1e-9 * fabs(expected[i]));
    }
}

Test(axis, ticks_are_round_numbers)
{
    const cupel_axis losses = cupel_axis_values(0.21, 0.93, 0, 100);
    expect_ticks(&losses, (const double[]){0.2, 0.4, 0.6, 0.8}, 4);
    const cupel_axis wide = cupel_axis_values(-130, 320, 0, 100);
    expect_ticks(&wide, (const double[]){-100, 0, 100, 200, 300}, 5);
    cr_expect_not(signbit(wide.tick[1]));
}

Test(axis, epochs_have_whole_ticks_of_their_own)
{
    const cupel_axis one = cupel_axis_epochs(7, 7, 0, 100);
    expect_ticks(&one, (const double[]){7}, 1);
    cr_expect_float_eq(cupel_axis_place(&one, 7), 50, 1e-9);
    const cupel_axis few = cupel_axis_epochs(1, 3, 0, 100);
    expect_ticks(&few, (const double[]){1, 2, 3}, 3);
    const cupel_axis many = cupel_axis_epochs(1, 3000, 0, 100);
    expect_ticks(&many, (const double[]){500, 1000, 1500, 2000, 2500, 3000}, 6);
}

Test(axis, decades_are_logarithmic)
{
    const cupel_axis axis = cupel_axis_values(0.02, 900, 100, 0);
    cr_expect(axis.logarithmic);
    expect_ticks(&axis, (const double[]){0.1, 1, 10, 100, 1000}, 5);
    cr_expect_gt(cupel_axis_place(&axis, 0.02), cupel_axis_place(&axis, 1));
    cr_expect_not(cupel_axis_values(-1, 1000, 0, 1).logarithmic);
    cr_expect_not(cupel_axis_values(0, 1000, 0, 1).logarithmic);
}

/* Whatever the range: rising ticks inside the drawing, enough and not too many. */
static void expect_usable(double least, double most)
{
    const cupel_axis axis = cupel_axis_values(least, most, 300, 40);
    cr_assert(axis.ticks >= 1 && axis.ticks <= CUPEL_MAX_TICKS, "%g..%g: %d ticks", least, most,
              (int)axis.ticks);
    for (int64_t i = 0; i < axis.ticks; i++) {
        const double place = cupel_axis_place(&axis, axis.tick[i]);
        cr_assert(isfinite(place) && place <= 300.01 && place >= 39.99, "%g..%g: tick %g at %g",
                  least, most, axis.tick[i], place);
        if (i > 0) cr_assert_gt(axis.tick[i], axis.tick[i - 1]);
    }
    cr_assert(isfinite(cupel_axis_place(&axis, least)) && isfinite(cupel_axis_place(&axis, most)));
    cr_assert(cupel_axis_place(&axis, least) >= cupel_axis_place(&axis, most));
}

Test(axis, any_range_can_be_drawn)
{
    static const double ends[] = {0, 1e-310, 1e-300, 1e-9, 0.5,  0.5000001, 1,
                                  3, 99,     1001,   1e6,  1e15, 1e99,      1e300};
    const int count = (int)(sizeof ends / sizeof *ends);
    for (int i = 0; i < count; i++) {
        for (int k = i; k < count; k++) {
            expect_usable(ends[i], ends[k]);
            expect_usable(-ends[k], -ends[i]);
            expect_usable(-ends[i], ends[k]);
        }
    }
    cr_expect_not(cupel_axis_takes(INFINITY));
    cr_expect_not(cupel_axis_takes(-INFINITY));
    cr_expect_not(cupel_axis_takes(NAN));
    cr_expect(cupel_axis_takes(0));
}
