/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "calibrate.h"

#include "device_measure.h"

cupel_status bench_calibrate(bench_calibrator *b, const bench_probe *probe, const cupel_call *call)
{
    bench_row row = {.bench = "calibrate",
                     .name = probe->name,
                     .impl = probe->impl,
                     .impl_version = cupel_version(),
                     .device = b->device->name,
                     .dtype = probe->dtype,
                     .compute = probe->compute,
                     .bytes = probe->bytes,
                     .flops = probe->flops};
    CUPEL_TRY(bench_device_measure(&b->x, call, b->options.seconds, b->options.steps, &row.times));
    bench_read_machine(b->device, &row.machine);
    if (probe->parts > 1) bench_divide(&row.times, (double)probe->parts);
    const double us = row.times.median;
    printf("%-30s %-9s %-9s %12.3f", probe->name, probe->impl,
           probe->compute != NULL ? probe->compute : "-", us);
    if (probe->bytes > 0) printf(" %10.1f GB/s", probe->bytes / us * 1e-3);
    if (probe->flops > 0) printf(" %10.3f TFLOP/s", probe->flops / us * 1e-6);
    printf("\n");
    fflush(stdout);
    bench_rows_add(&b->rows, &row);
    return CUPEL_OK;
}

void bench_arrays_close(bench_calibrator *b, int64_t elements, void *arrays[3])
{
    for (int i = 0; i < 3; i++) {
        cupel_device_free(b->device, arrays[i], elements * (int64_t)sizeof(float));
        arrays[i] = NULL;
    }
}

cupel_status bench_arrays_open(bench_calibrator *b, int64_t *elements, void *arrays[3])
{
    const int64_t bound = b->options.elements;
    if (bound > 0 && bound < *elements) *elements = bound;
    for (;; *elements /= 2) {
        cupel_status status = CUPEL_OK;
        for (int i = 0; i < 3; i++)
            arrays[i] = NULL;
        for (int i = 0; i < 3 && status == CUPEL_OK; i++)
            status = cupel_device_alloc(b->device, *elements * (int64_t)sizeof(float), &arrays[i]);
        if (status == CUPEL_OK) return status;
        bench_arrays_close(b, *elements, arrays);
        if ((status != CUPEL_ERROR_DEVICE_MEMORY && status != CUPEL_ERROR_MEMORY) || *elements < 2)
            return status;
    }
}
