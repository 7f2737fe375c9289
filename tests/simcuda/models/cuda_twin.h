/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A model on the simulated card beside the same one on the CPU in double, which is what is right.
 * All of these fail the test on error. */
#ifndef CUPEL_TESTS_CUDA_TWIN_H
#define CUPEL_TESTS_CUDA_TWIN_H

#include "core.h"
#include "model_gates.h"
#include "program/model.h"

typedef struct cuda_twin {
    const char *name; /* for messages */
    check_model_gates gates; /* what it was opened with; a test may widen one and say why */
    cupel_device *cpu_device;
    cupel_device *cuda_device;
    cupel_model *cpu;
    cupel_model *cuda;
    check_model_gates worst; /* found so far */
} cuda_twin;

/* Both compiled, with the weights that the card's has drawn. */
cuda_twin cuda_twin_open(const char *name, const check_model_gates *gates, const cupel_model_config *model,
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
