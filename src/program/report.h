/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * What the functions that describe a model share. */
#ifndef CUPEL_PROGRAM_REPORT_H
#define CUPEL_PROGRAM_REPORT_H

#include "program/model.h"

/* The program that a description is of: the model's own, or, for a model without one, a program for
 * inference that the caller frees by *own (else NULL). */
cupel_status cupel_report_program(const cupel_model *model, cupel_program **own,
                                  const cupel_program **program);

#endif
