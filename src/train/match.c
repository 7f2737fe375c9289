/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Shapes and types of a data set against those of a model. */
#include "train/match.h"

#include "base/shape.h"
#include <inttypes.h>

cupel_status cupel_match_x(const cupel_model *model, const cupel_dataset *data, const char *what)
{
    const cupel_shape *input = cupel_network_input(&model->network);
    char found[CUPEL_SHAPE_TEXT];
    char expected[CUPEL_SHAPE_TEXT];
    CUPEL_FAIL_IF(data->x_shape.rank > 0 && !cupel_shape_equal(&data->x_shape, input),
                  CUPEL_ERROR_SHAPE, "%s: a row of x has the shape %s, but the model's input is %s",
                  what, cupel_shape_text(&data->x_shape, found), cupel_shape_text(input, expected));
    return CUPEL_OK;
}

static cupel_status match_labels(const cupel_model *model, const cupel_dataset *data,
                                 const char *what)
{
    char found[CUPEL_SHAPE_TEXT];
    const char *loss = model->program->settings.loss->name;
    const int64_t wanted = cupel_model_target_count(model);
    CUPEL_FAIL_IF(data->y_type == CUPEL_FLOAT32 || data->y_type == CUPEL_FLOAT64, CUPEL_ERROR_SHAPE,
                  "%s: y is %s, but the loss %s takes class numbers of type int32, int64 or uint8",
                  what, cupel_type_name(data->y_type), loss);
    CUPEL_FAIL_IF(
        cupel_dataset_y_count(data) != wanted, CUPEL_ERROR_SHAPE,
        "%s: a row of y has the shape %s, but the loss %s takes %" PRId64 " class number%s a row",
        what, cupel_shape_text(&data->y_shape, found), loss, wanted, wanted == 1 ? "" : "s");
    return CUPEL_OK;
}

cupel_status cupel_match_y(const cupel_model *model, const cupel_dataset *data, const char *what)
{
    int64_t classes = 0;
    CUPEL_FAIL_IF(!data->has_y, CUPEL_ERROR_ARGUMENT, "%s: there are no targets (y)", what);
    if (cupel_model_target_labels(model, &classes)) return match_labels(model, data, what);

    const cupel_shape *output = cupel_network_output(&model->network);
    const bool one = data->y_shape.rank == 0 && cupel_shape_count(output) == 1;
    char found[CUPEL_SHAPE_TEXT];
    char expected[CUPEL_SHAPE_TEXT];
    CUPEL_FAIL_IF(!one && !cupel_shape_equal(&data->y_shape, output), CUPEL_ERROR_SHAPE,
                  "%s: a row of y has the shape %s, but the model's output is %s", what,
                  cupel_shape_text(&data->y_shape, found), cupel_shape_text(output, expected));
    return CUPEL_OK;
}
