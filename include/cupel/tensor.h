/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Tensors in a device's memory, for programs that make their batches there. */
#ifndef CUPEL_TENSOR_H
#define CUPEL_TENSOR_H

#include <cupel/device.h>
#include <cupel/model.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cupel_tensor cupel_tensor;

/* Makes a tensor of zeros, which keeps its device open. The shape's first dimension counts the rows. */
CUPEL_API cupel_status cupel_tensor_create(cupel_device *device, cupel_type type, cupel_shape shape,
                                           cupel_tensor **tensor);
/* The same around memory of the device that the caller keeps until cupel_tensor_free. */
CUPEL_API cupel_status cupel_tensor_wrap(cupel_device *device, cupel_type type, cupel_shape shape,
                                         void *pointer, cupel_tensor **tensor);
/* Copies all elements from and to host memory. Both wait. */
CUPEL_API cupel_status cupel_tensor_upload(cupel_tensor *tensor, const void *values);
CUPEL_API cupel_status cupel_tensor_download(const cupel_tensor *tensor, void *values);
/* The tensor's memory on its device; NULL for NULL. */
CUPEL_API void *cupel_tensor_data(const cupel_tensor *tensor);
/* Takes NULL. */
CUPEL_API void cupel_tensor_free(cupel_tensor *tensor);

/* As cupel_model_train_batch, with tensors of the model's device: x [rows, input shape...] of
 * FLOAT32, FLOAT64 or UINT8, y as a data set's targets. Class numbers on a card are checked at their
 * first use and after each upload: who writes them there in another way sees to it that they are in
 * range. */
CUPEL_API cupel_status cupel_model_train_tensors(cupel_model *model, const cupel_tensor *x,
                                                 const cupel_tensor *y, double *loss);

#ifdef __cplusplus
}
#endif
#endif
