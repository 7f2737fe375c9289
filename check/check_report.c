/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "check_report.h"

#include "base/number.h"
#include <inttypes.h>
#include <math.h>

void check_report_begin(check_report *report, FILE *out, FILE *json, bool verbose,
                        const char *device)
{
    *report = (check_report){.out = out, .json = json, .verbose = verbose, .device = device};
    fprintf(out, "cupel-check on %s\n", device);
    if (json != NULL) fputs("[", json);
}

static void print_result(FILE *out, const char *name, const char *dtype, const char *text,
                         const check_result *r)
{
    fprintf(out, "%-24s %-9s %s\n", name, dtype, text);
    fprintf(out, "    ");
    if (r->message[0] != '\0') {
        fprintf(out, "%s", r->message);
    } else {
        fprintf(out, "%s[%" PRId64 "] is %.9g, reference %.9g: error %.2g, limit %.2g", r->tensor,
                r->element, r->got, r->expected, r->error, r->limit);
        if (r->nmse >= 0) fprintf(out, "; nmse %.2g, limit %.2g", r->nmse, r->nmse_limit);
    }
    fprintf(out, ": %s\n", r->passed ? "ok" : "FAILED");
}

/* A JSON number; what JSON has no number for is null. */
static void print_number(FILE *json, const char *name, double value)
{
    char text[CUPEL_NUMBER_TEXT];
    fprintf(json, ", \"%s\": %s", name,
            isfinite(value) ? cupel_format_double(value, 9, text) : "null");
}

static void print_json(check_report *report, const char *name, const char *dtype, const char *text,
                       const check_result *r)
{
    FILE *json = report->json;
    fprintf(json, "%s\n {\"op\": \"%s\", \"dtype\": \"%s\", \"case\": \"%s\", \"tensor\": \"%s\"",
            report->cases > 0 ? "," : "", name, dtype, text, r->tensor);
    print_number(json, "error", r->error);
    print_number(json, "limit", r->limit);
    print_number(json, "nmse", r->nmse >= 0 ? r->nmse : NAN);
    print_number(json, "nmse_limit", r->nmse >= 0 ? r->nmse_limit : NAN);
    fprintf(json, ", \"passed\": %s}", r->passed ? "true" : "false");
}

void check_report_case(check_report *report, const char *name, const char *dtype, const char *text,
                       const check_result *result)
{
    if (report->json != NULL) print_json(report, name, dtype, text, result);
    if (report->verbose || !result->passed) print_result(report->out, name, dtype, text, result);
    if (report->own_cases == 0 || result->share > report->worst.share) {
        report->worst = *result;
        snprintf(report->worst_text, sizeof report->worst_text, "%s", text);
    }
    report->cases++;
    report->own_cases++;
    report->failed += !result->passed;
    report->own_failed += !result->passed;
}

void check_report_end_of(check_report *report, const char *name, const char *dtype)
{
    const check_result *r = &report->worst;
    fprintf(report->out, "%-24s %-9s %4" PRId64 " cases, ", name, dtype, report->own_cases);
    if (report->own_failed > 0) {
        fprintf(report->out, "%" PRId64 " FAILED\n", report->own_failed);
    } else {
        fprintf(report->out, "ok; closest: %s, error %.2g, limit %.2g", r->tensor, r->error,
                r->limit);
        if (r->nmse >= 0) fprintf(report->out, ", nmse %.2g, limit %.2g", r->nmse, r->nmse_limit);
        fprintf(report->out, " at %s\n", report->worst_text);
    }
    fflush(report->out);
    report->own_cases = 0;
    report->own_failed = 0;
}

void check_report_mistake(check_report *report, const char *op, const char *text)
{
    fprintf(report->out, "%-24s %s: FAILED\n", op, text);
    report->failed++;
}

bool check_report_end(check_report *report)
{
    fprintf(report->out, "%" PRId64 " cases, %" PRId64 " failed\n", report->cases, report->failed);
    if (report->json == NULL) return true;
    fputs("\n]\n", report->json);
    const bool written = ferror(report->json) == 0;
    return fclose(report->json) == 0 && written;
}
