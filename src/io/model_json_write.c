/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/enum_names.h"
#include "io/model_json.h"
#include "layers/layer_type.h"
#include <inttypes.h>

static void write_shape(cupel_text *text, const cupel_shape *shape)
{
    cupel_text_add(text, "[");
    for (int64_t i = 0; i < shape->rank; i++) {
        cupel_text_add(text, "%s%" PRId64, i == 0 ? "" : ",", shape->dims[i]);
    }
    cupel_text_add(text, "]");
}

static void write_name(cupel_text *text, const char *key, const char *const *names, int value)
{
    if (value != 0) cupel_text_add(text, ",\"%s\":\"%s\"", key, names[value]);
}

/* 17 digits read back to the same double. */
static void write_number(cupel_text *text, const char *key, double value)
{
    if (value == 0) return;
    cupel_text_add(text, ",\"%s\":", key);
    cupel_text_number(text, value, 17);
}

static void write_layer(cupel_text *text, const cupel_layer *layer)
{
    cupel_text_add(text, "{\"kind\":\"%s\"", cupel_layer_type_of(layer->kind)->name);
    if (layer->units != 0) cupel_text_add(text, ",\"units\":%" PRId64, layer->units);
    write_name(text, "activation", cupel_activation_names, (int)layer->activation);
    if (layer->no_bias) cupel_text_add(text, ",\"no_bias\":true");
    write_name(text, "kernel_initializer", cupel_initializer_names, (int)layer->kernel_initializer);
    write_name(text, "bias_initializer", cupel_initializer_names, (int)layer->bias_initializer);
    write_number(text, "kernel_l1", layer->kernel_l1);
    write_number(text, "kernel_l2", layer->kernel_l2);
    write_number(text, "rate", layer->rate);
    if (layer->shape.rank != 0) {
        cupel_text_add(text, ",\"shape\":");
        write_shape(text, &layer->shape);
    }
    cupel_text_add(text, "}");
}

cupel_status cupel_model_json_write(cupel_text *text, const cupel_model_outline *outline)
{
    cupel_text_add(text, "{\"input_shape\":");
    write_shape(text, &outline->input_shape);
    cupel_text_add(text, ",\"seed\":\"%" PRIu64 "\",\"flavour\":\"%s\",\"layers\":[", outline->seed,
                   cupel_flavour_names[outline->flavour]);
    for (int64_t i = 0; i < outline->layer_count; i++) {
        if (i > 0) cupel_text_add(text, ",");
        write_layer(text, &outline->layers[i]);
    }
    cupel_text_add(text, "]}");
    CUPEL_TRY(text->status);
    CUPEL_FAIL_IF(text->length > CUPEL_MODEL_JSON_BYTES, CUPEL_ERROR_UNSUPPORTED,
                  "the %" PRId64 " layers take %" PRId64 " bytes as JSON, but at most %d are read",
                  outline->layer_count, text->length, CUPEL_MODEL_JSON_BYTES);
    return CUPEL_OK;
}
