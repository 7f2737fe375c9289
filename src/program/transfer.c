/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What goes between a program's device memory and the host. */
#include "base/memory.h"
#include "base/shape.h"
#include "program/program.h"
#include <stddef.h>
#include <string.h>

static cupel_status download(cupel_program *program, void *to, const void *from, int64_t bytes)
{
    return program->device->backend->download(&program->queue, to, from, bytes);
}

static cupel_status upload(cupel_program *program, void *to, const void *from, int64_t bytes)
{
    return program->device->backend->upload(&program->queue, to, from, bytes);
}

cupel_status cupel_program_loss(cupel_program *program, double *loss)
{
    return download(program, loss, program->control->value, sizeof *loss);
}

/* The sums lie at the end of the control block, behind what describes the batch. */
static unsigned char *sums_of(cupel_control *control)
{
    return (unsigned char *)control + offsetof(cupel_control, seen);
}

#define SUMS_BYTES ((int64_t)(sizeof(cupel_control) - offsetof(cupel_control, seen)))

cupel_status cupel_program_reset_sums(cupel_program *program)
{
    CUPEL_TRY(cupel_program_need_weights(program));
    const cupel_control zero = {0};
    bool fresh = false;
    program->glance = zero;
    CUPEL_TRY(program->device->backend->poll(&program->queue, NULL, NULL, 0, &fresh));
    return cupel_program_restore_sums(program, &zero);
}

cupel_status cupel_program_save_sums(cupel_program *program, cupel_control *saved)
{
    CUPEL_TRY(cupel_program_need_weights(program));
    return download(program, sums_of(saved), sums_of(program->control), SUMS_BYTES);
}

cupel_status cupel_program_restore_sums(cupel_program *program, const cupel_control *saved)
{
    return program->device->backend->post(
        &program->queue, sums_of(program->control),
        (const unsigned char *)saved + offsetof(cupel_control, seen), SUMS_BYTES);
}

static void divide(const cupel_program *program, const cupel_control *sums, double *means,
                   int64_t *seen)
{
    for (int64_t i = 0; i < 1 + program->settings.metric_count; i++)
        means[i] = sums->seen > 0 ? sums->sum[i] / (double)sums->seen : 0;
    *seen = sums->seen;
}

cupel_status cupel_program_means(cupel_program *program, double *means, int64_t *seen)
{
    cupel_control control = {0};
    CUPEL_TRY(cupel_program_save_sums(program, &control));
    divide(program, &control, means, seen);
    return CUPEL_OK;
}

cupel_status cupel_program_glance(cupel_program *program, double *means, int64_t *seen)
{
    cupel_control arrived = {0};
    bool fresh = false;
    CUPEL_TRY(program->device->backend->poll(&program->queue, sums_of(&arrived),
                                             sums_of(program->control), SUMS_BYTES, &fresh));
    if (fresh) program->glance = arrived;
    divide(program, &program->glance, means, seen);
    return CUPEL_OK;
}

cupel_status cupel_program_output(cupel_program *program, int64_t rows, void *out)
{
    const cupel_tensor_plan *tensor = &program->infer.tensors[program->infer_output];
    const unsigned char *from =
        (const unsigned char *)program->base[CUPEL_HOME_ACTIVATION] + tensor->offset;
    return download(program, out, from, rows * tensor->per_row * program->acc_size);
}

static unsigned char *slice(const cupel_program *program, cupel_home home, int64_t index)
{
    return (unsigned char *)program->base[home] +
           program->network->parameters[index].offset * program->acc_size;
}

/* The mirror of weights that the host writes is made anew before the next run. */
static void wrote(cupel_program *program, cupel_home home)
{
    if (home == CUPEL_HOME_WEIGHTS) program->mirror_stale = program->mirrored;
}

cupel_status cupel_program_read(cupel_program *program, cupel_home home, int64_t index, void *values)
{
    return download(program, values, slice(program, home, index),
                    program->network->parameters[index].count * program->acc_size);
}

cupel_status cupel_program_write(cupel_program *program, cupel_home home, int64_t index,
                                 const void *values)
{
    wrote(program, home);
    return upload(program, slice(program, home, index), values,
                  program->network->parameters[index].count * program->acc_size);
}

cupel_status cupel_program_read_double(cupel_program *program, cupel_home home, int64_t index,
                                       double *values)
{
    CUPEL_TRY(cupel_program_read(program, home, index, values));
    if (program->acc_size == (int64_t)sizeof(double)) return CUPEL_OK;
    /* Widened in place from the end, where the two do not overlap. */
    for (int64_t i = program->network->parameters[index].count - 1; i >= 0; i--) {
        float narrow;
        memcpy(&narrow, (const unsigned char *)values + i * (int64_t)sizeof narrow, sizeof narrow);
        values[i] = (double)narrow;
    }
    return CUPEL_OK;
}

cupel_status cupel_program_write_double(cupel_program *program, cupel_home home, int64_t index,
                                        const double *values)
{
    if (program->acc_size == (int64_t)sizeof(double))
        return cupel_program_write(program, home, index, values);
    const int64_t count = program->network->parameters[index].count;
    float *narrow = cupel_alloc_raw(count, sizeof *narrow);
    if (narrow == NULL) return CUPEL_ERROR_MEMORY;
    for (int64_t i = 0; i < count; i++) narrow[i] = (float)values[i];
    const cupel_status status = cupel_program_write(program, home, index, narrow);
    cupel_free(narrow);
    return status;
}

cupel_status cupel_program_read_all(cupel_program *program, cupel_home home, void *values)
{
    return download(program, values, program->base[home],
                    program->network->elements * program->acc_size);
}

cupel_status cupel_program_write_all(cupel_program *program, cupel_home home, const void *values)
{
    wrote(program, home);
    return upload(program, program->base[home], values,
                  program->network->elements * program->acc_size);
}
