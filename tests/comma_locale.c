/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A locale with another decimal point, for as long as the test's process lives. */
#define _XOPEN_SOURCE 700
#include "comma_locale.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool set(const char *name)
{
    return setlocale(LC_ALL, name) != NULL && strcmp(localeconv()->decimal_point, ".") != 0;
}

bool comma_locale_set(const char *name)
{
    char full[64], command[256], folder[] = "/tmp/cupel_locale_XXXXXX";
    snprintf(full, sizeof full, "%s.UTF-8", name);
    if (set(full)) return true;
    if (mkdtemp(folder) == NULL) return false;
    /* Its status tells of warnings too, so what counts is whether the locale can be set. */
    snprintf(command, sizeof command, "localedef -i %s -f UTF-8 %s/%s >/dev/null 2>&1", name,
             folder, full);
    const int ran = system(command);
    const bool done = ran != -1 && setenv("LOCPATH", folder, 1) == 0 && set(full);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command) == 0 && done;
}
