/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The names of statuses and the calling thread's last error. */
#include "base/status.h"

#include <cupel/version.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static _Thread_local char last_error[CUPEL_ERROR_TEXT];

static const char *const names[] = {
    [CUPEL_OK] = "CUPEL_OK",
    [CUPEL_ERROR_ARGUMENT] = "CUPEL_ERROR_ARGUMENT",
    [CUPEL_ERROR_SHAPE] = "CUPEL_ERROR_SHAPE",
    [CUPEL_ERROR_STATE] = "CUPEL_ERROR_STATE",
    [CUPEL_ERROR_MEMORY] = "CUPEL_ERROR_MEMORY",
    [CUPEL_ERROR_DEVICE_MEMORY] = "CUPEL_ERROR_DEVICE_MEMORY",
    [CUPEL_ERROR_NO_DEVICE] = "CUPEL_ERROR_NO_DEVICE",
    [CUPEL_ERROR_CUDA] = "CUPEL_ERROR_CUDA",
    [CUPEL_ERROR_DEVICE_LOST] = "CUPEL_ERROR_DEVICE_LOST",
    [CUPEL_ERROR_IO] = "CUPEL_ERROR_IO",
    [CUPEL_ERROR_FORMAT] = "CUPEL_ERROR_FORMAT",
    [CUPEL_ERROR_DATA] = "CUPEL_ERROR_DATA",
    [CUPEL_ERROR_UNSUPPORTED] = "CUPEL_ERROR_UNSUPPORTED",
    [CUPEL_ERROR_STOPPED] = "CUPEL_ERROR_STOPPED",
};

const char *cupel_status_name(cupel_status status)
{
    /* Through int64_t, as the enum may be signed or unsigned. */
    const int64_t number = (int64_t)status;
    if (number < 0 || number >= (int64_t)(sizeof names / sizeof *names)) return "unknown status";
    return names[number];
}

const char *cupel_last_error(void)
{
    return last_error;
}

#define TEXT_OF(number) #number
#define VERSION_TEXT(major, minor, patch) TEXT_OF(major) "." TEXT_OF(minor) "." TEXT_OF(patch)

const char *cupel_version(void)
{
    return VERSION_TEXT(CUPEL_VERSION_MAJOR, CUPEL_VERSION_MINOR, CUPEL_VERSION_PATCH);
}

cupel_status cupel_fail(cupel_status code, const char *format, ...)
{
    static const char cut[] = "...";
    /* A sentence may quote the one before it, so it is not formatted into the buffer it reads. */
    char text[CUPEL_ERROR_TEXT];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (length < 0) text[0] = '\0';
    if (length >= (int)sizeof text) memcpy(text + sizeof text - sizeof cut, cut, sizeof cut);
    memcpy(last_error, text, strlen(text) + 1);
    return code;
}

void cupel_error_take(char text[CUPEL_ERROR_TEXT])
{
    memcpy(text, last_error, CUPEL_ERROR_TEXT);
}
