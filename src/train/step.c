/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One step at a time, for programs with a loop of their own. */
#include "program/model.h"

static cupel_status check_rows(int64_t rows, const char *function)
{
    CUPEL_FAIL_IF(rows < 1, CUPEL_ERROR_ARGUMENT, "%s: rows is %lld, expected at least 1", function,
                  (long long)rows);
    return CUPEL_OK;
}

/* Runs a training segment on host data; *loss where not NULL. */
static cupel_status run(cupel_model *model, cupel_segment segment, const void *x, const void *y,
                        int64_t rows, double *loss)
{
    cupel_feed feed;
    CUPEL_TRY(cupel_model_feed(model, x, y, rows, &feed));
    CUPEL_TRY(cupel_program_run(model->program, segment, &feed));
    return loss != NULL ? cupel_program_loss(model->program, loss) : CUPEL_OK;
}

cupel_status cupel_model_train_batch(cupel_model *model, const void *x, const void *y, int64_t rows,
                                     double *loss)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(x);
    CUPEL_REQUIRE(y);
    CUPEL_TRY(check_rows(rows, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = cupel_model_trainable(model, __func__);
    const cupel_segment segment =
        loss != NULL ? CUPEL_SEGMENT_STEP_LOSS : CUPEL_SEGMENT_STEP;
    if (status == CUPEL_OK) status = run(model, segment, x, y, rows, loss);
    cupel_model_leave(model);
    return status;
}

cupel_status cupel_model_gradients(cupel_model *model, const void *x, const void *y, int64_t rows,
                                   double *loss)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(x);
    CUPEL_REQUIRE(y);
    CUPEL_TRY(check_rows(rows, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = cupel_model_trainable(model, __func__);
    if (status == CUPEL_OK) status = run(model, CUPEL_SEGMENT_GRADIENTS, x, y, rows, loss);
    cupel_model_leave(model);
    return status;
}

static cupel_status apply(cupel_model *model)
{
    CUPEL_TRY(cupel_model_trainable(model, "cupel_model_apply_gradients"));
    CUPEL_FAIL_IF(!model->program->have_gradients, CUPEL_ERROR_STATE,
                  "cupel_model_apply_gradients: there are no gradients yet");
    return cupel_program_run(model->program, CUPEL_SEGMENT_UPDATE, NULL);
}

cupel_status cupel_model_apply_gradients(cupel_model *model)
{
    CUPEL_REQUIRE(model);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = apply(model);
    cupel_model_leave(model);
    return status;
}
