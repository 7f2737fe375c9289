/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "random_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The sizes at which loops over whole vectors and blocks begin and end. */
static const int64_t sizes[] = {1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 32, 33};

const random_loss random_losses[RANDOM_LOSSES] = {
    {"mse", CUPEL_LOSS_MSE, false, CUPEL_LINEAR},
    {"binary, logits", CUPEL_LOSS_BINARY_CROSSENTROPY, true, CUPEL_LINEAR},
    {"binary, sigmoid", CUPEL_LOSS_BINARY_CROSSENTROPY, false, CUPEL_SIGMOID},
    {"categorical, logits", CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, true, CUPEL_LINEAR},
    {"categorical, softmax", CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, false, CUPEL_SOFTMAX},
    {"categorical, sigmoid", CUPEL_LOSS_CATEGORICAL_CROSSENTROPY, false, CUPEL_SIGMOID},
    {"sparse, logits", CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, true, CUPEL_LINEAR},
    {"sparse, softmax", CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, false, CUPEL_SOFTMAX},
    {"sparse, sigmoid", CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, false, CUPEL_SIGMOID},
};

uint64_t rng_next(rng *r)
{
    uint64_t z = r->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

int64_t rng_below(rng *r, int64_t count)
{
    return (int64_t)(rng_next(r) % (uint64_t)count);
}

double rng_uniform(rng *r, double low, double high)
{
    return low + (high - low) * ldexp((double)(rng_next(r) >> 11), -53);
}

static int64_t draw_size(rng *r)
{
    return sizes[rng_below(r, (int64_t)(sizeof sizes / sizeof *sizes))];
}

static bool draw_chance(rng *r, int64_t one_in)
{
    return rng_below(r, one_in) == 0;
}

static void append(random_model *network, cupel_layer layer)
{
    cr_assert_lt(network->layer_count, RANDOM_LAYERS);
    network->layers[network->layer_count++] = layer;
}

static cupel_layer draw_dense(rng *r, int64_t units, cupel_activation activation)
{
    return CUPEL_DENSE(units, .activation = activation, .no_bias = draw_chance(r, 4),
                       .kernel_l1 = draw_chance(r, 4) ? rng_uniform(r, 0.001, 0.1) : 0,
                       .kernel_l2 = draw_chance(r, 4) ? rng_uniform(r, 0.001, 0.1) : 0);
}

/* A dense layer with the activation inside it or as a layer behind it. */
static void append_dense(rng *r, random_model *network, cupel_activation activation)
{
    const bool inside = draw_chance(r, 2);
    append(network, draw_dense(r, draw_size(r), inside ? activation : CUPEL_LINEAR));
    if (!inside) append(network, CUPEL_ACTIVATION(activation));
}

static void draw_layers(const random_wish *wish, rng *r, random_model *network)
{
    const int64_t width = draw_size(r);
    network->input = CUPEL_SHAPE(width);
    if (draw_chance(r, 3)) network->input = CUPEL_SHAPE(1 + rng_below(r, 4), width);
    append_dense(r, network, wish->activation);
    if (wish->dropout && draw_chance(r, 2)) append(network, CUPEL_DROPOUT(0.25));
    /* Few layers have two axes, so that flatten and reshape stand behind both kinds. */
    if (network->input.rank == 2 && draw_chance(r, 2)) append(network, CUPEL_FLATTEN());
    if (draw_chance(r, 2))
        append_dense(r, network, (cupel_activation)rng_below(r, CUPEL_SOFTPLUS + 1));
    if (draw_chance(r, 5)) {
        append(network, CUPEL_FLATTEN());
        append(network, CUPEL_DENSE(12, .activation = CUPEL_TANH));
        append(network, CUPEL_RESHAPE(CUPEL_SHAPE(3, -1)));
    }
    /* The classes have at least two kinds. */
    append(network, draw_dense(r, 1 + draw_size(r), wish->loss->head));
}

/* The shape of the output, by the rules of the layers drawn above. */
static cupel_shape output_shape(const random_model *network)
{
    cupel_shape shape = network->input;
    for (int64_t i = 0; i < network->layer_count; i++) {
        const cupel_layer *layer = &network->layers[i];
        int64_t count = 1;
        for (int64_t d = 0; d < shape.rank; d++)
            count *= shape.dims[d];
        if (layer->kind == CUPEL_LAYER_DENSE)
            shape.dims[shape.rank - 1] = layer->units;
        else if (layer->kind == CUPEL_LAYER_FLATTEN)
            shape = CUPEL_SHAPE(count);
        else if (layer->kind == CUPEL_LAYER_RESHAPE)
            shape = CUPEL_SHAPE(3, count / 3);
    }
    return shape;
}

static void draw_batch(rng *r, random_model *network)
{
    const cupel_shape out = output_shape(network);
    const int64_t n = out.dims[out.rank - 1];
    int64_t places = network->rows;
    for (int64_t i = 0; i + 1 < out.rank; i++)
        places *= out.dims[i];
    const bool labels = network->loss->loss == CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY;
    network->x_count = network->rows;
    for (int64_t i = 0; i < network->input.rank; i++)
        network->x_count *= network->input.dims[i];
    network->y_count = labels ? places : places * n;
    network->x = malloc((size_t)network->x_count * sizeof *network->x);
    network->y = calloc((size_t)network->y_count, sizeof(double));
    cr_assert(network->x && network->y);
    for (int64_t i = 0; i < network->x_count; i++)
        network->x[i] = (float)rng_uniform(r, -1.5, 1.5);
    double *y = network->y;
    for (int64_t place = 0; place < places; place++) {
        const int64_t label = rng_below(r, n);
        if (labels)
            ((int32_t *)network->y)[place] = (int32_t)label;
        else if (network->loss->loss == CUPEL_LOSS_CATEGORICAL_CROSSENTROPY)
            /* Not a distribution, so that the sum of the targets has a part in the gradient. */
            y[place * n + label] += 0.75, y[place * n + (label + 1) % n] += 0.5;
        else if (network->loss->loss == CUPEL_LOSS_BINARY_CROSSENTROPY)
            for (int64_t i = 0; i < n; i++)
                y[place * n + i] = (double)rng_below(r, 2);
        else
            for (int64_t i = 0; i < n; i++)
                y[place * n + i] = (float)rng_uniform(r, -1, 1);
    }
}

void random_model_draw(const random_wish *wish, random_model *network)
{
    rng r = {wish->seed};
    *network = (random_model){.loss = wish->loss};
    draw_layers(wish, &r, network);
    network->rows = 1 + rng_below(&r, 5);
    if (network->loss->loss == CUPEL_LOSS_BINARY_CROSSENTROPY ||
        network->loss->loss == CUPEL_LOSS_CATEGORICAL_CROSSENTROPY)
        network->label_smoothing = draw_chance(&r, 2) ? 0.125 : 0;
    draw_batch(&r, network);
    network->weights = rng_next(&r);
}

void random_model_free(random_model *network)
{
    free(network->x);
    free(network->y);
    *network = (random_model){0};
}

/* Kernels spread as wide as their inputs' number allows, and biases that are not 0: with both at 0
 * a ReLU stands right on its kink. Numbers of float, so that both precisions start from the same.
 */
static void write_weights(const random_model *network, cupel_model *model, bool wide)
{
    rng r = {network->weights};
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(model, i, &parameter), CUPEL_OK);
        const int64_t inputs = parameter.shape.rank == 2 ? parameter.shape.dims[1] : 4;
        const double limit = sqrt(3.0 / (double)inputs);
        double *values = malloc((size_t)parameter.count * sizeof *values);
        cr_assert_not_null(values);
        for (int64_t k = 0; k < parameter.count; k++) {
            const float value = (float)rng_uniform(&r, -limit, limit);
            if (wide)
                values[k] = value;
            else
                ((float *)(void *)values)[k] = value;
        }
        cr_assert_eq(cupel_parameter_write(model, i, values), CUPEL_OK);
        free(values);
    }
}

cupel_model *random_model_open(const random_model *network, cupel_device *device,
                               const cupel_compile_config *config)
{
    cupel_model *model;
    cupel_compile_config full = *config;
    full.loss = network->loss->loss;
    full.from_logits = network->loss->from_logits;
    full.label_smoothing = network->label_smoothing;
    cr_assert_eq(cupel_model_create(
                     device,
                     &(cupel_model_config){.input_shape = network->input, .seed = network->weights},
                     &model),
                 CUPEL_OK, "%s", cupel_last_error());
    for (int64_t i = 0; i < network->layer_count; i++)
        cr_assert_eq(cupel_model_add(model, network->layers[i]), CUPEL_OK, "%s",
                     cupel_last_error());
    cr_assert_eq(cupel_model_compile(model, &full), CUPEL_OK, "%s", cupel_last_error());
    write_weights(network, model, full.precision == CUPEL_PRECISION_FLOAT64);
    return model;
}

int64_t random_model_elements(const cupel_model *model)
{
    int64_t count = 0;
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(model, i, &parameter), CUPEL_OK);
        count += parameter.count;
    }
    return count;
}
