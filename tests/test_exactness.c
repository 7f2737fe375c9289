/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Cases whose result is known in closed form: Adam on a constant gradient, decay without a
 * gradient, the gradient of the cross-entropies, losses of enormous logits. */
#include <cupel/cupel.h>

#include <criterion/criterion.h>
#include <float.h>
#include <math.h>

static cupel_device *device;

static void open_device(void)
{
    cr_assert_eq(cupel_device_open("cpu", &device), CUPEL_OK);
}

static void close_device(void)
{
    cupel_device_close(device);
}

TestSuite(exactness, .init = open_device, .fini = close_device);

enum { WEIGHTS = 4 };

/* Gradients from 1e-7 to 100 come from inputs of such sizes. */
static const double inputs[WEIGHTS] = {1, -1e-3, 30, -1e-7};
static const double first[WEIGHTS] = {0.5, -0.25, 1.5, 0.75};

/* One dense layer without a bias: w [units, inputs], all in float64 or float32. */
static cupel_model *open_dense(int64_t inputs_count, int64_t units,
                               const cupel_compile_config *config, const double *kernel)
{
    cupel_model *model;
    cr_assert_eq(cupel_model_create(device,
                                    &(cupel_model_config){.input_shape = CUPEL_SHAPE(inputs_count)},
                                    &model),
                 CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(units, .no_bias = true)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(model, config), CUPEL_OK, "%s", cupel_last_error());
    float narrow[16];
    for (int64_t i = 0; i < inputs_count * units; i++)
        narrow[i] = (float)kernel[i];
    const bool wide = config->precision == CUPEL_PRECISION_FLOAT64;
    cr_assert_eq(cupel_parameter_write(model, 0, wide ? (const void *)kernel : narrow), CUPEL_OK);
    return model;
}

static void read_kernel(cupel_model *model, cupel_slot slot, bool wide, double *values,
                        int64_t count)
{
    float narrow[16];
    cr_assert_eq(cupel_parameter_read(model, 0, slot, wide ? (void *)values : narrow), CUPEL_OK);
    for (int64_t i = 0; i < count && !wide; i++)
        values[i] = (double)narrow[i];
}

/* The distance of a float to the next. */
static double float_ulp(double value)
{
    return (double)(nextafterf((float)fabs(value), FLT_MAX) - (float)fabs(value));
}

/* Adam's way on a constant gradient: both of its means are right from the first step on, so a step
 * is rate g / (|g| + e), with e the epsilon, in the flavour of Keras over the root of 1 - beta_2^t.
 */
static double closed_form(double g, double w, cupel_flavour flavour, double rate, double epsilon,
                          int steps)
{
    long double sum = 0;
    for (int t = 1; t <= steps; t++) {
        const long double e =
            flavour == CUPEL_KERAS ? epsilon / sqrtl(1 - powl(0.999L, t)) : epsilon;
        sum += (long double)rate * g / (fabsl((long double)g) + e);
    }
    return (double)((long double)w - sum);
}

static void check_constant_gradient(cupel_flavour flavour, bool wide)
{
    const double rate = 1e-3, epsilon = 1e-7;
    cupel_model *model =
        open_dense(WEIGHTS, 1,
                   &(cupel_compile_config){
                       .loss = CUPEL_LOSS_MSE,
                       .optimizer = CUPEL_ADAM(.learning_rate = rate, .epsilon = epsilon),
                       .flavour = flavour,
                       .precision = wide ? CUPEL_PRECISION_FLOAT64 : CUPEL_PRECISION_FLOAT32},
                   first);
    const double y = 3;
    float narrow[WEIGHTS];
    for (int i = 0; i < WEIGHTS; i++)
        narrow[i] = (float)inputs[i];
    double g[WEIGHTS];
    cr_assert_eq(cupel_model_gradients(model, wide ? (const void *)inputs : narrow,
                                       wide ? (const void *)&y : &(float){3}, 1, NULL),
                 CUPEL_OK);
    read_kernel(model, CUPEL_GRADIENT, wide, g, WEIGHTS);
    for (int t = 1; t <= 1000; t++) {
        cr_assert_eq(cupel_model_apply_gradients(model), CUPEL_OK);
        if (t != 1 && t != 2 && t != 10 && t != 1000) continue;
        double w[WEIGHTS];
        read_kernel(model, CUPEL_VALUE, wide, w, WEIGHTS);
        for (int i = 0; i < WEIGHTS; i++) {
            const double expected = closed_form(g[i], first[i], flavour, rate, epsilon, t);
            /* In double the weights are below 2 and each step rounds once. In float a weight is
             * rounded to half an ulp in each step, and a step's own error is below 4e-7 of it. */
            const double gate =
                wide ? 1e-16 + t * 1.5e-16
                     : t * (float_ulp(fmax(fabs(first[i]), fabs(expected))) / 2 + 4e-7 * rate);
            cr_expect(fabs(w[i] - expected) <= gate,
                      "flavour %d, %s, g %g, t %d: %.17g, expected %.17g, gate %.3g", (int)flavour,
                      wide ? "float64" : "float32", g[i], t, w[i], expected, gate);
        }
    }
    cupel_model_free(model);
}

Test(exactness, adam_on_a_constant_gradient)
{
    check_constant_gradient(CUPEL_KERAS, true);
    check_constant_gradient(CUPEL_TORCH, true);
    check_constant_gradient(CUPEL_KERAS, false);
    check_constant_gradient(CUPEL_TORCH, false);
}

/* Takes steps with no gradient but the decay's and returns the weights. */
static void decay_only(cupel_optimizer optimizer, cupel_flavour flavour, int steps, double *w)
{
    const double zeros[WEIGHTS] = {0};
    cupel_model *model = open_dense(WEIGHTS, 1,
                                    &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                            .optimizer = optimizer,
                                                            .flavour = flavour,
                                                            .precision = CUPEL_PRECISION_FLOAT64},
                                    first);
    for (int t = 0; t < steps; t++)
        cr_assert_eq(cupel_model_train_batch(model, zeros, zeros, 1, NULL), CUPEL_OK);
    read_kernel(model, CUPEL_VALUE, true, w, WEIGHTS);
    cupel_model_free(model);
}

/* Decoupled decay shrinks a weight that has no gradient by the same factor in each step; PyTorch's
 * Adam takes the decay for a gradient and moves by the whole rate, whatever its size. */
Test(exactness, decay_without_a_gradient)
{
    const double rate = 0.01, decay = 0.1;
    const cupel_optimizer adam = CUPEL_ADAM(.learning_rate = rate, .weight_decay = decay);
    const cupel_optimizer adamw = CUPEL_ADAMW(.learning_rate = rate, .weight_decay = decay);
    const cupel_optimizer sgd = CUPEL_SGD(.learning_rate = rate, .weight_decay = decay);
    double w[WEIGHTS];
    for (int way = 0; way < 5; way++) {
        const cupel_flavour flavour = way % 2 ? CUPEL_TORCH : CUPEL_KERAS;
        /* AdamW in both flavours, SGD in both, Adam in that of Keras. */
        decay_only(way < 2 ? adamw : way < 4 ? sgd : adam, flavour, 50, w);
        for (int i = 0; i < WEIGHTS; i++) {
            const double expected = first[i] * pow(1 - rate * decay, 50);
            cr_expect(fabs(w[i] - expected) <= 50 * DBL_EPSILON * fabs(first[i]),
                      "way %d: %.17g, %.17g", way, w[i], expected);
        }
    }
    decay_only(adam, CUPEL_TORCH, 1, w);
    for (int i = 0; i < WEIGHTS; i++) {
        const double g = decay * first[i], expected = first[i] - rate * g / (fabs(g) + 1e-8);
        cr_expect(fabs(w[i] - expected) <= 4 * DBL_EPSILON, "Adam: %.17g, %.17g", w[i], expected);
    }
}

/* SGD on the parabola (w x - y)^2 of one weight: the distance to the minimum shrinks by 1 - 2 rate
 * x^2 in each step. All numbers are dyadic: the result is exact. */
Test(exactness, sgd_on_a_parabola)
{
    const double x = 2, y = 3, rate = 0.0625;
    cupel_model *model =
        open_dense(1, 1,
                   &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                           .optimizer = CUPEL_SGD(.learning_rate = rate),
                                           .precision = CUPEL_PRECISION_FLOAT64},
                   &(double){5.5});
    double distance = 4;
    for (int t = 0; t < 12; t++) {
        double loss, w;
        cr_assert_eq(cupel_model_train_batch(model, &x, &y, 1, &loss), CUPEL_OK);
        cr_expect_eq(loss, 4 * distance * distance);
        distance *= 1 - 2 * rate * x * x;
        read_kernel(model, CUPEL_VALUE, true, &w, 1);
        cr_expect_eq(w, 1.5 + distance, "step %d: %.17g", t, w);
    }
    cupel_model_free(model);
}

enum { CLASSES = 5 };

/* With an input of 1 the weights are the logits and their gradients those of the logits. */
static void logits(cupel_loss loss, bool wide, const double *p, int64_t count, const void *y,
                   double *value, double *gradient)
{
    cupel_model *model =
        open_dense(1, count,
                   &(cupel_compile_config){.loss = loss,
                                           .from_logits = true,
                                           .optimizer = CUPEL_SGD(.learning_rate = 1),
                                           .precision = wide ? CUPEL_PRECISION_FLOAT64
                                                             : CUPEL_PRECISION_FLOAT32},
                   p);
    const double x = 1;
    cr_assert_eq(cupel_model_gradients(model, wide ? (const void *)&x : &(float){1}, y, 1, value),
                 CUPEL_OK, "%s", cupel_last_error());
    read_kernel(model, CUPEL_GRADIENT, wide, gradient, count);
    cupel_model_free(model);
}

/* The gradient of the cross-entropy by the logits is p - t, and adds up to 0. */
Test(exactness, cross_entropy_is_p_minus_t)
{
    const double p[CLASSES] = {0.5, -1.25, 3, 0, -2};
    double total = 0, sum[2] = {0}, g[CLASSES], value;
    for (int i = 0; i < CLASSES; i++)
        total += exp(p[i]);
    for (int label = 0; label < CLASSES; label++)
        for (int wide = 0; wide < 2; wide++) {
            logits(CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY, wide, p, CLASSES, &(int32_t){label},
                   &value, g);
            const double gate = wide ? 4 * DBL_EPSILON : 4 * (double)FLT_EPSILON;
            cr_expect_float_eq(value, log(total) - p[label], gate * 8);
            sum[wide] = 0;
            for (int i = 0; i < CLASSES; i++) {
                cr_expect_float_eq(g[i], exp(p[i]) / total - (i == label), gate);
                sum[wide] += g[i];
            }
            cr_expect(fabs(sum[wide]) <= gate, "label %d: the gradient adds up to %g", label,
                      sum[wide]);
        }
}

/* Logits of 1e4, where exp is 0 or infinite: the losses are differences of logits and the gradients
 * 0 or 1, exactly, in both precisions. */
Test(exactness, enormous_logits)
{
    const double p[3] = {1e4, -1e4, 0}, one_hot[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    const double distances[3] = {0, 2e4, 1e4};
    double value, g[3];
    for (int wide = 0; wide < 2; wide++)
        for (int label = 0; label < 3; label++)
            for (int sparse = 0; sparse < 2; sparse++) {
                const float narrow[3] = {label == 0, label == 1, label == 2};
                const int32_t number = label;
                logits(sparse ? CUPEL_LOSS_SPARSE_CATEGORICAL_CROSSENTROPY
                              : CUPEL_LOSS_CATEGORICAL_CROSSENTROPY,
                       wide, p, 3,
                       sparse ? (const void *)&number
                       : wide ? (const void *)one_hot[label]
                              : narrow,
                       &value, g);
                cr_expect_eq(value, distances[label], "label %d: %.17g", label, value);
                for (int i = 0; i < 3; i++)
                    cr_expect_eq(g[i], (i == 0) - (i == label), "label %d: [%d] %g", label, i,
                                 g[i]);
            }
    /* Binary: a mean over the three logits. */
    const double t[2][3] = {{1, 0, 1}, {0, 1, 0}}, losses[2] = {log(2) / 3, (2e4 + log(2)) / 3};
    for (int wide = 0; wide < 2; wide++)
        for (int wrong = 0; wrong < 2; wrong++) {
            const float narrow[3] = {wrong == 0, wrong == 1, wrong == 0};
            logits(CUPEL_LOSS_BINARY_CROSSENTROPY, wide, p, 3,
                   wide ? (const void *)t[wrong] : narrow, &value, g);
            const double epsilon = wide ? DBL_EPSILON : (double)FLT_EPSILON;
            cr_expect_float_eq(value, losses[wrong], 2 * epsilon * losses[wrong]);
            cr_expect_float_eq(g[0], wrong / 3.0, epsilon);
            cr_expect_float_eq(g[1], -wrong / 3.0, epsilon);
            cr_expect_float_eq(g[2], (wrong - 0.5) / 3, epsilon);
        }
}

/* Dropout on inputs of 1 before a weight of 1 and targets of 0: a row that is kept comes out as
 * 1 / (1 - rate) = 4 and adds 16 to the loss and 2 * 4 * 4 to the gradient, the others add nothing.
 * The mask is another in the next step; without training nothing is dropped. */
Test(exactness, dropout_divides_by_what_is_kept)
{
    enum { ROWS = 4096 };
    static const double zeros[ROWS];
    static double ones[ROWS], out[ROWS];
    for (int i = 0; i < ROWS; i++)
        ones[i] = 1;
    cupel_model *model;
    cr_assert_eq(
        cupel_model_create(device, &(cupel_model_config){.input_shape = CUPEL_SHAPE(1)}, &model),
        CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DROPOUT(0.75)), CUPEL_OK);
    cr_assert_eq(cupel_model_add(model, CUPEL_DENSE(1, .no_bias = true)), CUPEL_OK);
    cr_assert_eq(cupel_model_compile(
                     model, &(cupel_compile_config){.loss = CUPEL_LOSS_MSE,
                                                    .optimizer = CUPEL_SGD(.learning_rate = 1e-9),
                                                    .precision = CUPEL_PRECISION_FLOAT64}),
                 CUPEL_OK);
    double before = -1;
    for (int step = 0; step < 4; step++) {
        double loss, gradient;
        cr_assert_eq(cupel_parameter_write(model, 0, ones), CUPEL_OK);
        cr_assert_eq(cupel_model_train_batch(model, ones, zeros, ROWS, &loss), CUPEL_OK);
        read_kernel(model, CUPEL_GRADIENT, true, &gradient, 1);
        const double kept = loss * ROWS / 16;
        cr_expect_eq(kept, floor(kept), "%.17g rows are kept", kept);
        cr_expect_eq(gradient, 2 * loss);
        /* Six standard deviations of the binomial distribution. */
        cr_expect_float_eq(kept, ROWS / 4.0, 6 * sqrt(ROWS * 0.25 * 0.75), "step %d: %g", step,
                           kept);
        cr_expect_neq(kept, before, "step %d", step);
        before = kept;
    }
    cr_assert_eq(cupel_parameter_write(model, 0, ones), CUPEL_OK);
    cr_assert_eq(cupel_model_predict(model, ones, ROWS, out), CUPEL_OK);
    for (int i = 0; i < ROWS; i++)
        cr_assert_eq(out[i], 1);
    cupel_model_free(model);
}
