/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Whether a data set fits a model. */
#ifndef CUPEL_TRAIN_MATCH_H
#define CUPEL_TRAIN_MATCH_H

#include "data/dataset.h"
#include "program/model.h"

/* SHAPE when a row of the data's x is no input of the model. what names the data in the sentence,
 * as "cupel_model_fit: data". */
cupel_status cupel_match_x(const cupel_model *model, const cupel_dataset *data, const char *what);

/* ARGUMENT when the data have no targets, SHAPE when a row of them is no target of the loss that
 * the model is compiled with. */
cupel_status cupel_match_y(const cupel_model *model, const cupel_dataset *data, const char *what);

#endif
