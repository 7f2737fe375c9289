/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Gradients of whole networks against central differences in float64: every layer, activation, loss
 * and regulariser in random shapes, and a larger network along random directions. */
#include "random_model.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>

/* The largest error of a parameter, |n - a| / max(|n|, |a|, 1e-3), and the largest share of
 * parameters that may stand at a kink. */
#define GATE 1e-6
#define DROPPED 0.01
#if defined(NDEBUG)
#define LEAST_CHECKED 300000
#else
/* With sanitizers a network takes ten times as long. */
#define LEAST_CHECKED 100000
#endif

/* Where all random numbers of this file begin; a failure names the network's own seed. */
#define SEED UINT64_C(20260817)

static cupel_device *device;

static void open_device(void)
{
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(gradcheck, .init = open_device, .fini = close_device);

static const cupel_compile_config in_double = {
    .optimizer = {.kind = CUPEL_OPTIMIZER_SGD},
    .precision = CUPEL_PRECISION_FLOAT64,
};

/* Checks one network and adds to the totals. */
static void check_network(const random_wish *wish, cupel_gradcheck_report *total)
{
    random_model network;
    random_model_draw(wish, &network);
    cupel_model *model = random_model_open(&network, device, &in_double);
    cupel_gradcheck_report report;
    cr_assert_eq(cupel_model_gradcheck(model, network.x, network.y, network.rows, &report),
                 CUPEL_OK, "seed %llu: %s", (unsigned long long)wish->seed, cupel_last_error());
    cr_expect_eq(report.checked + report.dropped, random_model_elements(model));
    cr_expect(
        report.checked == 0 || report.worst <= GATE,
        "seed %llu, %s, activation %d, rows %lld: parameter %lld [%lld] is %.12g, by differences "
        "%.12g, error %.3g",
        (unsigned long long)wish->seed, wish->loss->name, (int)wish->activation,
        (long long)network.rows, (long long)report.parameter, (long long)report.element,
        report.analytic, report.numeric, report.worst);
    total->checked += report.checked;
    total->dropped += report.dropped;
    total->worst = fmax(total->worst, report.worst);
    cupel_model_free(model);
    random_model_free(&network);
}

/* Every activation with every loss, then more until enough parameters are checked. */
Test(gradcheck, random_networks)
{
    cupel_gradcheck_report total = {0};
    rng seeds = {SEED};
    const int64_t pairs = RANDOM_LOSSES * (CUPEL_SOFTPLUS + 1);
    int64_t networks = 0;
    while (networks < pairs || total.checked < LEAST_CHECKED) {
        const int64_t pair = networks++ % pairs;
        check_network(&(random_wish){.seed = rng_next(&seeds),
                                     .loss = &random_losses[pair % RANDOM_LOSSES],
                                     .activation = (cupel_activation)(pair / RANDOM_LOSSES),
                                     .dropout = true},
                      &total);
    }
    cr_expect((double)total.dropped <= DROPPED * (double)(total.checked + total.dropped),
              "seed %llu: %lld of %lld dropped", (unsigned long long)SEED, (long long)total.dropped,
              (long long)(total.checked + total.dropped));
    cr_log_info("seed %llu: %lld networks, %lld parameters checked, %lld dropped, worst %.3g\n",
                (unsigned long long)SEED, (long long)networks, (long long)total.checked,
                (long long)total.dropped, total.worst);
}

/* A model for inference of one ReLU on a weight of 0: a step to either side of it takes another
 * branch. */
Test(gradcheck, kink_is_dropped)
{
    cupel_model *model;
    cr_assert_eq(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(2)}, &model),
        CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(2, .activation = CUPEL_RELU)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(
                     model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                    .optimizer = CUPEL_SGD(.learning_rate = 0.5),
                                                    .precision = CUPEL_PRECISION_FLOAT64}),
                 CUPEL_OK);
    /* The first unit is at 0 exactly and its inputs are 1 and 0, so its first weight and its bias
     * are at the kink and its second weight moves nothing. The second unit is at 1.5. */
    const double kernel[4] = {0, 3, 1, 2}, bias[2] = {0, 0.5}, x[2] = {1, 0}, y[2] = {1, 1};
    cr_assert_eq(cupel_parameter_write(model, 0, kernel), CUPEL_OK);
    cr_assert_eq(cupel_parameter_write(model, 1, bias), CUPEL_OK);
    cupel_gradcheck_report report;
    cr_assert_eq(cupel_model_gradcheck(model, x, y, 1, &report), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_expect_eq(report.dropped, 2);
    cr_expect_eq(report.checked, 4);
    cr_expect_leq(report.worst, GATE);
    /* The loss is ((relu(0) - 1)^2 + (1.5 - 1)^2) / 2: the second unit's gradients are 0.5 for what
     * its first weight and its bias multiply and 0 for its second weight. */
    cr_expect(report.parameter == 0 || report.parameter == 1);
    cr_expect_float_eq(report.analytic, report.numeric, 1e-9);
    double gradient[4], weights[4];
    cr_assert_eq(cupel_model_gradients(model, x, y, 1, NULL), CUPEL_OK);
    cr_assert_eq(cupel_parameter_read(model, 0, CUPEL_GRADIENT, gradient), CUPEL_OK);
    cr_expect(gradient[0] == 0 && gradient[1] == 0 && gradient[2] == 0.5 && gradient[3] == 0);
    /* The check leaves the weights as they were. */
    cr_assert_eq(cupel_parameter_read(model, 0, CUPEL_VALUE, weights), CUPEL_OK);
    for (int i = 0; i < 4; i++)
        cr_expect_eq(weights[i], kernel[i]);
    cupel_model_free(model);
}

/* The report of a float32 model is made in float64 and changes nothing in the model. */
Test(gradcheck, float32_model)
{
    random_model network;
    random_model_draw(
        &(random_wish){.seed = SEED, .loss = &random_losses[0], .activation = CUPEL_GELU},
        &network);
    cupel_compile_config config = in_double;
    config.precision = CUPEL_PRECISION_FLOAT32;
    cupel_model *model = random_model_open(&network, device, &config);
    float *x = malloc((size_t)network.x_count * sizeof *x);
    float *y = malloc((size_t)network.y_count * sizeof *y);
    cr_assert(x && y);
    for (int64_t i = 0; i < network.x_count; i++)
        x[i] = (float)network.x[i];
    for (int64_t i = 0; i < network.y_count; i++)
        y[i] = (float)((double *)network.y)[i];
    cupel_gradcheck_report report;
    cr_assert_eq(cupel_model_gradcheck(model, x, y, network.rows, &report), CUPEL_OK, "%s",
                 cupel_last_error());
    cr_expect_eq(report.checked, random_model_elements(model));
    cr_expect_leq(report.worst, GATE);
    free(x);
    free(y);
    cupel_model_free(model);
    random_model_free(&network);
}

static double loss_at(cupel_model *model, int64_t index, const double *values, const double *x,
                      const double *y, int64_t rows)
{
    double loss;
    cr_assert_eq(cupel_parameter_write(model, index, values), CUPEL_OK);
    cr_assert_eq(cupel_model_gradients(model, x, y, rows, &loss), CUPEL_OK, "%s",
                 cupel_last_error());
    return loss;
}

/* A direction of length 1. */
static void draw_direction(rng *r, double *direction, int64_t count)
{
    double square = 0;
    for (int64_t i = 0; i < count; i++) {
        direction[i] = rng_uniform(r, -1, 1);
        square += direction[i] * direction[i];
    }
    for (int64_t i = 0; i < count; i++)
        direction[i] /= sqrt(square);
}

/* One tensor along some random directions: <g, v> against (L(w + h v) - L(w - h v)) / 2 h. */
static double check_directions(cupel_model *model, int64_t index, rng *r, const double *x,
                               const double *y, int64_t rows)
{
    const int directions = 8;
    const double h = 1e-5;
    cupel_parameter parameter;
    cr_assert_eq(cupel_model_parameter(model, index, &parameter), CUPEL_OK);
    const size_t bytes = (size_t)parameter.count * sizeof(double);
    double *values = malloc(bytes), *gradient = malloc(bytes), *v = malloc(bytes),
           *moved = malloc(bytes);
    cr_assert(values && gradient && v && moved);
    cr_assert_eq(cupel_parameter_read(model, index, CUPEL_VALUE, values), CUPEL_OK);
    loss_at(model, index, values, x, y, rows);
    cr_assert_eq(cupel_parameter_read(model, index, CUPEL_GRADIENT, gradient), CUPEL_OK);
    double worst = 0;
    for (int d = 0; d < directions; d++) {
        double analytic = 0;
        draw_direction(r, v, parameter.count);
        for (int64_t i = 0; i < parameter.count; i++)
            analytic += gradient[i] * v[i];
        for (int64_t i = 0; i < parameter.count; i++)
            moved[i] = values[i] + h * v[i];
        const double above = loss_at(model, index, moved, x, y, rows);
        for (int64_t i = 0; i < parameter.count; i++)
            moved[i] = values[i] - h * v[i];
        const double numeric = (above - loss_at(model, index, moved, x, y, rows)) / (2 * h);
        const double scale = fmax(fmax(fabs(analytic), fabs(numeric)), 1e-3);
        const double error = fabs(analytic - numeric) / scale;
        cr_expect(error <= GATE, "%s, direction %d: %.12g, by differences %.12g, error %.3g",
                  parameter.name, d, analytic, numeric, error);
        worst = fmax(worst, error);
    }
    cr_assert_eq(cupel_parameter_write(model, index, values), CUPEL_OK);
    free(values);
    free(gradient);
    free(v);
    free(moved);
    return worst;
}

/* Large enough for the blocked paths and for more than one thread. */
Test(gradcheck, directions_of_a_large_network)
{
    enum { ROWS = 96, INPUTS = 257, CLASSES = 10 };
    rng r = {SEED};
    cupel_model *model;
    cr_assert_eq(
        cupel_model_create(
            device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(INPUTS), .seed = 3}, &model),
        CUPEL_OK);
    const cupel_layer layers[] = {
        CUPEL_DENSE(300, .activation = CUPEL_GELU, .kernel_l2 = 1e-4), CUPEL_DROPOUT(0.2),
        CUPEL_DENSE(129, .activation = CUPEL_TANH, .kernel_l1 = 1e-5),
        CUPEL_DENSE(64, .activation = CUPEL_SOFTPLUS), CUPEL_DENSE(CLASSES)};
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++)
        cr_assert_eq(cupel_model_add(model, layers[i]), CUPEL_OK, "%s", cupel_last_error());
    cupel_compile_config config = in_double;
    config.loss = CUPEL_LOSS_CATEGORICAL_CROSSENTROPY;
    config.from_logits = true;
    config.label_smoothing = 0.1;
    cr_assert_eq(cupel_model_compile(model, &config), CUPEL_OK, "%s", cupel_last_error());
    static double x[ROWS * INPUTS], y[ROWS * CLASSES];
    for (int i = 0; i < ROWS * INPUTS; i++)
        x[i] = rng_uniform(&r, -1, 1);
    for (int i = 0; i < ROWS; i++)
        y[i * CLASSES + rng_below(&r, CLASSES)] = 1;
    double worst = 0;
    for (int64_t i = 0; i < cupel_model_parameter_count(model); i++)
        worst = fmax(worst, check_directions(model, i, &r, x, y, ROWS));
    cr_log_info("%lld parameters, worst direction %.3g\n", (long long)random_model_elements(model),
                worst);
    cupel_model_free(model);
}
