/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "golden.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const golden_tensor *golden_find(const golden *vectors, const char *name)
{
    for (int64_t i = 0; i < vectors->tensor_count; i++)
        if (strcmp(vectors->tensors[i].name, name) == 0) return &vectors->tensors[i];
    return NULL;
}

void golden_free(golden *vectors)
{
    for (int64_t i = 0; i < vectors->tensor_count; i++)
        free(vectors->tensors[i].values);
    memset(vectors->tensors, 0, sizeof vectors->tensors);
    vectors->tensor_count = 0;
}

static int is_vectors(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return dot && strcmp(dot, ".txt") == 0;
}

int golden_each(const char *folder, golden_visit *visit, void *user)
{
    struct dirent **entries;
    const int count = scandir(folder, &entries, is_vectors, alphasort);
    cr_assert(count > 0, "there is no file in %s", folder);
    golden *vectors = malloc(sizeof *vectors);
    cr_assert_not_null(vectors);
    for (int i = 0; i < count; i++) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        cr_assert(golden_read(path, vectors), "%s: %s", entries[i]->d_name, vectors->error);
        visit(user, entries[i]->d_name, vectors);
        golden_free(vectors);
        free(entries[i]);
    }
    free(entries);
    free(vectors);
    return count;
}
