/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L

#include "card.h"

#include "base/memory.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define CARDS 64

/* What the handles of a card share. The last one to go takes the loss with it: whether the card is
 * still lost for a new one, CUDA says when it is opened. */
static struct {
    _Atomic int64_t handles;
    _Atomic bool lost;
    char why[CUPEL_ERROR_TEXT]; /* the sentence of the call that found out */
} cards[CARDS];

static pthread_mutex_t losses = PTHREAD_MUTEX_INITIALIZER;

static pthread_rwlock_t captures = PTHREAD_RWLOCK_INITIALIZER;

static int ordinal_of(const cupel_device *device)
{
    return ((const cupel_card *)device->state)->ordinal;
}

cupel_status cupel_card_open(cupel_device *device, int ordinal)
{
    struct cudaDeviceProp properties;
    CUPEL_FAIL_IF(ordinal >= CARDS, CUPEL_ERROR_NO_DEVICE,
                  "device \"cuda:%d\": cupel knows the first %d cards", ordinal, CARDS);
    CUPEL_TRY(cupel_cuda_result(cudaGetDeviceProperties(&properties, ordinal),
                                "cudaGetDeviceProperties"));
    cupel_card *card = cupel_alloc(1, sizeof *card);
    if (card == NULL) return CUPEL_ERROR_MEMORY;
    card->ordinal = ordinal;
    device->state = card;
    snprintf(device->name, sizeof device->name, "cuda:%d, %.90s", ordinal, properties.name);
    cards[ordinal].handles++;
    return CUPEL_OK;
}

void cupel_card_close(cupel_device *device)
{
    const int ordinal = ordinal_of(device);
    if (--cards[ordinal].handles == 0) cards[ordinal].lost = false;
    cupel_free(device->state);
    device->state = NULL;
}

cupel_status cupel_card_note(const cupel_device *device, cupel_status status)
{
    const int ordinal = ordinal_of(device);
    if (status != CUPEL_ERROR_DEVICE_LOST) return status;
    pthread_mutex_lock(&losses);
    if (!cards[ordinal].lost) cupel_error_take(cards[ordinal].why);
    cards[ordinal].lost = true;
    pthread_mutex_unlock(&losses);
    return status;
}

static cupel_status choose(const cupel_device *device, int *before)
{
    CUPEL_TRY(cupel_cuda_result(cudaGetDevice(before), "cudaGetDevice"));
    if (*before == ordinal_of(device)) return CUPEL_OK;
    return cupel_cuda_result(cudaSetDevice(ordinal_of(device)), "cudaSetDevice");
}

cupel_status cupel_card_check(const cupel_device *device)
{
    const int ordinal = ordinal_of(device);
    if (!cards[ordinal].lost) return CUPEL_OK;
    char why[CUPEL_ERROR_TEXT];
    pthread_mutex_lock(&losses);
    memcpy(why, cards[ordinal].why, sizeof why);
    pthread_mutex_unlock(&losses);
    return cupel_fail(CUPEL_ERROR_DEVICE_LOST,
                      "%s failed earlier in a way that ends its use in this process: %s",
                      device->name, why);
}

cupel_status cupel_card_enter(const cupel_device *device, int *before)
{
    CUPEL_TRY(cupel_card_check(device));
    return cupel_card_note(device, choose(device, before));
}

cupel_status cupel_card_leave(const cupel_device *device, int before, cupel_status status)
{
    cupel_card_restore(device, before);
    return cupel_card_note(device, status);
}

bool cupel_card_select(const cupel_device *device, int *before)
{
    if (cudaGetDevice(before) != cudaSuccess) return false;
    return *before == ordinal_of(device) || cudaSetDevice(ordinal_of(device)) == cudaSuccess;
}

void cupel_card_restore(const cupel_device *device, int before)
{
    if (before != ordinal_of(device)) cudaSetDevice(before);
}

void cupel_card_begin_capture(void)
{
    pthread_rwlock_rdlock(&captures);
}

void cupel_card_begin_wait(void)
{
    pthread_rwlock_wrlock(&captures);
}

void cupel_card_end(void)
{
    pthread_rwlock_unlock(&captures);
}
