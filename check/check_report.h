/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Prints results for people, and as JSON. */
#ifndef CUPEL_CHECK_REPORT_H
#define CUPEL_CHECK_REPORT_H

#include "case_result.h"
#include <stdio.h>

typedef struct check_report {
    FILE *out;    /* for people */
    FILE *json;   /* or NULL */
    bool verbose; /* a line for every case, else one for each op and type, and for what failed */
    const char *device;
    int64_t cases;
    int64_t failed;
    /* Of the op or model and type at hand: */
    int64_t own_cases;
    int64_t own_failed;
    check_result worst;
    char worst_text[CHECK_CASE_TEXT];
} check_report;

/* json may be NULL. */
void check_report_begin(check_report *report, FILE *out, FILE *json, bool verbose,
                        const char *device);
/* One case of what is called name: an op or a model. */
void check_report_case(check_report *report, const char *name, const char *dtype, const char *text,
                       const check_result *result);
/* The cases of an op or a model in one type are done. */
void check_report_end_of(check_report *report, const char *name, const char *dtype);
/* What is wrong with the tables. */
void check_report_mistake(check_report *report, const char *op, const char *text);
/* False when the JSON could not be written. */
bool check_report_end(check_report *report);

#endif
