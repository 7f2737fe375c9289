/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "io/weights_file.h"

#include "base/memory.h"
#include "base/shape.h"
#include <inttypes.h>
#include <string.h>

cupel_status cupel_weights_file_open(const char *path, cupel_weights_file *file)
{
    *file = (cupel_weights_file){0};
    cupel_path_shown(path, file->path);
    cupel_status status = cupel_reader_open(path, &file->reader);
    if (status == CUPEL_OK) {
        status = cupel_safetensors_read(file->reader, file->path, &file->table);
    }
    if (status != CUPEL_OK) cupel_weights_file_close(file);
    return status;
}

void cupel_weights_file_close(cupel_weights_file *file)
{
    cupel_free(file->parameters);
    cupel_safetensors_free(&file->table);
    cupel_reader_close(file->reader);
    *file = (cupel_weights_file){0};
}

/* The parameter of that name, looked for from index first on; -1 if there is none. */
static int64_t find(const cupel_network *network, const char *name, int64_t first)
{
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const int64_t index = (first + i) % network->parameter_count;
        if (strcmp(network->parameters[index].name, name) == 0) return index;
    }
    return -1;
}

static cupel_status match_tensor(const cupel_weights_file *file, const cupel_safetensor *tensor,
                                 const cupel_parameter_plan *parameter, const char *dtype,
                                 cupel_status mismatch)
{
    char found[CUPEL_SHAPE_TEXT], expected[CUPEL_SHAPE_TEXT];
    CUPEL_FAIL_IF(!cupel_shape_equal(&tensor->shape, &parameter->spec.shape), mismatch,
                  "%s: tensor \"%s\" has the shape %s, expected %s", file->path, tensor->name,
                  cupel_shape_text(&tensor->shape, found),
                  cupel_shape_text(&parameter->spec.shape, expected));
    CUPEL_FAIL_IF(strcmp(tensor->dtype, dtype) != 0, mismatch,
                  "%s: tensor \"%s\" is of the type %s, expected %s", file->path, tensor->name,
                  tensor->dtype, dtype);
    return CUPEL_OK;
}

cupel_status cupel_weights_file_match(cupel_weights_file *file, const cupel_network *network,
                                      cupel_type type, cupel_status mismatch)
{
    const cupel_safetensors *table = &file->table;
    char shown[CUPEL_NAME_SHOWN];
    /* No name stands twice, so the first tensor that is too much comes soon. */
    int64_t *parameters = cupel_alloc_raw(table->count, sizeof *parameters);
    bool *seen = cupel_alloc(network->parameter_count, sizeof *seen);
    cupel_status status = parameters == NULL || seen == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
    for (int64_t i = 0; status == CUPEL_OK && i < table->count; i++) {
        const cupel_safetensor *tensor = &table->tensors[i];
        /* Files of cupel have the order of the network. */
        const int64_t index = find(network, tensor->name, i);
        if (index < 0) {
            status = cupel_fail(mismatch, "%s: tensor \"%s\" is none of the model's %" PRId64,
                                file->path, cupel_name_shown(tensor->name, shown),
                                network->parameter_count);
            break;
        }
        parameters[i] = index;
        seen[index] = true;
        status = match_tensor(file, tensor, &network->parameters[index],
                              cupel_safetensors_dtype(type), mismatch);
    }
    for (int64_t i = 0; status == CUPEL_OK && i < network->parameter_count; i++) {
        if (!seen[i]) {
            status = cupel_fail(mismatch, "%s: the model's tensor \"%s\" is not in the file",
                                file->path, network->parameters[i].name);
        }
    }
    cupel_free(seen);
    if (status == CUPEL_OK) {
        file->parameters = parameters;
    } else {
        cupel_free(parameters);
    }
    return status;
}

cupel_status cupel_weights_file_read(cupel_weights_file *file, const cupel_network *network,
                                     cupel_type type, void **values)
{
    const int64_t size = cupel_type_size(type);
    *values = NULL;
    char *flat = cupel_alloc(network->elements, (size_t)size);
    if (flat == NULL) return CUPEL_ERROR_MEMORY;
    cupel_status status = CUPEL_OK;
    for (int64_t i = 0; status == CUPEL_OK && i < file->table.count; i++) {
        const cupel_parameter_plan *parameter = &network->parameters[file->parameters[i]];
        status = cupel_safetensors_read_bytes(
            file->reader, file->path, flat + parameter->offset * size, parameter->count * size);
    }
    if (status != CUPEL_OK) {
        cupel_free(flat);
        return status;
    }
    *values = flat;
    return CUPEL_OK;
}
