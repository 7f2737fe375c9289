/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Small networks of random shapes with random weights and data, the same for the same seed: for
 * tests that compare one way of computing with another. */
#ifndef CUPEL_TESTS_RANDOM_MODEL_H
#define CUPEL_TESTS_RANDOM_MODEL_H

#include <cupel/cupel.h>

/* A generator of test numbers (SplitMix64), independent of the library's. */
typedef struct rng {
    uint64_t state;
} rng;

uint64_t rng_next(rng *r);
/* A number of 0 .. count - 1. */
int64_t rng_below(rng *r, int64_t count);
/* A number of [low, high). */
double rng_uniform(rng *r, double low, double high);

/* A way from the output of a network to its loss. */
typedef struct random_loss {
    const char *name;
    cupel_loss loss;
    bool from_logits;
    cupel_activation head; /* of the last layer */
} random_loss;

/* Every loss from logits and from probabilities, and probabilities that do not add up to 1. */
#define RANDOM_LOSSES 9
extern const random_loss random_losses[RANDOM_LOSSES];

#define RANDOM_LAYERS 12

/* A network and a batch for it; x and y are as a float64 model takes them, y is int32_t for labels.
 */
typedef struct random_model {
    cupel_shape input;
    cupel_layer layers[RANDOM_LAYERS];
    int64_t layer_count;
    const random_loss *loss;
    double label_smoothing;
    int64_t rows;
    int64_t x_count;
    double *x;
    int64_t y_count;
    void *y;
    uint64_t weights; /* the seed of the weights */
} random_model;

/* What a drawn network has for certain; the rest is drawn. */
typedef struct random_wish {
    uint64_t seed;
    const random_loss *loss;
    cupel_activation activation; /* of one of its layers */
    bool dropout;                /* whether it may have dropout */
} random_wish;

void random_model_draw(const random_wish *wish, random_model *network);
void random_model_free(random_model *network);
/* Creates and compiles it, with random weights in place of the drawn ones. Fails the test on error.
 */
cupel_model *random_model_open(const random_model *network, cupel_device *device,
                               const cupel_compile_config *config);
/* The number of its parameters' elements. */
int64_t random_model_elements(const cupel_model *model);

#endif
