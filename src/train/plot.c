/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Draws a history: the loss on the left, the metrics beside it. The colours are those of Okabe and
 * Ito, which people with any colour vision can tell apart. */
#include "train/plot.h"

#include "base/file.h"
#include "base/number.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define PANEL_WIDTH 400
#define LONE_PANEL_WIDTH 600
#define PANEL_HEIGHT 260
#define PANEL_LEFT 72
#define PANEL_STRIDE (PANEL_LEFT + PANEL_WIDTH + 12)
#define RIGHT_EDGE 28
#define HEADER 78
#define FOOTER 56

static const char *const colours[] = {"#0072b2", "#d55e00", "#009e73", "#cc79a7",
                                      "#e69f00", "#56b4e9", "#444444"};
#define COLOURS (sizeof colours / sizeof *colours)

/* The series that the best epoch is judged by: what early stopping watched, else the loss, of the
 * validation if there is one. */
static int64_t judged(const cupel_history *history)
{
    if (history->best >= 0) return history->watched;
    const int64_t series = cupel_history_find(history, "val_loss");
    return series < 0 ? 0 : series;
}

/* The index of the epoch to mark; -1 if there is none. */
static int64_t best_epoch(const cupel_history *history)
{
    if (history->best >= 0) return history->best;
    const double *values = cupel_history_row(history, judged(history));
    int64_t best = -1;
    for (int64_t i = 0; i < history->epochs; i++) {
        if (isfinite(values[i]) && (best < 0 || values[i] < values[best])) best = i;
    }
    return best;
}

/* A metric and its validation share a colour if there are several metrics; else the two curves of
 * the panel have two. */
static void add_curves(cupel_panel *panel, const cupel_history *history, int64_t series,
                       bool several)
{
    const bool validation = history->series > history->reported + 1;
    const size_t colour = several ? (size_t)(series - 1) % COLOURS : 0;
    panel->curves[panel->count++] = (cupel_curve){
        .label = several ? history->names[series] : "training",
        .values = cupel_history_row(history, series),
        .colour = colours[colour],
    };
    if (!validation) return;
    panel->curves[panel->count++] = (cupel_curve){
        .label = several ? history->names[history->reported + series] : "validation",
        .values = cupel_history_row(history, history->reported + series),
        .colour = colours[several ? colour : 1],
        .dashed = several,
    };
}

/* Says in one line what the drawing shows, cut to what fits. */
static void add_subtitle(cupel_text *svg, const cupel_history *history, int64_t best, double width)
{
    char line[CUPEL_ERROR_TEXT + 160];
    char number[CUPEL_NUMBER_TEXT];
    int length = snprintf(line, sizeof line, "%" PRId64 " epoch%s", history->epochs,
                          history->epochs == 1 ? "" : "s");
    if (best >= 0 && best < history->epochs) {
        const int64_t series = judged(history);
        const double value = cupel_history_row(history, series)[best];
        length += snprintf(line + length, sizeof line - (size_t)length,
                           ", the best by %s is epoch %" PRId64 " (%s)", history->names[series],
                           history->first_epoch + best + 1, cupel_format_double(value, 4, number));
    }
    if (history->reason[0] != '\0') {
        snprintf(line + length, sizeof line - (size_t)length, "; %s", history->reason);
    }
    const size_t most = (size_t)(width / 6.5);
    if (strlen(line) > most) memcpy(line + most - 3, "...", 4);
    cupel_plot_label(svg, PANEL_LEFT, 52, "fill=\"#555555\"", line);
}

void cupel_plot_draw(cupel_text *svg, const cupel_history *history)
{
    const int64_t best = best_epoch(history);
    const int64_t metrics = history->reported - 1;
    const int64_t panels = metrics > 0 ? 2 : 1;
    const int64_t across = panels == 1 ? LONE_PANEL_WIDTH : PANEL_WIDTH;
    int64_t rows = 1;
    cupel_panel panel[2];
    for (int64_t i = 0; i < panels; i++) {
        const double left = PANEL_LEFT + (double)i * PANEL_STRIDE;
        panel[i] = (cupel_panel){
            .title = i == 0         ? "loss"
                     : metrics == 1 ? history->names[1]
                                    : "metrics",
            .epochs = history->epochs,
            .first_epoch = history->first_epoch + 1,
            .best = best,
            .left = left,
            .right = left + (double)across,
        };
        const int64_t last = i == 0 ? 0 : metrics;
        for (int64_t k = i; k <= last; k++)
            add_curves(&panel[i], history, k, last > 1);
        const int64_t needed = cupel_panel_legend_rows(&panel[i]);
        if (needed > rows) rows = needed;
    }
    const int64_t top = HEADER + CUPEL_LEGEND_ROW * rows + 28;
    const int64_t height = top + PANEL_HEIGHT + FOOTER;
    const int64_t width = (panels - 1) * PANEL_STRIDE + PANEL_LEFT + across + RIGHT_EDGE;
    cupel_text_add(svg,
                   "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                   "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%" PRId64
                   "\" height=\"%" PRId64 "\" viewBox=\"0 0 %" PRId64 " %" PRId64
                   "\" role=\"img\" font-family=\"sans-serif\" font-size=\"12\">\n"
                   "<title>Training history</title>\n"
                   "<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n",
                   width, height, width, height);
    cupel_plot_label(svg, PANEL_LEFT, 32, "fill=\"#222222\" font-size=\"18\" font-weight=\"bold\"",
                     "Training history");
    add_subtitle(svg, history, best, (double)(width - PANEL_LEFT - RIGHT_EDGE));
    for (int64_t i = 0; i < panels; i++) {
        panel[i].legend_rows = rows;
        panel[i].top = (double)top;
        panel[i].bottom = (double)(top + PANEL_HEIGHT);
        cupel_panel_draw(svg, &panel[i]);
    }
    cupel_text_add(svg, "</svg>\n");
}

cupel_status cupel_history_plot(const cupel_history *history, const char *path)
{
    CUPEL_REQUIRE(history);
    CUPEL_REQUIRE(path);
    cupel_text svg = {0};
    cupel_writer *writer = NULL;
    cupel_plot_draw(&svg, history);
    cupel_status status = svg.status;
    if (status == CUPEL_OK) status = cupel_writer_open(path, &writer);
    if (status == CUPEL_OK) {
        status = cupel_writer_write(writer, svg.bytes, svg.length);
        if (status == CUPEL_OK)
            status = cupel_writer_commit(writer);
        else
            cupel_writer_abandon(writer);
    }
    cupel_text_free(&svg);
    return status;
}
