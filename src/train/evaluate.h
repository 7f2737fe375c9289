/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Going through a data set batch by batch. */
#ifndef CUPEL_TRAIN_EVALUATE_H
#define CUPEL_TRAIN_EVALUATE_H

#include "program/model.h"
#include "train/input.h"

#define CUPEL_DEFAULT_BATCH 32

/* Opens data, in their order, for an evaluation by a model that is compiled with a loss; the data
 * match it. */
cupel_status cupel_evaluate_open(const cupel_model *model, const cupel_dataset *data, int64_t batch,
                                 cupel_fit_input how, cupel_input **input);
/* The means of loss and metrics over opened data. Overwrites the program's sums. With stoppable it
 * ends with STOPPED once cupel_request_stop was called. */
cupel_status cupel_evaluate_run(cupel_model *model, cupel_input *input, bool stoppable,
                                double *means);

#endif
