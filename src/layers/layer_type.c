/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The table of layer kinds, and the check that no field is set which its kind does not use. */
#include "layers/layer_type.h"

#include <stddef.h>

const cupel_layer_type *cupel_layer_type_of(cupel_layer_kind kind)
{
    switch (kind) {
#define CUPEL_LAYER_ROW(KIND, name)                                                                \
    case CUPEL_LAYER_##KIND:                                                                       \
        return &cupel_layer_##name;
#include "layers/layers.def"
#undef CUPEL_LAYER_ROW
    }
    return NULL;
}

static bool is_empty(const cupel_shape *shape)
{
    bool empty = shape->rank == 0;
    for (int i = 0; i < CUPEL_MAX_RANK; i++) empty = empty && shape->dims[i] == 0;
    return empty;
}

/* The name of the first field among mask that is not 0; NULL if there is none. */
static const char *first_set(const cupel_layer *layer, unsigned mask)
{
    const struct {
        unsigned field;
        bool set;
        const char *name;
    } fields[] = {
        {CUPEL_FIELD_UNITS, layer->units != 0, "units"},
        {CUPEL_FIELD_ACTIVATION, layer->activation != CUPEL_LINEAR, "activation"},
        {CUPEL_FIELD_NO_BIAS, layer->no_bias, "no_bias"},
        {CUPEL_FIELD_KERNEL_INITIALIZER, layer->kernel_initializer != CUPEL_INIT_DEFAULT,
         "kernel_initializer"},
        {CUPEL_FIELD_BIAS_INITIALIZER, layer->bias_initializer != CUPEL_INIT_DEFAULT,
         "bias_initializer"},
        {CUPEL_FIELD_KERNEL_L1, layer->kernel_l1 != 0, "kernel_l1"},
        {CUPEL_FIELD_KERNEL_L2, layer->kernel_l2 != 0, "kernel_l2"},
        {CUPEL_FIELD_RATE, layer->rate != 0, "rate"},
        {CUPEL_FIELD_SHAPE, !is_empty(&layer->shape), "shape"},
    };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (fields[i].set && (fields[i].field & mask) != 0) return fields[i].name;
    }
    return NULL;
}

cupel_status cupel_layer_check(const cupel_layer *layer, int64_t position)
{
    const cupel_layer_type *type = cupel_layer_type_of(layer->kind);
    CUPEL_FAIL_IF(type == NULL, CUPEL_ERROR_ARGUMENT, "layer %lld: kind %d is none of cupel_layer_kind",
                  (long long)position, (int)layer->kind);
    const char *extra = first_set(layer, ~type->fields);
    CUPEL_FAIL_IF(extra != NULL, CUPEL_ERROR_ARGUMENT,
                  "layer %lld (%s): .%s is set, but a %s layer does not use it", (long long)position,
                  type->name, extra, type->name);
    CUPEL_FAIL_IF((unsigned)layer->activation > CUPEL_SOFTPLUS, CUPEL_ERROR_ARGUMENT,
                  "layer %lld (%s): .activation is %d, which is none of cupel_activation",
                  (long long)position, type->name, (int)layer->activation);
    const bool kernel = (unsigned)layer->kernel_initializer > CUPEL_INIT_ONES;
    CUPEL_FAIL_IF(kernel || (unsigned)layer->bias_initializer > CUPEL_INIT_ONES,
                  CUPEL_ERROR_ARGUMENT,
                  "layer %lld (%s): .%s is %d, which is none of cupel_initializer",
                  (long long)position, type->name,
                  kernel ? "kernel_initializer" : "bias_initializer",
                  (int)(kernel ? layer->kernel_initializer : layer->bias_initializer));
    return CUPEL_OK;
}
