/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Runs every op of a device and some whole models against the CPU device in double. Ends with 0
 * when all is well, 1 when a case failed, 2 when nothing could be checked. */
#define _POSIX_C_SOURCE 200809L
#include "check_device.h"
#include "check_report.h"
#include "model_run.h"

#include <argp.h>
#include <errno.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { FAILED = 1, UNCHECKED = 2 };

typedef struct options {
    const char *device;
    const char *filter;
    const char *json;
    uint64_t seed;
    bool list, verbose, exact;
} options;

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    options *o = state->input;
    char *end = NULL;
    switch (key) {
    case 'l':
        o->list = true;
        return 0;
    case 'f':
        o->filter = arg;
        return 0;
    case 's':
        errno = 0;
        o->seed = strtoull(arg, &end, 10);
        if (*arg < '0' || *arg > '9' || *end != '\0' || errno != 0)
            argp_error(state, "--seed %s: expected a number", arg);
        return 0;
    case 'j':
        o->json = arg;
        return 0;
    case 'v':
        o->verbose = true;
        return 0;
    case 'e':
        o->exact = true;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0) argp_error(state, "one device is checked, not %s as well", arg);
        o->device = arg;
        return 0;
    case ARGP_KEY_END:
        if (o->device == NULL && !o->list) argp_error(state, "which device?");
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

static void parse(int argc, char **argv, options *o)
{
    static const struct argp_option choices[] = {
        {"list", 'l', NULL, 0, "print the cases and run none", 0},
        {"filter", 'f', "NAME", 0, "check the ops and models of that name, which may have * and ?",
         0},
        {"seed", 's', "N", 0, "of the random numbers (default 1)", 0},
        {"json", 'j', "FILE", 0, "write a row for each case", 0},
        {"verbose", 'v', NULL, 0, "print every case", 0},
        {"exact", 'e', NULL, 0,
         "no guard behind a tensor: for a checker of memory, which then sees what is read there",
         0},
        {0}};
    const struct argp parser = {
        choices,
        parse_option,
        "DEVICE",
        "Runs every op and some models on a device, cpu, cuda or cuda:N, against the CPU in "
        "float64.\v"
        "Ends with 0 when all is well, 1 when a case failed, 2 when nothing could be checked.",
        NULL,
        NULL,
        NULL};
    *o = (options){.seed = 1};
    argp_err_exit_status = UNCHECKED;
    argp_parse(&parser, argc, argv, 0, NULL, o);
}

static bool chosen(const options *o, const char *name)
{
    return o->filter == NULL || fnmatch(o->filter, name, 0) == 0;
}

/* What is wrong with the op's cases as such, or NULL. */
static const char *mistake(cupel_op op)
{
    const check_op *cases = check_find_op(op);
    int shapes = 0;
    if (cases == NULL) return "no case";
    while (cases->shapes[shapes] != NULL)
        shapes++;
    return shapes < CHECK_LEAST_SHAPES ? "too few shapes" : NULL;
}

static void list(const options *o)
{
    for (cupel_op op = 0; op < CUPEL_OP_COUNT; op++) {
        if (!chosen(o, check_rows[op].name) || check_find_op(op) == NULL) continue;
        for (int i = 0; i < check_count_cases(op); i++) {
            char text[CHECK_CASE_TEXT];
            check_write_case(op, i, text);
            printf("%s %s\n", check_rows[op].name, text);
        }
    }
    for (int i = 0; i < CHECK_MODELS; i++) {
        check_model model;
        check_write_model(i, &model);
        for (check_part part = 0; chosen(o, model.name) && part < CHECK_PARTS; part++)
            printf("%s %s\n", model.name, check_part_names[part]);
    }
}

static cupel_status check_op_on(const check_target *target, const check_target *reference,
                                cupel_op op, uint64_t seed, check_report *report)
{
    for (int i = 0; i < check_count_cases(op); i++) {
        char text[CHECK_CASE_TEXT];
        check_case c;
        check_result result;
        check_write_case(op, i, text);
        CUPEL_TRY(check_read_case(op, text, &c));
        CUPEL_TRY(check_run_case(target, reference, &c, seed, &result));
        check_report_case(report, check_rows[op].name, check_table_names[target->table], c.text,
                          &result);
    }
    check_report_end_of(report, check_rows[op].name, check_table_names[target->table]);
    return CUPEL_OK;
}

static cupel_status check_ops(const options *o, cupel_device *device, cupel_device *cpu,
                              check_report *report)
{
    const check_target reference = {.device = cpu,
                                    .ops = check_table_of(cpu, CHECK_FLOAT64),
                                    .table = CHECK_FLOAT64,
                                    .exact = true};
    for (cupel_op op = 0; op < CUPEL_OP_COUNT; op++) {
        if (!chosen(o, check_rows[op].name)) continue;
        if (mistake(op) != NULL) {
            check_report_mistake(report, check_rows[op].name, mistake(op));
            continue;
        }
        for (check_table table = 0; table < CHECK_TABLES; table++) {
            const check_target target = {.device = device,
                                         .ops = check_table_of(device, table),
                                         .table = table,
                                         .exact = o->exact,
                                         .twice = true};
            if (target.ops != NULL)
                CUPEL_TRY(check_op_on(&target, &reference, op, o->seed, report));
        }
    }
    return CUPEL_OK;
}

static cupel_status check_models(const options *o, cupel_device *device, cupel_device *cpu,
                                 check_report *report)
{
    for (int i = 0; i < CHECK_MODELS; i++) {
        check_model model;
        check_write_model(i, &model);
        if (!chosen(o, model.name)) continue;
        for (int p = 0; p < CHECK_MODEL_PRECISIONS; p++) {
            const check_model_gates *gates = &check_model_gate[p];
            check_model_result result;
            if (!check_in_precision(device, gates->precision)) continue;
            if (gates->precision != CUPEL_PRECISION_FLOAT32 && model.kinks) continue;
            CUPEL_TRY(check_run_model(&model, device, gates, cpu, o->seed, &result));
            for (check_part part = 0; part < CHECK_PARTS; part++)
                check_report_case(report, model.name, gates->name, check_part_names[part],
                                  &result.part[part]);
            check_report_end_of(report, model.name, gates->name);
        }
    }
    return CUPEL_OK;
}

static int complain(void)
{
    fprintf(stderr, "cupel-check: %s\n", cupel_last_error());
    return UNCHECKED;
}

static int check(const options *o, cupel_device *device, cupel_device *cpu)
{
    FILE *json = NULL;
    check_report report;
    if (o->json != NULL) {
        json = fopen(o->json, "w");
        if (json == NULL) {
            fprintf(stderr, "cupel-check: %s: %s\n", o->json, strerror(errno));
            return UNCHECKED;
        }
    }
    check_report_begin(&report, stdout, json, o->verbose, cupel_device_name(device));
    cupel_status status = check_ops(o, device, cpu, &report);
    if (status == CUPEL_OK) status = check_models(o, device, cpu, &report);
    const bool written = check_report_end(&report);
    if (status != CUPEL_OK) return complain();
    if (!written) fprintf(stderr, "cupel-check: %s could not be written\n", o->json);
    if (report.cases + report.failed == 0) {
        fprintf(stderr, "cupel-check: no op and no model is called %s\n", o->filter);
        return UNCHECKED;
    }
    if (!written) return UNCHECKED;
    return report.failed > 0 ? FAILED : 0;
}

int main(int argc, char **argv)
{
    options o;
    cupel_device *device = NULL, *cpu = NULL;
    parse(argc, argv, &o);
    if (o.list) {
        list(&o);
        return 0;
    }
    if (check_open_device(o.device, &device) != CUPEL_OK) return complain();
    int result = UNCHECKED;
    /* The cases are too small for a team: its threads would wait for each other. */
    if (check_open_device("cpu", &cpu) == CUPEL_OK && cupel_device_set_threads(cpu, 1) == CUPEL_OK)
        result = check(&o, device, cpu);
    else
        complain();
    cupel_device_close(cpu);
    cupel_device_close(device);
    return result;
}
