/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Host data of a call: checked, and described for the input op. */
#include "base/memory.h"
#include "base/shape.h"
#include "data/check.h"
#include "program/model.h"

int64_t cupel_model_target_count(const cupel_model *model)
{
    const cupel_shape *output = cupel_network_output(&model->network);
    const int64_t elements = cupel_shape_count(output);
    const cupel_loss_type *loss = model->program->settings.loss;
    return loss != NULL && loss->labels ? elements / cupel_shape_last(output) : elements;
}

bool cupel_model_target_labels(const cupel_model *model, int64_t *classes)
{
    const cupel_loss_type *loss = model->program->settings.loss;
    *classes = cupel_shape_last(cupel_network_output(&model->network));
    return loss != NULL && loss->labels;
}

/* More bytes than can be addressed are no batch that a caller has: refused before they are read. */
static cupel_status check_size(int64_t rows, int64_t count, cupel_type type)
{
    int64_t size = 0;
    CUPEL_FAIL_IF(!cupel_mul(rows, count, &size) || !cupel_mul(size, cupel_type_size(type), &size) ||
                      (uint64_t)size > PTRDIFF_MAX,
                  CUPEL_ERROR_ARGUMENT, "rows is %lld, which are more than memory can hold",
                  (long long)rows);
    return CUPEL_OK;
}

cupel_status cupel_model_feed(const cupel_model *model, const void *x, const void *y, int64_t rows,
                              cupel_feed *feed)
{
    const cupel_program *program = model->program;
    const cupel_type real =
        program->settings.precision == CUPEL_PRECISION_FLOAT64 ? CUPEL_FLOAT64 : CUPEL_FLOAT32;
    const int64_t features = cupel_shape_count(cupel_network_input(&model->network));
    CUPEL_TRY(check_size(rows, features, real));
    CUPEL_TRY(check_size(rows, cupel_shape_count(cupel_network_output(&model->network)), real));
    CUPEL_TRY(cupel_check_finite(x, real, rows, features, NULL, "x"));
    *feed = (cupel_feed){.rows = rows, .x = x, .y = y, .x_type = real, .y_type = real, .x_scale = 1};
    if (y == NULL) return CUPEL_OK;
    int64_t classes = 0;
    const int64_t targets = cupel_model_target_count(model);
    if (!cupel_model_target_labels(model, &classes))
        return cupel_check_finite(y, real, rows, targets, NULL, "y");
    feed->y_type = CUPEL_INT32;
    return cupel_check_labels(y, CUPEL_INT32, rows, targets, classes, NULL);
}
