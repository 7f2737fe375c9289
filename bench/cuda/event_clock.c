/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Moments on a card: events on the stream of the run. */
#include "cuda_parts.h"

#include "queue.h"
#include "table.h"

static void close_event(bench_mark *mark)
{
    if (mark->event != NULL) cudaEventDestroy(mark->event);
}

static cupel_status note_event(cupel_exec *x, const void *args)
{
    bench_mark *mark = *(bench_mark *const *)args;
    if (mark->event == NULL) {
        cudaEvent_t event = NULL;
        CUPEL_TRY(cupel_cuda_result(cudaEventCreate(&event), "cudaEventCreate"));
        mark->event = event;
    }
    return cupel_cuda_result(cudaEventRecord(mark->event, x->stream), "cudaEventRecord");
}

static cupel_status between_events(const bench_mark *from, const bench_mark *to, double *seconds)
{
    float ms = 0;
    CUPEL_TRY(cupel_cuda_result(cudaEventElapsedTime(&ms, from->event, to->event),
                                "cudaEventElapsedTime"));
    *seconds = (double)ms * 1e-3;
    return CUPEL_OK;
}

const bench_clock *bench_cuda_clock(void)
{
    static const bench_clock clock = {
        .note = {note_event, NULL}, .between = between_events, .close = close_event};
    return &clock;
}

int64_t bench_cuda_nodes(const cupel_replay *replay)
{
    const cupel_cuda_graph *graph = replay->state;
    return graph != NULL ? graph->nodes : 0;
}

const cupel_op_entry *bench_cuda_ops(cupel_precision precision)
{
    if (precision == CUPEL_PRECISION_FLOAT64) return NULL;
    return precision == CUPEL_PRECISION_BFLOAT16 ? cupel_cuda_bf16_ops : cupel_cuda_f32_ops;
}
