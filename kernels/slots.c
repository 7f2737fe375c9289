/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Of CUPEL_SLOTS batches one is filled by the host, one is copied and one is worked on. The copy of a
 * batch waits for nothing, as the host waited for the slot; the work waits for the copy. */
#include "slots.h"

#include "card.h"

static int64_t host_stride(const cupel_cuda_slots *slots)
{
    return CUPEL_SLOT_HEAD + slots->bytes;
}

static void free_host(cupel_cuda_slots *slots)
{
    if (slots->host != NULL) cudaFreeHost(slots->host);
    slots->host = NULL;
    slots->device = NULL;
    slots->bytes = 0;
    for (int i = 0; i < CUPEL_SLOTS; i++) slots->busy[i] = false;
}

/* The stream and the events, which stay until the queue is closed. */
static cupel_status make_events(cupel_cuda_slots *slots)
{
    if (slots->copies == NULL)
        CUPEL_TRY(cupel_cuda_result(
            cudaStreamCreateWithFlags(&slots->copies, cudaStreamNonBlocking),
            "cudaStreamCreateWithFlags"));
    for (int i = 0; i < 2 * CUPEL_SLOTS; i++) {
        cudaEvent_t *event = i < CUPEL_SLOTS ? &slots->arrived[i] : &slots->done[i - CUPEL_SLOTS];
        if (*event != NULL) continue;
        CUPEL_TRY(cupel_cuda_result(cudaEventCreateWithFlags(event, cudaEventDisableTiming),
                                    "cudaEventCreateWithFlags"));
    }
    return CUPEL_OK;
}

cupel_status cupel_cuda_slots_set(cupel_cuda_slots *slots, void *device, int64_t bytes)
{
    free_host(slots);
    if (device == NULL) return CUPEL_OK;
    CUPEL_TRY(make_events(slots));
    void *host = NULL;
    const size_t total = (size_t)(CUPEL_SLOTS * (CUPEL_SLOT_HEAD + bytes));
    const cudaError_t error = cudaHostAlloc(&host, total, cudaHostAllocDefault);
    if (error == cudaErrorMemoryAllocation) {
        cudaGetLastError();
        return cupel_fail(CUPEL_ERROR_MEMORY,
                          "%zu bytes of page-locked host memory, through which batches go to the "
                          "device, are not to be had",
                          total);
    }
    CUPEL_TRY(cupel_cuda_result(error, "cudaHostAlloc"));
    slots->host = host;
    slots->device = device;
    slots->bytes = bytes;
    return CUPEL_OK;
}

void cupel_cuda_slots_close(cupel_cuda_slots *slots)
{
    free_host(slots);
    for (int i = 0; i < CUPEL_SLOTS; i++) {
        if (slots->arrived[i] != NULL) cudaEventDestroy(slots->arrived[i]);
        if (slots->done[i] != NULL) cudaEventDestroy(slots->done[i]);
    }
    if (slots->copies != NULL) cudaStreamDestroy(slots->copies);
}

cupel_status cupel_cuda_slots_take(cupel_cuda_slots *slots, cupel_parcel *slot)
{
    const int64_t i = slots->next;
    if (slots->busy[i]) {
        CUPEL_TRY(cupel_cuda_result(cudaEventSynchronize(slots->done[i]), "cudaEventSynchronize"));
        slots->busy[i] = false;
    }
    unsigned char *host = slots->host + i * host_stride(slots);
    *slot = (cupel_parcel){.head = host,
                         .host = host + CUPEL_SLOT_HEAD,
                         .device = slots->device + i * slots->bytes};
    return CUPEL_OK;
}

cupel_status cupel_cuda_slots_send(cupel_cuda_slots *slots, const cupel_launch *launch,
                                   cudaStream_t work)
{
    const cupel_parcel *slot = launch->slot;
    const cudaEvent_t arrived = slots->arrived[slots->next];
    CUPEL_TRY(cupel_cuda_result(cudaMemcpyAsync(slot->device, slot->host, (size_t)launch->slot_bytes,
                                                cudaMemcpyHostToDevice, slots->copies),
                                "cudaMemcpyAsync"));
    CUPEL_TRY(cupel_cuda_result(cudaEventRecord(arrived, slots->copies), "cudaEventRecord"));
    CUPEL_TRY(cupel_cuda_result(cudaStreamWaitEvent(work, arrived, 0), "cudaStreamWaitEvent"));
    return cupel_cuda_result(cudaMemcpyAsync(launch->head_to, slot->head, (size_t)launch->head_bytes,
                                             cudaMemcpyHostToDevice, work),
                             "cudaMemcpyAsync");
}

cupel_status cupel_cuda_slots_release(cupel_cuda_slots *slots, const cupel_launch *launch,
                                      cudaStream_t work, cupel_status status)
{
    const int64_t i = slots->next;
    if (launch->slot == NULL) return status;
    if (status == CUPEL_OK)
        status = cupel_cuda_result(cudaEventRecord(slots->done[i], work), "cudaEventRecord");
    if (status != CUPEL_OK) {
        /* The first failure is the one to be told. */
        cudaStreamSynchronize(slots->copies);
        cudaStreamSynchronize(work);
        return status;
    }
    slots->busy[i] = true;
    slots->next = (i + 1) % CUPEL_SLOTS;
    return CUPEL_OK;
}
