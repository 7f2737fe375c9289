/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "device_run.h"
#include "fill.h"
#include <string.h>

/* A seed of its own for each tensor. */
static uint64_t seed_of(uint64_t seed, const check_case *c, int field)
{
    uint64_t hash = seed * UINT64_C(0x9e3779b97f4a7c15) + (uint64_t)c->op * 1009 + (uint64_t)field;
    for (const char *at = c->text; *at != '\0'; at++)
        hash = (hash ^ (uint64_t)(unsigned char)*at) * UINT64_C(0x100000001b3);
    return hash;
}

/* Rounds n numbers to what an element holds. */
static cupel_status round_to(check_element element, double *values, int64_t n)
{
    void *image = cupel_alloc(n, check_element_size(element));
    if (image == NULL) return CUPEL_ERROR_MEMORY;
    check_pack(element, values, n, image);
    check_unpack(element, image, n, values);
    cupel_free(image);
    return CUPEL_OK;
}

static cupel_status make_tensors(const check_case *c, check_table table, uint64_t seed,
                                 check_values *values)
{
    const check_field *fields = check_rows[c->op].fields;
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if (fields[i].kind != CHECK_IN && fields[i].kind != CHECK_INOUT) continue;
        if (c->null[i]) continue;
        values->tensor[i] = cupel_alloc(c->elements[i], sizeof(double));
        if (values->tensor[i] == NULL) return CUPEL_ERROR_MEMORY;
        check_fill_tensor(c, i, seed_of(seed, c, i), values->tensor[0], values->tensor[i]);
        CUPEL_TRY(
            round_to(check_element_of(table, fields[i].type), values->tensor[i], c->elements[i]));
    }
    return CUPEL_OK;
}

static cupel_status make_source(int64_t type, bool labels, uint64_t seed, int64_t n, void **source)
{
    if (type < 0) return CUPEL_OK;
    *source = cupel_alloc(n, check_source_size(type));
    if (*source == NULL) return CUPEL_ERROR_MEMORY;
    check_fill_source(type, labels, seed, n, *source);
    return CUPEL_OK;
}

static cupel_status make_rows(const check_case *c, uint64_t seed, check_values *values)
{
    const int label = check_find_field(c->op, "label", strlen("label"));
    const bool labels = label >= 0 && !c->null[label];
    CUPEL_TRY(make_source(c->x_type, false, seed_of(seed, c, CHECK_MOST_FIELDS),
                          check_x_elements(c), &values->x));
    return make_source(c->y_type, labels, seed_of(seed, c, CHECK_MOST_FIELDS + 2),
                       check_y_elements(c), &values->y);
}

static cupel_status make_weights(const check_case *c, uint64_t seed, check_values *values)
{
    if (!c->weights) return CUPEL_OK;
    const int64_t rows = check_source_rows(c);
    values->weights = cupel_alloc(rows, sizeof(float));
    if (values->weights == NULL) return CUPEL_ERROR_MEMORY;
    check_fill_weights(seed_of(seed, c, CHECK_MOST_FIELDS + 1), rows, values->weights);
    return CUPEL_OK;
}

int64_t check_x_elements(const check_case *c)
{
    return check_source_rows(c) * check_int(c, "features", 1);
}

int64_t check_y_elements(const check_case *c)
{
    return check_source_rows(c) * check_int(c, "targets", 1);
}

cupel_status check_make_values(const check_case *c, check_table table, uint64_t seed,
                               check_values *values)
{
    *values = (check_values){.control = {.step = c->step,
                                         .seed = c->seed,
                                         .row_offset = c->row_offset,
                                         .rows = check_batch_rows(c),
                                         .x_scale = c->x_scale,
                                         .x_type = c->x_type,
                                         .y_type = c->y_type,
                                         .route = c->route,
                                         .data_rows = check_source_rows(c),
                                         .epoch = c->epoch,
                                         .position = c->position,
                                         .seen = 3}};
    for (int i = 0; i < CUPEL_RESULTS; i++) {
        values->control.sum[i] = 0.5 * i;
        values->control.value[i] = 0.25 * i;
    }
    cupel_status status = make_tensors(c, table, seed, values);
    if (status == CUPEL_OK) status = make_rows(c, seed, values);
    if (status == CUPEL_OK) status = make_weights(c, seed, values);
    if (status != CUPEL_OK) check_free_values(values);
    return status;
}

cupel_status check_make_room(const check_case *c, check_values *values)
{
    const check_field *fields = check_rows[c->op].fields;
    *values = (check_values){0};
    for (int i = 0; fields[i].kind != CHECK_END; i++) {
        if ((fields[i].kind != CHECK_OUT && fields[i].kind != CHECK_INOUT) || c->null[i]) continue;
        values->tensor[i] = cupel_alloc(c->elements[i], sizeof(double));
        if (values->tensor[i] == NULL) {
            check_free_values(values);
            return CUPEL_ERROR_MEMORY;
        }
    }
    return CUPEL_OK;
}

void check_free_values(check_values *values)
{
    for (int i = 0; i < CHECK_MOST_FIELDS; i++)
        cupel_free(values->tensor[i]);
    cupel_free(values->x);
    cupel_free(values->y);
    cupel_free(values->weights);
    *values = (check_values){0};
}
