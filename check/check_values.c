/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "base/memory.h"
#include "device_run.h"
#include "fill.h"

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

static cupel_status make_source(const check_case *c, uint64_t seed, check_values *values)
{
    const int64_t type = c->x_type >= 0 ? c->x_type : c->y_type;
    if (type < 0) return CUPEL_OK;
    const int64_t n = check_source_elements(c);
    values->source = cupel_alloc(n, check_source_size(type));
    if (values->source == NULL) return CUPEL_ERROR_MEMORY;
    check_fill_source(type, c->op == CUPEL_OP_labels, seed_of(seed, c, CHECK_MOST_FIELDS), n,
                      values->source);
    return CUPEL_OK;
}

static cupel_status make_weights(const check_case *c, uint64_t seed, check_values *values)
{
    if (!c->weights) return CUPEL_OK;
    values->weights = cupel_alloc(check_batch_rows(c), sizeof(float));
    if (values->weights == NULL) return CUPEL_ERROR_MEMORY;
    check_fill_weights(seed_of(seed, c, CHECK_MOST_FIELDS + 1), check_batch_rows(c),
                       values->weights);
    return CUPEL_OK;
}

int64_t check_source_elements(const check_case *c)
{
    const int64_t features = check_int(c, "features", 1);
    return check_int(c, "rows", 1) * features;
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
                                         .seen = 3}};
    for (int i = 0; i < CUPEL_RESULTS; i++) {
        values->control.sum[i] = 0.5 * i;
        values->control.value[i] = 0.25 * i;
    }
    cupel_status status = make_tensors(c, table, seed, values);
    if (status == CUPEL_OK) status = make_source(c, seed, values);
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
    cupel_free(values->source);
    cupel_free(values->weights);
    *values = (check_values){0};
}
