/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Two measures, since each is blind where the other sees: the error of each element, and the mean
 * square error over all, normalised by the mean square of the reference. */
#include "case_result.h"

#include "error_size.h"
#include <math.h>
#include <stdio.h>

/* Elements from which on a mean says something. */
#define LEAST_OF_MEAN 16

/* The control block's results are double, from sums of float elements. */
#define CONTROL_TAU 1e-6

static double nmse_limit(check_element element)
{
    if (element == CHECK_ELEMENT_DOUBLE) return 1e-26;
    /* The rounding of bf16 gives 3e-6, and 2^-16 where one element is all that counts. */
    return element == CHECK_ELEMENT_BF16 ? 2e-5 : 1e-11;
}

/* The part of a limit that an error is. */
static double share_of(double error, double limit)
{
    if (error == 0) return 0;
    return limit > 0 ? error / limit : INFINITY;
}

static double tau_of(const check_gate *gate, check_table table)
{
    if (table == CHECK_BFLOAT16 && gate->tau_bf16 > 0) return gate->tau_bf16;
    return table == CHECK_FLOAT64 ? gate->tau * 0x1p-26 : gate->tau;
}

/* NaN and infinities are expected to be the same. */
static double distance(double got, double expected)
{
    if (got == expected || (isnan(got) && isnan(expected))) return 0;
    const double error = fabs(got - expected);
    return isnan(error) ? INFINITY : error;
}

/* Compares one output; result keeps what is closest to a limit. */
static void compare(const check_target *target, const check_case *c, int field, const double *got,
                    const double *expected, const double *size, check_result *result)
{
    const check_field *f = &check_rows[c->op].fields[field];
    const check_gate *gate = &c->tensors[field]->gate;
    const check_element element = check_element_of(target->table, f->type);
    const double rounding = check_element_rounds(element) ? check_element_rounding(element) : 0;
    const double smallest = check_element_rounds(element) ? check_element_smallest(element) : 0;
    const double tau = gate->measure == CHECK_EXACT ? 0 : tau_of(gate, target->table);
    const bool cpu = target->device->backend == &cupel_cpu_backend;
    const double plus = gate->plus + (cpu ? gate->plus_cpu : 0);
    check_result worst = {.tensor = f->name, .share = -1, .nmse = -1};
    double errors = 0, squares = 0;
    for (int64_t i = 0; i < c->elements[field]; i++) {
        const double error = distance(got[i], expected[i]);
        const double limit = tau * (size[i] + plus) + rounding * fabs(expected[i]) + smallest;
        if (share_of(error, limit) > worst.share) {
            worst.share = share_of(error, limit);
            worst.element = i;
            worst.got = got[i];
            worst.expected = expected[i];
            worst.error = error;
            worst.limit = limit;
        }
        if (isfinite(expected[i])) {
            errors += error * error;
            squares += expected[i] * expected[i];
        }
    }
    if (c->elements[field] >= LEAST_OF_MEAN && squares > 0) {
        worst.nmse = errors / squares;
        worst.nmse_limit = nmse_limit(element);
        worst.share = fmax(worst.share, share_of(worst.nmse, worst.nmse_limit));
    }
    if (worst.share > result->share) *result = worst;
}

static void compare_control(const check_target *target, const cupel_control *got,
                            const cupel_control *expected, const cupel_control *size,
                            check_result *result)
{
    const double tau = target->table == CHECK_FLOAT64 ? 1e-14 : CONTROL_TAU;
    for (int i = 0; i < 2 * CUPEL_RESULTS; i++) {
        const bool sum = i >= CUPEL_RESULTS;
        const int at = i % CUPEL_RESULTS;
        check_result r = {.tensor = sum ? "control.sum" : "control.value",
                          .element = at,
                          .got = sum ? got->sum[at] : got->value[at],
                          .expected = sum ? expected->sum[at] : expected->value[at],
                          .nmse = -1};
        r.error = distance(r.got, r.expected);
        r.limit = tau * fabs(sum ? size->sum[at] : size->value[at]);
        r.share = share_of(r.error, r.limit);
        if (r.share > result->share) *result = r;
    }
    const struct {
        const char *name;
        int64_t got, expected;
    } numbers[] = {{"step", got->step, expected->step},
                   {"seen", got->seen, expected->seen},
                   {"rows", got->rows, expected->rows},
                   {"position", got->position, expected->position}};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (numbers[i].got == numbers[i].expected) continue;
        result->share = INFINITY;
        snprintf(result->message, sizeof result->message, "control.%s is %lld, expected %lld",
                 numbers[i].name, (long long)numbers[i].got, (long long)numbers[i].expected);
    }
}

static cupel_status compare_all(const check_target *target, const check_target *reference,
                                const check_case *c, const check_values *in,
                                const check_values *got, check_values *expected, check_values *size,
                                check_result *result)
{
    CUPEL_TRY(check_run(reference, c, in, expected));
    CUPEL_TRY(check_error_size(reference, c, in, expected, size));
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (got->tensor[i] != NULL)
            compare(target, c, i, got->tensor[i], expected->tensor[i], size->tensor[i], result);
    }
    compare_control(target, &got->control, &expected->control, &size->control, result);
    return CUPEL_OK;
}

cupel_status check_run_case(const check_target *target, const check_target *reference,
                            const check_case *c, uint64_t seed, check_result *result)
{
    check_values in = {0}, got = {0}, expected = {0}, size = {0};
    *result = (check_result){.tensor = "", .nmse = -1, .share = -1};
    cupel_status status = check_make_values(c, target->table, seed, &in);
    if (status == CUPEL_OK) status = check_make_room(c, &got);
    if (status == CUPEL_OK) status = check_make_room(c, &expected);
    if (status == CUPEL_OK) status = check_make_room(c, &size);
    if (status == CUPEL_OK) {
        status = check_run(target, c, &in, &got);
        if (status == CUPEL_OK)
            status = compare_all(target, reference, c, &in, &got, &expected, &size, result);
        /* Only what ends everything is forwarded. */
        if (status == CUPEL_ERROR_DATA || status == CUPEL_ERROR_CUDA ||
            status == CUPEL_ERROR_UNSUPPORTED) {
            snprintf(result->message, sizeof result->message, "%s", cupel_last_error());
            result->share = INFINITY;
            status = CUPEL_OK;
        }
    }
    result->passed = status == CUPEL_OK && result->share <= 1;
    check_free_values(&in);
    check_free_values(&got);
    check_free_values(&expected);
    check_free_values(&size);
    return status;
}
