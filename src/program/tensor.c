/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tensors in a device's memory, and a training step on them. */
#include "base/memory.h"
#include "base/shape.h"
#include "data/check.h"
#include "program/model.h"
#include <cupel/tensor.h>

struct cupel_tensor {
    cupel_device *device;
    cupel_type type;
    cupel_shape shape;
    int64_t bytes;
    void *data;
    bool owned;
    _Atomic int64_t checked; /* class numbers below this, since the last upload; 0: not looked at */
};

/* A tensor without its memory. */
static cupel_status make(cupel_device *device, cupel_type type, const cupel_shape *shape,
                         cupel_tensor **tensor)
{
    CUPEL_TRY(cupel_shape_check(shape, "the shape of a tensor"));
    CUPEL_FAIL_IF(cupel_type_size(type) == 0, CUPEL_ERROR_ARGUMENT,
                  "a tensor's type is %d, which is none of cupel_type", (int)type);
    cupel_tensor t = {.device = device, .type = type, .shape = *shape};
    CUPEL_FAIL_IF(!cupel_mul(cupel_shape_count(shape), cupel_type_size(type), &t.bytes),
                  CUPEL_ERROR_ARGUMENT, "a tensor's bytes do not fit in 64 bits");
    *tensor = cupel_alloc(1, sizeof t);
    if (*tensor == NULL) return CUPEL_ERROR_MEMORY;
    **tensor = t;
    cupel_device_retain(device);
    cupel_handle_opened();
    return CUPEL_OK;
}

cupel_status cupel_tensor_create(cupel_device *device, cupel_type type, cupel_shape shape,
                                 cupel_tensor **tensor)
{
    CUPEL_REQUIRE(tensor);
    *tensor = NULL;
    CUPEL_REQUIRE(device);
    cupel_tensor *t = NULL;
    CUPEL_TRY(make(device, type, &shape, &t));
    const cupel_status status = cupel_device_alloc(device, t->bytes, &t->data);
    t->owned = true;
    if (status != CUPEL_OK) {
        cupel_tensor_free(t);
        return status;
    }
    *tensor = t;
    return CUPEL_OK;
}

cupel_status cupel_tensor_wrap(cupel_device *device, cupel_type type, cupel_shape shape,
                               void *pointer, cupel_tensor **tensor)
{
    CUPEL_REQUIRE(tensor);
    *tensor = NULL;
    CUPEL_REQUIRE(device);
    CUPEL_REQUIRE(pointer);
    CUPEL_TRY(make(device, type, &shape, tensor));
    (*tensor)->data = pointer;
    return CUPEL_OK;
}

/* Steps that read or write the tensor may be on their way in the queues of models: they come first. */
static cupel_status wait_for_users(const cupel_tensor *tensor)
{
    return tensor->device->backend->synchronize_all(tensor->device);
}

cupel_status cupel_tensor_upload(cupel_tensor *tensor, const void *values)
{
    CUPEL_REQUIRE(tensor);
    CUPEL_REQUIRE(values);
    cupel_device *device = tensor->device;
    CUPEL_TRY(wait_for_users(tensor));
    tensor->checked = 0;
    return device->backend->upload(&device->queue, tensor->data, values, tensor->bytes);
}

cupel_status cupel_tensor_download(const cupel_tensor *tensor, void *values)
{
    CUPEL_REQUIRE(tensor);
    CUPEL_REQUIRE(values);
    cupel_device *device = tensor->device;
    CUPEL_TRY(wait_for_users(tensor));
    return device->backend->download(&device->queue, values, tensor->data, tensor->bytes);
}

void *cupel_tensor_data(const cupel_tensor *tensor)
{
    return tensor != NULL ? tensor->data : NULL;
}

void cupel_tensor_free(cupel_tensor *tensor)
{
    if (tensor == NULL) return;
    if (tensor->owned) {
        wait_for_users(tensor);
        cupel_device_free(tensor->device, tensor->data, tensor->bytes);
    }
    cupel_device_release(tensor->device);
    cupel_free(tensor);
    cupel_handle_closed();
}

/* Rows of a tensor whose samples have count elements each. */
static cupel_status rows_of(const cupel_tensor *tensor, int64_t count, const char *what,
                            int64_t *rows)
{
    const int64_t elements = cupel_shape_count(&tensor->shape);
    char text[CUPEL_SHAPE_TEXT];
    *rows = tensor->shape.rank > 0 ? tensor->shape.dims[0] : 0;
    CUPEL_FAIL_IF(tensor->shape.rank == 0 || elements / *rows != count, CUPEL_ERROR_SHAPE,
                  "cupel_model_train_tensors: %s has shape %s, expected rows of %lld elements", what,
                  cupel_shape_text(&tensor->shape, text), (long long)count);
    return CUPEL_OK;
}

/* On a card once an upload: a step that looked at its labels each time would wait for the card. */
static cupel_status check_labels(const cupel_tensor *y, int64_t rows, int64_t group, int64_t classes)
{
    const bool far = y->device->backend->slots_set != NULL;
    if (far && y->checked > 0 && y->checked <= classes) return CUPEL_OK;
    void *labels = cupel_alloc_raw(y->bytes, 1);
    if (labels == NULL) return CUPEL_ERROR_MEMORY;
    cupel_status status = cupel_tensor_download(y, labels);
    if (status == CUPEL_OK)
        status = cupel_check_labels(labels, y->type, rows, group, classes, NULL);
    cupel_free(labels);
    /* It is a note of this file's own; the caller's tensor stays what it is. */
    if (status == CUPEL_OK) ((cupel_tensor *)y)->checked = classes;
    return status;
}

static cupel_status describe(const cupel_model *model, const cupel_tensor *x, const cupel_tensor *y,
                             cupel_feed *feed)
{
    CUPEL_FAIL_IF(x->device != model->device || y->device != model->device, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_train_tensors: a tensor is on another device than the model");
    CUPEL_FAIL_IF(x->type != CUPEL_FLOAT32 && x->type != CUPEL_FLOAT64 && x->type != CUPEL_UINT8,
                  CUPEL_ERROR_SHAPE, "cupel_model_train_tensors: x is %s, expected a float or uint8",
                  cupel_type_name(x->type));
    int64_t rows = 0;
    int64_t y_rows = 0;
    int64_t classes = 0;
    const int64_t targets = cupel_model_target_count(model);
    CUPEL_TRY(
        rows_of(x, cupel_shape_count(cupel_network_input(&model->network)), "x", &rows));
    CUPEL_TRY(rows_of(y, targets, "y", &y_rows));
    CUPEL_FAIL_IF(rows != y_rows, CUPEL_ERROR_SHAPE,
                  "cupel_model_train_tensors: x has %lld rows, y has %lld", (long long)rows,
                  (long long)y_rows);
    const bool whole =
        y->type == CUPEL_UINT8 || y->type == CUPEL_INT32 || y->type == CUPEL_INT64;
    if (cupel_model_target_labels(model, &classes)) {
        CUPEL_FAIL_IF(!whole, CUPEL_ERROR_SHAPE,
                      "cupel_model_train_tensors: y is %s, but the loss takes class numbers (int32, "
                      "uint8 or int64)",
                      cupel_type_name(y->type));
        CUPEL_TRY(check_labels(y, rows, targets, classes));
    } else {
        CUPEL_FAIL_IF(y->type == CUPEL_BFLOAT16, CUPEL_ERROR_SHAPE,
                      "cupel_model_train_tensors: y is bfloat16, which is not read");
    }
    *feed = (cupel_feed){.rows = rows,
                         .on_device = true,
                         .x = x->data,
                         .y = y->data,
                         .x_type = x->type,
                         .y_type = y->type,
                         .x_scale = 1};
    return CUPEL_OK;
}

static cupel_status train(cupel_model *model, const cupel_tensor *x, const cupel_tensor *y,
                          double *loss)
{
    cupel_feed feed;
    CUPEL_TRY(cupel_model_trainable(model, "cupel_model_train_tensors"));
    CUPEL_TRY(describe(model, x, y, &feed));
    CUPEL_TRY(cupel_program_run(
        model->program, loss != NULL ? CUPEL_SEGMENT_STEP_LOSS : CUPEL_SEGMENT_STEP, &feed));
    return loss != NULL ? cupel_program_loss(model->program, loss) : CUPEL_OK;
}

cupel_status cupel_model_train_tensors(cupel_model *model, const cupel_tensor *x,
                                       const cupel_tensor *y, double *loss)
{
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(x);
    CUPEL_REQUIRE(y);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    const cupel_status status = train(model, x, y, loss);
    cupel_model_leave(model);
    return status;
}
