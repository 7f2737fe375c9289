/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One coordinate system of a plot. */
#include "train/plot.h"

#include "base/number.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define LEGEND_SAMPLE 22
/* A generous guess at the width of a character of 12 px. */
#define CHARACTER 6.8
/* Up to so many epochs the values are dots that can be pointed at. */
#define MOST_DOTS 40
/* What a long curve is thinned to: the lowest and the highest value of each of so many groups. */
#define MOST_GROUPS 400
/* Marks for values that are not finite, a curve. */
#define MOST_CROSSES 20

static const char not_finite[] = "not finite";

static void add_pair(cupel_text *svg, const char *before, double x, double y)
{
    cupel_text_add(svg, "%s", before);
    cupel_text_number(svg, x, 6);
    cupel_text_add(svg, " ");
    cupel_text_number(svg, y, 6);
}

static void add_line(cupel_text *svg, double x1, double y1, double x2, double y2,
                     const char *attributes)
{
    add_pair(svg, "<path d=\"M", x1, y1);
    add_pair(svg, "L", x2, y2);
    cupel_text_add(svg, "\" %s/>\n", attributes);
}

void cupel_plot_label(cupel_text *svg, double x, double y, const char *attributes, const char *text)
{
    cupel_text_add(svg, "<text x=\"");
    cupel_text_number(svg, x, 6);
    cupel_text_add(svg, "\" y=\"");
    cupel_text_number(svg, y, 6);
    cupel_text_add(svg, "\" %s>", attributes);
    for (const char *c = text; *c != '\0'; c++) {
        if (*c == '<')
            cupel_text_add(svg, "&lt;");
        else if (*c == '>')
            cupel_text_add(svg, "&gt;");
        else if (*c == '&')
            cupel_text_add(svg, "&amp;");
        else
            cupel_text_add(svg, "%c", *c >= ' ' && *c <= '~' ? *c : '?');
    }
    cupel_text_add(svg, "</text>\n");
}

static bool has_crosses(const cupel_panel *panel)
{
    for (int64_t i = 0; i < panel->count; i++) {
        for (int64_t k = 0; k < panel->epochs; k++) {
            if (!cupel_axis_takes(panel->curves[i].values[k])) return true;
        }
    }
    return false;
}

/* Thinner where a long curve has many turns. */
static void add_stroke(cupel_text *svg, const cupel_panel *panel, const cupel_curve *curve)
{
    cupel_text_add(svg,
                   "fill=\"none\" stroke=\"%s\" stroke-width=\"%s\" stroke-linecap=\"round\" "
                   "stroke-linejoin=\"round\"%s",
                   curve->colour, panel->epochs > MOST_GROUPS ? "1.2" : "2",
                   curve->dashed ? " stroke-dasharray=\"6 5\"" : "");
}

static void add_cross(cupel_text *svg, double x, double y, const char *colour)
{
    add_pair(svg, "<path d=\"M", x - 3.5, y - 3.5);
    cupel_text_add(svg, "l7 7m-7 0l7 -7\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"/>\n",
                   colour);
}

/* Sets the legend from left to right in rows; with svg NULL it only counts them. */
static int64_t set_legend(cupel_text *svg, const cupel_panel *panel)
{
    const int64_t items = panel->count + (has_crosses(panel) ? 1 : 0);
    double x = panel->left;
    int64_t row = 0;
    for (int64_t i = 0; i < items; i++) {
        const cupel_curve *curve = i < panel->count ? &panel->curves[i] : NULL;
        const char *label = curve == NULL ? not_finite : curve->label;
        const double width = LEGEND_SAMPLE + 6 + CHARACTER * (double)strlen(label);
        if (x > panel->left && x + width > panel->right) {
            x = panel->left;
            row++;
        }
        if (svg != NULL) {
            const double below = (double)(panel->legend_rows - 1 - row);
            const double y = panel->top - 26 - CUPEL_LEGEND_ROW * below;
            if (curve == NULL) {
                add_cross(svg, x + LEGEND_SAMPLE / 2.0, y - 4, "#555555");
            } else {
                add_pair(svg, "<path d=\"M", x, y - 4);
                cupel_text_add(svg, "h%d\" ", LEGEND_SAMPLE);
                add_stroke(svg, panel, curve);
                cupel_text_add(svg, "/>\n");
            }
            cupel_plot_label(svg, x + LEGEND_SAMPLE + 6, y, "fill=\"#333333\"", label);
        }
        x += width + 14;
    }
    return row + 1;
}

int64_t cupel_panel_legend_rows(const cupel_panel *panel)
{
    return set_legend(NULL, panel);
}

/* The range of all finite values; 0..1 where there are none. */
static cupel_axis value_axis(const cupel_panel *panel)
{
    double least = INFINITY;
    double most = -INFINITY;
    for (int64_t i = 0; i < panel->count; i++) {
        for (int64_t k = 0; k < panel->epochs; k++) {
            const double value = panel->curves[i].values[k];
            if (!cupel_axis_takes(value)) continue;
            least = fmin(least, value);
            most = fmax(most, value);
        }
    }
    if (least > most) return cupel_axis_values(0, 1, panel->bottom, panel->top);
    return cupel_axis_values(least, most, panel->bottom, panel->top);
}

static void draw_axes(cupel_text *svg, const cupel_panel *panel, const cupel_axis *x,
                      const cupel_axis *y)
{
    char number[CUPEL_NUMBER_TEXT];
    for (int64_t i = 0; i < y->ticks; i++) {
        const double place = cupel_axis_place(y, y->tick[i]);
        add_line(svg, panel->left, place, panel->right, place, "stroke=\"#e4e4e4\"");
        cupel_plot_label(svg, panel->left - 8, place + 4, "fill=\"#555555\" text-anchor=\"end\"",
                         cupel_format_double(y->tick[i], y->digits, number));
    }
    for (int64_t i = 0; i < x->ticks && panel->epochs > 0; i++) {
        const double place = cupel_axis_place(x, x->tick[i]);
        add_line(svg, place, panel->bottom, place, panel->bottom + 5, "stroke=\"#888888\"");
        cupel_plot_label(svg, place, panel->bottom + 19, "fill=\"#555555\" text-anchor=\"middle\"",
                         cupel_format_double(x->tick[i], x->digits, number));
    }
    add_line(svg, panel->left, panel->bottom, panel->right, panel->bottom, "stroke=\"#888888\"");
    cupel_plot_label(svg, (panel->left + panel->right) / 2, panel->bottom + 39,
                     "fill=\"#333333\" text-anchor=\"middle\"", "epoch");
}

static double place_of_epoch(const cupel_panel *panel, const cupel_axis *x, int64_t index)
{
    return cupel_axis_place(x, (double)(panel->first_epoch + index));
}

/* A value that has no place interrupts the line; a value alone is a dot, by the round cap of a line
 * of length 0. */
static void draw_line(cupel_text *svg, const cupel_panel *panel, const cupel_curve *curve,
                      const cupel_axis *x, const cupel_axis *y)
{
    const int64_t group = (panel->epochs + MOST_GROUPS - 1) / MOST_GROUPS;
    bool down = false;
    bool any = false;
    for (int64_t first = 0; first < panel->epochs; first += group) {
        int64_t pick[2] = {-1, -1}; /* the lowest and the highest */
        bool whole = true;
        for (int64_t k = first; k < first + group && k < panel->epochs; k++) {
            const double value = curve->values[k];
            whole = whole && cupel_axis_takes(value);
            if (!cupel_axis_takes(value)) continue;
            if (pick[0] < 0 || value < curve->values[pick[0]]) pick[0] = k;
            if (pick[1] < 0 || value > curve->values[pick[1]]) pick[1] = k;
        }
        const int64_t ordered[2] = {pick[0] < pick[1] ? pick[0] : pick[1],
                                    pick[0] < pick[1] ? pick[1] : pick[0]};
        for (int i = 0; i < 2; i++) {
            if (ordered[i] < 0 || (i == 1 && ordered[1] == ordered[0])) continue;
            if (!any) cupel_text_add(svg, "<path d=\"");
            add_pair(svg, down ? "L" : "M", place_of_epoch(panel, x, ordered[i]),
                     cupel_axis_place(y, curve->values[ordered[i]]));
            if (!down) cupel_text_add(svg, "h0");
            any = true;
            down = true;
        }
        down = down && whole;
    }
    if (!any) return;
    cupel_text_add(svg, "\" ");
    add_stroke(svg, panel, curve);
    cupel_text_add(svg, "/>\n");
}

/* Dots with their values as tool tips, and a ring around the best epoch's. */
static void draw_dots(cupel_text *svg, const cupel_panel *panel, const cupel_curve *curve,
                      const cupel_axis *x, const cupel_axis *y)
{
    for (int64_t k = 0; k < panel->epochs; k++) {
        const bool best = k == panel->best;
        if ((panel->epochs > MOST_DOTS && !best) || !cupel_axis_takes(curve->values[k])) continue;
        cupel_text_add(svg, "<circle cx=\"");
        cupel_text_number(svg, place_of_epoch(panel, x, k), 6);
        cupel_text_add(svg, "\" cy=\"");
        cupel_text_number(svg, cupel_axis_place(y, curve->values[k]), 6);
        if (best) {
            cupel_text_add(svg, "\" r=\"4.5\" fill=\"#ffffff\" stroke=\"%s\" stroke-width=\"2\">",
                           curve->colour);
        } else {
            cupel_text_add(svg, "\" r=\"2.5\" fill=\"%s\">", curve->colour);
        }
        cupel_text_add(svg, "<title>epoch %" PRId64 ": ", panel->first_epoch + k);
        cupel_text_number(svg, curve->values[k], 6);
        cupel_text_add(svg, "</title></circle>\n");
    }
}

/* A cross at the upper edge where a run of values that are not finite begins. */
static void draw_crosses(cupel_text *svg, const cupel_panel *panel, int64_t index,
                         const cupel_axis *x)
{
    const cupel_curve *curve = &panel->curves[index];
    int64_t crosses = 0;
    for (int64_t k = 0; k < panel->epochs && crosses < MOST_CROSSES; k++) {
        if (cupel_axis_takes(curve->values[k])) continue;
        if (k > 0 && !cupel_axis_takes(curve->values[k - 1])) continue;
        add_cross(svg, place_of_epoch(panel, x, k), panel->top + 8 + 11 * (double)(index % 8),
                  curve->colour);
        crosses++;
    }
}

static void draw_best(cupel_text *svg, const cupel_panel *panel, const cupel_axis *x)
{
    if (panel->best < 0) return;
    char label[64];
    const double place = place_of_epoch(panel, x, panel->best);
    const double middle = (panel->left + panel->right) / 2;
    const bool leftmost = place - panel->left < 0.25 * (panel->right - panel->left);
    const bool rightmost = panel->right - place < 0.25 * (panel->right - panel->left);
    add_line(svg, place, panel->top - 2, place, panel->bottom,
             "stroke=\"#888888\" stroke-dasharray=\"2 4\"");
    snprintf(label, sizeof label, "best epoch %" PRId64, panel->first_epoch + panel->best);
    cupel_plot_label(svg, panel->epochs == 1 ? middle : place, panel->top - 7,
                     leftmost    ? "fill=\"#555555\" text-anchor=\"start\""
                     : rightmost ? "fill=\"#555555\" text-anchor=\"end\""
                                 : "fill=\"#555555\" text-anchor=\"middle\"",
                     label);
}

void cupel_panel_draw(cupel_text *svg, const cupel_panel *panel)
{
    const int64_t last = panel->first_epoch + (panel->epochs > 0 ? panel->epochs - 1 : 0);
    const cupel_axis x = cupel_axis_epochs(panel->first_epoch, last, panel->left, panel->right);
    const cupel_axis y = value_axis(panel);
    cupel_text_add(svg, "<g>\n");
    draw_axes(svg, panel, &x, &y);
    if (panel->epochs == 0) {
        cupel_plot_label(svg, (panel->left + panel->right) / 2, (panel->top + panel->bottom) / 2,
                         "fill=\"#555555\" text-anchor=\"middle\"", "no whole epoch");
    }
    draw_best(svg, panel, &x);
    for (int64_t i = 0; i < panel->count; i++) {
        draw_line(svg, panel, &panel->curves[i], &x, &y);
    }
    for (int64_t i = 0; i < panel->count; i++) {
        draw_dots(svg, panel, &panel->curves[i], &x, &y);
        draw_crosses(svg, panel, i, &x);
    }
    cupel_plot_label(svg, panel->left,
                     panel->top - 28 - CUPEL_LEGEND_ROW * (double)panel->legend_rows,
                     "fill=\"#222222\" font-size=\"14\" font-weight=\"bold\"", panel->title);
    set_legend(svg, panel);
    cupel_text_add(svg, "</g>\n");
}
