/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * Remarks to whoever called cupel_set_log. */
#define _POSIX_C_SOURCE 200809L
#include "base/log.h"

#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#define LINE_TEXT 1024

typedef struct sink {
    void (*function)(void *user, int level, const char *text);
    void *user;
} sink;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static sink current;

void cupel_set_log(void (*function)(void *user, int level, const char *text), void *user)
{
    pthread_mutex_lock(&lock);
    current = (sink){function, user};
    pthread_mutex_unlock(&lock);
}

void cupel_log(int level, const char *format, ...)
{
    /* The function runs outside the lock, so that it may set another one. */
    pthread_mutex_lock(&lock);
    const sink to = current;
    pthread_mutex_unlock(&lock);
    if (to.function == NULL) return;
    char line[LINE_TEXT];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    if (length < 0) return;
    for (char *c = line; *c != '\0'; c++) {
        if (*c == '\n' || *c == '\r') *c = ' ';
    }
    to.function(to.user, level, line);
}
