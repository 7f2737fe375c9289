/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Enum values by name, as files and summaries have them: indexed by value; a list ends with NULL. */
#ifndef CUPEL_BASE_ENUM_NAMES_H
#define CUPEL_BASE_ENUM_NAMES_H

#include <cupel/types.h>

extern const char *const cupel_activation_names[];
extern const char *const cupel_initializer_names[];
extern const char *const cupel_flavour_names[];

#endif
