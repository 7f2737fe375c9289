/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The first values of the parameters: drawn in double on the host by this one function, so that they
 * are the same for every device and precision. */
#include "program/network.h"

#include "base/philox.h"
#include "base/shape.h"
#include <math.h>

/* A random word as a double strictly between 0 and 1. */
static double uniform(uint32_t word)
{
    return ((double)word + 0.5) * 0x1p-32;
}

static void draw_words(uint64_t seed, int64_t index, uint64_t attempt, uint64_t block,
                       uint32_t words[4])
{
    const uint32_t key[2] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    uint32_t counter[4];
    cupel_philox_counter(block, CUPEL_STREAM_WEIGHTS, (uint64_t)index | attempt << 32, counter);
    cupel_philox(counter, key, words);
}

/* U(-limit, limit): element e from word e % 4 of block e / 4. */
static void draw_uniform(uint64_t seed, int64_t index, double limit, double *values, int64_t count)
{
    uint32_t words[4] = {0};
    for (int64_t i = 0; i < count; i++) {
        if (i % 4 == 0) draw_words(seed, index, 0, (uint64_t)(i / 4), words);
        values[i] = (2 * uniform(words[i % 4]) - 1) * limit;
    }
}

/* A normal of the given deviation, truncated at two of its own: Box and Muller's transform of two words
 * an element, drawn anew from the next attempt's block until it falls inside (95 % do at once). The
 * factor restores the variance that truncation takes: keras.initializers.VarianceScaling. */
static void draw_normal(uint64_t seed, int64_t index, double deviation, double *values, int64_t count)
{
    const double pi = 3.14159265358979323846;
    const double wide = deviation / 0.87962566103423978;
    for (int64_t i = 0; i < count; i++) {
        double z = 3;
        for (uint64_t attempt = 0; fabs(z) > 2; attempt++) {
            uint32_t words[4];
            draw_words(seed, index, attempt, (uint64_t)(i / 2), words);
            const double u = uniform(words[2 * (i % 2)]);
            const double v = uniform(words[2 * (i % 2) + 1]);
            z = sqrt(-2 * log(u)) * cos(2 * pi * v);
        }
        values[i] = z * wide;
    }
}

static void fill(double value, double *values, int64_t count)
{
    for (int64_t i = 0; i < count; i++) values[i] = value;
}

void cupel_network_draw(const cupel_network *network, int64_t index, uint64_t seed,
                        cupel_flavour flavour, double *values)
{
    const cupel_parameter_plan *parameter = &network->parameters[index];
    const cupel_parameter_spec *spec = &parameter->spec;
    const int64_t count = parameter->count;
    double fan_in = (double)spec->fan_in;
    double fan_out = (double)spec->fan_out;
    cupel_initializer initializer = spec->initializer;
    if (initializer == CUPEL_INIT_DEFAULT) {
        if (flavour == CUPEL_TORCH) {
            /* torch.nn.Linear: both from U(+-1 / sqrt(fan_in)). */
            draw_uniform(seed, index, 1 / sqrt(fan_in), values, count);
            return;
        }
        initializer = spec->bias ? CUPEL_INIT_ZEROS : CUPEL_INIT_GLOROT_UNIFORM;
    } else if (spec->bias) {
        /* keras.initializers counts both fans of a vector as its length. */
        fan_in = fan_out = (double)count;
    }
    switch (initializer) {
    case CUPEL_INIT_DEFAULT:
    case CUPEL_INIT_ZEROS:
        fill(0, values, count);
        break;
    case CUPEL_INIT_ONES:
        fill(1, values, count);
        break;
    case CUPEL_INIT_GLOROT_UNIFORM:
        draw_uniform(seed, index, sqrt(6 / (fan_in + fan_out)), values, count);
        break;
    case CUPEL_INIT_HE_UNIFORM:
        draw_uniform(seed, index, sqrt(6 / fan_in), values, count);
        break;
    case CUPEL_INIT_LECUN_UNIFORM:
        draw_uniform(seed, index, sqrt(3 / fan_in), values, count);
        break;
    case CUPEL_INIT_GLOROT_NORMAL:
        draw_normal(seed, index, sqrt(2 / (fan_in + fan_out)), values, count);
        break;
    case CUPEL_INIT_HE_NORMAL:
        draw_normal(seed, index, sqrt(2 / fan_in), values, count);
        break;
    case CUPEL_INIT_LECUN_NORMAL:
        draw_normal(seed, index, sqrt(1 / fan_in), values, count);
        break;
    }
}
