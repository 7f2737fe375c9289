/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Results of CUDA calls as cupel's statuses: no cudaError_t leaves this folder. */
#ifndef CUPEL_CUDA_ERROR_H
#define CUPEL_CUDA_ERROR_H

#include "base/status.h"
#include <cuda_runtime_api.h>

/* CUPEL_OK, or the status that fits with a sentence naming the call, the error and its text:
 * DEVICE_MEMORY for a failed allocation, DEVICE_LOST for an error after which the process can use the
 * device no more, NO_DEVICE without a driver or a card, else CUDA. */
cupel_status cupel_cuda_result(cudaError_t error, const char *call);

/* Whether there is no device to be had: no driver (35) or no card (100). */
bool cupel_cuda_absent(cudaError_t error);

#endif
