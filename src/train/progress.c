/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The progress bar. */
#define _POSIX_C_SOURCE 200809L
#include "train/progress.h"

#include "base/number.h"
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define BAR 24
/* A bar that the terminal leaves less room for than this says nothing: it is left out. */
#define LEAST_BAR 4
#define LINE_ROOM 2048
#define REDRAW_SECONDS 0.1
#define USUAL_WIDTH 80

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int64_t width_of(int terminal)
{
#if defined(TIOCGWINSZ)
    struct winsize size;
    if (ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
#else
    (void)terminal;
#endif
    return USUAL_WIDTH;
}

void cupel_progress_init(cupel_progress *progress, FILE *file, int64_t epochs, int64_t rows)
{
    *progress = (cupel_progress){.file = file, .epochs = epochs, .rows = rows};
    if (file == NULL) return;
    const int descriptor = fileno(file);
    progress->terminal = descriptor >= 0 && isatty(descriptor) == 1;
    if (progress->terminal) progress->width = width_of(descriptor);
}

void cupel_progress_epoch(cupel_progress *progress, int64_t epoch)
{
    progress->epoch = epoch;
    progress->began = now();
    progress->ended = 0;
    progress->drawn = progress->began;
}

bool cupel_progress_due(cupel_progress *progress)
{
    return progress->file != NULL && progress->terminal &&
           now() - progress->drawn >= REDRAW_SECONDS;
}

/* A line being written; what does not fit is left out. */
typedef struct line {
    char text[LINE_ROOM];
    size_t length;
} line;

static void add(line *to, const char *text)
{
    size_t length = strlen(text);
    if (length > LINE_ROOM - 1 - to->length) length = LINE_ROOM - 1 - to->length;
    memcpy(to->text + to->length, text, length);
    to->length += length;
    to->text[to->length] = '\0';
}

/* Four decimals as long as they say something, so that the columns of the line stand still. */
static void add_value(line *to, double value)
{
    char text[64];
    const double size = fabs(value);
    if (value == 0 || (size >= 0.001 && size < 1e6)) {
        const int64_t scaled = llround(size * 1e4);
        snprintf(text, sizeof text, "%s%" PRId64 ".%04" PRId64, value < 0 ? "-" : "",
                 scaled / 10000, scaled % 10000);
    } else {
        char number[CUPEL_NUMBER_TEXT];
        snprintf(text, sizeof text, "%s", cupel_format_double(value, 4, number));
    }
    add(to, text);
}

/* "950", "18.7k", "1.20M" samples a second: three digits, so that the line stands still. */
static void add_rate(line *to, double rate)
{
    static const char *const suffixes[] = {"", "k", "M", "G"};
    size_t suffix = 0;
    for (; rate >= 999.5 && suffix < 3; suffix++)
        rate /= 1000;
    const int decimals = suffix == 0 || rate >= 99.95 ? 0 : rate >= 9.995 ? 1 : 2;
    const int64_t unit = decimals == 0 ? 1 : decimals == 1 ? 10 : 100;
    const int64_t scaled = llround(fmin(rate, 1e9) * (double)unit);
    char text[64];
    int length = snprintf(text, sizeof text, "%" PRId64, scaled / unit);
    if (decimals > 0) {
        length += snprintf(text + length, sizeof text - (size_t)length, ".%0*" PRId64, decimals,
                           scaled % unit);
    }
    snprintf(text + length, sizeof text - (size_t)length, "%s samples/s", suffixes[suffix]);
    add(to, text);
}

/* "0:07", "12:00", "1:02:03". */
static void add_time(line *to, double seconds)
{
    char text[64];
    const int64_t whole = seconds < 3.6e8 ? llround(seconds) : INT64_C(360000000);
    const int64_t hours = whole / 3600;
    if (hours > 0) {
        snprintf(text, sizeof text, "%" PRId64 ":%02" PRId64 ":%02" PRId64, hours, whole / 60 % 60,
                 whole % 60);
    } else {
        snprintf(text, sizeof text, "%" PRId64 ":%02" PRId64, whole / 60, whole % 60);
    }
    add(to, text);
}

/* "3.2 s", or as a time once that is a minute. */
static void add_duration(line *to, double seconds)
{
    if (seconds >= 59.95) {
        add_time(to, seconds);
        return;
    }
    char text[64];
    const int64_t tenths = llround(seconds * 10);
    snprintf(text, sizeof text, "%" PRId64 ".%" PRId64 " s", tenths / 10, tenths % 10);
    add(to, text);
}

static void add_epoch(line *to, const cupel_progress *progress)
{
    char last[32];
    char text[96];
    const int digits = snprintf(last, sizeof last, "%" PRId64, progress->epochs);
    snprintf(text, sizeof text, "epoch %*" PRId64 "/%s", digits, progress->epoch + 1, last);
    add(to, text);
}

static void add_values(line *to, const cupel_progress_values *values)
{
    for (int64_t i = 0; i < values->count; i++) {
        add(to, "  ");
        add(to, values->names[i]);
        add(to, " ");
        add_value(to, values->values[i]);
    }
}

/* Over the line that stands there; blanks cover what was longer. */
static void draw(cupel_progress *progress, line *text, bool finished)
{
    const int64_t most = progress->width > 1 ? progress->width - 1 : 1;
    if (!finished && (int64_t)text->length > most) text->length = (size_t)most;
    const int64_t length = (int64_t)text->length;
    if (progress->terminal) fputs("\r", progress->file);
    fwrite(text->text, 1, text->length, progress->file);
    for (int64_t i = length; i < progress->length; i++)
        fputs(" ", progress->file);
    if (finished) fputs("\n", progress->file);
    fflush(progress->file);
    progress->length = finished ? 0 : length;
}

/* " [====>...]", as long as it may be and room allows. */
static void add_bar(line *to, double share, int64_t room)
{
    const int64_t length = room - 3 < BAR ? room - 3 : BAR;
    if (length < LEAST_BAR) return;
    char bar[BAR + 1];
    const int64_t done = (int64_t)(share * (double)length);
    for (int64_t i = 0; i < length; i++)
        bar[i] = i < done ? '=' : i == done ? '>' : '.';
    bar[length] = '\0';
    add(to, " [");
    add(to, bar);
    add(to, "]");
}

void cupel_progress_step(cupel_progress *progress, int64_t rows,
                         const cupel_progress_values *values)
{
    if (progress->file == NULL || !progress->terminal) return;
    line text = {.length = 0};
    line numbers = {.length = 0};
    progress->drawn = now();
    const double seconds = progress->drawn - progress->began;
    if (seconds > 0 && rows > 0) {
        add(&numbers, "  ");
        add_rate(&numbers, (double)rows / seconds);
        add(&numbers, "  ");
        add_time(&numbers, seconds / (double)rows * (double)(progress->rows - rows));
        add(&numbers, " left");
    }
    add_values(&numbers, values);
    add_epoch(&text, progress);
    /* The bar takes what the numbers leave. */
    add_bar(&text, (double)rows / (double)progress->rows,
            progress->width - 1 - (int64_t)(text.length + numbers.length));
    add(&text, numbers.text);
    draw(progress, &text, false);
}

void cupel_progress_trained(cupel_progress *progress)
{
    progress->ended = now();
}

void cupel_progress_epoch_end(cupel_progress *progress, const cupel_progress_values *values)
{
    if (progress->file == NULL) return;
    line text = {.length = 0};
    const double end = now();
    const double trained = (progress->ended > 0 ? progress->ended : end) - progress->began;
    add_epoch(&text, progress);
    add(&text, "  ");
    add_duration(&text, end - progress->began);
    if (trained > 0) {
        add(&text, "  ");
        add_rate(&text, (double)progress->rows / trained);
    }
    add_values(&text, values);
    draw(progress, &text, true);
}

void cupel_progress_end(cupel_progress *progress)
{
    if (progress->file == NULL || progress->length == 0) return;
    fputs("\n", progress->file);
    fflush(progress->file);
    progress->length = 0;
}
