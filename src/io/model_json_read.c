/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "io/model_json.h"

#include "base/memory.h"
#include "base/enum_names.h"
#include "io/json_cursor.h"
#include "io/names.h"
#include "layers/layer_type.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void cupel_model_outline_free(cupel_model_outline *outline)
{
    cupel_free(outline->layers);
    *outline = (cupel_model_outline){0};
}

#ifdef CUPEL_WITH_JANSSON

/* Where a value stands, for sentences: "cupel.model" or "layer 3". */
typedef struct place {
    const char *path;
    char where[32];
} place;

static cupel_status wrong(const place *at, const char *key, const char *expected)
{
    char shown[CUPEL_NAME_SHOWN];
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: %s: \"%s\" is not %s", at->path, at->where,
                      cupel_name_shown(key, shown), expected);
}

static cupel_status read_shape(const place *at, const char *key, const json_t *value,
                               cupel_shape *shape)
{
    const size_t rank = json_array_size(value);
    if (!json_is_array(value) || rank > CUPEL_MAX_RANK) {
        return wrong(at, key, "an array of at most 8 integers");
    }
    shape->rank = (int64_t)rank;
    for (size_t i = 0; i < rank; i++) {
        const json_t *dimension = json_array_get(value, i);
        if (!json_is_integer(dimension)) return wrong(at, key, "an array of integers");
        shape->dims[i] = json_integer_value(dimension);
    }
    return CUPEL_OK;
}

static cupel_status read_name(const place *at, const char *key, const json_t *value,
                              const char *const *names, int *found)
{
    const char *name = json_string_value(value);
    if (name == NULL) return wrong(at, key, "a string");
    for (*found = 0; names[*found] != NULL; ++*found) {
        if (strcmp(names[*found], name) == 0) return CUPEL_OK;
    }
    char shown[CUPEL_NAME_SHOWN];
    return cupel_fail(CUPEL_ERROR_FORMAT, "%s: %s: \"%s\" is \"%s\", which cupel %s does not know",
                      at->path, at->where, key, cupel_name_shown(name, shown), cupel_version());
}

static cupel_status read_number(const place *at, const char *key, const json_t *value, double *out)
{
    if (!json_is_number(value)) return wrong(at, key, "a number");
    *out = json_number_value(value);
    return CUPEL_OK;
}

static cupel_status read_kind(const place *at, const json_t *value, cupel_layer_kind *kind)
{
    const char *const kinds[] = {
#define CUPEL_LAYER_ROW(KIND, type) cupel_layer_##type.name,
#include "layers/layers.def"
#undef CUPEL_LAYER_ROW
        NULL,
    };
    static const cupel_layer_kind values[] = {
#define CUPEL_LAYER_ROW(KIND, type) CUPEL_LAYER_##KIND,
#include "layers/layers.def"
#undef CUPEL_LAYER_ROW
    };
    int found;
    CUPEL_TRY(read_name(at, "kind", value, kinds, &found));
    *kind = values[found];
    return CUPEL_OK;
}

static cupel_status read_field(const place *at, const char *key, const json_t *value,
                               cupel_layer *layer)
{
    int found = 0;
    if (strcmp(key, "kind") == 0) return read_kind(at, value, &layer->kind);
    if (strcmp(key, "kernel_l1") == 0) return read_number(at, key, value, &layer->kernel_l1);
    if (strcmp(key, "kernel_l2") == 0) return read_number(at, key, value, &layer->kernel_l2);
    if (strcmp(key, "rate") == 0) return read_number(at, key, value, &layer->rate);
    if (strcmp(key, "shape") == 0) return read_shape(at, key, value, &layer->shape);
    if (strcmp(key, "units") == 0) {
        if (!json_is_integer(value)) return wrong(at, key, "an integer");
        layer->units = json_integer_value(value);
    } else if (strcmp(key, "no_bias") == 0) {
        if (!json_is_boolean(value)) return wrong(at, key, "true or false");
        layer->no_bias = json_is_true(value);
    } else if (strcmp(key, "activation") == 0) {
        CUPEL_TRY(read_name(at, key, value, cupel_activation_names, &found));
        layer->activation = (cupel_activation)found;
    } else if (strcmp(key, "kernel_initializer") == 0) {
        CUPEL_TRY(read_name(at, key, value, cupel_initializer_names, &found));
        layer->kernel_initializer = (cupel_initializer)found;
    } else if (strcmp(key, "bias_initializer") == 0) {
        CUPEL_TRY(read_name(at, key, value, cupel_initializer_names, &found));
        layer->bias_initializer = (cupel_initializer)found;
    } else {
        return wrong(at, key, "a field of a layer");
    }
    return CUPEL_OK;
}

static cupel_status read_layers(const place *at, json_t *value, cupel_model_outline *outline)
{
    if (!json_is_array(value)) return wrong(at, "layers", "an array");
    const int64_t count = (int64_t)json_array_size(value);
    outline->layers = cupel_alloc(count, sizeof *outline->layers);
    if (outline->layers == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < count; i++) {
        place layer = {.path = at->path};
        snprintf(layer.where, sizeof layer.where, "layer %" PRId64, i);
        json_t *fields = json_array_get(value, (size_t)i), *field;
        const char *key;
        if (json_object_get(fields, "kind") == NULL) return wrong(&layer, "kind", "there");
        json_object_foreach(fields, key, field)
        {
            CUPEL_TRY(read_field(&layer, key, field, &outline->layers[i]));
        }
    }
    outline->layer_count = count;
    return CUPEL_OK;
}

static cupel_status read_seed(const place *at, const json_t *value, uint64_t *seed)
{
    const char *text = json_string_value(value);
    uint64_t number = 0;
    bool good = text != NULL && *text != '\0';
    for (; good && *text != '\0'; text++) {
        const uint64_t digit = (uint64_t)(unsigned char)*text - '0';
        good = digit <= 9 && number <= (UINT64_MAX - digit) / 10;
        number = 10 * number + digit;
    }
    if (!good) return wrong(at, "seed", "a string of digits below 2^64");
    *seed = number;
    return CUPEL_OK;
}

static cupel_status read_outline(const place *at, json_t *root, cupel_model_outline *outline)
{
    static const char *const needed[] = {"input_shape", "seed", "flavour", "layers"};
    int flavour = 0;
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        if (json_object_get(root, needed[i]) == NULL) return wrong(at, needed[i], "there");
    }
    CUPEL_FAIL_IF(json_object_size(root) != sizeof needed / sizeof needed[0], CUPEL_ERROR_FORMAT,
                  "%s: %s: %zu members, expected input_shape, seed, flavour and layers", at->path,
                  at->where, json_object_size(root));
    CUPEL_TRY(
        read_shape(at, "input_shape", json_object_get(root, "input_shape"), &outline->input_shape));
    CUPEL_TRY(read_seed(at, json_object_get(root, "seed"), &outline->seed));
    CUPEL_TRY(
        read_name(at, "flavour", json_object_get(root, "flavour"), cupel_flavour_names, &flavour));
    outline->flavour = (cupel_flavour)flavour;
    return read_layers(at, json_object_get(root, "layers"), outline);
}

cupel_status cupel_model_json_read(const char *json, const char *path, cupel_model_outline *outline)
{
    *outline = (cupel_model_outline){0};
    const place at = {.path = path, .where = CUPEL_MODEL_JSON_KEY};
    json_error_t error;
    const size_t length = strlen(json);
    CUPEL_FAIL_IF(length > CUPEL_MODEL_JSON_BYTES, CUPEL_ERROR_FORMAT,
                  "%s: %s has %zu bytes, expected at most %d", path, at.where, length,
                  CUPEL_MODEL_JSON_BYTES);
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) return cupel_json_fail(path, at.where, 0, &error);
    const cupel_status status = read_outline(&at, root, outline);
    json_decref(root);
    if (status != CUPEL_OK) cupel_model_outline_free(outline);
    return status;
}

#else

cupel_status cupel_model_json_read(const char *json, const char *path, cupel_model_outline *outline)
{
    (void)json;
    *outline = (cupel_model_outline){0};
    return cupel_fail(CUPEL_ERROR_UNSUPPORTED,
                      "%s: this build of cupel has no jansson and cannot read the layers", path);
}

#endif
