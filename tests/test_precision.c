/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whole networks in float32 against the same networks in float64: output, loss and gradients from
 * the same weights, which are numbers of float32. */
#include "random_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* An error counts by the size of the terms that were added up, not of their sum, which may be near
 * 0. The largest number of a tensor stands for its terms, and 1 / outputs where that is more: the
 * derivative of the loss by an output is a difference of numbers of about that size. A product of
 * matrices in float32 is right to 1e-6 of its terms and, in squares, to 1e-11. A network of up to
 * four dense layers has some ten of them on the way there and back, and no tensor may be off by
 * more than ten such errors; the squares of the mean tensor are held to those of one product, a
 * hundredth of them, because errors that happen to add up are rare. */
#define LARGEST 1e-5
#define MEAN_SQUARE 1e-13
#define NETWORKS (6 * RANDOM_LOSSES * (CUPEL_SOFTPLUS + 1))
#define SEED UINT64_C(4)

/* One network in both precisions. */
typedef struct pair {
    const random_wish *wish;
    random_model network;
    cupel_model *wide;
    cupel_model *narrow;
    void *x; /* for the narrow one */
    void *y;
    int64_t outputs; /* of the batch */
    double worst;
    double squares; /* the sum of the tensors' mean squares, and their number */
    int64_t tensors;
} pair;

static void compare(pair *p, const char *what, const double *expected, const float *got,
                    int64_t count, double least)
{
    double scale = least, worst = 0, square = 0, error_square = 0;
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) {
        const double error = fabs((double)got[i] - expected[i]);
        scale = fmax(scale, fabs(expected[i]));
        square += expected[i] * expected[i];
        error_square += error * error;
        if (error > worst || isnan(error)) {
            worst = error;
            at = i;
        }
    }
    square = fmax(square, scale * scale);
    cr_expect(
        worst <= LARGEST * scale,
        "seed %llu, %s, activation %d, rows %lld, %s: [%lld] is %.9g, in float64 %.9g, scale %.3g",
        (unsigned long long)p->wish->seed, p->wish->loss->name, (int)p->wish->activation,
        (long long)p->network.rows, what, (long long)at, (double)got[at], expected[at], scale);
    /* All is 0 where no unit lets anything through: then it is right to the bit. */
    if (scale == 0) return;
    p->worst = fmax(p->worst, worst / scale);
    p->squares += error_square / square;
    p->tensors++;
}

static void *narrowed(const double *values, int64_t count)
{
    float *narrow = malloc((size_t)count * sizeof *narrow);
    cr_assert_not_null(narrow);
    for (int64_t i = 0; i < count; i++)
        narrow[i] = (float)values[i];
    return narrow;
}

static void open_pair(pair *p, cupel_device *device)
{
    random_model_draw(p->wish, &p->network);
    cupel_compile_config config = {.optimizer = {.kind = CUPEL_OPTIMIZER_SGD},
                                   .precision = CUPEL_PRECISION_FLOAT64};
    p->wide = random_model_open(&p->network, device, &config);
    config.precision = CUPEL_PRECISION_FLOAT32;
    p->narrow = random_model_open(&p->network, device, &config);
    p->x = narrowed(p->network.x, p->network.x_count);
    p->y = p->network.y;
    if (p->wish->loss->loss != CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY)
        p->y = narrowed(p->network.y, p->network.y_count);
    cupel_shape shape;
    cr_assert_eq(cupel_model_output_shape(p->wide, &shape), CUPEL_OK);
    p->outputs = p->network.rows;
    for (int64_t i = 0; i < shape.rank; i++)
        p->outputs *= shape.dims[i];
}

static void close_pair(pair *p)
{
    cupel_model_free(p->wide);
    cupel_model_free(p->narrow);
    free(p->x);
    if (p->y != p->network.y) free(p->y);
    random_model_free(&p->network);
}

static void check_output(pair *p)
{
    double *expected = malloc((size_t)p->outputs * sizeof *expected);
    float *got = malloc((size_t)p->outputs * sizeof *got);
    cr_assert(expected && got);
    cr_assert_eq(cupel_model_predict(p->wide, p->network.x, p->network.rows, expected), CUPEL_OK);
    cr_assert_eq(cupel_model_predict(p->narrow, p->x, p->network.rows, got), CUPEL_OK);
    compare(p, "output", expected, got, p->outputs, 0);
    free(expected);
    free(got);
}

static void check_gradients(pair *p)
{
    double loss, narrow_loss;
    cr_assert_eq(cupel_model_gradients(p->wide, p->network.x, p->network.y, p->network.rows, &loss),
                 CUPEL_OK);
    cr_assert_eq(cupel_model_gradients(p->narrow, p->x, p->y, p->network.rows, &narrow_loss),
                 CUPEL_OK);
    compare(p, "loss", &loss, &(float){(float)narrow_loss}, 1, 0.1);
    for (int64_t i = 0; i < cupel_model_parameter_count(p->wide); i++) {
        cupel_parameter parameter;
        cr_assert_eq(cupel_model_parameter(p->wide, i, &parameter), CUPEL_OK);
        double *expected = malloc((size_t)parameter.count * sizeof *expected);
        float *got = malloc((size_t)parameter.count * sizeof *got);
        cr_assert(expected && got);
        cr_assert_eq(cupel_parameter_read(p->wide, i, CUPEL_GRADIENT, expected), CUPEL_OK);
        cr_assert_eq(cupel_parameter_read(p->narrow, i, CUPEL_GRADIENT, got), CUPEL_OK);
        compare(p, parameter.name, expected, got, parameter.count, 1 / (double)p->outputs);
        free(expected);
        free(got);
    }
}

Test(precision, float32_against_float64)
{
    cupel_device *device;
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
    rng seeds = {SEED};
    double worst = 0, squares = 0;
    int64_t tensors = 0;
    for (int64_t i = 0; i < NETWORKS; i++) {
        const random_wish wish = {.seed = rng_next(&seeds),
                                  .loss = &random_losses[i % RANDOM_LOSSES],
                                  .activation =
                                      (cupel_activation)(i / RANDOM_LOSSES % (CUPEL_SOFTPLUS + 1)),
                                  .dropout = true};
        pair p = {.wish = &wish};
        open_pair(&p, device);
        check_output(&p);
        check_gradients(&p);
        worst = fmax(worst, p.worst);
        squares += p.squares;
        tensors += p.tensors;
        close_pair(&p);
    }
    cr_expect(squares <= MEAN_SQUARE * (double)tensors, "seed %llu: squares are off by %.3g",
              (unsigned long long)SEED, squares / (double)tensors);
    cr_log_info("seed %llu: %d networks, off by %.3g of their terms, squares by %.3g on the mean\n",
                (unsigned long long)SEED, NETWORKS, worst, squares / (double)tensors);
    cupel_device_close(device);
}
