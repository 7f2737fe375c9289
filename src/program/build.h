/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Layers, loss, metrics and optimizer become the two graphs of a program. */
#ifndef CUPEL_PROGRAM_BUILD_H
#define CUPEL_PROGRAM_BUILD_H

#include "program/program.h"

/* Emits program->train (where there is a loss) and program->infer. */
cupel_status cupel_program_build(cupel_program *program);

#endif
