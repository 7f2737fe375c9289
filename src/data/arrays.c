/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A data set around arrays that the caller keeps. */
#include "base/status.h"
#include "data/check.h"
#include "data/dataset.h"

static cupel_status fill_in(cupel_dataset *dataset, const cupel_arrays *arrays)
{
    dataset->rows = arrays->rows;
    dataset->x_shape = arrays->x_shape;
    dataset->y_shape = arrays->y_shape;
    dataset->x_type = arrays->x_type;
    dataset->y_type = arrays->y_type;
    dataset->has_y = arrays->y != NULL;
    dataset->scale = arrays->scale;
    dataset->allow_nan = arrays->allow_nan;
    dataset->x = arrays->x;
    dataset->y = arrays->y;
    dataset->weights = arrays->sample_weight;
    CUPEL_TRY(cupel_dataset_describe(dataset, "cupel_arrays"));
    if (arrays->sample_weight == NULL) return CUPEL_OK;
    return cupel_check_weights(arrays->sample_weight, arrays->rows, NULL);
}

cupel_status cupel_dataset_from_arrays(const cupel_arrays *arrays, cupel_dataset **dataset)
{
    CUPEL_REQUIRE(dataset);
    *dataset = NULL;
    CUPEL_REQUIRE(arrays);
    CUPEL_REQUIRE(arrays->x);
    cupel_dataset *made = NULL;
    CUPEL_TRY(cupel_dataset_make(&made));
    const cupel_status status = fill_in(made, arrays);
    if (status != CUPEL_OK) {
        cupel_dataset_release(made);
        return status;
    }
    *dataset = made;
    return CUPEL_OK;
}
