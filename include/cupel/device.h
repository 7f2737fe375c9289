/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Devices: where tensors live and ops run. */
#ifndef CUPEL_DEVICE_H
#define CUPEL_DEVICE_H

#include <cupel/status.h>
#include <cupel/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A device. It may be shared by models in different threads. */
typedef struct cupel_device cupel_device;

/* Opens a device: "cpu", "cuda" (the first card), "cuda:1", or "auto": the first card where there is
 * one, else the CPU. CUPEL_ERROR_NO_DEVICE says why there is none. */
CUPEL_API cupel_status cupel_device_open(const char *name, cupel_device **device);

/* Closes a device; models that still use it keep it until they are freed. Takes NULL. */
CUPEL_API void cupel_device_close(cupel_device *device);

/* What was opened, as "cpu, 2 threads, OpenBLAS". Owned by the device; "" for NULL. */
CUPEL_API const char *cupel_device_name(const cupel_device *device);

/* The number of devices of a kind, "cpu" (always 1) or "cuda" (0 without a driver or a card). */
CUPEL_API cupel_status cupel_device_count(const char *kind, int64_t *count);

/* Sets how many threads the CPU device computes with, from the next step on; 0 means one a core that
 * the process may use, but no more than the environment's OMP_NUM_THREADS. On a CUDA device it sets the host's threads and changes no result. */
CUPEL_API cupel_status cupel_device_set_threads(cupel_device *device, int64_t threads);

/* Waits until everything that was started on the device is done, and reports its errors. */
CUPEL_API cupel_status cupel_device_synchronize(cupel_device *device);

#ifdef __cplusplus
}
#endif
#endif
