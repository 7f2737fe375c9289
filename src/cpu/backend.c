/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The CPU device: host memory, and ops that have run when run returns. */
#include "base/memory.h"
#include "cpu/team.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ALIGNMENT ((uintptr_t)256)

static cupel_status open_cpu(cupel_device *device, int64_t ordinal)
{
    CUPEL_FAIL_IF(ordinal != 0, CUPEL_ERROR_NO_DEVICE,
                  "device \"cpu:%" PRId64 "\": there is one CPU device, number 0", ordinal);
    const int64_t threads = cupel_cpu_usual_threads();
    snprintf(device->name, sizeof device->name, "cpu, %" PRId64 " %s, %s", threads,
             threads == 1 ? "thread" : "threads", cupel_cpu_blas_name());
    return CUPEL_OK;
}

static void close_cpu(cupel_device *device)
{
    (void)device;
}

/* Everything has happened when a call returns, so a queue has nothing to remember. */
static cupel_status open_queue_cpu(cupel_queue *queue)
{
    queue->state = NULL;
    return CUPEL_OK;
}

static void close_queue_cpu(cupel_queue *queue)
{
    (void)queue;
}

static cupel_status count_cpu(int64_t *count)
{
    *count = 1;
    return CUPEL_OK;
}

static const cupel_op_entry *ops_cpu(cupel_precision precision)
{
    return precision == CUPEL_PRECISION_FLOAT64 ? cupel_cpu_f64_ops : cupel_cpu_f32_ops;
}

/* The pointer to the block stands right before the aligned memory. */
static cupel_status allocate_cpu(cupel_device *device, int64_t bytes, void **pointer)
{
    (void)device;
    *pointer = NULL;
    int64_t total = 0;
    if (!cupel_add(bytes, (int64_t)ALIGNMENT, &total)) total = INT64_MAX;
    char *block = cupel_alloc(total, 1);
    if (block == NULL) return CUPEL_ERROR_MEMORY;
    char *aligned = block + (ALIGNMENT - (uintptr_t)block % ALIGNMENT);
    memcpy(aligned - sizeof block, &block, sizeof block);
    *pointer = aligned;
    return CUPEL_OK;
}

static void release_cpu(cupel_device *device, void *pointer, int64_t bytes)
{
    (void)device;
    (void)bytes;
    if (pointer == NULL) return;
    char *block = NULL;
    memcpy(&block, (char *)pointer - sizeof block, sizeof block);
    cupel_free(block);
}

static cupel_status copy_cpu(cupel_queue *queue, void *to, const void *from, int64_t bytes)
{
    (void)queue;
    if (bytes > 0) memcpy(to, from, (size_t)bytes);
    return CUPEL_OK;
}

static cupel_status poll_cpu(cupel_queue *queue, void *to, const void *from, int64_t bytes,
                             bool *fresh)
{
    *fresh = to != NULL;
    return copy_cpu(queue, to, from, bytes);
}

static cupel_status run_cpu(cupel_exec *x, const cupel_call *calls, int64_t count)
{
    const int64_t threads = x->device->threads;
    x->threads = threads > 0 ? threads : cupel_cpu_usual_threads();
    cupel_status status = CUPEL_OK;
    cupel_cpu_blas_enter();
    for (int64_t i = 0; i < count && status == CUPEL_OK; i++)
        status = calls[i].entry->run(x, calls[i].args);
    cupel_cpu_blas_leave();
    return status;
}

/* There is nothing to keep: running the calls costs as little as it can. */
static cupel_status launch_cpu(cupel_exec *x, const cupel_launch *launch)
{
    for (int64_t time = 0; time < launch->times; time++)
        CUPEL_TRY(run_cpu(x, launch->calls, launch->count));
    return CUPEL_OK;
}

static void forget_cpu(cupel_queue *queue, cupel_replay *replay)
{
    (void)queue;
    (void)replay;
}

static cupel_status synchronize_cpu(cupel_queue *queue)
{
    (void)queue;
    return CUPEL_OK;
}

static cupel_status synchronize_all_cpu(cupel_device *device)
{
    (void)device;
    return CUPEL_OK;
}

const cupel_backend cupel_cpu_backend = {
    .kind = "cpu",
    .precisions = 1U << CUPEL_PRECISION_FLOAT32 | 1U << CUPEL_PRECISION_FLOAT64,
    .host_memory = true,
    .open = open_cpu,
    .close = close_cpu,
    .count = count_cpu,
    .ops = ops_cpu,
    .queue_open = open_queue_cpu,
    .queue_close = close_queue_cpu,
    .allocate = allocate_cpu,
    .release = release_cpu,
    .upload = copy_cpu,
    .download = copy_cpu,
    .post = copy_cpu,
    .poll = poll_cpu,
    .run = run_cpu,
    .launch = launch_cpu,
    .forget = forget_cpu,
    .synchronize = synchronize_cpu,
    .synchronize_all = synchronize_all_cpu,
};
