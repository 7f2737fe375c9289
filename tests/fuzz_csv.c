/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as a CSV file. The first byte chooses the config. What is accepted must be whole: every
 * feature finite unless allowed, every class with a name. */
#include "data/dataset.h"
#include "fuzz_file.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

static void check_content(const cupel_dataset *data)
{
    const float *x = data->x;
    for (int64_t i = 0; i < data->rows * data->x_shape.dims[0]; i++) {
        if (!data->allow_nan && !isfinite(x[i])) abort();
    }
    for (int64_t i = 0; data->classes > 0 && i < data->rows; i++) {
        const int32_t label = ((const int32_t *)data->y)[i];
        const char *name;
        if (label < 0 || label >= data->classes) abort();
        if (cupel_dataset_class_name(data, label, &name) != CUPEL_OK || name[0] == '\0') abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    if (count == 0) return 0;
    const char *const names[] = {"a", "b", NULL};
    const cupel_csv_config config = {
        .no_header = bytes[0] & 1,
        .classify = (bytes[0] & 2) != 0,
        .allow_nan = (bytes[0] & 4) != 0,
        .target = (bytes[0] & 8) != 0 ? "0" : NULL,
        .separator = (bytes[0] & 16) != 0 ? ';' : '\0',
        .class_names = (bytes[0] & 34) == 34 ? names : NULL,
    };
    cupel_dataset *data;
    fuzz_file(bytes + 1, count - 1);
    const cupel_status status = cupel_dataset_open_csv("fuzz", &config, &data);
    if ((data == NULL) != (status != CUPEL_OK)) abort();
    if (data != NULL) check_content(data);
    cupel_dataset_free(data);
    return 0;
}
