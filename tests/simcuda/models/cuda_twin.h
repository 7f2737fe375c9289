/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model on the simulated card beside the same one on the CPU in double, which is what is right.
 * All of these fail the test on error. */
#ifndef CUPEL_TESTS_CUDA_TWIN_H
#define CUPEL_TESTS_CUDA_TWIN_H

#include "core.h"
#include "program/model.h"

/* How far a precision may be off. Each bound is relative. */
typedef struct cuda_gates {
    cupel_precision precision;
    const char *name;
    double loss;   /* the loss of one step */
    double tau;    /* an element of a gradient, to the size of the sums in its tensor */
    double square; /* the squares of a tensor's errors, to its own */
    double run;    /* the loss in steps that run on without being set right */
} cuda_gates;

/* FLOAT32, TF32 and BFLOAT16. */
#define CUDA_PRECISIONS 3
extern const cuda_gates cuda_gate[CUDA_PRECISIONS];

typedef struct cuda_twin {
    const char *name; /* for messages */
    cuda_gates gates; /* what it was opened with; a test may widen one and say why */
    cupel_device *cpu_device;
    cupel_device *cuda_device;
    cupel_model *cpu;
    cupel_model *cuda;
    cuda_gates worst; /* found so far */
} cuda_twin;

/* Both compiled, with the weights that the card's has drawn. */
cuda_twin cuda_twin_open(const char *name, const cuda_gates *gates, const cupel_model_config *model,
                         const cupel_layer *layers, int64_t count,
                         const cupel_compile_config *config);
/* Gives both the values of a parameter, floats as doubles. */
void cuda_twin_write(cuda_twin *twin, int64_t index, const double *values);
/* Loss and gradients of a batch in the host's memory, of doubles and int32. */
void cuda_twin_step(cuda_twin *twin, const cupel_feed *feed);
/* So many steps, taking the batches in turn. */
void cuda_twin_run(cuda_twin *twin, const cupel_feed *batches, int64_t count, int64_t steps);
/* Frees both and expects the card to have nothing left of them. */
void cuda_twin_close(cuda_twin *twin);

#endif
