/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * One card, as the state of a CUDA device. */
#ifndef CUPEL_CUDA_CARD_H
#define CUPEL_CUDA_CARD_H

#include "cuda_error.h"
#include "device.h"
#include <stdbool.h>

typedef struct cupel_card {
    int ordinal;
} cupel_card;

/* Makes the handle of a card that is there, and gives it up. */
cupel_status cupel_card_open(cupel_device *device, int ordinal);
void cupel_card_close(cupel_device *device);

/* Between enter and leave the device's card is that of the calling thread; *before is the caller's,
 * which is restored. enter refuses a card that is lost. leave forwards the status of what came
 * between; a loss is remembered for every handle of the card. */
cupel_status cupel_card_enter(const cupel_device *device, int *before);
cupel_status cupel_card_leave(const cupel_device *device, int before, cupel_status status);

/* What enter and leave do beside the selection, for a call that works on any card. */
cupel_status cupel_card_check(const cupel_device *device);
cupel_status cupel_card_note(const cupel_device *device, cupel_status status);

/* The selection for what frees, which is to work on a lost card too. False where the card cannot be
 * selected, and nothing is to be restored. */
bool cupel_card_select(const cupel_device *device, int *before);
void cupel_card_restore(const cupel_device *device, int before);

/* A capture of a stream and a wait for a whole card may not meet. */
void cupel_card_begin_capture(void);
void cupel_card_begin_wait(void);
void cupel_card_end(void);

#endif
