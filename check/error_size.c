/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "error_size.h"

#include "base/memory.h"
#include <math.h>
#include <string.h>

/* By how much an input is moved, relatively: small beside what bends, large beside double's
 * rounding. */
#define STEP 0x1p-20
/* An input is moved in so many parts, neighbours in different ones: all terms of a part move the
 * same way, so that they do not cancel, and an element moves apart from the sum over its row. */
#define PARTS 4
/* Where an input lies on a kink, a move shows the height of the jump and not a slope: the size
 * grows by no more than this many times the largest output. */
#define MOST_SLOPE 256.0

static bool is_output(check_kind kind)
{
    return kind == CHECK_OUT || kind == CHECK_INOUT;
}

static bool measured_by(const check_case *c, check_measure measure)
{
    const check_field *fields = check_rows[c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (is_output(fields[i].kind) && !c->null[i] && c->tensors[i]->gate.measure == measure)
            return true;
    }
    return false;
}

/* A copy of the inputs, sharing what is never changed. */
static cupel_status copy_inputs(const check_case *c, const check_values *in, check_values *copy)
{
    *copy = *in;
    memset(copy->tensor, 0, sizeof copy->tensor);
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (in->tensor[i] == NULL) continue;
        copy->tensor[i] = cupel_alloc(c->elements[i], sizeof(double));
        if (copy->tensor[i] == NULL) return CUPEL_ERROR_MEMORY;
        memcpy(copy->tensor[i], in->tensor[i], (size_t)c->elements[i] * sizeof(double));
    }
    return CUPEL_OK;
}

static void free_copy(check_values *copy)
{
    copy->x = NULL;
    copy->y = NULL;
    copy->weights = NULL;
    check_free_values(copy);
}

/* Whether a tensor holds numbers, which have neighbours that they could as well have been. */
static bool moves(const check_case *c, int field)
{
    return check_element_rounds(
        check_element_of(CHECK_FLOAT64, check_rows[c->op].fields[field].type));
}

/* The op on absolute values, without its activation, which bends. */
static cupel_status absolute(const check_target *reference, const check_case *c,
                             const check_values *in, check_values *size)
{
    check_case linear = *c;
    check_values copy;
    check_set_int(&linear, "activation", CUPEL_LINEAR);
    cupel_status status = copy_inputs(c, in, &copy);
    for (int i = 0; status == CUPEL_OK && i < CHECK_MOST_FIELDS; i++) {
        if (copy.tensor[i] == NULL || !moves(c, i)) continue;
        for (int64_t j = 0; j < c->elements[i]; j++)
            copy.tensor[i][j] = fabs(copy.tensor[i][j]);
    }
    if (status == CUPEL_OK) status = check_run(reference, &linear, &copy, size);
    free_copy(&copy);
    return status;
}

static double largest(const double *values, int64_t n)
{
    double most = 0;
    for (int64_t i = 0; i < n; i++) {
        if (fabs(values[i]) > most && fabs(values[i]) < INFINITY) most = fabs(values[i]);
    }
    return most;
}

/* Adds to size how far the outputs moved. */
static void add_moves(const check_case *c, const check_values *y, const check_values *moved,
                      check_values *size)
{
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (y->tensor[i] == NULL || c->tensors[i]->gate.measure != CHECK_SMOOTH) continue;
        const double most = MOST_SLOPE * largest(y->tensor[i], c->elements[i]);
        for (int64_t j = 0; j < c->elements[i]; j++) {
            const double slope = fabs(moved->tensor[i][j] - y->tensor[i][j]) / STEP;
            size->tensor[i][j] += slope < most ? slope : most;
        }
    }
}

/* Moves one input after the other. */
static cupel_status smooth(const check_target *reference, const check_case *c,
                           const check_values *in, const check_values *y, check_values *size)
{
    check_values copy = {0}, moved = {0};
    cupel_status status = copy_inputs(c, in, &copy);
    if (status == CUPEL_OK) status = check_make_room(c, &moved);
    for (int i = 0; status == CUPEL_OK && i < CHECK_MOST_FIELDS; i++) {
        if (in->tensor[i] == NULL || !moves(c, i)) continue;
        for (int64_t part = 0; status == CUPEL_OK && part < PARTS && part < c->elements[i];
             part++) {
            memcpy(copy.tensor[i], in->tensor[i], (size_t)c->elements[i] * sizeof(double));
            for (int64_t j = part; j < c->elements[i]; j += PARTS)
                copy.tensor[i][j] += STEP * fabs(in->tensor[i][j]);
            status = check_run(reference, c, &copy, &moved);
            if (status == CUPEL_OK) add_moves(c, y, &moved, size);
        }
        memcpy(copy.tensor[i], in->tensor[i], (size_t)c->elements[i] * sizeof(double));
    }
    free_copy(&copy);
    check_free_values(&moved);
    return status;
}

/* At the label a number is subtracted that may be close to the other one: the weight of the sample
 * over the rows, or what every other element of the row has. */
static void add_at_labels(const check_case *c, const check_values *in, const double *y,
                          double *size)
{
    const int label = check_find_field(c->op, "label", strlen("label"));
    const int64_t rows = check_int(c, "rows", 1), n = check_int(c, "n", 1);
    const int64_t group = check_int(c, "group", 1);
    for (int64_t row = 0; label >= 0 && row < rows; row++) {
        const double weight = in->weights != NULL ? (double)in->weights[row / group] : 1;
        size[row * n + (int64_t)in->tensor[label][row]] +=
            weight / (double)rows + largest(y + row * n, n);
    }
}

/* The sums over the rows of what the first tensor's elements are measured by. */
static void sum_columns(const check_case *c, int field, check_values *size)
{
    const int64_t n = c->elements[field];
    memset(size->tensor[field], 0, (size_t)n * sizeof(double));
    for (int64_t i = 0; i < c->elements[0]; i++)
        size->tensor[field][i % n] += size->tensor[0][i];
}

cupel_status check_error_size(const check_target *reference, const check_case *c,
                              const check_values *in, const check_values *y, check_values *size)
{
    const bool sums = measured_by(c, CHECK_SUMS) || c->op == CUPEL_OP_mean;
    size->control = y->control;
    if (sums) CUPEL_TRY(absolute(reference, c, in, size));
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (y->tensor[i] == NULL) continue;
        const bool sum = c->tensors[i]->gate.measure == CHECK_SUMS;
        for (int64_t j = 0; j < c->elements[i]; j++) {
            const double own = fabs(y->tensor[i][j]);
            if (!sum || own > size->tensor[i][j]) size->tensor[i][j] = own;
        }
    }
    if (measured_by(c, CHECK_SMOOTH)) CUPEL_TRY(smooth(reference, c, in, y, size));
    for (int i = 0; i < CHECK_MOST_FIELDS; i++) {
        if (y->tensor[i] == NULL) continue;
        if (c->tensors[i]->gate.at_label) add_at_labels(c, in, y->tensor[i], size->tensor[i]);
        if (c->tensors[i]->gate.measure == CHECK_COLUMNS) sum_columns(c, i, size);
    }
    return CUPEL_OK;
}
