/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Models as safetensors files: the weights are its tensors, the layers a JSON text in its metadata.
 */
#include "base/memory.h"
#include "base/shape.h"
#include "io/model_json.h"
#include "io/weights_file.h"
#include "program/model.h"
#include <inttypes.h>
#include <string.h>

/* The element type of the weights, also before there are any. */
static cupel_type type_of(const cupel_model *model)
{
    const cupel_program *program = model->program;
    if (program == NULL) return CUPEL_FLOAT32;
    return program->acc_size == cupel_type_size(CUPEL_FLOAT64) ? CUPEL_FLOAT64 : CUPEL_FLOAT32;
}

static cupel_status write_layers(const cupel_model *model, cupel_text *json)
{
    const cupel_network *network = &model->network;
    cupel_model_outline outline = {.input_shape = *cupel_network_input(network),
                                   .seed = model->seed,
                                   .flavour = model->program->settings.flavour};
    outline.layers = cupel_alloc_raw(network->node_count, sizeof *outline.layers);
    if (outline.layers == NULL) return CUPEL_ERROR_MEMORY;
    outline.layer_count = network->node_count;
    for (int64_t i = 0; i < network->node_count; i++)
        outline.layers[i] = network->nodes[i].layer;
    const cupel_status status = cupel_model_json_write(json, &outline);
    cupel_model_outline_free(&outline);
    return status;
}

static cupel_status build_header(const cupel_model *model, const char *json, cupel_text *header)
{
    const cupel_network *network = &model->network;
    const cupel_type type = type_of(model);
    cupel_safetensor *tensors = cupel_alloc_raw(network->parameter_count, sizeof *tensors);
    if (tensors == NULL) return CUPEL_ERROR_MEMORY;
    int64_t end = 0;
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const cupel_parameter_plan *parameter = &network->parameters[i];
        const int64_t begin = end;
        end += parameter->count * cupel_type_size(type);
        tensors[i] = (cupel_safetensor){.name = parameter->name,
                                        .dtype = cupel_safetensors_dtype(type),
                                        .shape = parameter->spec.shape,
                                        .begin = begin,
                                        .end = end};
    }
    const cupel_safetensors_note notes[] = {
        {"format", "cupel"}, {"cupel.version", cupel_version()}, {CUPEL_MODEL_JSON_KEY, json}};
    const cupel_status status = cupel_safetensors_header(tensors, network->parameter_count, notes,
                                                         sizeof notes / sizeof notes[0], header);
    cupel_free(tensors);
    return status;
}

/* Tensor by tensor, so that no second copy of the whole model is in memory. */
static cupel_status write_values(const cupel_model *model, cupel_writer *writer)
{
    const cupel_network *network = &model->network;
    const int64_t size = cupel_type_size(type_of(model));
    int64_t most = 0;
    for (int64_t i = 0; i < network->parameter_count; i++) {
        if (network->parameters[i].count > most) most = network->parameters[i].count;
    }
    void *values = cupel_alloc_raw(most, (size_t)size);
    if (values == NULL) return CUPEL_ERROR_MEMORY;
    cupel_status status = CUPEL_OK;
    for (int64_t i = 0; status == CUPEL_OK && i < network->parameter_count; i++) {
        status = cupel_program_read(model->program, CUPEL_HOME_WEIGHTS, i, values);
        if (status == CUPEL_OK) {
            status = cupel_writer_write(writer, values, network->parameters[i].count * size);
        }
    }
    cupel_free(values);
    return status;
}

static cupel_status write_file(const cupel_model *model, const cupel_text *header, const char *path)
{
    cupel_writer *writer;
    CUPEL_TRY(cupel_writer_open(path, &writer));
    cupel_status status = cupel_safetensors_write(writer, header);
    if (status == CUPEL_OK) status = write_values(model, writer);
    if (status == CUPEL_OK) return cupel_writer_commit(writer);
    cupel_writer_abandon(writer);
    return status;
}

static cupel_status save(cupel_model *model, const char *path)
{
    cupel_text json = {0}, header = {0};
    cupel_status status = cupel_model_ready(model);
    if (status == CUPEL_OK) status = write_layers(model, &json);
    if (status == CUPEL_OK) status = build_header(model, json.bytes, &header);
    if (status == CUPEL_OK) status = write_file(model, &header, path);
    cupel_text_free(&json);
    cupel_text_free(&header);
    return status;
}

cupel_status cupel_model_save(const cupel_model *model, const char *path)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(path);
    /* A first use draws the weights: that they were not drawn before cannot be seen. */
    cupel_model *drawn = (cupel_model *)model;
    CUPEL_TRY(cupel_model_enter(drawn, __func__));
    const cupel_status status = save(drawn, path);
    cupel_model_leave(drawn);
    return status;
}

/* Puts the values of a whole flat array into the model's program. */
static cupel_status write_weights(cupel_model *model, const void *values)
{
    if (model->network.elements == 0) return CUPEL_OK;
    return cupel_program_write_all(model->program, CUPEL_HOME_WEIGHTS, values);
}

static cupel_status load(cupel_model *model, cupel_weights_file *file)
{
    const cupel_type type = type_of(model);
    void *values;
    CUPEL_TRY(cupel_weights_file_match(file, &model->network, type, CUPEL_ERROR_SHAPE));
    CUPEL_TRY(cupel_weights_file_read(file, &model->network, type, &values));
    cupel_status status = cupel_model_ready(model);
    if (status == CUPEL_OK) status = write_weights(model, values);
    cupel_free(values);
    return status;
}

cupel_status cupel_model_load(cupel_model *model, const char *path)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(path);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_weights_file file;
    cupel_status status = cupel_weights_file_open(path, &file);
    if (status == CUPEL_OK) {
        status = load(model, &file);
        cupel_weights_file_close(&file);
    }
    cupel_model_leave(model);
    return status;
}

/* Repeats the last error with the file's name. What the file says wrong is its format's fault. */
static cupel_status blame(const char *path, cupel_status status)
{
    char text[CUPEL_ERROR_TEXT];
    cupel_error_take(text);
    const bool wrong = status == CUPEL_ERROR_ARGUMENT || status == CUPEL_ERROR_SHAPE ||
                       status == CUPEL_ERROR_STATE;
    return cupel_fail(wrong ? CUPEL_ERROR_FORMAT : status, "%s: %s", path, text);
}

/* Adds the layers. Each element takes bytes in the file, which bounds what the layers may ask for
 * before anything of that size is taken. */
static cupel_status add_layers(cupel_model *model, const cupel_model_outline *outline,
                               const cupel_weights_file *file)
{
    const cupel_safetensors *table = &file->table;
    const int64_t bytes = table->count > 0 ? table->tensors[table->count - 1].end : 0;
    int64_t held = bytes / cupel_type_size(CUPEL_FLOAT32);
    const cupel_network *network = &model->network;
    for (int64_t i = 0; i < outline->layer_count; i++) {
        const int64_t known = network->parameter_count;
        const cupel_status status = cupel_model_add(model, outline->layers[i]);
        if (status != CUPEL_OK) return blame(file->path, status);
        for (int64_t j = known; j < network->parameter_count; j++) {
            CUPEL_FAIL_IF(
                network->parameters[j].count > held, CUPEL_ERROR_FORMAT,
                "%s: the layers have more parameters than the file, with tensors of %" PRId64
                " bytes: \"%s\" does not fit",
                file->path, bytes, network->parameters[j].name);
            held -= network->parameters[j].count;
        }
    }
    return CUPEL_OK;
}

/* The weights come from the file, compiled for inference in its type and flavour. */
static cupel_status fill(cupel_model *model, const cupel_model_outline *outline,
                         cupel_weights_file *file)
{
    const cupel_safetensors *table = &file->table;
    const char *wide = cupel_safetensors_dtype(CUPEL_FLOAT64);
    const bool is_wide = table->count > 0 && strcmp(table->tensors[0].dtype, wide) == 0;
    const cupel_type type = is_wide ? CUPEL_FLOAT64 : CUPEL_FLOAT32;
    const cupel_compile_config inference = {
        .precision = is_wide ? CUPEL_PRECISION_FLOAT64 : CUPEL_PRECISION_FLOAT32,
        .flavour = outline->flavour,
    };
    void *values;
    CUPEL_TRY(cupel_weights_file_match(file, &model->network, type, CUPEL_ERROR_FORMAT));
    CUPEL_TRY(cupel_weights_file_read(file, &model->network, type, &values));
    cupel_status status = cupel_model_compile(model, &inference);
    if (status != CUPEL_OK) status = blame(file->path, status);
    if (status == CUPEL_OK) status = write_weights(model, values);
    cupel_free(values);
    return status;
}

static cupel_status rebuild(cupel_device *device, cupel_weights_file *file, cupel_model **model)
{
    CUPEL_FAIL_IF(file->table.model == NULL, CUPEL_ERROR_FORMAT,
                  "%s: the file has no layers (\"" CUPEL_MODEL_JSON_KEY "\" in its metadata), as "
                  "cupel_model_save writes them; cupel_model_load may read its weights",
                  file->path);
    cupel_model_outline outline;
    CUPEL_TRY(cupel_model_json_read(file->table.model, file->path, &outline));
    cupel_model *made = NULL;
    cupel_status status = cupel_model_create(
        device, &(cupel_model_config){.input_shape = outline.input_shape, .seed = outline.seed},
        &made);
    if (status != CUPEL_OK) {
        status = blame(file->path, status);
    } else {
        status = add_layers(made, &outline, file);
        if (status == CUPEL_OK) status = fill(made, &outline, file);
    }
    cupel_model_outline_free(&outline);
    if (status == CUPEL_OK) {
        *model = made;
    } else {
        cupel_model_free(made);
    }
    return status;
}

cupel_status cupel_model_open(cupel_device *device, const char *path, cupel_model **model)
{
    CUPEL_REQUIRE(model);
    *model = NULL;
    CUPEL_REQUIRE(device);
    CUPEL_REQUIRE(path);
    cupel_weights_file file;
    CUPEL_TRY(cupel_weights_file_open(path, &file));
    const cupel_status status = rebuild(device, &file, model);
    cupel_weights_file_close(&file);
    return status;
}
