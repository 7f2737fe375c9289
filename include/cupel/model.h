/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Models: layers in order, compiled for a device. A model is used by one thread at a time; a second
 * one gets CUPEL_ERROR_STATE. x, y and outputs are in host memory: float, or double on a model
 * compiled in CUPEL_PRECISION_FLOAT64; targets of the sparse loss are int32_t. */
#ifndef CUPEL_MODEL_H
#define CUPEL_MODEL_H

#include <cupel/device.h>
#include <cupel/layer.h>
#include <cupel/optimizer.h>
#include <cupel/status.h>
#include <cupel/types.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct cupel_model cupel_model;

typedef struct cupel_model_config {
    cupel_shape input_shape; /* of one sample; every dimension at least 1 */
    uint64_t seed;           /* of the first weights, dropout and the order of the samples */
} cupel_model_config;

/* Makes a model without layers on a device, which it keeps open. */
CUPEL_API cupel_status cupel_model_create(cupel_device *device, const cupel_model_config *config,
                                          cupel_model **model);

/* Appends a layer. SHAPE if it does not fit the output so far; STATE once weights exist. */
CUPEL_API cupel_status cupel_model_add(cupel_model *model, cupel_layer layer);

typedef struct cupel_compile_config {
    cupel_loss loss;
    bool from_logits;        /* cross-entropies: the output is logits, not probabilities */
    double label_smoothing;  /* binary and categorical cross-entropy: 0..1 */
    cupel_optimizer optimizer;
    cupel_metric metrics[CUPEL_MAX_METRICS];
    cupel_precision precision;
    cupel_flavour flavour;
} cupel_compile_config;

/* Checks the whole model and prepares it for training, or for inference alone if neither a loss nor
 * an optimizer is given. The first compile or use draws the weights; a later one keeps them and
 * starts the optimizer anew. */
CUPEL_API cupel_status cupel_model_compile(cupel_model *model, const cupel_compile_config *config);

/* One optimizer step on rows samples. loss, where not NULL, gets the batch's loss before the step,
 * and the call waits for it. The data are checked first; nothing has changed when it fails. */
CUPEL_API cupel_status cupel_model_train_batch(cupel_model *model, const void *x, const void *y,
                                               int64_t rows, double *loss);

/* Forward and backward without an update: the gradients are of the batch's mean loss plus the
 * regularisers, before clipping, and replace those that were there. Dropout is on, as in a step. */
CUPEL_API cupel_status cupel_model_gradients(cupel_model *model, const void *x, const void *y,
                                             int64_t rows, double *loss);

/* One optimizer step with the gradients that are there. STATE before the first gradients. */
CUPEL_API cupel_status cupel_model_apply_gradients(cupel_model *model);

/* The output of the last layer for rows samples, [rows, output shape...]. rows = 0 does nothing. */
CUPEL_API cupel_status cupel_model_predict(cupel_model *model, const void *x, int64_t rows, void *out);

/* Replaces the base learning rate from the next step on; a schedule goes on scaling it. 0 is the rate
 * 0. STATE without a compile for training. */
CUPEL_API cupel_status cupel_model_set_learning_rate(cupel_model *model, double learning_rate);

/* The shape of one sample of the input and of the output of the last layer. */
CUPEL_API cupel_status cupel_model_input_shape(const cupel_model *model, cupel_shape *shape);
CUPEL_API cupel_status cupel_model_output_shape(const cupel_model *model, cupel_shape *shape);

/* Bytes that the model takes on its device for a batch size, by class; for an inference model those
 * of training are 0. */
typedef struct cupel_memory {
    int64_t weights;
    int64_t gradients;
    int64_t moments;
    int64_t activations; /* layer outputs and their gradients, by lifetime */
    int64_t input;       /* streaming slots */
    int64_t workspace;   /* scratch, control block, rate ring, parameter tables */
    int64_t total;
} cupel_memory;

/* The memory plan for a batch size of at least 1, before anything is allocated. ARGUMENT when a size
 * does not fit in 64 bits. */
CUPEL_API cupel_status cupel_model_memory(const cupel_model *model, int64_t batch, cupel_memory *memory);

/* Writes the layers, shapes, parameters and the memory plan for a batch size (0: 32) to out. */
CUPEL_API cupel_status cupel_model_summary(const cupel_model *model, int64_t batch, FILE *out);

/* One tensor of a model. The name is owned by the model: "0.kernel", by the layer's position as added,
 * layers without parameters counted. */
typedef struct cupel_parameter {
    const char *name;
    cupel_shape shape; /* kernel [units, inputs], bias [units] */
    int64_t count;
    bool trainable;
} cupel_parameter;

/* Which array of a parameter. */
typedef enum cupel_slot {
    CUPEL_VALUE = 0,
    CUPEL_GRADIENT = 1,
    CUPEL_MOMENT_1 = 2,
    CUPEL_MOMENT_2 = 3
} cupel_slot;

/* The number of tensors, in layer order: kernel, bias. 0 for NULL. */
CUPEL_API int64_t cupel_model_parameter_count(const cupel_model *model);
/* Describes tensor number index. ARGUMENT. */
CUPEL_API cupel_status cupel_model_parameter(const cupel_model *model, int64_t index,
                                             cupel_parameter *parameter);
/* Copies count numbers to values (float, or double on a float64 model). Waits for the device. STATE
 * for a slot that the model does not have. */
CUPEL_API cupel_status cupel_parameter_read(cupel_model *model, int64_t index, cupel_slot slot,
                                            void *values);
/* Replaces a tensor's values. */
CUPEL_API cupel_status cupel_parameter_write(cupel_model *model, int64_t index, const void *values);

/* Copies all tensors; the two models must have the same tensors, but may differ in device and
 * precision. SHAPE names the first that differs. */
CUPEL_API cupel_status cupel_model_copy_weights(cupel_model *to, const cupel_model *from);

/* What a gradient check found: error is |n - a| / max(|n|, |a|, 1e-3). */
typedef struct cupel_gradcheck_report {
    double worst;      /* the largest error */
    int64_t checked;   /* elements compared */
    int64_t dropped;   /* elements at a kink (a branch changed within the step): not compared */
    int64_t parameter; /* where the worst was: index of the tensor, element in it */
    int64_t element;
    double analytic;   /* the gradient there */
    double numeric;    /* and the central difference */
} cupel_gradcheck_report;

/* Compares the gradients of every parameter with central differences (h = 1e-5 max(1, |w|)) in
 * float64 on the CPU, whatever device and precision the model has; x and y are as for train_batch.
 * Costs two forward passes an element. The model does not change; dropout keeps one mask. */
CUPEL_API cupel_status cupel_model_gradcheck(cupel_model *model, const void *x, const void *y,
                                             int64_t rows, cupel_gradcheck_report *report);

/* Writes weights and layers as a safetensors file: by a temporary file in the same folder, so that
 * path holds the old or the new one, whole, at any time. */
CUPEL_API cupel_status cupel_model_save(const cupel_model *model, const char *path);
/* Reads the weights of a file whose names, shapes and types match the model's; else SHAPE names the
 * tensor, and nothing has changed. */
CUPEL_API cupel_status cupel_model_load(cupel_model *model, const char *path);
/* Rebuilds a model from a file that cupel_model_save wrote: layers, seed and weights. It is ready for
 * inference, in the file's element type and flavour: a file of a float64 model gives one that takes
 * and gives double. Compile it to train it, or for another type. IO, FORMAT, MEMORY, UNSUPPORTED. */
CUPEL_API cupel_status cupel_model_open(cupel_device *device, const char *path, cupel_model **model);

/* Asks fit to end after its current step. From any thread or a signal handler. What is asked while no
 * fit runs is forgotten. Takes NULL. */
CUPEL_API void cupel_request_stop(cupel_model *model);

/* Takes NULL. */
CUPEL_API void cupel_model_free(cupel_model *model);

#ifdef __cplusplus
}
#endif
#endif
