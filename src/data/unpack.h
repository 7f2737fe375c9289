/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The bytes of a file that may be compressed by gzip, which its first two bytes tell. */
#ifndef CUPEL_DATA_UNPACK_H
#define CUPEL_DATA_UNPACK_H

#include "base/status.h"
#include <stdint.h>

typedef struct cupel_unpack cupel_unpack;

/* IO; MEMORY; UNSUPPORTED for a gzip file in a build without zlib. */
cupel_status cupel_unpack_open(const char *path, cupel_unpack **unpack);

/* The most bytes that the file can hold: its size if it is plain, else the most that deflate can
 * make of its size. Asked before memory is taken for what a header promises. */
int64_t cupel_unpack_limit(const cupel_unpack *unpack);

/* The share of the file's bytes that has been read, in (0, 1]; 1 for what has no size. */
double cupel_unpack_done(const cupel_unpack *unpack);

/* Reads up to count bytes; *got is smaller only at the end, which for gzip means that every member
 * was whole, its checksum was right, and nothing followed. IO; MEMORY; FORMAT. */
cupel_status cupel_unpack_read(cupel_unpack *unpack, void *bytes, int64_t count, int64_t *got);

/* Takes NULL. */
void cupel_unpack_close(cupel_unpack *unpack);

#endif
