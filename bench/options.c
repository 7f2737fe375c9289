/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "options.h"

#include <argp.h>
#include <stdlib.h>
#include <string.h>

static int64_t count_of(struct argp_state *state, const char *option, const char *text)
{
    char *end = NULL;
    const long long value = strtoll(text, &end, 10);
    if (*text == '\0' || *end != '\0' || value < 0)
        argp_error(state, "--%s %s: expected a count", option, text);
    return value;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
    bench_options *options = state->input;
    char *end = NULL;
    switch (key) {
    case 'j':
        options->json = arg;
        return 0;
    case 'c':
        options->only = arg;
        return 0;
    case 'd':
        options->dtype = arg;
        return 0;
    case 'i':
        options->input = arg;
        return 0;
    case 'k':
        options->calibration = arg;
        return 0;
    case 's':
        options->seconds = strtod(arg, &end);
        if (*end != '\0' || !(options->seconds > 0)) argp_error(state, "--seconds %s", arg);
        return 0;
    case 'n':
        options->steps = count_of(state, "steps", arg);
        return 0;
    case 'p':
        options->graph = count_of(state, "graph", arg);
        return 0;
    case 't':
        options->threads = count_of(state, "threads", arg);
        return 0;
    case 'e':
        options->elements = count_of(state, "elements", arg);
        return 0;
    case 'g':
        options->gate = 0;
        return 0;
    case ARGP_KEY_ARG:
        if (state->arg_num > 0) argp_error(state, "one device is measured, not %s as well", arg);
        options->device = arg;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

void bench_parse(int argc, char **argv, const char *about, bench_options *options)
{
    static const struct argp_option choices[] = {
        {"json", 'j', "FILE", 0, "write the rows as JSON", 0},
        {"case", 'c', "NAME", 0, "measure one case, or the ops of that name (* and ?)", 0},
        {"dtype", 'd', "TYPE", 0, "measure in one type: float32, tf32, bfloat16, float64", 0},
        {"input", 'i', "KIND", 0, "bench_train: data on the device (tensors) or by fit (fit)", 0},
        {"calibration", 'k', "FILE", 0, "what bench_calibrate wrote, for floors and shares", 0},
        {"seconds", 's', "S", 0, "time for a case (default 3)", 0},
        {"steps", 'n', "N", 0, "so many calls a case and no more", 0},
        {"graph", 'p', "K", 0, "bench_train by fit: K steps at a time (default 1)", 0},
        {"threads", 't', "N", 0, "threads of the CPU device (default: one a core)", 0},
        {"elements", 'e', "N", 0, "of the largest tensor, at most", 0},
        {"no-gate", 'g', NULL, 0, "bench_train: do not compare with the CPU first", 0},
        {0}};
    char text[512];
    strncpy(text, about, sizeof text - 1);
    text[sizeof text - 1] = '\0';
    strncat(
        text,
        "\vDEVICE is cpu, cuda, cuda:N or auto, the default. Ends with 0 when all was measured, 1 "
        "when something failed, 2 when there is no such device.",
        sizeof text - strlen(text) - 1);
    const struct argp parser = {choices, parse_option, "[DEVICE]", text, NULL, NULL, NULL};
    *options = (bench_options){.device = "auto", .seconds = 3, .gate = 1};
    argp_err_exit_status = BENCH_NO_DEVICE;
    argp_parse(&parser, argc, argv, 0, NULL, options);
}

int bench_chosen(const char *choice, const char *name)
{
    return choice == NULL || strcmp(choice, name) == 0;
}
