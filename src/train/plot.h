/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The history of a fit as a drawing. */
#ifndef CUPEL_TRAIN_PLOT_H
#define CUPEL_TRAIN_PLOT_H

#include "base/text.h"
#include "train/axis.h"
#include "train/history.h"

/* The height of a row of a legend. */
#define CUPEL_LEGEND_ROW 18

/* One line of a panel. */
typedef struct cupel_curve {
    const char *label;    /* in the legend: "training", or a series's name */
    const double *values; /* one an epoch */
    const char *colour;
    bool dashed;
} cupel_curve;

/* One coordinate system with its curves, in the box left..right, top..bottom of the drawing; legend
 * and title stand above top. */
typedef struct cupel_panel {
    const char *title;
    cupel_curve curves[2 * CUPEL_MAX_METRICS];
    int64_t count;
    int64_t epochs;
    int64_t first_epoch; /* the number of the first one, from 1 */
    int64_t best;        /* the index of the epoch to mark; -1 for none */
    double left;
    double right;
    double top;
    double bottom;
    int64_t legend_rows; /* between title and panel, at least those that it needs */
} cupel_panel;

/* The rows that a panel's legend takes. */
int64_t cupel_panel_legend_rows(const cupel_panel *panel);
/* Appends the panel as SVG elements. */
void cupel_panel_draw(cupel_text *svg, const cupel_panel *panel);

/* Appends a text element with the given attributes. What is not printable ASCII becomes '?', as the
 * text may come from anywhere. */
void cupel_plot_label(cupel_text *svg, double x, double y, const char *attributes,
                      const char *text);
/* Appends the whole drawing. */
void cupel_plot_draw(cupel_text *svg, const cupel_history *history);

#endif
