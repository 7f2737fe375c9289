/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Everything that a program does with a card, in stages that can fail and go on. */
#ifndef CUPEL_TESTS_CUDA_LIFE_H
#define CUPEL_TESTS_CUDA_LIFE_H

#include "core.h"

enum { LIFE_ROWS = 16, LIFE_INPUTS = 8 };

typedef enum life_stage {
    LIFE_OPEN,
    LIFE_CREATE,
    LIFE_ADD,
    LIFE_COMPILE,
    LIFE_TRAIN,
    LIFE_FIT,
    LIFE_EVALUATE,
    LIFE_PREDICT,
    LIFE_SYNCHRONIZE,
    LIFE_DONE
} life_stage;

typedef struct life {
    const char *name; /* of the device */
    cupel_precision precision;
    cupel_dataset *data;
    life_stage at; /* what is next, or has failed */
    cupel_device *device;
    cupel_model *model;
    float out[LIFE_ROWS]; /* of PREDICT */
} life;

/* The data that every life is given, to be freed by the caller. */
cupel_dataset *life_data(void);
/* Makes one stage again, whatever is next. */
cupel_status life_stage_run(life *l, life_stage stage);
/* From where it stands to the end, or to the first failure. */
cupel_status life_live(life *l);
/* Frees what there is. */
void life_end(life *l);

#endif
