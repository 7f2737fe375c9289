/* SPDX-FileCopyrightText: 2026 The cupel authors
 * SPDX-License-Identifier: Apache-2.0
 *
 * A safetensors file that is being read into a network's parameters. */
#ifndef CUPEL_IO_WEIGHTS_FILE_H
#define CUPEL_IO_WEIGHTS_FILE_H

#include "io/safetensors.h"
#include "program/network.h"

/* All zero is none. */
typedef struct cupel_weights_file {
    char path[CUPEL_PATH_SHOWN]; /* for sentences */
    cupel_reader *reader;        /* before the tensors' bytes */
    cupel_safetensors table;
    int64_t *parameters; /* after a match: of each tensor, the parameter's index */
} cupel_weights_file;

/* Opens the file and reads its table. */
cupel_status cupel_weights_file_open(const char *path, cupel_weights_file *file);

/* Checks that the tensors are the network's parameters, all and no other, in shape and type
 * (FLOAT32 or FLOAT64). mismatch is the code of what differs; the sentence names the tensor. */
cupel_status cupel_weights_file_match(cupel_weights_file *file, const cupel_network *network,
                                      cupel_type type, cupel_status mismatch);

/* Reads the tensors of a matched file to a new array as the flat parameter arrays are laid out,
 * with padding of 0. The caller frees it. */
cupel_status cupel_weights_file_read(cupel_weights_file *file, const cupel_network *network,
                                     cupel_type type, void **values);

void cupel_weights_file_close(cupel_weights_file *file);

#endif
