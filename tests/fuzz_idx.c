/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Any bytes as an IDX file, plain or gzip. What is accepted holds as many bytes as its shape says.
 */
#include "data/dataset.h"
#include "fuzz_file.h"

#include "base/shape.h"

#include <stdlib.h>

static volatile uint8_t touched;

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    cupel_dataset *data;
    fuzz_file(bytes, count);
    const cupel_status status = cupel_dataset_open_idx("fuzz", NULL, NULL, &data);
    if ((data == NULL) != (status != CUPEL_OK)) abort();
    if (data != NULL) {
        const uint8_t *x = data->x;
        for (int64_t i = 0; i < data->rows * cupel_shape_count(&data->x_shape); i++)
            touched = x[i];
    }
    cupel_dataset_free(data);
    return 0;
}
