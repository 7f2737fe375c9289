/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model's layers as JSON:
 *     {"input_shape":[784],"seed":"7","flavour":"keras","layers":[{"kind":"dense","units":10},...]}
 * Fields that are 0 are left out, enums go by name, and the seed is a string because many readers
 * of JSON keep numbers as doubles. */
#ifndef CUPEL_IO_MODEL_JSON_H
#define CUPEL_IO_MODEL_JSON_H

#include "base/text.h"
#include <cupel/layer.h>

/* The key of a file's metadata that holds the JSON. */
#define CUPEL_MODEL_JSON_KEY "cupel.model"
/* The most bytes of it, for some ten thousand layers: this bounds the memory of its tree. */
#define CUPEL_MODEL_JSON_BYTES (1 << 20)

/* What the JSON says; all zero is empty. */
typedef struct cupel_model_outline {
    cupel_shape input_shape;
    uint64_t seed;
    cupel_flavour flavour; /* of the last compile: predictions depend on it */
    cupel_layer *layers;
    int64_t layer_count;
} cupel_model_outline;

/* Appends the JSON. UNSUPPORTED when it would be longer than is read. */
cupel_status cupel_model_json_write(cupel_text *text, const cupel_model_outline *outline);

/* Reads the JSON of the file at path: its form, names and numbers; whether the layers make a model
 * is for cupel_model_add to say. FORMAT, and UNSUPPORTED in a build without jansson. */
cupel_status cupel_model_json_read(const char *json, const char *path,
                                   cupel_model_outline *outline);
void cupel_model_outline_free(cupel_model_outline *outline);

#endif
