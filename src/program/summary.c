/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model as a table: layers, shapes, parameters, and the memory plan for a batch size. */
#include "base/enum_names.h"
#include "base/number.h"
#include "base/shape.h"
#include "base/text.h"
#include "program/report.h"
#include <string.h>

/* "dense, relu" */
static void describe(const cupel_node *node, char *text, size_t room)
{
    const cupel_layer *layer = &node->layer;
    char number[CUPEL_NUMBER_TEXT];
    if (layer->kind == CUPEL_LAYER_DROPOUT) {
        snprintf(text, room, "%s %s", node->type->name, cupel_format_double(layer->rate, 6, number));
    } else if (layer->kind == CUPEL_LAYER_ACTIVATION || layer->activation != CUPEL_LINEAR) {
        snprintf(text, room, "%s, %s", node->type->name, cupel_activation_names[layer->activation]);
    } else {
        snprintf(text, room, "%s", node->type->name);
    }
}

static void add_layers(cupel_text *text, const cupel_network *network)
{
    char shape[CUPEL_SHAPE_TEXT];
    int64_t total = 0;
    cupel_text_add(text, "%-5s %-28s %-22s %14s\n", "layer", "kind", "output shape", "parameters");
    cupel_text_add(text, "%-5s %-28s %-22s %14s\n", "", "input",
                   cupel_shape_text(cupel_network_input(network), shape), "");
    for (int64_t i = 0; i < network->node_count; i++) {
        const cupel_node *node = &network->nodes[i];
        int64_t count = 0;
        for (int64_t j = 0; j < node->parameters; j++)
            count += network->parameters[node->first_parameter + j].count;
        char kind[64];
        describe(node, kind, sizeof kind);
        cupel_text_add(text, "%-5lld %-28s %-22s %14lld\n", (long long)i, kind,
                       cupel_shape_text(&network->edges[node->outputs[0]].shape, shape),
                       (long long)count);
        total += count;
    }
    cupel_text_add(text, "%-5s %-28s %-22s %14lld\n", "total", "", "", (long long)total);
}

static void add_settings(cupel_text *text, const cupel_model *model, const cupel_settings *settings)
{
    static const char *const precisions[] = {"float32", "tf32", "bfloat16", "float64"};
    cupel_text_add(text, "device    %s\n", cupel_device_name(model->device));
    cupel_text_add(text, "precision %s", precisions[settings->precision]);
    if (settings->asked != settings->precision)
        cupel_text_add(text, " (the device has no %s)", precisions[settings->asked]);
    cupel_text_add(text, "\n");
    if (settings->loss == NULL) {
        cupel_text_add(text, "not compiled for training\n");
        return;
    }
    cupel_text_add(text, "loss      %s%s\n", settings->loss->name,
                   settings->from_logits ? " from logits" : "");
    cupel_text_add(text, "optimizer %s, learning rate ", settings->optimizer_type->name);
    cupel_text_number(text, settings->optimizer.learning_rate, 6);
    cupel_text_add(text, "%s\n",
                   settings->optimizer.schedule.kind != CUPEL_SCHEDULE_NONE ? ", scheduled" : "");
}

static void add_bytes(cupel_text *text, const char *what, int64_t bytes)
{
    cupel_text_add(text, "  %-12s", what);
    if (bytes < 10240) {
        cupel_text_add(text, " %10lld B\n", (long long)bytes);
    } else if (bytes < 10240 * (int64_t)1024) {
        cupel_text_add(text, " %10lld KiB\n", (long long)((bytes + 512) / 1024));
    } else {
        const int64_t tenths = (bytes / 1024 * 10 + 512) / 1024;
        cupel_text_add(text, " %8lld.%lld MiB\n", (long long)(tenths / 10),
                       (long long)(tenths % 10));
    }
}

static void add_memory(cupel_text *text, int64_t batch, const cupel_memory *memory)
{
    cupel_text_add(text, "memory for batches of %lld\n", (long long)batch);
    add_bytes(text, "weights", memory->weights);
    add_bytes(text, "gradients", memory->gradients);
    add_bytes(text, "moments", memory->moments);
    add_bytes(text, "activations", memory->activations);
    add_bytes(text, "input", memory->input);
    add_bytes(text, "workspace", memory->workspace);
    add_bytes(text, "total", memory->total);
}

static cupel_status write_summary(const cupel_model *model, int64_t batch, FILE *out)
{
    cupel_program *own = NULL;
    const cupel_program *program = NULL;
    cupel_memory memory;
    CUPEL_TRY(cupel_report_program(model, &own, &program));
    cupel_status status = cupel_program_memory(program, batch, &memory);
    cupel_text text = {0};
    if (status == CUPEL_OK) {
        add_layers(&text, &model->network);
        add_settings(&text, model, &program->settings);
        add_memory(&text, batch, &memory);
        status = text.status;
    }
    if (status == CUPEL_OK) {
        const size_t length = (size_t)text.length;
        if (fwrite(text.bytes, 1, length, out) != length || fflush(out) != 0)
            status = cupel_fail(CUPEL_ERROR_IO, "cupel_model_summary: the file cannot be written");
    }
    cupel_text_free(&text);
    cupel_program_free(own);
    return status;
}

cupel_status cupel_model_summary(const cupel_model *model, int64_t batch, FILE *out)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(out);
    CUPEL_FAIL_IF(batch < 0, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_summary: batch is %lld, expected at least 0", (long long)batch);
    /* That a call is running is all that changes. */
    cupel_model *used = (cupel_model *)model;
    CUPEL_TRY(cupel_model_enter(used, __func__));
    const cupel_status status = write_summary(model, batch != 0 ? batch : 32, out);
    cupel_model_leave(used);
    return status;
}
