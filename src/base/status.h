/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Raising and forwarding errors. */
#ifndef CUPEL_BASE_STATUS_H
#define CUPEL_BASE_STATUS_H

#include <cupel/status.h>

/* Stores a sentence, formatted as by snprintf, as the calling thread's last error and returns code.
 * Locale: %g prints the locale's decimal point; use it for people only. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
cupel_status cupel_fail(cupel_status code, const char *format, ...);

/* Hands an error text from one thread to another: text is at most CUPEL_ERROR_TEXT bytes. */
#define CUPEL_ERROR_TEXT 512
void cupel_error_take(char text[CUPEL_ERROR_TEXT]);

/* Forwards a failure. */
#define CUPEL_TRY(call)                                                                            \
    do {                                                                                           \
        const cupel_status cupel_try_ = (call);                                                    \
        if (cupel_try_ != CUPEL_OK) return cupel_try_;                                             \
    } while (0)

/* Raises a failure when condition holds. */
#define CUPEL_FAIL_IF(condition, ...)                                                              \
    do {                                                                                           \
        if (condition) return cupel_fail(__VA_ARGS__);                                             \
    } while (0)

/* A NULL for a required argument of a public function. */
#define CUPEL_REQUIRE(pointer)                                                                     \
    CUPEL_FAIL_IF((pointer) == NULL, CUPEL_ERROR_ARGUMENT, "%s: %s is NULL", __func__, #pointer)

#endif
