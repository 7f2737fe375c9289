/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A folder of a test's own, which is the current one until it is removed, and its files by name. */
#ifndef CUPEL_TESTS_FOLDER_H
#define CUPEL_TESTS_FOLDER_H

#include <stddef.h>
#include <stdint.h>

void folder_enter(void);
/* Removes the folder and the files in it. */
void folder_leave(void);
/* How many entries the folder has. */
int64_t folder_entries(void);
/* Replaces the content of a file. */
void folder_write(const char *name, const void *bytes, size_t count);
/* The whole file with a NUL behind it, to be freed. */
char *folder_read(const char *name, size_t *count);
/* Asserts that the file holds exactly these bytes. */
void folder_expect(const char *name, const void *bytes, size_t count);
/* Another path of a file in the current folder, longer than any sentence about it; it begins with
 * "./" and ends with the name. */
#define FOLDER_LONG_PATH 3000
char *folder_long_path(const char *name, char path[FOLDER_LONG_PATH]);
/* Descriptors that this process has open. */
int64_t folder_descriptors(void);

#endif
