/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Results on their way to a host that does not wait for them. */
#ifndef CUPEL_CUDA_READBACK_H
#define CUPEL_CUDA_READBACK_H

#include "cuda_error.h"
#include <stdbool.h>

typedef struct cupel_cuda_readback {
    void *host; /* page-locked; NULL until the first use */
    int64_t room;
    cudaEvent_t arrived;
    bool pending;
} cupel_cuda_readback;

/* Copies what arrived since the last call to `to`, if it has: *fresh. Where nothing is on its way, asks
 * for the bytes at from as they are behind the work so far. The card is selected. */
cupel_status cupel_cuda_readback_poll(cupel_cuda_readback *readback, cudaStream_t stream, void *to,
                                      const void *from, int64_t bytes, bool *fresh);
/* What is on its way is not wanted: the next copy comes behind it in the stream. */
void cupel_cuda_readback_drop(cupel_cuda_readback *readback);
/* No copy is on its way any more. */
void cupel_cuda_readback_close(cupel_cuda_readback *readback);

#endif
