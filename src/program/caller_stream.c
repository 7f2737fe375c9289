/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The stream of a CUDA program, which this file, as all of src, knows by its address alone. */
#include "program/model.h"
#include <cupel/cuda.h>

static cupel_status set_stream(cupel_model *model, void *stream)
{
    const cupel_backend *backend = model->device->backend;
    CUPEL_FAIL_IF(backend->use_stream == NULL, CUPEL_ERROR_UNSUPPORTED,
                  "cupel_model_set_stream: the device \"%s\" has no streams", model->device->name);
    CUPEL_FAIL_IF(model->fitting, CUPEL_ERROR_STATE, "cupel_model_set_stream: fit is running");
    if (model->program != NULL) CUPEL_TRY(backend->use_stream(&model->program->queue, stream));
    model->stream = stream;
    return CUPEL_OK;
}

cupel_status cupel_model_set_stream(cupel_model *model, void *stream)
{
    CUPEL_REQUIRE(model);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = set_stream(model, stream);
    cupel_model_leave(model);
    return status;
}
