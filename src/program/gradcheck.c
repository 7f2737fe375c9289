/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Gradients against central differences: a float64 twin of the program on the CPU computes both. An
 * element whose step crosses a kink (a hash of every branch decision differs between the two sides) has
 * no derivative to compare with and is dropped. */
#include "base/memory.h"
#include "base/shape.h"
#include "program/model.h"
#include <math.h>

/* The step that balances truncation and rounding in float64, relative to the weight. */
#define STEP 1e-5
/* Gradients below this are compared absolutely. */
#define FLOOR 1e-3

/* The twin, its batch and what was found. */
typedef struct check {
    cupel_program *twin;
    cupel_feed feed;
    uint64_t branches;
    cupel_gradcheck_report report;
} check;

/* The loss at the twin's present weights, and the hash of the branches taken. */
static cupel_status loss_at(check *c, double *loss, uint64_t *branches)
{
    c->branches = 0;
    CUPEL_TRY(cupel_program_run(c->twin, CUPEL_SEGMENT_LOSS, &c->feed));
    *branches = c->branches;
    return cupel_program_loss(c->twin, loss);
}

static cupel_status loss_with(check *c, int64_t index, double *values, int64_t element, double value,
                              double *loss, uint64_t *branches)
{
    const double saved = values[element];
    values[element] = value;
    const cupel_status status =
        cupel_program_write(c->twin, CUPEL_HOME_WEIGHTS, index, values);
    values[element] = saved;
    CUPEL_TRY(status);
    return loss_at(c, loss, branches);
}

static cupel_status check_element(check *c, int64_t index, double *values, int64_t element,
                                  double analytic)
{
    const double h = STEP * fmax(1, fabs(values[element]));
    double above = 0;
    double below = 0;
    uint64_t branches_above = 0;
    uint64_t branches_below = 0;
    CUPEL_TRY(loss_with(c, index, values, element, values[element] + h, &above, &branches_above));
    CUPEL_TRY(loss_with(c, index, values, element, values[element] - h, &below, &branches_below));
    cupel_gradcheck_report *report = &c->report;
    if (branches_above != branches_below) {
        report->dropped++;
        return CUPEL_OK;
    }
    const double numeric = (above - below) / (2 * h);
    const double scale = fmax(fmax(fabs(numeric), fabs(analytic)), FLOOR);
    const double error = fabs(numeric - analytic) / scale;
    report->checked++;
    /* A NaN is the worst of all. */
    if (report->checked == 1 || error > report->worst || (isnan(error) && !isnan(report->worst))) {
        report->worst = error;
        report->parameter = index;
        report->element = element;
        report->analytic = analytic;
        report->numeric = numeric;
    }
    return CUPEL_OK;
}

/* One tensor: gradients[count] are the analytic ones. */
static cupel_status check_tensor(check *c, int64_t index, double *values, const double *gradients)
{
    const int64_t count = c->twin->network->parameters[index].count;
    for (int64_t i = 0; i < count; i++)
        CUPEL_TRY(check_element(c, index, values, i, gradients[i]));
    return cupel_program_write(c->twin, CUPEL_HOME_WEIGHTS, index, values);
}

/* All tensors; values and gradients are flat arrays of the network. */
static cupel_status check_all(check *c, double *values, double *gradients)
{
    const cupel_network *network = c->twin->network;
    CUPEL_TRY(cupel_program_run(c->twin, CUPEL_SEGMENT_GRADIENTS, &c->feed));
    CUPEL_TRY(cupel_program_read_all(c->twin, CUPEL_HOME_WEIGHTS, values));
    CUPEL_TRY(cupel_program_read_all(c->twin, CUPEL_HOME_GRADIENTS, gradients));
    c->twin->branches = &c->branches;
    for (int64_t i = 0; i < network->parameter_count; i++) {
        const int64_t offset = network->parameters[i].offset;
        CUPEL_TRY(check_tensor(c, i, values + offset, gradients + offset));
    }
    return CUPEL_OK;
}

/* A program like the model's, in float64 on the CPU, with its weights. */
static cupel_status make_twin(cupel_model *model, cupel_device *cpu, cupel_program **twin)
{
    const cupel_network *network = &model->network;
    cupel_settings settings = model->program->settings;
    settings.asked = CUPEL_PRECISION_FLOAT64;
    settings.precision = CUPEL_PRECISION_FLOAT64;
    CUPEL_TRY(cupel_program_create(network, cpu, &settings, model->seed, twin));
    cupel_status status = cupel_program_need_weights(*twin);
    for (int64_t i = 0; status == CUPEL_OK && i < network->parameter_count; i++) {
        double *values = cupel_alloc_raw(network->parameters[i].count, sizeof *values);
        if (values == NULL) status = CUPEL_ERROR_MEMORY;
        if (status == CUPEL_OK)
            status = cupel_program_read_double(model->program, CUPEL_HOME_WEIGHTS, i, values);
        if (status == CUPEL_OK)
            status = cupel_program_write(*twin, CUPEL_HOME_WEIGHTS, i, values);
        cupel_free(values);
    }
    if (status == CUPEL_OK) return CUPEL_OK;
    cupel_program_free(*twin);
    *twin = NULL;
    return status;
}

static cupel_status run_check(cupel_model *model, const cupel_feed *feed, cupel_device *cpu,
                              cupel_gradcheck_report *report)
{
    const int64_t elements = model->network.elements;
    check c = {.feed = *feed};
    double *values = cupel_alloc_raw(elements, sizeof *values);
    double *gradients = cupel_alloc_raw(elements, sizeof *gradients);
    cupel_status status =
        values == NULL || gradients == NULL ? CUPEL_ERROR_MEMORY : CUPEL_OK;
    if (status == CUPEL_OK) status = make_twin(model, cpu, &c.twin);
    if (status == CUPEL_OK) status = check_all(&c, values, gradients);
    if (status == CUPEL_OK) *report = c.report;
    cupel_program_free(c.twin);
    cupel_free(values);
    cupel_free(gradients);
    return status;
}

cupel_status cupel_model_gradcheck(cupel_model *model, const void *x, const void *y, int64_t rows,
                                   cupel_gradcheck_report *report)
{
    CUPEL_REQUIRE(report);
    *report = (cupel_gradcheck_report){0};
    CUPEL_REQUIRE(model);
    CUPEL_REQUIRE(x);
    CUPEL_REQUIRE(y);
    CUPEL_FAIL_IF(rows < 1, CUPEL_ERROR_ARGUMENT,
                  "cupel_model_gradcheck: rows is %lld, expected at least 1", (long long)rows);
    CUPEL_TRY(cupel_model_enter(model, __func__));
    cupel_feed feed;
    cupel_device *cpu = NULL;
    cupel_status status = cupel_model_trainable(model, __func__);
    if (status == CUPEL_OK) status = cupel_model_feed(model, x, y, rows, &feed);
    if (status == CUPEL_OK) status = cupel_device_open("cpu", &cpu);
    if (status == CUPEL_OK) {
        cpu->threads = 1;
        status = run_check(model, &feed, cpu, report);
    }
    cupel_device_close(cpu);
    cupel_model_leave(model);
    return status;
}
