/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The same model on the CPU and on the simulated card. All of these fail the test on error. */
#ifndef CUPEL_TESTS_CUDA_PAIR_H
#define CUPEL_TESTS_CUDA_PAIR_H

#include "core.h"

typedef struct cuda_pair {
    cupel_device *cpu_device;
    cupel_device *cuda_device;
    cupel_model *cpu;
    cupel_model *cuda;
} cuda_pair;

cupel_device *cuda_device(void);

/* Two compiled models of the given layers with the same weights. */
cuda_pair cuda_pair_make(cupel_shape input, uint64_t seed, const cupel_layer *layers, int64_t count,
                         const cupel_compile_config *config);
#define CUDA_PAIR(input, seed, config, ...)                                     \
    cuda_pair_make(input, seed, (const cupel_layer[]){__VA_ARGS__},             \
                   (int64_t)(sizeof((const cupel_layer[]){__VA_ARGS__}) /       \
                             sizeof(cupel_layer)),                              \
                   config)

/* Frees both, and expects the card to have nothing left of them. */
void cuda_pair_free(cuda_pair *pair);

/* The largest difference of the parameters in a slot, relative to the largest value on the CPU. */
double cuda_pair_distance(const cuda_pair *pair, cupel_slot slot);

/* Expects a and b to be equal within tolerance, relative to b. */
#define EXPECT_CLOSE(a, b, tolerance)                                                            \
    cr_expect(fabs((double)(a) - (double)(b)) <= (tolerance)*fabs((double)(b)), "%.9g and %.9g", \
              (double)(a), (double)(b))

#endif
