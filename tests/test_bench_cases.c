/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The arithmetic of the benchmarks: what a step costs by formula, and rows that are read back. */
#include "calibration.h"
#include "cases.h"
#include "json_rows.h"
#include <criterion/criterion.h>
#include <math.h>

static bench_case read_case(const char *name)
{
    bench_case c;
    cr_assert_eq(bench_read_case(name, &c), 0, "%s", name);
    return c;
}

Test(bench_cases, reads_names)
{
    const bench_case c = read_case("784-512-512-10@1024");
    cr_expect_eq(c.layers, 3);
    cr_expect_eq(c.widths[0], 784);
    cr_expect_eq(c.widths[3], 10);
    cr_expect_eq(c.batch, 1024);
    cr_expect_eq(c.regression, 0);
    cr_expect_eq(bench_parameters(&c), 784 * 512 + 512 + 512 * 512 + 512 + 512 * 10 + 10);
    cr_expect_eq(bench_kernels(&c), 11);
    cr_expect_neq(read_case("16-1024@8").regression, 0);
}

Test(bench_cases, refuses_what_is_none)
{
    static const char *const names[] = {"",       "784",      "784@",     "@4",       "784@4",
                                        "8-4@0",  "8-4@4x",   "8--4@4",   "8-0@4",    "8x4@4",
                                        "8-4-@4", "8-4@4@4 ", "1-1-1-1-1-1-1-1-1@4"};
    bench_case c;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        cr_expect_neq(bench_read_case(names[i], &c), 0, "\"%s\" was read", names[i]);
}

Test(bench_cases, every_list_can_be_read)
{
    for (const char *const *name = bench_cpu_cases; *name != NULL; name++) read_case(*name);
    for (const char *const *name = bench_cuda_cases; *name != NULL; name++) read_case(*name);
}

/* By hand, from the widths. */
Test(bench_cases, counts_operations_and_bytes)
{
    const bench_case c = read_case("3-5-2@7");
    const double weights = 3 * 5 + 5 * 2;
    cr_expect_float_eq(bench_flops(&c), 6 * 7 * weights - 2 * 7 * 15, 1e-9);
    const double parameters = 15 + 5 + 10 + 2;
    const double activations = 7 * (3 * (3 + 2 * 5 + 2) - (3 + 5) + 2 * 2);
    const double rest = 7 * 5 / 4.0 + 4 * 7;
    cr_expect_float_eq(bench_bytes(&c, 4),
                       4 * activations + rest + 4 * weights + 4 * (weights - 15) + 32 * parameters,
                       1e-9);
    cr_expect_float_eq(bench_bytes(&c, 2),
                       2 * activations + rest + 2 * weights + 2 * (weights - 15) + 34 * parameters,
                       1e-9);
}

static void add(bench_rows *rows, const char *name, const char *compute, double us, double bytes,
                double flops)
{
    const bench_row row = {.bench = "calibrate",
                           .name = name,
                           .impl = "cuda",
                           .device = "a card of \"ours\"",
                           .compute = compute,
                           .times = {.median = us, .samples = 1, .calls = 1},
                           .bytes = bytes,
                           .flops = flops};
    bench_rows_add(rows, &row);
}

Test(bench_cases, rows_are_read_back)
{
    bench_rows rows;
    bench_calibration c;
    cr_assert_eq(bench_rows_open(&rows, "calibrate.json"), 0);
    add(&rows, "copy", NULL, 1000, 3e9, 0);
    add(&rows, "triad", NULL, 1000, 4e9, 0);
    add(&rows, "graph launch", NULL, 2.5, 0, 0);
    add(&rows, "graph node", NULL, 1.5, 0, 0);
    add(&rows, "gemm TN 8192x8192x8192", "bfloat16", 1000, 0, 7e11);
    add(&rows, "gemm NN 8192x8192x8192", "bfloat16", 1000, 0, 8e11);
    add(&rows, "gemm NN 8192x8192x8192", "tf32", 1000, 0, 4e11);
    cr_assert_eq(bench_rows_close(&rows), 0);
    cr_assert_eq(bench_read_calibration("calibrate.json", &c), 0);
    cr_expect_float_eq(c.copy, 3e12, 1e6);
    cr_expect_float_eq(c.launch_us, 2.5, 1e-9);
    cr_expect_float_eq(c.node_us, 1.5, 1e-9);
    cr_expect_float_eq(bench_peak(&c, "bfloat16"), 8e14, 1e8);
    cr_expect_float_eq(bench_peak(&c, "tf32"), 4e14, 1e8);
    cr_expect_eq(bench_peak(&c, "float32"), 0);
}

Test(bench_cases, a_file_without_a_copy_is_no_calibration)
{
    bench_rows rows;
    bench_calibration c;
    cr_assert_eq(bench_rows_open(&rows, "empty.json"), 0);
    cr_assert_eq(bench_rows_close(&rows), 0);
    cr_expect_neq(bench_read_calibration("empty.json", &c), 0);
    cr_expect_neq(bench_read_calibration("nowhere.json", &c), 0);
    cr_expect_eq(bench_read_calibration(NULL, &c), 0);
}

Test(bench_cases, times_are_summarised)
{
    double samples[] = {5, 1, 4, 2, 3, 9, 8, 7, 6, 100};
    bench_times times;
    bench_summarise(samples, 10, 4, &times);
    cr_expect_float_eq(times.median, 6, 1e-12);
    cr_expect_float_eq(times.best, 1, 1e-12);
    cr_expect_float_eq(times.mad, 3, 1e-12);
    cr_expect_eq(times.samples, 10);
    cr_expect_eq(times.calls, 4);
    bench_divide(&times, 2);
    cr_expect_float_eq(times.median, 3, 1e-12);
}
