/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "comma_locale.h"
#include "fault.h"
#include "folder.h"
#include "made_history.h"
#include "train/plot.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

TestSuite(plot, .init = folder_enter, .fini = folder_leave);

/* The drawing as text, to be freed. */
static char *drawn(const cupel_history *history)
{
    size_t count = 0;
    cr_assert_eq(cupel_history_plot(history, "h.svg"), CUPEL_OK, "%s", cupel_last_error());
    return folder_read("h.svg", &count);
}

static int64_t occurrences(const char *text, const char *of)
{
    int64_t count = 0;
    for (const char *at = strstr(text, of); at != NULL; at = strstr(at + 1, of))
        count++;
    return count;
}

/* Whether text is XML as far as the drawing uses it: elements nest, quotes pair up. */
static void expect_well_formed(const char *text)
{
    const char *open[16];
    int depth = 0;
    const char *at = strstr(text, "<svg");
    cr_assert_not_null(at);
    for (; *at != '\0'; at++) {
        if (*at == '&') {
            cr_assert(strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 ||
                      strncmp(at, "&amp;", 5) == 0);
        }
        if (*at != '<') continue;
        const char *end = at;
        int quotes = 0;
        for (; *end != '>' || quotes % 2 == 1; end++) {
            cr_assert_neq(*end, '\0');
            quotes += *end == '"';
        }
        if (at[1] == '/') {
            cr_assert_gt(depth, 0);
            const size_t length = (size_t)(end - at) - 2;
            cr_assert_eq(strncmp(open[--depth], at + 2, length), 0);
        } else if (end[-1] != '/') {
            cr_assert_lt(depth, 16);
            open[depth++] = at + 1;
        }
        at = end;
    }
    cr_assert_eq(depth, 0);
}

/* No number that a viewer would refuse. */
static void expect_drawable(const char *svg)
{
    expect_well_formed(svg);
    cr_expect_null(strstr(svg, "nan"));
    cr_expect_null(strstr(svg, "inf"));
    cr_expect_not_null(strstr(svg, "font-family=\"sans-serif\""));
    cr_expect_null(strstr(svg, "href"));
}

Test(plot, shows_what_was_recorded)
{
    cupel_history *history = made_history(1, true, 0);
    made_history_epochs(history, 12);
    cupel_history_end(history, "all epochs done");
    char *svg = drawn(history);
    expect_drawable(svg);
    cr_expect_not_null(strstr(svg, ">Training history</text>"));
    cr_expect_not_null(strstr(svg,
                              "12 epochs, the best by val_loss is epoch 12 (0.1033); all epochs "
                              "done</text>"));
    cr_expect_not_null(strstr(svg, ">loss</text>"));
    cr_expect_not_null(strstr(svg, ">accuracy</text>"));
    cr_expect_eq(occurrences(svg, ">training</text>"), 2);
    cr_expect_eq(occurrences(svg, ">validation</text>"), 2);
    cr_expect_eq(occurrences(svg, ">best epoch 12</text>"), 2);
    cr_expect_eq(occurrences(svg, "<circle"), 4 * 12);
    free(svg);
    cupel_history_free(history);
}

Test(plot, several_metrics_share_a_panel)
{
    cupel_history *history = made_history(3, true, 0);
    made_history_epochs(history, 3);
    char *svg = drawn(history);
    expect_drawable(svg);
    cr_expect_not_null(strstr(svg, ">metrics</text>"));
    cr_expect_not_null(strstr(svg, ">val_mse</text>"));
    cr_expect_eq(occurrences(svg, "stroke-dasharray=\"6 5\""), 6);
    free(svg);
    cupel_history_free(history);
}

Test(plot, any_number_of_epochs)
{
    static const int64_t epochs[] = {0, 1, 2, 40, 41, 399, 400, 401, 5000};
    for (size_t i = 0; i < sizeof epochs / sizeof *epochs; i++) {
        cupel_history *history = made_history(1, true, 5);
        made_history_epochs(history, epochs[i]);
        char *svg = drawn(history);
        expect_drawable(svg);
        cr_expect_lt(strlen(svg), 80000);
        cr_expect_eq(occurrences(svg, "no whole epoch"), epochs[i] == 0 ? 2 : 0);
        if (epochs[i] == 1) cr_expect_not_null(strstr(svg, ">6</text>"));
        free(svg);
        cupel_history_free(history);
    }
}

Test(plot, values_that_are_not_finite_become_crosses)
{
    static const double odd[] = {NAN, INFINITY, -INFINITY, 1e305};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        cupel_history *history = made_history(0, false, 0);
        made_history_epochs(history, 3);
        const double values[CUPEL_MAX_SERIES] = {odd[i], 0.001};
        cr_assert_eq(cupel_history_record(history, values), CUPEL_OK);
        cr_assert_eq(cupel_history_record(history, values), CUPEL_OK);
        made_history_epochs(history, 1);
        char *svg = drawn(history);
        expect_well_formed(svg);
        cr_expect_null(strstr(svg, "\"nan"));
        cr_expect_null(strstr(svg, "nan\""));
        cr_expect_null(strstr(svg, "\"inf"));
        cr_expect_not_null(strstr(svg, ">not finite</text>"));
        cr_expect_eq(occurrences(svg, "l7 7m-7 0l7 -7"), 2);
        free(svg);
        cupel_history_free(history);
    }
}

Test(plot, only_values_that_are_not_finite)
{
    cupel_history *history = made_history(1, true, 0);
    double values[CUPEL_MAX_SERIES];
    for (int i = 0; i < CUPEL_MAX_SERIES; i++)
        values[i] = NAN;
    for (int e = 0; e < 3; e++)
        cr_assert_eq(cupel_history_record(history, values), CUPEL_OK);
    char *svg = drawn(history);
    expect_drawable(svg);
    cr_expect_null(strstr(svg, "best epoch"));
    free(svg);
    cupel_history_free(history);
}

Test(plot, flat_series)
{
    static const double heights[] = {0, 1, -3e9, 1e-300, 1e300};
    for (size_t i = 0; i < sizeof heights / sizeof *heights; i++) {
        cupel_history *history = made_history(0, false, 0);
        const double values[CUPEL_MAX_SERIES] = {heights[i], 0.1};
        for (int e = 0; e < 3; e++)
            cr_assert_eq(cupel_history_record(history, values), CUPEL_OK);
        char *svg = drawn(history);
        expect_drawable(svg);
        free(svg);
        cupel_history_free(history);
    }
}

Test(plot, a_reason_from_anywhere_is_only_text)
{
    cupel_history *history = made_history(0, false, 0);
    made_history_epochs(history, 1);
    cupel_history_end(history, "<script>\"&\"</script>\x01\xff %s", "\xc3\xa9");
    char *svg = drawn(history);
    expect_well_formed(svg);
    cr_expect_not_null(strstr(svg, "&lt;script&gt;\"&amp;\"&lt;/script&gt;?? ??"));
    for (const char *c = svg; *c != '\0'; c++)
        cr_assert((*c >= ' ' && *c <= '~') || *c == '\n');
    free(svg);
    cupel_history_free(history);
}

Test(plot, does_not_depend_on_the_locale)
{
    cupel_history *history = made_history(1, true, 0);
    made_history_epochs(history, 7);
    char *before = drawn(history);
    if (!comma_locale_set("de_DE")) cr_skip("no locale with a comma");
    char *after = drawn(history);
    cr_expect_str_eq(before, after);
    free(before);
    free(after);
    cupel_history_free(history);
}

Test(plot, a_file_is_whole_or_untouched)
{
    cupel_history *history = made_history(1, true, 0);
    made_history_epochs(history, 3);
    folder_write("h.svg", "old", 3);
    fault_files_install();
    for (int64_t n = 1;; n++) {
        fault_files_arm(n, false, ENOSPC);
        const cupel_status status = cupel_history_plot(history, "h.svg");
        if (fault_files_disarm() == 0) {
            cr_expect_eq(status, CUPEL_OK);
            break;
        }
        size_t count = 0;
        char *now = folder_read("h.svg", &count);
        const bool old = strcmp(now, "old") == 0;
        /* Once the file is renamed the new one is there, whatever fails after that. */
        if (!old) expect_drawable(now);
        if (status == CUPEL_OK) cr_expect_not(old);
        free(now);
        folder_write("h.svg", "old", 3);
        cr_expect_eq(folder_entries(), 1);
    }
    cr_expect_eq(fault_files_descriptors(), 0);
    fault_files_remove();
    cr_expect_eq(cupel_history_plot(history, "no/such/folder.svg"), CUPEL_ERROR_IO);
    cr_expect_not_null(strstr(cupel_last_error(), "no/such/folder.svg"));
    cupel_history_free(history);
}
