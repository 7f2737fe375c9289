/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The life of a model: layers are added, it is compiled, used and freed. */
#include "program/model.h"

#include "base/memory.h"
#include "base/shape.h"
#include <cupel/cupel.h>
#include <math.h>

cupel_status cupel_model_create(cupel_device *device, const cupel_model_config *config,
                                cupel_model **model)
{
    CUPEL_REQUIRE(model);
    *model = NULL;
    CUPEL_REQUIRE(device);
    CUPEL_REQUIRE(config);
    CUPEL_FAIL_IF(config->input_shape.rank == 0, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_create: .input_shape is not given");
    CUPEL_TRY(cupel_shape_check(&config->input_shape, "cupel_model_create: .input_shape"));
    cupel_model *m = cupel_alloc(1, sizeof *m);
    if (m == NULL) return CUPEL_ERROR_MEMORY;
    const cupel_status status = cupel_network_init(&m->network, &config->input_shape);
    if (status != CUPEL_OK) {
        cupel_free(m);
        return status;
    }
    cupel_device_retain(device);
    m->device = device;
    m->seed = config->seed;
    cupel_handle_opened();
    *model = m;
    return CUPEL_OK;
}

void cupel_model_free(cupel_model *model)
{
    if (model == NULL) return;
    cupel_program_free(model->program);
    cupel_network_free(&model->network);
    cupel_device_release(model->device);
    cupel_free(model);
    cupel_handle_closed();
}

cupel_status cupel_model_enter(cupel_model *model, const char *function)
{
    CUPEL_FAIL_IF(atomic_exchange(&model->busy, true), CUPEL_ERROR_STATE,
                  "%s: the model is in use by another call", function);
    return CUPEL_OK;
}

void cupel_model_leave(cupel_model *model)
{
    model->busy = false;
}

cupel_status cupel_model_add(cupel_model *model, cupel_layer layer)
{
    CUPEL_REQUIRE(model);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = CUPEL_OK;
    if (model->program != NULL) {
        status = cupel_fail(CUPEL_ERROR_STATE,
                            "cupel_model_add: the model's weights are drawn (by compile or by its "
                            "first use), so no layer can be added");
    } else {
        status = cupel_network_add(&model->network, &layer);
    }
    cupel_model_leave(model);
    return status;
}

static cupel_status check_layers(const cupel_model *model)
{
    CUPEL_FAIL_IF(model->network.node_count == 0, CUPEL_ERROR_STATE, "the model has no layers");
    return CUPEL_OK;
}

/* First values for all parameters of a new program. */
static cupel_status draw_weights(const cupel_model *model, cupel_program *program)
{
    const cupel_network *network = &model->network;
    CUPEL_TRY(cupel_program_need_weights(program));
    for (int64_t i = 0; i < network->parameter_count; i++) {
        double *values = cupel_alloc_raw(network->parameters[i].count, sizeof *values);
        if (values == NULL) return CUPEL_ERROR_MEMORY;
        cupel_network_draw(network, i, model->seed, program->settings.flavour, values);
        const cupel_status status =
            cupel_program_write_double(program, CUPEL_HOME_WEIGHTS, i, values);
        cupel_free(values);
        CUPEL_TRY(status);
    }
    return CUPEL_OK;
}

/* The weights of the model's present program, for a new one. */
static cupel_status keep_weights(cupel_program *program, cupel_program *from)
{
    const cupel_network *network = program->network;
    CUPEL_TRY(cupel_program_need_weights(program));
    for (int64_t i = 0; i < network->parameter_count; i++) {
        double *values = cupel_alloc_raw(network->parameters[i].count, sizeof *values);
        if (values == NULL) return CUPEL_ERROR_MEMORY;
        cupel_status status = cupel_program_read_double(from, CUPEL_HOME_WEIGHTS, i, values);
        if (status == CUPEL_OK)
            status = cupel_program_write_double(program, CUPEL_HOME_WEIGHTS, i, values);
        cupel_free(values);
        CUPEL_TRY(status);
    }
    return CUPEL_OK;
}

/* Replaces the model's program by one with these settings; nothing has changed on failure. */
static cupel_status set_program(cupel_model *model, const cupel_compile_config *config)
{
    CUPEL_TRY(check_layers(model));
    cupel_settings settings;
    CUPEL_TRY(cupel_settings_resolve(config, &model->network, model->device, &settings));
    cupel_program *program = NULL;
    CUPEL_TRY(cupel_program_create(&model->network, model->device, &settings, model->seed, &program));
    cupel_status status = model->program != NULL ? keep_weights(program, model->program)
                                                 : draw_weights(model, program);
    if (status == CUPEL_OK && model->stream != NULL)
        status = model->device->backend->use_stream(&program->queue, model->stream);
    if (status != CUPEL_OK) {
        cupel_program_free(program);
        return status;
    }
    cupel_program_free(model->program);
    model->program = program;
    return CUPEL_OK;
}

cupel_status cupel_model_compile(cupel_model *model, const cupel_compile_config *config)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(config);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = CUPEL_OK;
    if (model->fitting)
        status = cupel_fail(CUPEL_ERROR_STATE, "cupel_model_compile: fit is running");
    if (status == CUPEL_OK) status = set_program(model, config);
    cupel_model_leave(model);
    return status;
}

cupel_status cupel_model_ready(cupel_model *model)
{
    if (model->program != NULL) return CUPEL_OK;
    return set_program(model, &(cupel_compile_config){.loss = CUPEL_LOSS_NONE});
}

cupel_status cupel_model_trainable(cupel_model *model, const char *function)
{
    CUPEL_FAIL_IF(model->fitting, CUPEL_ERROR_STATE, "%s: fit is running", function);
    CUPEL_FAIL_IF(model->program == NULL, CUPEL_ERROR_STATE, "%s: the model is not compiled",
                  function);
    CUPEL_FAIL_IF(model->program->settings.loss == NULL, CUPEL_ERROR_STATE,
                  "%s: the model is compiled for inference only, without a loss and an optimizer",
                  function);
    return CUPEL_OK;
}

cupel_status cupel_model_input_shape(const cupel_model *model, cupel_shape *shape)
{
    CUPEL_REQUIRE(shape);
    *shape = (cupel_shape){0};
    CUPEL_REQUIRE(model);
    *shape = *cupel_network_input(&model->network);
    return CUPEL_OK;
}

cupel_status cupel_model_output_shape(const cupel_model *model, cupel_shape *shape)
{
    CUPEL_REQUIRE(shape);
    *shape = (cupel_shape){0};
    CUPEL_REQUIRE(model);
    *shape = *cupel_network_output(&model->network);
    return CUPEL_OK;
}

cupel_status cupel_model_set_learning_rate(cupel_model *model, double learning_rate)
{
    CUPEL_REQUIRE(model);
    const double rate = learning_rate == CUPEL_ZERO ? 0 : learning_rate;
    CUPEL_FAIL_IF(!(rate >= 0 && rate < INFINITY), CUPEL_ERROR_ARGUMENT,
                  "cupel_model_set_learning_rate: %g is no finite number of at least 0",
                  learning_rate);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = CUPEL_OK;
    if (model->program == NULL || model->program->settings.loss == NULL) {
        status = cupel_fail(CUPEL_ERROR_STATE,
                            "cupel_model_set_learning_rate: the model is not compiled for training");
    } else {
        cupel_program_set_learning_rate(model->program, rate);
    }
    cupel_model_leave(model);
    return status;
}

void cupel_request_stop(cupel_model *model)
{
    if (model != NULL) model->stop = true;
}
