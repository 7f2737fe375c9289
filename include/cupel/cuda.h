/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * For programs that use CUDA themselves. It needs no header of CUDA: a stream is a void * here, as is a
 * device pointer. Memory of cudaMalloc on the device's card becomes a tensor by cupel_tensor_wrap:
 *
 *     cupel_tensor_wrap(device, CUPEL_FLOAT32, CUPEL_SHAPE(256, 784), x, &tx);
 *     cupel_model_set_stream(model, stream);
 *     my_kernel<<<grid, block, 0, stream>>>(x);
 *     cupel_model_train_tensors(model, tx, ty, NULL);
 *
 * Without a stream of the caller's a model works in one of its own, which waits for no other: what
 * writes a tensor is then to be done before the step is asked for, and cupel_device_synchronize waits
 * for the step. */
#ifndef CUPEL_CUDA_H
#define CUPEL_CUDA_H

#include <cupel/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Lets a model do its work in the caller's stream, a cudaStream_t of the model's card, in the order in
 * which it is asked for; NULL: in its own again. The stream is to last until then or until the model is
 * freed, and must not be captured during a call on the model. Waits for what is on its way. UNSUPPORTED
 * on another device, STATE while fit runs. */
CUPEL_API cupel_status cupel_model_set_stream(cupel_model *model, void *stream);

#ifdef __cplusplus
}
#endif
#endif
