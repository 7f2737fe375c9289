/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What a machine can do: the peaks and floors that the other benchmarks are measured by. Copies and
 * triads of memory, matrix products by type and layout; on a card also launches and graphs. */
#include "calibrate.h"

#include "cuda_parts.h"
#include <string.h>

static cupel_status calibrate(bench_calibrator *b)
{
    const int on_cpu = strcmp(b->device->backend->kind, "cpu") == 0;
    printf("cupel %s on %s\n", cupel_version(), b->device->name);
    printf("%-30s %-9s %-9s %12s\n", "case", "impl", "compute", "us");
    CUPEL_TRY(on_cpu ? bench_cpu_calibrate(b) : bench_cuda_calibrate(b));
    return bench_calibrate_products(b);
}

int main(int argc, char **argv)
{
    static bench_calibrator b;
    bench_parse(argc, argv, "Measures what a machine can do.", &b.options);
    if (cupel_device_open(b.options.device, &b.device) != CUPEL_OK ||
        cupel_device_set_threads(b.device, b.options.threads) != CUPEL_OK) {
        fprintf(stderr, "bench_calibrate: %s\n", cupel_last_error());
        return BENCH_NO_DEVICE;
    }
    if (bench_rows_open(&b.rows, b.options.json) != 0) return BENCH_FAILED;
    b.x = (cupel_exec){.device = b.device, .queue = &b.device->queue};
    int failed = calibrate(&b) != CUPEL_OK;
    if (failed) fprintf(stderr, "bench_calibrate: %s\n", cupel_last_error());
    cupel_device_close(b.device);
    failed |= bench_rows_close(&b.rows);
    return failed ? BENCH_FAILED : BENCH_DONE;
}
