/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "train/input.h"

#include "base/memory.h"
#include <inttypes.h>

bool cupel_input_made(const cupel_dataset *data)
{
    const cupel_dataset *root = data->parent != NULL ? data->parent : data;
    return root->source.fill != NULL;
}

/* Has the device keep the rows, where that is wanted and possible. What the model needs for a batch
 * comes first. */
static cupel_status keep(cupel_input *input, cupel_fit_input how)
{
    const cupel_batches_config *config = &input->config;
    if (!cupel_resident_sensible(input->program)) return CUPEL_OK;
    CUPEL_TRY(cupel_program_reserve(input->program, input->segment, config->batch));
    if (how == CUPEL_INPUT_STREAM || cupel_input_made(config->data)) return CUPEL_OK;
    const cupel_status status =
        cupel_resident_open(input->program, config, how == CUPEL_INPUT_AUTO, &input->resident);
    if (status != CUPEL_ERROR_DEVICE_MEMORY) return status;
    if (how == CUPEL_INPUT_AUTO) return CUPEL_OK;
    char text[CUPEL_ERROR_TEXT];
    cupel_error_take(text);
    return cupel_fail(status,
                      "cupel_model_fit: .input is CUPEL_INPUT_RESIDENT, but the %" PRId64
                      " rows do not fit beside the model: %s",
                      config->data->rows, text);
}

cupel_status cupel_input_open(cupel_program *program, cupel_segment segment,
                              const cupel_batches_config *config, cupel_fit_input how,
                              cupel_input **input)
{
    *input = NULL;
    cupel_input *made = cupel_alloc(1, sizeof *made);
    if (made == NULL) return CUPEL_ERROR_MEMORY;
    made->program = program;
    made->segment = segment;
    made->config = *config;
    if (config->batch > config->data->rows) made->config.batch = config->data->rows;
    cupel_status status = keep(made, how);
    if (status == CUPEL_OK && made->resident == NULL)
        status = cupel_batches_open(&made->config, &made->batches);
    if (status != CUPEL_OK) {
        cupel_input_close(made);
        return status;
    }
    *input = made;
    return CUPEL_OK;
}

cupel_status cupel_input_start(cupel_input *input, uint64_t epoch)
{
    input->epoch = epoch;
    input->position = 0;
    input->placed = -1;
    return input->batches != NULL ? cupel_batches_start(input->batches, epoch) : CUPEL_OK;
}

static cupel_status feed_next(cupel_input *input, int64_t *steps)
{
    const cupel_dataset *data = input->config.data;
    cupel_batch batch;
    CUPEL_TRY(cupel_batches_next(input->batches, &batch));
    *steps = batch.rows > 0;
    input->rows = batch.rows;
    if (batch.rows == 0) return CUPEL_OK;
    const cupel_feed feed = {
        .rows = batch.rows,
        .x = batch.x,
        .y = batch.y,
        .weights = batch.weights,
        .x_type = data->x_type,
        .y_type = data->y_type,
        .x_scale = data->scale,
    };
    return cupel_program_run(input->program, input->segment, &feed);
}

/* The device knows where its rows go on, unless another call has used the program since, or the
 * segment moves nothing on. */
static cupel_status place(cupel_input *input)
{
    if (input->placed == input->program->feeds && input->segment != CUPEL_SEGMENT_PREDICT)
        return CUPEL_OK;
    const cupel_feed feed = cupel_resident_feed(input->resident, input->epoch, input->position);
    CUPEL_TRY(cupel_program_place(input->program, &feed));
    input->placed = input->program->feeds;
    return CUPEL_OK;
}

cupel_status cupel_input_run(cupel_input *input, int64_t most, int64_t *steps)
{
    if (input->resident == NULL) return feed_next(input, steps);
    const int64_t left = input->config.data->rows - input->position;
    const int64_t whole = left / input->config.batch;
    input->rows = whole > 0 ? input->config.batch : left;
    *steps = whole > 0 ? whole : left > 0;
    if (*steps > most) *steps = most;
    if (*steps > CUPEL_RATES) *steps = CUPEL_RATES;
    if (*steps == 0) return CUPEL_OK;
    CUPEL_TRY(place(input));
    CUPEL_TRY(cupel_program_repeat(input->program, input->segment, input->rows, *steps));
    input->position += *steps * input->rows;
    return CUPEL_OK;
}

void cupel_input_close(cupel_input *input)
{
    if (input == NULL) return;
    cupel_batches_close(input->batches);
    cupel_resident_close(input->resident);
    cupel_free(input);
}
