/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#include "cpu/team.h"

typedef struct job {
    const int32_t *tensor;
    int64_t blocks;
    int64_t parts;
    cupel_cpu_body *body;
    void *context;
} job;

/* The first block after `first` that is of another tensor, by steps that double and then halve. */
static int64_t next_tensor(const job *j, int64_t first)
{
    int64_t same = first;
    int64_t step = 1;
    while (same + step < j->blocks && j->tensor[same + step] == j->tensor[first]) {
        same += step;
        step *= 2;
    }
    for (; step > 0; step /= 2) {
        if (same + step < j->blocks && j->tensor[same + step] == j->tensor[first]) same += step;
    }
    return same + 1;
}

static void parts(void *context, int64_t begin, int64_t end)
{
    const job *j = context;
    for (int64_t part = begin; part < end; part++) {
        for (int64_t first = 0, next = 0; first < j->blocks; first = next) {
            next = next_tensor(j, first);
            const int64_t from = first + (next - first) * part / j->parts;
            const int64_t to = first + (next - first) * (part + 1) / j->parts;
            if (from < to) j->body(j->context, from, to);
        }
    }
}

void cupel_cpu_share_tensors(int64_t threads, const int32_t *tensor, int64_t blocks,
                             cupel_cpu_body *body, void *context)
{
    const int64_t worth = blocks / (CUPEL_CPU_LEAST / CUPEL_SLICE);
    job j = {tensor, blocks, worth < threads ? worth : threads, body, context};
    if (j.parts > 1)
        cupel_cpu_share(threads, j.parts, 1, 1, parts, &j);
    else
        body(context, 0, blocks);
}
