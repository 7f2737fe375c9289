/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cuda_twin.h"

#include "base/shape.h"
#include <math.h>
#include <stdlib.h>

cuda_twin cuda_twin_open(const char *name, const check_model_gates *gates, const cupel_model_config *model,
                         const cupel_layer *layers, int64_t count,
                         const cupel_compile_config *config)
{
    cuda_twin twin = {.name = name, .gates = *gates};
    cupel_compile_config compile = *config;
    ASSERT_OK(cupel_device_open("cpu", &twin.cpu_device));
    ASSERT_OK(cupel_device_open("cuda", &twin.cuda_device));
    twin.cpu = core_model(twin.cpu_device, model->input_shape, model->seed, layers, count);
    twin.cuda = core_model(twin.cuda_device, model->input_shape, model->seed, layers, count);
    compile.precision = CUPEL_PRECISION_FLOAT64;
    ASSERT_OK(cupel_model_compile(twin.cpu, &compile));
    compile.precision = gates->precision;
    ASSERT_OK(cupel_model_compile(twin.cuda, &compile));
    ASSERT_OK(cupel_model_copy_weights(twin.cpu, twin.cuda));
    return twin;
}

void cuda_twin_write(cuda_twin *twin, int64_t index, const double *values)
{
    const cupel_home home = CUPEL_HOME_WEIGHTS;
    ASSERT_OK(cupel_program_write_double(twin->cpu->program, home, index, values));
    ASSERT_OK(cupel_program_write_double(twin->cuda->program, home, index, values));
}

static double run(cupel_model *model, cupel_segment segment, const cupel_feed *feed)
{
    double loss = 0;
    ASSERT_OK(cupel_program_run(model->program, segment, feed));
    ASSERT_OK(cupel_program_loss(model->program, &loss));
    return loss;
}

static void worst(double *largest, double found)
{
    /* A NaN is the largest, and stays it. */
    if (!(found <= *largest) && !isnan(*largest)) *largest = found;
}

/* All gradients one behind the other. */
static double *gradients(cupel_model *model)
{
    const cupel_network *network = &model->network;
    double *values = calloc((size_t)network->elements, sizeof *values);
    cr_assert_not_null(values);
    for (int64_t i = 0; i < network->parameter_count; i++)
        ASSERT_OK(cupel_program_read_double(model->program, CUPEL_HOME_GRADIENTS, i,
                                            values + network->parameters[i].offset));
    return values;
}

/* Adds up what each sample of the batch brings to the gradients, without its sign: the size of what
 * a sum over the batch adds, whatever is left of it. */
static double *sizes(const cuda_twin *twin, const cupel_feed *feed)
{
    const cupel_network *network = &twin->cpu->network;
    double *sums = calloc((size_t)network->elements, sizeof *sums);
    cr_assert_not_null(sums);
    const int64_t features = cupel_shape_count(cupel_network_input(network));
    const int64_t targets = cupel_model_target_count(twin->cpu);
    cupel_feed sample = *feed;
    sample.rows = 1;
    for (int64_t row = 0; row < feed->rows; row++) {
        sample.x = (const char *)feed->x + row * features * cupel_type_size(feed->x_type);
        sample.y = (const char *)feed->y + row * targets * cupel_type_size(feed->y_type);
        if (feed->weights != NULL) sample.weights = feed->weights + row;
        run(twin->cpu, CUPEL_SEGMENT_GRADIENTS, &sample);
        double *own = gradients(twin->cpu);
        for (int64_t i = 0; i < network->elements; i++)
            sums[i] += fabs(own[i]) / (double)feed->rows;
        free(own);
    }
    return sums;
}

/* One tensor. An error of a gradient is one of the sums before it as well, so the largest size of a
 * tensor's sums stands for all of them. */
static void compare(cuda_twin *twin, const cupel_parameter_plan *parameter, const double *got,
                    const double *expected, const double *sums)
{
    double size = 0, error = 0, squares = 0, all = 0;
    for (int64_t i = 0; i < parameter->count; i++) {
        const double off = fabs(got[i] - expected[i]);
        size = fmax(size, sums[i]);
        worst(&error, off);
        squares += off * off;
        all += expected[i] * expected[i];
    }
    if (size == 0) size = 1;
    if (all == 0) all = 1;
    const check_model_gates *gates = &twin->gates;
    cr_expect(error <= gates->tau * size && squares <= gates->square * all,
              "%s, %s: the gradient of %s is off by %.3g of its sums' size (gate %.3g), squares by "
              "%.3g (gate %.3g)",
              twin->name, gates->name, parameter->name, error / size, gates->tau, squares / all,
              gates->square);
    worst(&twin->worst.tau, error / size);
    worst(&twin->worst.square, squares / all);
}

static void compare_loss(cuda_twin *twin, const char *what, int64_t step, double got,
                         double expected, double gate, double *found)
{
    const double off = fabs(got - expected) / fabs(expected);
    cr_expect(got == expected || off <= gate,
              "%s, %s, %s, step %lld: the loss is %.9g, expected %.9g: off by %.3g (gate %.3g)",
              twin->name, twin->gates.name, what, (long long)step, got, expected, off, gate);
    if (got != expected) worst(found, off);
}

void cuda_twin_step(cuda_twin *twin, const cupel_feed *feed)
{
    const cupel_network *network = &twin->cpu->network;
    double *sums = sizes(twin, feed);
    const double expected = run(twin->cpu, CUPEL_SEGMENT_GRADIENTS, feed);
    const double got = run(twin->cuda, CUPEL_SEGMENT_GRADIENTS, feed);
    compare_loss(twin, "one step", 0, got, expected, twin->gates.loss, &twin->worst.loss);
    double *right = gradients(twin->cpu);
    double *found = gradients(twin->cuda);
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const cupel_parameter_plan *parameter = &network->parameters[i];
        compare(twin, parameter, found + parameter->offset, right + parameter->offset,
                sums + parameter->offset);
    }
    free(right);
    free(found);
    free(sums);
}

void cuda_twin_run(cuda_twin *twin, const cupel_feed *batches, int64_t count, int64_t steps)
{
    for (int64_t step = 0; step < steps; step++) {
        const cupel_feed *feed = &batches[step % count];
        const double expected = run(twin->cpu, CUPEL_SEGMENT_STEP_LOSS, feed);
        const double got = run(twin->cuda, CUPEL_SEGMENT_STEP_LOSS, feed);
        compare_loss(twin, "running on", step, got, expected, twin->gates.run, &twin->worst.run);
    }
}

void cuda_twin_close(cuda_twin *twin)
{
    cr_log_info("%s, %s: loss off by %.2g, gradients by %.2g, squares by %.2g; "
                "running on by %.2g\n",
                twin->name, twin->gates.name, twin->worst.loss, twin->worst.tau, twin->worst.square,
                twin->worst.run);
    cupel_model_free(twin->cpu);
    cupel_model_free(twin->cuda);
    cr_expect_eq(twin->cuda_device->bytes, 0, "%lld bytes of the card are left",
                 (long long)twin->cuda_device->bytes);
    cupel_device_close(twin->cpu_device);
    cupel_device_close(twin->cuda_device);
}
