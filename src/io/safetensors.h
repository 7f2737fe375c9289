/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * The safetensors format: 8 bytes with the header's length (little-endian), the header (JSON: a
 * table of tensors and a table of strings, __metadata__), then the tensors' bytes without a gap. */
#ifndef CUPEL_IO_SAFETENSORS_H
#define CUPEL_IO_SAFETENSORS_H

#include "base/file.h"
#include "base/text.h"
#include "io/names.h"

/* The longest header that the format allows. */
#define CUPEL_SAFETENSORS_HEADER INT64_C(100000000)

typedef struct cupel_safetensor {
    const char *name;
    const char *dtype; /* as the format names it, "F32"; static */
    cupel_shape shape; /* in a file, dimensions may be 0 */
    int64_t begin;     /* of its bytes, counted from the first byte behind the header */
    int64_t end;
} cupel_safetensor;

/* What a file holds; all zero is nothing. */
typedef struct cupel_safetensors {
    cupel_safetensor *tensors; /* in the order of their bytes */
    int64_t count;
    char *model;       /* the metadata's text under CUPEL_MODEL_JSON_KEY; NULL: there is none */
    cupel_names names; /* the memory of the names */
} cupel_safetensors;

/* The format's name of an element type of cupel; NULL for what it has none for. */
const char *cupel_safetensors_dtype(cupel_type type);

/* Reads and checks everything in front of the tensors' bytes and leaves the reader there. FORMAT
 * with the first thing that breaks the format; takes memory for what the file itself has room for
 * only. */
cupel_status cupel_safetensors_read(cupel_reader *reader, const char *path,
                                    cupel_safetensors *file);
/* The same for a header in memory with data_bytes behind it. */
cupel_status cupel_safetensors_parse(const char *header, int64_t length, int64_t data_bytes,
                                     const char *path, cupel_safetensors *file);
/* Reads the next count bytes, which the file had when it was opened. */
cupel_status cupel_safetensors_read_bytes(cupel_reader *reader, const char *path, void *bytes,
                                          int64_t count);
void cupel_safetensors_free(cupel_safetensors *file);

/* One line of the metadata. */
typedef struct cupel_safetensors_note {
    const char *key;
    const char *value;
} cupel_safetensors_note;

/* Builds a header, padded so that the bytes behind it are aligned to 8. The tensors must follow
 * each other from 0 on. UNSUPPORTED when it is longer than the format allows. */
cupel_status cupel_safetensors_header(const cupel_safetensor *tensors, int64_t count,
                                      const cupel_safetensors_note *notes, int64_t note_count,
                                      cupel_text *header);
/* Writes the length and the header. */
cupel_status cupel_safetensors_write(cupel_writer *writer, const cupel_text *header);

#endif
