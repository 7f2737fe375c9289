/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What cuBLASLt really does on a card: which epilogues are part of a product's kernel and which are
 * one of their own behind it, and what the choice of an algorithm by time would gain. */
#include "cuda_parts.h"
#include <string.h>

int main(int argc, char **argv)
{
    static bench_calibrator b;
    bench_parse(argc, argv, "Asks cuBLASLt for fused epilogues and for the best algorithms.",
                &b.options);
    if (cupel_device_open(b.options.device, &b.device) != CUPEL_OK) {
        fprintf(stderr, "bench_lt: %s\n", cupel_last_error());
        return BENCH_NO_DEVICE;
    }
    if (strcmp(b.device->backend->kind, "cpu") == 0) {
        fprintf(stderr, "bench_lt: %s is no card\n", b.device->name);
        cupel_device_close(b.device);
        return BENCH_NO_DEVICE;
    }
    if (bench_rows_open(&b.rows, b.options.json) != 0) return BENCH_FAILED;
    b.x = (cupel_exec){.device = b.device, .queue = &b.device->queue};
    int failed = bench_cuda_lt(&b) != CUPEL_OK;
    if (failed) fprintf(stderr, "bench_lt: %s\n", cupel_last_error());
    cupel_device_close(b.device);
    failed |= bench_rows_close(&b.rows);
    return failed ? BENCH_FAILED : BENCH_DONE;
}
