/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Opening, counting and closing devices. */
#include "device.h"

#include "base/memory.h"
#include "base/number.h"
#include <string.h>

/* In the order in which "auto" tries them; the CPU, last, is always there. */
static const cupel_backend *const backends[] = {
#if defined(CUPEL_WITH_CUDA)
    &cupel_cuda_backend,
#endif
    &cupel_cpu_backend,
};

#define BACKENDS ((int64_t)(sizeof backends / sizeof backends[0]))

/* The backend called kind, or NULL with the reason as last error. */
static const cupel_backend *find_backend(const char *kind, size_t length, cupel_status *status)
{
    for (int64_t i = 0; i < BACKENDS; i++) {
        if (strlen(backends[i]->kind) == length && strncmp(backends[i]->kind, kind, length) == 0)
            return backends[i];
    }
    if (length == 4 && strncmp(kind, "cuda", 4) == 0) {
        *status = cupel_fail(CUPEL_ERROR_NO_DEVICE,
                             "device \"cuda\": this build of cupel has no CUDA device");
    } else {
        *status = cupel_fail(CUPEL_ERROR_ARGUMENT,
                             "device \"%.60s\" is none of \"auto\", \"cpu\", \"cuda\" and \"cuda:N\"",
                             kind);
    }
    return NULL;
}

cupel_status cupel_device_open_backend(const cupel_backend *backend, int64_t ordinal,
                                       cupel_device **device)
{
    cupel_device *d = cupel_alloc(1, sizeof *d);
    if (d == NULL) return CUPEL_ERROR_MEMORY;
    d->backend = backend;
    d->ordinal = ordinal;
    d->users = 1;
    d->queue.device = d;
    cupel_status status = backend->open(d, ordinal);
    if (status == CUPEL_OK) {
        status = backend->queue_open(&d->queue);
        if (status != CUPEL_OK) backend->close(d);
    }
    if (status != CUPEL_OK) {
        cupel_free(d);
        return status;
    }
    cupel_handle_opened();
    *device = d;
    return CUPEL_OK;
}

cupel_status cupel_device_open(const char *name, cupel_device **device)
{
    CUPEL_REQUIRE(device);
    *device = NULL;
    CUPEL_REQUIRE(name);
    if (strcmp(name, "auto") == 0) {
        cupel_status status = CUPEL_ERROR_NO_DEVICE;
        for (int64_t i = 0; i < BACKENDS && status == CUPEL_ERROR_NO_DEVICE; i++)
            status = cupel_device_open_backend(backends[i], 0, device);
        return status;
    }
    const char *colon = strchr(name, ':');
    const size_t length = colon != NULL ? (size_t)(colon - name) : strlen(name);
    cupel_status status = CUPEL_OK;
    const cupel_backend *backend = find_backend(name, length, &status);
    if (backend == NULL) return status;
    int64_t ordinal = 0;
    if (colon != NULL) {
        CUPEL_FAIL_IF(!cupel_parse_int(colon + 1, strlen(colon + 1), &ordinal) || ordinal < 0,
                      CUPEL_ERROR_ARGUMENT, "device \"%.60s\": \"%.40s\" is no card number", name,
                      colon + 1);
    }
    return cupel_device_open_backend(backend, ordinal, device);
}

void cupel_device_retain(cupel_device *device)
{
    device->users++;
}

void cupel_device_release(cupel_device *device)
{
    if (--device->users > 0) return;
    device->backend->queue_close(&device->queue);
    device->backend->close(device);
    cupel_free(device);
    cupel_handle_closed();
}

void cupel_device_close(cupel_device *device)
{
    if (device != NULL) cupel_device_release(device);
}

const char *cupel_device_name(const cupel_device *device)
{
    return device != NULL ? device->name : "";
}

cupel_status cupel_device_count(const char *kind, int64_t *count)
{
    CUPEL_REQUIRE(count);
    *count = 0;
    CUPEL_REQUIRE(kind);
    for (int64_t i = 0; i < BACKENDS; i++) {
        if (strcmp(backends[i]->kind, kind) == 0) return backends[i]->count(count);
    }
    CUPEL_FAIL_IF(strcmp(kind, "cuda") != 0, CUPEL_ERROR_ARGUMENT,
                  "device kind \"%.60s\" is neither \"cpu\" nor \"cuda\"", kind);
    return CUPEL_OK;
}

cupel_status cupel_device_set_threads(cupel_device *device, int64_t threads)
{
    CUPEL_REQUIRE(device);
    CUPEL_FAIL_IF(threads < 0 || threads > 4096, CUPEL_ERROR_ARGUMENT,
                  "cupel_device_set_threads: threads is %lld, expected 0 to 4096",
                  (long long)threads);
    device->threads = threads;
    return CUPEL_OK;
}

cupel_status cupel_device_synchronize(cupel_device *device)
{
    CUPEL_REQUIRE(device);
    return device->backend->synchronize_all(device);
}

cupel_status cupel_device_alloc(cupel_device *device, int64_t bytes, void **pointer)
{
    CUPEL_TRY(device->backend->allocate(device, bytes, pointer));
    device->bytes += bytes;
    return CUPEL_OK;
}

void cupel_device_free(cupel_device *device, void *pointer, int64_t bytes)
{
    if (pointer == NULL) return;
    device->backend->release(device, pointer, bytes);
    device->bytes -= bytes;
}

void cupel_queue_settle(cupel_queue *queue)
{
    char text[CUPEL_ERROR_TEXT];
    cupel_error_take(text);
    const cupel_status status = queue->device->backend->synchronize(queue);
    if (status != CUPEL_OK) cupel_fail(status, "%s", text);
}
