/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Models and safetensors files for the tests of saving and loading. */
#ifndef CUPEL_TESTS_MODEL_FILES_H
#define CUPEL_TESTS_MODEL_FILES_H

#include <cupel/cupel.h>

/* A model with every kind of layer and every field, and parameters of four sizes; not compiled. Its
 * input is (2, 3), its output (2). */
cupel_model *files_model(cupel_device *device, uint64_t seed);
/* Compiles it for inference. */
void files_compile(cupel_model *model, cupel_precision precision, cupel_flavour flavour);
/* All weights of a model one after the other, as bytes to be freed. */
char *files_weights(cupel_model *model, size_t *count);
/* Asserts that the model's weights are these bytes. */
void files_expect_weights(cupel_model *model, const char *weights, size_t count);

/* A model of one dense layer with one unit on two inputs: 0.kernel (1, 2) and 0.bias (1). */
cupel_model *files_small_model(cupel_device *device, uint64_t seed);
/* Writes a safetensors file with this header and data_bytes bytes behind it. */
void files_write(const char *name, const char *header, int64_t data_bytes);
/* Writes a file with the tensors of the small model and the given text as cupel.model. */
void files_write_outline(const char *name, const char *outline);

#endif
