/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _XOPEN_SOURCE 700
#include "train/progress.h"

#include "comma_locale.h"

#include <criterion/criterion.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *const names[] = {"loss", "accuracy"};
static const double means[] = {0.25, 1e-9};
static const cupel_progress_values shown = {names, means, 2};

/* What stands in the file, with a NUL. */
static void content(FILE *file, char *text, size_t room)
{
    rewind(file);
    text[fread(text, 1, room - 1, file)] = '\0';
}

Test(progress, a_file_gets_a_line_an_epoch)
{
    char text[1000];
    cupel_progress progress;
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 12, 1000);
    cr_expect_not(progress.terminal);
    for (int64_t epoch = 8; epoch < 10; epoch++) {
        cupel_progress_epoch(&progress, epoch);
        progress.drawn -= 100;
        cr_expect_not(cupel_progress_due(&progress));
        cupel_progress_step(&progress, 500, &shown);
        cupel_progress_trained(&progress);
        cupel_progress_epoch_end(&progress, &shown);
    }
    cupel_progress_end(&progress);
    content(file, text, sizeof text);
    char first[32];
    char second[32];
    cr_expect_eq(sscanf(text,
                        "epoch  9/12 %*s s %31s samples/s loss 0.2500 accuracy 1e-09 "
                        "epoch 10/12 %*s s %31s samples/s loss 0.2500",
                        first, second),
                 2, "%s", text);
    cr_expect_not(strchr(text, '\r'));
    cr_expect_eq(text[strlen(text) - 1], '\n');
    fclose(file);
}

Test(progress, a_terminal_line_is_redrawn)
{
    char text[4000];
    cupel_progress progress;
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 3, 1000);
    progress.terminal = true;
    progress.width = 100;
    cupel_progress_epoch(&progress, 0);
    progress.drawn += 100;
    cr_expect_not(cupel_progress_due(&progress));
    progress.drawn -= 200;
    cr_expect(cupel_progress_due(&progress));
    cupel_progress_step(&progress, 500, &shown);
    cr_expect_gt(progress.drawn, progress.began - 1);
    cupel_progress_epoch_end(&progress, &shown);
    content(file, text, sizeof text);
    cr_assert_eq(strncmp(text, "\repoch 1/3 [============>...........]  ", 39), 0, "%s", text);
    cr_expect_not_null(strstr(text, " left  loss 0.2500  accuracy 1e-09\repoch 1/3"));
    /* The second line covers the first. */
    const char *second = strrchr(text, '\r');
    const char *end = strchr(text, '\n');
    cr_assert(second != NULL && end != NULL && end[1] == '\0');
    cr_expect_geq(end - second, second - text);
    fclose(file);
}

Test(progress, rates_have_three_digits)
{
    static const struct {
        int64_t rows; /* in 1000 seconds */
        const char *text;
    } all[] = {{950000, " 950 samples/s"},
               {1200000, " 1.20k samples/s"},
               {18700000, " 18.7k samples/s"},
               {999600000, " 1.00M samples/s"}};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        char text[1000];
        cupel_progress progress;
        FILE *file = tmpfile();
        cupel_progress_init(&progress, file, 1, all[i].rows);
        cupel_progress_epoch(&progress, 0);
        progress.began -= 1000;
        progress.ended = progress.began + 1000;
        cupel_progress_epoch_end(&progress, &shown);
        content(file, text, sizeof text);
        cr_expect_not_null(strstr(text, all[i].text), "%s", text);
        fclose(file);
    }
}

/* The line of a run whose numbers are as long as usual, on a terminal of some columns. */
static void draw_usual(int64_t width, char text[1000])
{
    static const double usual[] = {0.25, 0.875};
    const cupel_progress_values values = {names, usual, 2};
    cupel_progress progress;
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 10, 60000000);
    progress.terminal = true;
    progress.width = width;
    cupel_progress_epoch(&progress, 0);
    /* So long ago that what the machine does meanwhile shows in no digit. */
    progress.began -= 2000;
    cupel_progress_step(&progress, 30000000, &values);
    content(file, text, 1000);
    fclose(file);
}

Test(progress, the_bar_gives_way_to_the_numbers)
{
    static const char numbers[] = "  15.0k samples/s  33:20 left  loss 0.2500  accuracy 0.8750";
    char text[1000];
    draw_usual(120, text);
    cr_expect_not_null(strstr(text, "epoch  1/10 [============>...........]  15.0k"), "%s", text);
    cr_expect_str_eq(text + strlen(text) - strlen(numbers), numbers);
    draw_usual(80, text);
    cr_expect_not_null(strstr(text, "epoch  1/10 [===>..]  15.0k"), "%s", text);
    cr_expect_str_eq(text + strlen(text) - strlen(numbers), numbers);
    draw_usual(75, text);
    cr_expect_not_null(strstr(text, "epoch  1/10  15.0k"), "%s", text);
    cr_expect_str_eq(text + strlen(text) - strlen(numbers), numbers);
}

Test(progress, a_narrow_terminal_cuts_the_line)
{
    char text[1000];
    cupel_progress progress;
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 3, 1000);
    progress.terminal = true;
    progress.width = 30;
    cupel_progress_epoch(&progress, 0);
    cupel_progress_step(&progress, 999, &shown);
    /* A fit that ends in the middle leaves no open line. */
    cupel_progress_end(&progress);
    cupel_progress_end(&progress);
    content(file, text, sizeof text);
    cr_expect_eq(strlen(text), 1 + 29 + 1);
    cr_expect_eq(text[30], '\n');
    fclose(file);
}

Test(progress, odd_values_are_shown)
{
    static const char *const series[] = {"a", "b", "c", "d", "e"};
    static const double values[] = {NAN, -INFINITY, -0.5, 0, 12345678};
    const cupel_progress_values odd = {series, values, 5};
    char text[1000];
    cupel_progress progress;
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 1, 1);
    cupel_progress_epoch(&progress, 0);
    cupel_progress_epoch_end(&progress, &odd);
    content(file, text, sizeof text);
    cr_expect_not_null(strstr(text, "  a nan  b -inf  c -0.5000  d 0.0000  e 1.235e+07\n"), "%s",
                       text);
    fclose(file);
}

Test(progress, no_file_shows_nothing)
{
    cupel_progress progress;
    cupel_progress_init(&progress, NULL, 1, 1);
    cupel_progress_epoch(&progress, 0);
    cr_expect_not(cupel_progress_due(&progress));
    cupel_progress_step(&progress, 1, &shown);
    cupel_progress_trained(&progress);
    cupel_progress_epoch_end(&progress, &shown);
    cupel_progress_end(&progress);
}

Test(progress, a_terminal_is_recognised)
{
    const int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) cr_skip("no terminals here");
    FILE *file = fopen(ptsname(master), "w");
    if (file == NULL) cr_skip("no terminals here");
    cupel_progress progress;
    cupel_progress_init(&progress, file, 1, 1);
    cr_expect(progress.terminal);
    cr_expect_gt(progress.width, 0);
    fclose(file);
    close(master);
}

Test(progress, does_not_depend_on_the_locale)
{
    char text[1000];
    cupel_progress progress;
    if (!comma_locale_set("de_DE")) cr_skip("no locale with a comma");
    FILE *file = tmpfile();
    cupel_progress_init(&progress, file, 1, 10);
    cupel_progress_epoch(&progress, 0);
    cupel_progress_epoch_end(&progress, &shown);
    content(file, text, sizeof text);
    cr_expect_null(strchr(text, ','), "%s", text);
    fclose(file);
}
