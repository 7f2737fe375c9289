/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "calibration.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The value behind a key of a line, or NULL. */
static const char *value_of(const char *line, const char *key)
{
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"%s\": ", key);
    const char *at = strstr(line, quoted);
    return at != NULL ? at + strlen(quoted) : NULL;
}

static double number_of(const char *line, const char *key)
{
    const char *value = value_of(line, key);
    return value != NULL ? strtod(value, NULL) : 0; /* null is 0 */
}

static int text_is(const char *line, const char *key, const char *text)
{
    const char *value = value_of(line, key);
    return value != NULL && value[0] == '"' && strncmp(value + 1, text, strlen(text)) == 0;
}

static void keep_largest(double value, double *kept)
{
    if (value > *kept) *kept = value;
}

static void read_line(const char *line, bench_calibration *c)
{
    const double flops = number_of(line, "tflops") * 1e12;
    const double us = number_of(line, "us_median");
    if (!text_is(line, "bench", "calibrate")) return;
    if (text_is(line, "case", "copy")) keep_largest(number_of(line, "gbps") * 1e9, &c->copy);
    if (text_is(line, "case", "graph node")) c->node_us = us;
    if (text_is(line, "case", "graph launch")) c->launch_us = us;
    if (!text_is(line, "case", "gemm")) return;
    if (text_is(line, "compute", "float32")) keep_largest(flops, &c->gemm_float32);
    if (text_is(line, "compute", "tf32")) keep_largest(flops, &c->gemm_tf32);
    if (text_is(line, "compute", "bfloat16")) keep_largest(flops, &c->gemm_bfloat16);
    if (text_is(line, "compute", "float64")) keep_largest(flops, &c->gemm_float64);
}

int bench_read_calibration(const char *path, bench_calibration *calibration)
{
    static char line[4096];
    *calibration = (bench_calibration){0};
    if (path == NULL) return 0;
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        perror(path);
        return 1;
    }
    while (fgets(line, sizeof line, file) != NULL)
        read_line(line, calibration);
    fclose(file);
    if (calibration->copy > 0) return 0;
    fprintf(stderr, "%s: no copy in it, which bench_calibrate writes\n", path);
    return 1;
}

double bench_peak(const bench_calibration *calibration, const char *compute)
{
    if (strcmp(compute, "tf32") == 0) return calibration->gemm_tf32;
    if (strcmp(compute, "bfloat16") == 0) return calibration->gemm_bfloat16;
    if (strcmp(compute, "float64") == 0) return calibration->gemm_float64;
    return calibration->gemm_float32;
}

double bench_spec_peak(const char *device, const char *compute)
{
    /* NVIDIA's data sheets of the SXM cards, without sparsity. */
    static const struct {
        const char *card;
        double float32, tf32, bfloat16, float64;
    } cards[] = {{"H100", 67e12, 494.7e12, 989.4e12, 67e12},
                 {"H200", 67e12, 494.7e12, 989.4e12, 67e12},
                 {"A100", 19.5e12, 156e12, 312e12, 19.5e12}};
    for (size_t i = 0; i < sizeof cards / sizeof cards[0]; i++) {
        if (strstr(device, cards[i].card) == NULL) continue;
        const bench_calibration peaks = {.gemm_float32 = cards[i].float32,
                                         .gemm_tf32 = cards[i].tf32,
                                         .gemm_bfloat16 = cards[i].bfloat16,
                                         .gemm_float64 = cards[i].float64};
        return bench_peak(&peaks, compute);
    }
    return 0;
}
