/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Puts the test's process into a locale whose decimal point is not '.'. */
#ifndef CUPEL_TESTS_COMMA_LOCALE_H
#define CUPEL_TESTS_COMMA_LOCALE_H

#include <stdbool.h>

/* Sets all categories to the locale, as "de_DE" (a comma) or "ps_AF" (a point of two bytes), in
 * UTF-8. One that is not installed is compiled by localedef into a temporary folder. False where
 * that cannot be done. */
bool comma_locale_set(const char *name);

#endif
