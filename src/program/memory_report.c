/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The memory plan of a model, without taking any of it. */
#include "program/report.h"

cupel_status cupel_report_program(const cupel_model *model, cupel_program **own,
                                  const cupel_program **program)
{
    *own = NULL;
    *program = model->program;
    if (model->program != NULL) return CUPEL_OK;
    CUPEL_FAIL_IF(model->network.node_count == 0, CUPEL_ERROR_STATE, "the model has no layers");
    cupel_settings settings;
    const cupel_compile_config inference = {.loss = CUPEL_LOSS_NONE};
    CUPEL_TRY(cupel_settings_resolve(&inference, &model->network, model->device, &settings));
    CUPEL_TRY(
        cupel_program_create(&model->network, model->device, &settings, model->seed, own));
    *program = *own;
    return CUPEL_OK;
}

cupel_status cupel_model_memory(const cupel_model *model, int64_t batch, cupel_memory *memory)
{
    CUPEL_REQUIRE(memory);
    *memory = (cupel_memory){0};
    CUPEL_REQUIRE(model);
    CUPEL_FAIL_IF(batch < 1, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_memory: batch is %lld, expected at least 1", (long long)batch);
    /* That a call is running is all that changes. */
    cupel_model *used = (cupel_model *)model;
    CUPEL_TRY(cupel_model_enter(used, __func__));
    cupel_program *own = NULL;
    const cupel_program *program = NULL;
    cupel_status status = cupel_report_program(model, &own, &program);
    if (status == CUPEL_OK) status = cupel_program_memory(program, batch, memory);
    cupel_program_free(own);
    cupel_model_leave(used);
    return status;
}
