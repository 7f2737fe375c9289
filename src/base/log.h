/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Remarks to whoever called cupel_set_log. */
#ifndef CUPEL_BASE_LOG_H
#define CUPEL_BASE_LOG_H

#include <cupel/status.h>

#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void cupel_log(int level, const char *format, ...);

#endif
