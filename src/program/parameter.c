/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model's tensors, one by one and all together. */
#include "base/memory.h"
#include "base/shape.h"
#include "program/model.h"
#include "program/storage.h"
#include <string.h>

int64_t cupel_model_parameter_count(const cupel_model *model)
{
    return model != NULL ? model->network.parameter_count : 0;
}

static cupel_status check_index(const cupel_model *model, int64_t index, const char *function)
{
    const int64_t count = model->network.parameter_count;
    CUPEL_FAIL_IF(index < 0 || index >= count, CUPEL_ERROR_ARGUMENT,
                  "%s: index is %lld, the model has %lld parameter tensors", function,
                  (long long)index, (long long)count);
    return CUPEL_OK;
}

cupel_status cupel_model_parameter(const cupel_model *model, int64_t index,
                                   cupel_parameter *parameter)
{
    CUPEL_REQUIRE(parameter);
    *parameter = (cupel_parameter){0};
    CUPEL_REQUIRE(model);
    CUPEL_TRY(check_index(model, index, __func__));
    const cupel_parameter_plan *plan = &model->network.parameters[index];
    *parameter = (cupel_parameter){
        .name = plan->name, .shape = plan->spec.shape, .count = plan->count, .trainable = true};
    return CUPEL_OK;
}

/* The array of a slot, once it is sure that the model has it. */
static cupel_status home_of(cupel_model *model, cupel_slot slot, cupel_home *home)
{
    static const char *const names[] = {"value", "gradient", "first moment", "second moment"};
    CUPEL_FAIL_IF((unsigned)slot > CUPEL_MOMENT_2, CUPEL_ERROR_ARGUMENT,
                  "cupel_parameter_read: slot %d is none of cupel_slot", (int)slot);
    cupel_program *program = model->program;
    const cupel_settings *settings = &program->settings;
    int64_t moments = -1;
    if (settings->loss != NULL) moments = settings->optimizer_type->moments(&settings->optimizer);
    bool has = true;
    switch (slot) {
    case CUPEL_VALUE:
        *home = CUPEL_HOME_WEIGHTS;
        break;
    case CUPEL_GRADIENT:
        *home = CUPEL_HOME_GRADIENTS;
        has = program->have_gradients;
        break;
    case CUPEL_MOMENT_1:
        *home = CUPEL_HOME_MOMENT_1;
        has = moments >= 1;
        break;
    case CUPEL_MOMENT_2:
        *home = CUPEL_HOME_MOMENT_2;
        has = moments >= 2;
        break;
    }
    CUPEL_FAIL_IF(!has, CUPEL_ERROR_STATE, "cupel_parameter_read: the model has no %s%s", names[slot],
                  slot == CUPEL_GRADIENT ? " yet: nothing was trained" : "");
    return slot == CUPEL_VALUE ? CUPEL_OK : cupel_storage_need_training(program);
}

static cupel_status read_slot(cupel_model *model, int64_t index, cupel_slot slot, void *values)
{
    cupel_home home = CUPEL_HOME_WEIGHTS;
    CUPEL_TRY(cupel_model_ready(model));
    CUPEL_TRY(home_of(model, slot, &home));
    return cupel_program_read(model->program, home, index, values);
}

cupel_status cupel_parameter_read(cupel_model *model, int64_t index, cupel_slot slot, void *values)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(values);
    CUPEL_TRY(check_index(model, index, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = read_slot(model, index, slot, values);
    cupel_model_leave(model);
    return status;
}

cupel_status cupel_parameter_write(cupel_model *model, int64_t index, const void *values)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(values);
    CUPEL_TRY(check_index(model, index, __func__));
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_status status = cupel_model_ready(model);
    if (status == CUPEL_OK)
        status = cupel_program_write(model->program, CUPEL_HOME_WEIGHTS, index, values);
    cupel_model_leave(model);
    return status;
}

/* SHAPE, naming the first tensor that the two do not share. */
static cupel_status check_same(const cupel_network *to, const cupel_network *from)
{
    for (int64_t i = 0; i < to->parameter_count && i < from->parameter_count; i++) {
        const cupel_parameter_plan *a = &to->parameters[i];
        const cupel_parameter_plan *b = &from->parameters[i];
        char a_text[CUPEL_SHAPE_TEXT];
        char b_text[CUPEL_SHAPE_TEXT];
        CUPEL_FAIL_IF(strcmp(a->name, b->name) != 0 ||
                          !cupel_shape_equal(&a->spec.shape, &b->spec.shape),
                      CUPEL_ERROR_SHAPE,
                      "cupel_model_copy_weights: tensor %lld is %s %s in the one model, %s %s in the "
                      "other",
                      (long long)i, b->name, cupel_shape_text(&b->spec.shape, b_text), a->name,
                      cupel_shape_text(&a->spec.shape, a_text));
    }
    CUPEL_FAIL_IF(to->parameter_count != from->parameter_count, CUPEL_ERROR_SHAPE,
                  "cupel_model_copy_weights: the one model has %lld tensors, the other %lld",
                  (long long)from->parameter_count, (long long)to->parameter_count);
    return CUPEL_OK;
}

/* A whole flat array in another element type. */
static void convert(const void *from, int64_t from_size, void *to, int64_t to_size, int64_t count)
{
    if (from_size == to_size) {
        memcpy(to, from, (size_t)(count * to_size));
        return;
    }
    for (int64_t i = 0; i < count; i++) {
        if (from_size == (int64_t)sizeof(double)) {
            ((float *)to)[i] = (float)((const double *)from)[i];
        } else {
            ((double *)to)[i] = (double)((const float *)from)[i];
        }
    }
}

static cupel_status copy_all(cupel_program *to, cupel_program *from)
{
    const int64_t elements = to->network->elements;
    void *read = cupel_alloc_raw(elements, (size_t)from->acc_size);
    void *converted = cupel_alloc_raw(elements, (size_t)to->acc_size);
    cupel_status status = read == NULL || converted == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
    if (status == CUPEL_OK) status = cupel_program_read_all(from, CUPEL_HOME_WEIGHTS, read);
    if (status == CUPEL_OK) {
        convert(read, from->acc_size, converted, to->acc_size, elements);
        status = cupel_program_write_all(to, CUPEL_HOME_WEIGHTS, converted);
    }
    cupel_free(read);
    cupel_free(converted);
    return status;
}

cupel_status cupel_model_copy_weights(cupel_model *to, const cupel_model *from)
{
    CUPEL_REQUIRE(to);
    CUPEL_REQUIRE(from);
    if (to == from) return CUPEL_OK;
    CUPEL_TRY(check_same(&to->network, &from->network));
    /* Weights not drawn yet are drawn now: what a reader sees does not change. */
    cupel_model *source = (cupel_model *)from;
    CUPEL_TRY(cupel_model_enter(source, __func__));
    cupel_status status = cupel_model_enter(to, __func__);
    if (status == CUPEL_OK) {
        status = cupel_model_ready(source);
        if (status == CUPEL_OK) status = cupel_model_ready(to);
        if (status == CUPEL_OK) status = copy_all(to->program, source->program);
        cupel_model_leave(to);
    }
    cupel_model_leave(source);
    return status;
}
