/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "fill.h"

#include "exec.h"
#include <math.h>

static uint64_t next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* In [0, 1). */
static double uniform(uint64_t *state)
{
    return (double)(next(state) >> 11) * 0x1p-53;
}

static int64_t below(uint64_t *state, int64_t bound)
{
    return (int64_t)(uniform(state) * (double)bound);
}

static double normal(uint64_t *state)
{
    const double radius = sqrt(-2 * log(1 - uniform(state)));
    return radius * cos(6.283185307179586 * uniform(state));
}

/* Every second row is far from 0, as logits of a network that has diverged are; the second one
 * below, so that what is taken for 0 beyond its end stands out. */
static void fill_logits(uint64_t *state, int64_t rows, int64_t n, double *values)
{
    for (int64_t row = 0; row < rows; row++) {
        const double far = row % 2 == 0 ? 0 : 1e3 + 9e3 * uniform(state);
        for (int64_t i = 0; i < n; i++)
            values[row * n + i] = (row % 4 == 1 ? -far : far) + 4 * normal(state);
    }
}

static void fill_distribution(uint64_t *state, int64_t rows, int64_t n, double *values)
{
    for (int64_t row = 0; row < rows; row++) {
        double sum = 0;
        for (int64_t i = 0; i < n; i++)
            sum += values[row * n + i] = uniform(state) + 0.01;
        for (int64_t i = 0; i < n; i++)
            values[row * n + i] /= sum;
    }
}

static double edge(uint64_t *state)
{
    static const double edges[] = {0, 1, 0x1p-10, 1 - 0x1p-10};
    return below(state, 4) == 0 ? edges[below(state, 4)] : uniform(state);
}

/* The tensor of a block, and how much of the block is not padding. */
static int64_t tensor_of(int64_t block, int64_t blocks, int64_t tensors)
{
    return block * tensors / blocks;
}

static int64_t used_of(int64_t block, int64_t blocks, int64_t tensors)
{
    const int64_t tensor = tensor_of(block, blocks, tensors);
    if (block + 1 < blocks && tensor_of(block + 1, blocks, tensors) == tensor) return CUPEL_SLICE;
    return CUPEL_SLICE - 37 * (tensor + 1) % CUPEL_SLICE;
}

static void fill_slices(const check_case *c, uint64_t *state, bool squares, double *values)
{
    const int64_t blocks = check_int(c, "blocks", 1), tensors = check_int(c, "tensors", 5);
    for (int64_t block = 0; block < blocks; block++) {
        const int64_t used = used_of(block, blocks, tensors);
        for (int64_t i = 0; i < CUPEL_SLICE; i++) {
            const double value = i < used ? normal(state) : 0;
            values[block * CUPEL_SLICE + i] = squares ? value * value : value;
        }
    }
}

static double tie(uint64_t *state)
{
    return floor(2 * normal(state)) / 2;
}

/* Where the first tensor's row has its maximum; in a third of the rows anywhere. */
static int64_t best(uint64_t *state, const double *row, int64_t n)
{
    int64_t at = 0;
    if (below(state, 3) == 0) return below(state, n);
    for (int64_t i = 1; i < n && !isnan(row[at]); i++) {
        if (isnan(row[i]) || row[i] > row[at]) at = i;
    }
    return at;
}

/* Rows that are all negative, and rows that are NaN, all or from some place on. */
static void fill_best_targets(uint64_t *state, const double *first, int64_t rows, int64_t n,
                              double *values)
{
    for (int64_t row = 0; row < rows; row++) {
        double *t = values + row * n;
        const double offset = below(state, 4) == 0 ? -64 : 0;
        for (int64_t i = 0; i < n; i++)
            t[i] = tie(state) + offset;
        t[best(state, first + row * n, n)] = 16 + offset;
        if (below(state, 8) > 0) continue;
        for (int64_t i = below(state, 2) * below(state, n); i < n; i++)
            t[i] = NAN;
    }
}

/* An element that depends on its index alone. */
static double element(const check_case *c, check_fill fill, uint64_t *state, int64_t i)
{
    switch (fill) {
    case CHECK_NORMAL:
        return normal(state);
    case CHECK_UNIFORM:
        return 0.02 + 0.96 * uniform(state);
    case CHECK_EDGES:
        return edge(state);
    case CHECK_BITS:
        return (double)below(state, 2);
    case CHECK_TIES:
        return below(state, 500) == 0 ? NAN : tie(state);
    case CHECK_LABELS:
        return (double)below(state, check_int(c, "n", 1));
    case CHECK_BLOCKS:
        return (double)tensor_of(i, check_int(c, "blocks", 1), check_int(c, "tensors", 5));
    case CHECK_RULES:
        return 0.01 * (double)i;
    default:
        return 0;
    }
}

/* Here and there, with plain numbers between. */
static void add_special(uint64_t *state, int64_t n, double *values)
{
    static const double special[] = {NAN, INFINITY, -INFINITY, 0.0, -0.0};
    for (int64_t i = below(state, 40); i < n; i += 20 + below(state, 40))
        values[i] = special[below(state, 5)];
}

void check_fill_tensor(const check_case *c, int field, uint64_t seed, const double *first,
                       double *values)
{
    uint64_t state = seed;
    const int64_t count = c->elements[field], n = check_int(c, "n", 1);
    check_fill fill = c->tensors[field]->fill;
    if (fill == CHECK_SCORES)
        fill = check_int(c, "from_logits", 0) != 0 ? CHECK_LOGITS : CHECK_EDGES;
    switch (fill) {
    case CHECK_LOGITS:
        fill_logits(&state, count / n, n, values);
        break;
    case CHECK_DISTRIBUTION:
        fill_distribution(&state, count / n, n, values);
        break;
    case CHECK_BEST_LABELS:
        for (int64_t row = 0; row < count; row++)
            values[row] = (double)best(&state, first + row * n, n);
        break;
    case CHECK_BEST_TARGETS:
        fill_best_targets(&state, first, count / n, n, values);
        break;
    case CHECK_SLICES:
    case CHECK_SQUARES:
        fill_slices(c, &state, fill == CHECK_SQUARES, values);
        break;
    default:
        for (int64_t i = 0; i < count; i++)
            values[i] = element(c, fill, &state, i);
        break;
    }
    if (c->special && field == 0) add_special(&state, count, values);
}

size_t check_source_size(int64_t type)
{
    switch (type) {
    case CUPEL_FLOAT64:
    case CUPEL_INT64:
        return 8;
    case CUPEL_UINT8:
        return 1;
    default:
        return 4;
    }
}

void check_fill_source(int64_t type, bool labels, uint64_t seed, int64_t n, void *to)
{
    uint64_t state = seed;
    for (int64_t i = 0; i < n; i++) {
        const double whole = labels ? (double)below(&state, 200) : 1e6 * normal(&state);
        switch (type) {
        case CUPEL_FLOAT32:
            ((float *)to)[i] = (float)normal(&state);
            break;
        case CUPEL_FLOAT64:
            ((double *)to)[i] = normal(&state);
            break;
        case CUPEL_UINT8:
            ((uint8_t *)to)[i] = (uint8_t)below(&state, 200);
            break;
        case CUPEL_INT32:
            ((int32_t *)to)[i] = (int32_t)whole;
            break;
        default:
            ((int64_t *)to)[i] = (int64_t)(labels ? whole : 1e6 * whole);
            break;
        }
    }
}

void check_fill_weights(uint64_t seed, int64_t n, float *weights)
{
    uint64_t state = seed;
    for (int64_t i = 0; i < n; i++)
        weights[i] = i % 5 == 4 ? 0.0F : (float)(2 * uniform(&state));
}
