/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Predictions for samples in host memory. */
#include "base/shape.h"
#include "program/model.h"

/* A model that has seen no larger batch takes this many samples at a time: enough to keep a device
 * busy, little enough that predicting a whole data set does not need memory for all of it. */
#define PREDICT_ROWS 1024

static cupel_status predict(cupel_model *model, const void *x, int64_t rows, void *out)
{
    cupel_feed feed;
    CUPEL_TRY(cupel_model_ready(model));
    CUPEL_TRY(cupel_model_feed(model, x, NULL, rows, &feed));
    cupel_program *program = model->program;
    const int64_t in_bytes =
        cupel_shape_count(cupel_network_input(&model->network)) * program->acc_size;
    const int64_t out_bytes =
        cupel_shape_count(cupel_network_output(&model->network)) * program->acc_size;
    const int64_t most = program->infer_rows > PREDICT_ROWS ? program->infer_rows : PREDICT_ROWS;
    for (int64_t done = 0; done < rows; done += feed.rows) {
        feed.rows = rows - done < most ? rows - done : most;
        feed.x = (const unsigned char *)x + done * in_bytes;
        CUPEL_TRY(cupel_program_run(program, CUPEL_SEGMENT_PREDICT, &feed));
        CUPEL_TRY(cupel_program_output(program, feed.rows, (unsigned char *)out + done * out_bytes));
    }
    return CUPEL_OK;
}

cupel_status cupel_model_predict(cupel_model *model, const void *x, int64_t rows, void *out)
{
    CUPEL_REQUIRE(model);
    CUPEL_FAIL_IF(rows < 0, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_predict: rows is %lld, expected at least 0", (long long)rows);
    if (rows == 0) return CUPEL_OK;
    CUPEL_REQUIRE(x);
    CUPEL_REQUIRE(out);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = predict(model, x, rows, out);
    cupel_model_leave(model);
    return status;
}
